// `npm start -- --keep` in a process of its own, for tests that go on where its scenarios end.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

export interface KeptDemo {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  said(): string;
}

/**
 * A port that is free, and so is the next one, at which the app of the first scenario listens. It is one that no system hands out to those who take any:
 * another test that runs beside this one could get the next one meanwhile.
 */
export async function demoPort(): Promise<number> {
  for (let port = 30_100 + (process.pid % 120) * 20; port < 32_760; port += 2)
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  throw new Error('No two ports beside each other are free.');
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
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
    demo.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    demo.once('exit', () => reject(new Error(said)));
  });
  return { process: demo, said: () => said };
}
