// A thread that plays scenarios one after the other. The clock comes first: whatever is loaded after it lives on virtual time.
import './virtual-time.ts';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { Histories } from '../demo/answers.ts';
import type { Told } from '../demo/told.ts';
import { readHostJson } from '../host/settings.ts';
import { BadScenario, type Scenario } from '../scenarios/schema.ts';
import { playOnVirtualTime } from './play.ts';

/** What the thread is asked for. */
export interface Order {
  readonly scenario: Scenario;
  readonly verbose: boolean;
}

/** What it says; a scenario ends with `told`, `bad` or `failed`. */
export type Saying =
  | { readonly kind: 'progress'; readonly histories: Histories }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'told'; readonly told: Told; readonly cpuMs: number }
  /** The scenario cannot be played; the message is for the person at the terminal. */
  | { readonly kind: 'bad'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

const hostFile = fileURLToPath(new URL('../../host.json', import.meta.url));

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function play({ scenario, verbose }: Order, say: (saying: Saying) => void): Promise<void> {
  const beganMs = cpuMs();
  try {
    const told = await playOnVirtualTime(scenario, await readHostJson(hostFile), {
      onProgress: (histories) => say({ kind: 'progress', histories }),
      onLog: (line) => {
        if (verbose) say({ kind: 'log', line });
      },
    });
    say({ kind: 'told', told, cpuMs: cpuMs() - beganMs });
  } catch (error) {
    if (error instanceof BadScenario) say({ kind: 'bad', message: error.message });
    else say({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

parentPort?.on('message', (order: Order) => {
  void play(order, (saying) => parentPort?.postMessage(saying));
});
