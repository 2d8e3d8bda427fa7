// The model worlds on Azurite, with one seeded fault each: spoilt requests to storage, hosts that die, and faults of whole runs.
import { chanceFromState } from '../../local/chance.ts';
import { nowMs } from '../lib/facts.ts';
import { type Azurite, startAzurite } from './azurite.ts';
import type { Model } from './model.ts';
import { type Fault, type Outcome, type Run, World } from './run.ts';
import type { Strike } from './storage-proxy.ts';
import { type Swept, tally } from './sweep.ts';
import { allModels } from './told-models.ts';

/** An Azurite that has seen this many runs is replaced by an empty one. */
const runsEach = 100;

const strikes: readonly Strike[] = [
  { do: 'answer', status: 500 },
  { do: 'answer', status: 503 },
  { do: 'answer', status: 429, retryAfter: 1 },
  { do: 'reset', when: 'before' },
  { do: 'reset', when: 'after' },
  { do: 'silence', when: 'before' },
  { do: 'silence', when: 'after' },
];
const ofWholeRuns = ['five-times', 'reorder', 'skew', 'two-hosts'] as const;

export interface Played extends Outcome {
  readonly requests: number;
  story(): Promise<string[]>;
}

/** Plays one run on Azurite. */
export async function playOn(azurite: Azurite, run: Run): Promise<Played> {
  const store = await azurite.open(nowMs, run.fault.kind === 'storage' ? run.fault : undefined);
  const world = new World(run, store);
  const outcome = await world.play();
  return { ...outcome, requests: store.requests(), story: () => world.story() };
}

/** Where faults can be put, as a run without any shows. */
interface Room {
  readonly calls: number;
  readonly requests: number;
}

function pick<T>(items: readonly T[], chance: () => number): T {
  const picked = items[Math.floor(chance() * items.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}

/** Six of ten faults spoil a request, once or for all its tries; the rest are hosts that die and faults of whole runs. */
function faultFrom(chance: () => number, { calls, requests }: Room): Fault {
  const kind = chance();
  if (kind < 0.6) {
    const strike = pick(strikes, chance);
    return { kind: 'storage', request: 1 + Math.floor(chance() * requests), strike, tries: chance() < 0.6 ? 1 : 4 };
  }
  if (kind < 0.85)
    return { kind: 'kill', call: 1 + Math.floor(chance() * calls), when: chance() < 0.5 ? 'before' : 'after' };
  return { kind: pick(ofWholeRuns, chance) };
}

export interface AzuriteSweepOptions {
  readonly runs: number;
  readonly seed: number;
  /** Which models are played in turns; all of them, unless a test names some. */
  readonly models?: readonly Model[];
  /** Called after each run. */
  readonly onRun?: (played: number, run: Run, outcome: Outcome) => void;
}

/** Plays every model without a fault first, as far as there are runs; then each in turn with a fault that follows from the seed. */
export async function sweepAzurite({ runs, seed, models = allModels, onRun }: AzuriteSweepOptions): Promise<Swept> {
  const swept = tally();
  const rooms = new Map<Model, Room>();
  let azurite: Azurite | undefined;
  try {
    for (let index = 0; index < runs; index += 1) {
      if (index % runsEach === 0) {
        await azurite?.stop();
        azurite = undefined;
        azurite = await startAzurite(Math.min(runsEach, runs - index));
      }
      if (azurite === undefined) break;
      const model = models[index % models.length];
      if (model === undefined) break;
      const room = rooms.get(model);
      const chance = chanceFromState(seed * 1_000_003 + index);
      const fault: Fault = room === undefined ? { kind: 'none' } : faultFrom(chance, room);
      const run = { model, fault, seed };
      const played = await playOn(azurite, run);
      rooms.set(model, room ?? played);
      swept.add(run, played);
      onRun?.(index + 1, run, played);
    }
  } finally {
    await azurite?.stop();
  }
  return swept.result();
}
