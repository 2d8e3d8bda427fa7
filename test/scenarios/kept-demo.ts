// `npm start -- --keep` in a process of its own, for tests that go on where its scenarios end.
import { type ChildProcess, spawn } from 'node:child_process';

export interface KeptDemo {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  said(): string;
}

/** Starts it with these arguments and waits until its scenarios have ended. Rejects with what it said when it ends before. */
export async function keepDemo(
  port: number,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<KeptDemo> {
  const all = ['local/main.ts', '--keep', '--port', String(port), ...args];
  const demo = spawn(process.execPath, all, { env: { ...process.env, ...env } });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    demo.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Press Ctrl-C')) resolve();
    });
    demo.once('exit', () => reject(new Error(said)));
  });
  return { process: demo, said: () => said };
}
