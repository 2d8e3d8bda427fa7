// Plays loads in a thread of their own, because virtual time replaces the clock of the thread it is loaded in.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Load, Rates } from './figures.ts';

/** Measures one load after the other. Throws where an alert was refused or lost: then the rates say nothing. */
export async function measureThroughput(loads: readonly Load[]): Promise<Rates[]> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url));
  const all: Rates[] = [];
  try {
    for (const load of loads) {
      worker.postMessage(load);
      const [answer] = (await once(worker, 'message')) as [Rates | { readonly error: string }];
      if ('error' in answer) throw new Error(`${load.instances} instances: ${answer.error}`);
      all.push(answer);
    }
  } finally {
    await worker.terminate();
  }
  return all;
}
