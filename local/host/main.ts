// One process with one app, as in Azure. It prints one line to standard output when it is ready; logs go to standard error.
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { z } from 'zod';
import { startHost } from './host.ts';
import { type HostLog, textOf } from './invoke.ts';
import { readKeys } from './keys.ts';
import { AppRejected, entryFiles } from './load.ts';
import { readHostJson } from './settings.ts';

const log: HostLog = (level, message, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })}\n`);
};

/** Turns output of the app into log lines without an invocation, so that it never mixes with the line that says "ready". */
function printedBy(level: 'information' | 'error'): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      log(level, chunk.toString('utf8').trimEnd());
      done();
    },
  });
}

/** Ends the process after an error that no code caught, as the real worker does. */
function fatal(error: unknown): void {
  log('critical', textOf(error));
  process.exit(1);
}

function sentence(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${process.env['PULLMEDIC_PORT'] ?? ''} is taken: choose another one.`;
  return error instanceof Error ? error.message : String(error);
}

/** Prints the stack of the error first and the sentence about it last, because people read the last line. */
function refuse(error: unknown): never {
  if (error instanceof AppRejected && error.cause !== undefined) process.stderr.write(`${textOf(error.cause)}\n`);
  process.stderr.write(`${sentence(error).replace(/\s*\n\s*/g, ' ')}\n`);
  process.exit(1);
}

function readPort(text: string | undefined): number {
  const port = z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .safeParse(text ?? '0');
  if (!port.success) throw new Error('PULLMEDIC_PORT is not a port.');
  return port.data;
}

async function main(): Promise<void> {
  const root = process.cwd();
  const file = process.env['PULLMEDIC_BUNDLE'];
  const host = await startHost({
    files: file === undefined ? await entryFiles(root) : [file],
    settings: await readHostJson('host.json'),
    env: process.env,
    keys: readKeys(process.env['PULLMEDIC_HOST_KEYS']),
    port: readPort(process.env['PULLMEDIC_PORT']),
    log,
  });
  process.stdout.write(`${JSON.stringify({ ready: true, port: host.port, functions: host.functions })}\n`);
  const stop = (): void => {
    host.stop().then(() => process.exit(0), fatal);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);
globalThis.console = new Console({ stdout: printedBy('information'), stderr: printedBy('error') });
// The platform sets this variable for an app behind its sign-in. Here the host is the platform.
process.env['WEBSITE_AUTH_ENABLED'] = 'True';
await main().catch(refuse);
