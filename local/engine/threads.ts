// Plays scenarios on virtual time in threads of their own, because a thread's clock is replaced for good.
import { Worker } from 'node:worker_threads';
import type { Histories } from '../demo/answers.ts';
import type { Told } from '../demo/told.ts';
import { BadScenario, type Scenario } from '../scenarios/schema.ts';
import type { Exchange } from './capture.ts';
import type { CrawledPage } from './crawl.ts';
import type { Disturbance, Met } from './disturb.ts';
import type { Order, Saying } from './worker.ts';

const workerFile = new URL('../../dist/local/engine.mjs', import.meta.url);

export interface Watching {
  readonly onProgress?: (scenario: Scenario, histories: Histories) => void;
  readonly onLog?: (scenario: Scenario, line: string) => void;
  readonly onExchange?: (scenario: Scenario, exchange: Exchange) => void;
  /** Called at the end of a scenario with every page of the app. */
  readonly onPages?: (scenario: Scenario, pages: readonly CrawledPage[]) => void;
  /** Called when a scenario is over, in the order in which they end: with its place in the list and what it met. */
  readonly onTold?: (told: Told, index: number, met: Met) => void;
  /** What disturbs the scenario at this place of the list. */
  readonly disturbanceOf?: (index: number) => Disturbance | undefined;
}

async function playOne(worker: Worker, scenario: Scenario, index: number, watching: Watching): Promise<Told> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      worker.off('message', hear);
      worker.off('error', fail);
    };
    const fail = (error: unknown): void => {
      end();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    function hear(saying: Saying): void {
      switch (saying.kind) {
        case 'progress':
          return watching.onProgress?.(scenario, saying.histories);
        case 'log':
          return watching.onLog?.(scenario, saying.line);
        case 'exchange':
          return watching.onExchange?.(scenario, saying.exchange);
        case 'pages':
          return watching.onPages?.(scenario, saying.pages);
        case 'told':
          end();
          watching.onTold?.(saying.told, index, saying.met);
          return resolve(saying.told);
        case 'bad':
          return fail(new BadScenario(saying.message));
        case 'failed':
          return fail(new Error(`${scenario.file} could not be played: ${saying.message}`));
      }
    }
    worker.on('message', hear);
    worker.once('error', fail);
    const verbose = watching.onLog !== undefined;
    const captures = watching.onExchange !== undefined;
    const crawls = watching.onPages !== undefined;
    const disturbance = watching.disturbanceOf?.(index);
    worker.postMessage({ scenario, verbose, captures, crawls, disturbance } satisfies Order);
  });
}

/** Plays the scenarios on at most `width` threads, and returns what became of them in the order of the scenarios. */
export async function playInThreads(
  scenarios: readonly Scenario[],
  width: number,
  watching: Watching = {},
): Promise<Told[]> {
  const told: Told[] = [];
  let next = 0;
  async function thread(): Promise<void> {
    // Without the environment of this process: nothing in it may change what a scenario comes to.
    const worker = new Worker(workerFile, { env: {} });
    try {
      for (let index = next++; index < scenarios.length; index = next++) {
        const scenario = scenarios[index];
        if (scenario !== undefined) told[index] = await playOne(worker, scenario, index, watching);
      }
    } finally {
      await worker.terminate();
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, scenarios.length) }, thread));
  return told;
}
