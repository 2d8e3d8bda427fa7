// The storage account of one scenario, in memory.

import { type MemoryBlobs, memoryBlobs } from './memory-blobs.ts';
import { type MemoryQueues, memoryQueues } from './memory-queues.ts';
import { memoryTable } from './memory-tables.ts';

export interface MemoryStorage {
  /** What the app connects to. */
  readonly connection: {
    readonly patience: { readonly answerMs: number; readonly pauseMs: number };
    table(name: string): ReturnType<typeof memoryTable>;
    queues(): MemoryQueues['service'];
    blobs(container: string): MemoryBlobs;
  };
  queue(name: string): ReturnType<MemoryQueues['queue']>;
  /** How often a table of this name changed so far. */
  changes(table: string): number;
}

/** The calls that change something, of tables and of queues. */
const writes = new Set([
  'createEntity',
  'updateEntity',
  'upsertEntity',
  'deleteEntity',
  'sendMessage',
  'deleteMessage',
  'create',
  'append',
]);

type Falls = () => 'before' | 'after' | undefined;

/** Hears of each call of a table or a queue, by the name of the client's method. */
type Heard = (call: string) => void;

/** The same client, whose changes may fall silent: then the answer never comes, and the change took effect or not. */
function mayFallSilent<T extends object>(client: T, falls: Falls, heard: Heard): T {
  return new Proxy(client, {
    get(target, name): unknown {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== 'function') return call;
      if (!writes.has(String(name)))
        return (...args: unknown[]): unknown => {
          heard(String(name));
          return Reflect.apply(call, target, args);
        };
      return async (...args: unknown[]): Promise<unknown> => {
        heard(String(name));
        const when = falls();
        const answer: unknown = when === 'before' ? undefined : await Reflect.apply(call, target, args);
        return when === undefined ? answer : new Promise(() => undefined);
      };
    },
  });
}

/**
 * An empty account. It outlives the app's process, as storage does. `falls` is asked at each change that the app makes, and `heard` is
 * told of each call.
 */
export function memoryStorage(
  now: () => number,
  falls: Falls = () => undefined,
  heard: Heard = () => undefined,
): MemoryStorage {
  const tables = new Map<string, ReturnType<typeof memoryTable>>();
  const containers = new Map<string, MemoryBlobs>();
  const changes = new Map<string, number>();
  const queues = memoryQueues(now, (client) => mayFallSilent(client, falls, heard));
  return {
    connection: {
      patience: { answerMs: 15_000, pauseMs: 500 },
      table(name) {
        const changed = (): void => void changes.set(name, (changes.get(name) ?? 0) + 1);
        const known = tables.get(name) ?? mayFallSilent(memoryTable(changed), falls, heard);
        tables.set(name, known);
        return known;
      },
      queues: () => queues.service,
      blobs(container) {
        const known = containers.get(container) ?? mayFallSilent(memoryBlobs(), falls, heard);
        containers.set(container, known);
        return known;
      },
    },
    queue: (name) => queues.queue(name),
    changes: (table) => changes.get(table) ?? 0,
  };
}
