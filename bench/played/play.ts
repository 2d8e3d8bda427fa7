// Plays scenarios in a thread of their own, because virtual time replaces the clock of the thread it is loaded in.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Order, Played } from './played.ts';

/**
 * Plays them one after the other. Throws where one cannot be played. A short scenario is played before, and does not count: it loads the
 * code that loads when it is needed, while virtual time goes on.
 */
export async function playAll(orders: readonly Order[]): Promise<Played[]> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url));
  const all: Played[] = [];
  try {
    for (const order of [{ file: builtIn('tag-missing'), answersMs: 80 }, ...orders]) {
      worker.postMessage(order);
      const [answer] = (await once(worker, 'message')) as [Played | { readonly error: string }];
      if ('error' in answer) throw new Error(`${order.file}: ${answer.error}`);
      all.push(answer);
    }
  } finally {
    await worker.terminate();
  }
  return all.slice(1);
}

/** The file of a built-in scenario. */
export function builtIn(name: string): string {
  return `local/scenarios/${name}.yaml`;
}
