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

/** An empty account. It outlives the app's process, as storage does. */
export function memoryStorage(now: () => number): MemoryStorage {
  const tables = new Map<string, ReturnType<typeof memoryTable>>();
  const changes = new Map<string, number>();
  const queues = memoryQueues(now);
  return {
    connection: {
      patience: { answerMs: 15_000, pauseMs: 500 },
      table(name) {
        const known = tables.get(name) ?? memoryTable(() => changes.set(name, (changes.get(name) ?? 0) + 1));
        tables.set(name, known);
        return known;
      },
      queues: () => queues.service,
    },
    queue: (name) => queues.queue(name),
    changes: (table) => changes.get(table) ?? 0,
  };
}
