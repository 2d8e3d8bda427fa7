// One instance of the app among several in one thread: its own connections and caches, and one storage account for all of them. Its single
// thread does one thing at a time, which virtual time does not know by itself: each request keeps it busy for a while.
import { type Surroundings, startApp } from '../../local/engine/app.ts';
import { type EngineHost, startHost } from '../../local/engine/host.ts';
import type { MemoryStorage } from '../../local/engine/storage.ts';
import type { Keys } from '../../local/host/keys.ts';
import type { HostSettings } from '../../local/host/settings.ts';
import { assumedTimes } from './figures.ts';

export interface Ground {
  readonly storage: MemoryStorage;
  readonly surroundings: Omit<Surroundings, 'storage' | 'print'>;
  readonly settings: HostSettings;
  readonly keys: Keys;
  /** Hears of the events of the app's log. */
  readonly onEvent: (event: string) => void;
}

/** Starts one instance. `hears` tells all instances that a queue changed: each polls for itself. */
export async function startInstance(ground: Ground, hears: SharedQueues): Promise<EngineHost> {
  const { storage, surroundings, settings, keys, onEvent } = ground;
  const thread = busyThread();
  const { connection } = storage;
  const print = (line: string): void => {
    const event = /"event":"([a-z-]+)"/.exec(line)?.[1];
    if (event !== undefined) onEvent(event);
  };
  const started = await startApp({
    ...surroundings,
    storage: {
      ...connection,
      table: (name) => slowly(connection.table(name), thread),
      queues: () => slowQueues(connection.queues(), thread),
    },
    print,
  });
  if (!started.ok) throw new Error(started.problems.join('\n'));
  return startHost({
    app: started.app,
    settings,
    env: surroundings.env,
    keys,
    queues: { queue: (name) => hears.queue(name, thread) },
    log: () => undefined,
  });
}

/** Waits until the thread of an instance has had its time for one request, and until the answer is there. */
export type Thread = () => Promise<void>;

function busyThread(): Thread {
  let freeAtMs = 0;
  return async () => {
    freeAtMs = Math.max(freeAtMs, Date.now()) + assumedTimes.busyMs;
    const waitMs = freeAtMs - Date.now() + assumedTimes.storageMs;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, waitMs);
    });
  };
}

/** The same client, with answers that take their time. Lists answer with their first page in that time. */
function slowly<T extends object>(client: T, thread: Thread): T {
  return new Proxy(client, {
    get(target, name): unknown {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== 'function') return call;
      if (name === 'listEntities')
        return (...args: unknown[]) => slowList(() => Reflect.apply(call, target, args) as PagedList, thread);
      return async (...args: unknown[]): Promise<unknown> => {
        await thread();
        return Reflect.apply(call, target, args);
      };
    },
  });
}

type PagedList = AsyncIterable<unknown> & { byPage(settings?: unknown): AsyncIterable<unknown> };

function slowList(list: () => PagedList, thread: Thread): PagedList {
  const slow = (items: () => AsyncIterable<unknown>): AsyncIterable<unknown> =>
    (async function* () {
      await thread();
      yield* items();
    })();
  return Object.assign(
    slow(() => list()),
    { byPage: (settings?: unknown) => slow(() => list().byPage(settings)) },
  );
}

type Service = ReturnType<MemoryStorage['connection']['queues']>;

function slowQueues(service: Service, thread: Thread): Service {
  const getQueueClient = (name: string) => slowly(service.getQueueClient(name), thread);
  return { getQueueClient } as unknown as Service;
}

type Queue = ReturnType<MemoryStorage['queue']>;

/** The queues of one account as several hosts see them: each hears of every change. */
export interface SharedQueues {
  queue(name: string, thread: Thread): Queue;
}

export function sharedQueues(storage: MemoryStorage): SharedQueues {
  const listeners = new Map<string, Queue[]>();
  return {
    queue(name, thread) {
      const queue = storage.queue(name);
      const all = listeners.get(name) ?? [];
      listeners.set(name, all);
      const seen: Queue = {
        client: slowly(queue.client, thread),
        nextVisibleMs: () => queue.nextVisibleMs(),
        onChange: () => undefined,
      };
      all.push(seen);
      queue.onChange = () => {
        for (const one of all) one.onChange();
      };
      return seen;
    },
  };
}
