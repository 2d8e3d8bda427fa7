// Runs a small app of test/local/host/apps in the embedded host and collects what its functions say.
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { QueueServiceClient } from '@azure/storage-queue';
import { vi } from 'vitest';
import type { LogLevel } from '../../../local/host/core.ts';
import { type Host, startHost } from '../../../local/host/host.ts';
import type { Keys } from '../../../local/host/keys.ts';
import { type Environment, parseHostJson } from '../../../local/host/settings.ts';

export const keys: Keys = { function: 'f'.repeat(20), master: 'm'.repeat(20), eventgrid: 'e'.repeat(20) };

/** How long a test waits for what must happen, in milliseconds: a guard only, because a busy machine takes long to start a process. */
export const patience = { timeout: 60_000, interval: 10 };

export interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Running {
  readonly host: Host;
  readonly base: string;
  readonly lines: readonly Line[];
  /** What functions said under this word, in order. */
  said(word: string): unknown[];
  /** Waits until they said it so many times. */
  hears(word: string, times?: number): Promise<unknown[]>;
}

export function appFile(name: string): string {
  return `test/local/host/apps/${name}.cjs`;
}

/** The library and an app register once per process; a test starts with neither. */
export function forgetLoaded(): void {
  const { cache } = createRequire(import.meta.url);
  for (const file of Object.keys(cache)) if (/@azure\/functions\/|host\/apps\//.test(file)) delete cache[file];
}

/** A function says something with `context.log(JSON.stringify([word, value]))`. */
function heard(line: Line, word: string): unknown[] {
  if (!line.message.startsWith(`["${word}"`)) return [];
  const [, value] = JSON.parse(line.message) as [string, unknown];
  return [value];
}

/** Starts the app in this process. */
export async function run(
  app: string,
  options: { readonly env?: Environment; readonly extensions?: unknown; readonly functionTimeout?: string } = {},
): Promise<Running> {
  forgetLoaded();
  const lines: Line[] = [];
  const { env = {}, ...json } = options;
  const host = await startHost({
    files: [appFile(app)],
    settings: parseHostJson(JSON.stringify({ version: '2.0', ...json })),
    env,
    keys,
    port: 0,
    log: (level, message, fields = {}) => lines.push({ level, message, fields }),
  });
  const said = (word: string): unknown[] => lines.flatMap((line) => heard(line, word));
  return {
    host,
    base: `http://127.0.0.1:${host.port}`,
    lines,
    said,
    async hears(word, times = 1) {
      await vi.waitUntil(() => said(word).length >= times, patience);
      return said(word);
    },
  };
}

export function queueOf(connection: string, name: string): ReturnType<QueueServiceClient['getQueueClient']> {
  return QueueServiceClient.fromConnectionString(connection).getQueueClient(name);
}

export async function put(connection: string, queue: string, text: string): Promise<void> {
  const client = queueOf(connection, queue);
  await client.createIfNotExists();
  await client.sendMessage(Buffer.from(text).toString('base64'));
}

export async function countOf(connection: string, queue: string): Promise<number> {
  return (await queueOf(connection, queue).getProperties()).approximateMessagesCount ?? 0;
}

/** Long enough for something that must not happen to have happened. */
export async function aWhile(): Promise<void> {
  await pause(90);
}
