// One process with one app, as in Azure. Says on standard output, in one line, when it is ready; logs go to standard error.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppRejected } from './core.ts';
import { startHost } from './host.ts';
import type { Keys } from './http.ts';
import type { HostLog } from './invoke.ts';
import { readHostJson } from './settings.ts';

const keySchema = z.object({ function: z.string().min(16), master: z.string().min(16), eventgrid: z.string().min(16) });

/** Keys from the environment; made up where there are none, so that no route is ever open by accident. */
function readKeys(text: string | undefined): Keys {
  if (text !== undefined) return keySchema.parse(JSON.parse(text));
  const key = (): string => randomBytes(24).toString('base64url');
  return { function: key(), master: key(), eventgrid: key() };
}

const log: HostLog = (level, message, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })}\n`);
};

/** As in the real worker: whatever nobody caught ends the process. */
function fatal(error: unknown): void {
  log('critical', error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);

function sentence(error: unknown): string {
  if (error instanceof AppRejected) return error.message;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${process.env['PULLMEDIC_PORT'] ?? ''} is taken: choose another one.`;
  return error instanceof Error ? error.message : String(error);
}

try {
  const host = await startHost({
    file: process.env['PULLMEDIC_BUNDLE'] ?? 'dist/index.cjs',
    settings: await readHostJson('host.json'),
    env: process.env,
    keys: readKeys(process.env['PULLMEDIC_HOST_KEYS']),
    port: Number(process.env['PULLMEDIC_PORT'] ?? 0),
    log,
  });
  process.stdout.write(`${JSON.stringify({ ready: true, port: host.port, functions: host.functions })}\n`);
  const stop = (): void => {
    host.stop().then(() => process.exit(0), fatal);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
}
