// The model worlds on Azurite, with one seeded fault each: spoilt requests to storage, hosts that die, and faults of whole runs.
import { chanceFromState } from '../../local/chance.ts';
import { nowMs } from '../lib/facts.ts';
import { type Azurite, startAzurite } from './azurite.ts';
import type { Model } from './model.ts';
import { type Fault, type Outcome, type Place, type Run, World } from './run.ts';
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
  /** How many of them went to blobs. */
  readonly blobRequests: number;
  story(): Promise<string[]>;
}

/** Plays one run on Azurite. */
export async function playOn(azurite: Azurite, run: Run): Promise<Played> {
  const { model, fault } = run;
  const store = await azurite.open(nowMs, fault.kind === 'storage' ? fault : undefined, model.archives !== undefined);
  const world = new World(run, store);
  const outcome = await world.play();
  return {
    ...outcome,
    requests: store.requests(),
    blobRequests: store.blobRequests(),
    story: () => world.story(),
  };
}

/** Where faults can be put, as a run without any shows; and which of those places archive. */
interface Room {
  readonly calls: number;
  readonly requests: number;
  readonly archiving?: Outcome['archiving'];
}

function pick<T>(items: readonly T[], chance: () => number): T {
  const picked = items[Math.floor(chance() * items.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}

/** Any place. Where some of them archive, every other time one of those. */
function placeIn(chance: () => number, count: number, archiving: Place | undefined): number {
  const { from, to } = archiving !== undefined && chance() < 0.5 ? archiving : { from: 1, to: count };
  return from + Math.floor(chance() * (to - from + 1));
}

/** Six of ten faults spoil a request, once or for all its tries; the rest are hosts that die and faults of whole runs. */
function faultFrom(chance: () => number, { calls, requests, archiving }: Room): Fault {
  const kind = chance();
  if (kind < 0.6) {
    const strike = pick(strikes, chance);
    const request = placeIn(chance, requests, archiving?.requests);
    return { kind: 'storage', request, strike, tries: chance() < 0.6 ? 1 : 4 };
  }
  if (kind < 0.85)
    return { kind: 'kill', call: placeIn(chance, calls, archiving), when: chance() < 0.5 ? 'before' : 'after' };
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

/** Plays a model without a fault, and then with each request to a blob spoilt in every way, or in every n-th: once, and for all its tries. */
export async function sweepBlobs(
  model: Model,
  { step, onRun }: { readonly step: number; readonly onRun?: AzuriteSweepOptions['onRun'] },
): Promise<Swept> {
  const swept = tally();
  let azurite = await startAzurite(runsEach);
  let left = runsEach;
  async function one(fault: Fault): Promise<Played> {
    if (left === 0) {
      await azurite.stop();
      azurite = await startAzurite(runsEach);
      left = runsEach;
    }
    left -= 1;
    const run = { model, fault, seed: 1 };
    const played = await playOn(azurite, run);
    swept.add(run, played);
    onRun?.(swept.result().runs, run, played);
    return played;
  }
  try {
    const { blobRequests } = await one({ kind: 'none' });
    const ways = strikes.flatMap((strike) => [1, 4].map((tries) => ({ strike, tries })));
    const faults = Array.from({ length: blobRequests }, (_, at) => at + 1).flatMap((request) =>
      ways.map((way): Fault => ({ kind: 'storage', of: 'blob', request, ...way })),
    );
    for (const [at, fault] of faults.entries()) if (at % step === 0) await one(fault);
  } finally {
    await azurite.stop();
  }
  return swept.result();
}
