// A thread that plays scenarios one after the other. The clock is loaded first: every module loaded after it uses virtual time.
import './virtual-time.ts';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { Histories } from '../demo/answers.ts';
import type { Told } from '../demo/told.ts';
import { readHostJson } from '../host/settings.ts';
import { BadScenario, type Scenario } from '../scenarios/schema.ts';
import type { Exchange } from './capture.ts';
import type { CrawledPage } from './crawl.ts';
import type { Disturbance, Met } from './disturb.ts';
import { type Audience, playOnVirtualTime } from './play.ts';

/** What the thread is asked for. */
export interface Order {
  readonly scenario: Scenario;
  readonly verbose: boolean;
  /** Whether to tell of every exchange with Azure. */
  readonly captures: boolean;
  /** Whether to tell of every page at the end. */
  readonly crawls?: boolean | undefined;
  readonly disturbance?: Disturbance | undefined;
}

/** What it says; a scenario ends with `told`, `bad` or `failed`. */
export type Saying =
  | { readonly kind: 'progress'; readonly histories: Histories }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'pages'; readonly pages: readonly CrawledPage[] }
  | { readonly kind: 'told'; readonly told: Told; readonly met: Met }
  /** The scenario cannot be played; the message is for the person at the terminal. */
  | { readonly kind: 'bad'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

const hostFile = fileURLToPath(new URL('../../host.json', import.meta.url));

async function play(
  { scenario, verbose, captures, crawls, disturbance }: Order,
  say: (saying: Saying) => void,
): Promise<void> {
  try {
    const audience: Audience = {
      onProgress: (histories) => say({ kind: 'progress', histories }),
      onLog: (line) => {
        if (verbose) say({ kind: 'log', line });
      },
      onPages: crawls === true ? (pages) => say({ kind: 'pages', pages }) : undefined,
      onExchange: captures ? (exchange) => say({ kind: 'exchange', exchange }) : undefined,
    };
    const course = await playOnVirtualTime(scenario, await readHostJson(hostFile), audience, disturbance);
    say({ kind: 'told', ...course });
  } catch (error) {
    if (error instanceof BadScenario) say({ kind: 'bad', message: error.message });
    else say({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

parentPort?.on('message', (order: Order) => {
  void play(order, (saying) => parentPort?.postMessage(saying));
});
