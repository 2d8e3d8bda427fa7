// The storage account of one scenario, in memory.
import { type MemoryQueues, memoryQueues } from './memory-queues.ts';
import { memoryTable } from './memory-tables.ts';

export interface MemoryStorage {
  /** What the app connects to. */
  readonly connection: {
    readonly patience: { readonly answerMs: number; readonly pauseMs: number };
    table(name: string): ReturnType<typeof memoryTable>;
    queues(): MemoryQueues['service'];
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
]);

type Falls = () => 'before' | 'after' | undefined;

/** The same client, whose changes may fall silent: then the answer never comes, and the change took effect or not. */
function mayFallSilent<T extends object>(client: T, falls: Falls): T {
  return new Proxy(client, {
    get(target, name): unknown {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== 'function' || !writes.has(String(name))) return call;
      return async (...args: unknown[]): Promise<unknown> => {
        const when = falls();
        const answer: unknown = when === 'before' ? undefined : await Reflect.apply(call, target, args);
        return when === undefined ? answer : new Promise(() => undefined);
      };
    },
  });
}

/** An empty account. It outlives the app's process, as storage does. `falls` is asked at each change that the app makes. */
export function memoryStorage(now: () => number, falls: Falls = () => undefined): MemoryStorage {
  const tables = new Map<string, ReturnType<typeof memoryTable>>();
  const changes = new Map<string, number>();
  const queues = memoryQueues(now, (client) => mayFallSilent(client, falls));
  return {
    connection: {
      patience: { answerMs: 15_000, pauseMs: 500 },
      table(name) {
        const changed = (): void => void changes.set(name, (changes.get(name) ?? 0) + 1);
        const known = tables.get(name) ?? mayFallSilent(memoryTable(changed), falls);
        tables.set(name, known);
        return known;
      },
      queues: () => queues.service,
    },
    queue: (name) => queues.queue(name),
    changes: (table) => changes.get(table) ?? 0,
  };
}
