// How long one app takes to load, and how that compares with two others, measured in turns so that a busy machine slows all of them.
import { type Spread, spreadOf } from '../outcome/spread.ts';

/** One start of a process, in milliseconds: from the start of the process until the app was loaded, and the loading alone. */
export interface Start {
  readonly sinceStartMs: number;
  readonly loadMs: number;
  /** From the start of the process to the first answer. */
  readonly answeredMs: number;
}

/** An app of one function; pullmedic as it is deployed; the same source, each file translated by itself, with its dependencies as installed. */
export type Which = 'bare' | 'app' | 'source';

export interface Compared {
  /** The medians of each app. */
  readonly starts: Readonly<Record<Which, Start>>;
  /** How many times as long the app takes as a bare one, of starts in the same turn. */
  readonly bareRatio: Ratios;
  /** How many times as long the source takes as the app. */
  readonly sourceRatio: Ratios;
}

export interface Ratios {
  /** From the start of the process until it is loaded. */
  readonly sinceStart: Spread;
  readonly load: Spread;
  /** From the start of the process to the first answer. */
  readonly answered: Spread;
  /** A whole start in a worker that needs {@link workerMs} before it loads an app. */
  readonly worker: Spread;
}

/**
 * How long the real worker took to start before it loaded an app, in milliseconds. Measured once with worker 3.9.1: a bare app was loaded 250 ms
 * after the start of the process, and in 39 ms in a worker that had started already.
 */
export const workerMs = 250 - 39;

/** Starts each app in turn, `runs` times, and compares the medians. `start` starts one app in a new process. */
export function compare(runs: number, start: (which: Which) => Start): Compared {
  const rounds: Readonly<Record<Which, Start>>[] = [];
  for (let run = 0; run < runs; run += 1) {
    rounds.push({ bare: start('bare'), app: start('app'), source: start('source') });
  }
  const medianOf = (which: Which): Start => medians(rounds.map((round) => round[which]));
  return {
    starts: { bare: medianOf('bare'), app: medianOf('app'), source: medianOf('source') },
    bareRatio: ratiosOf(rounds.map(({ app, bare }) => [app, bare])),
    sourceRatio: ratiosOf(rounds.map(({ source, app }) => [source, app])),
  };
}

function medians(starts: readonly Start[]): Start {
  const median = (of: (start: Start) => number): number => spreadOf(starts.map(of)).median;
  return {
    sinceStartMs: median(({ sinceStartMs }) => sinceStartMs),
    loadMs: median(({ loadMs }) => loadMs),
    answeredMs: median(({ answeredMs }) => answeredMs),
  };
}

function ratiosOf(pairs: readonly (readonly [Start, Start])[]): Ratios {
  const ratio = (of: (start: Start) => number): Spread => spreadOf(pairs.map(([one, other]) => of(one) / of(other)));
  return {
    sinceStart: ratio(({ sinceStartMs }) => sinceStartMs),
    load: ratio(({ loadMs }) => loadMs),
    answered: ratio(({ answeredMs }) => answeredMs),
    worker: ratio(({ loadMs }) => workerMs + loadMs),
  };
}
