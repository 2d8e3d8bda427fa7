// How long one app takes to load, and how that compares with a bare app, measured in turns so that a busy machine slows both.

/** One start of a process, in milliseconds: from the start of the process until the app was loaded, and the loading alone. */
export interface Start {
  readonly sinceStartMs: number;
  readonly loadMs: number;
  /** From the start of the process to the first answer. */
  readonly answeredMs: number;
}

export interface Compared {
  readonly bare: Start;
  readonly app: Start;
  /** How many times as long the app takes, from the start of the process until it is loaded. */
  readonly ratio: number;
  /** How many times as long the loading alone takes. */
  readonly loadRatio: number;
  /** How many times as long a whole start takes in a worker that needs {@link workerMs} before it loads an app. */
  readonly workerRatio: number;
}

/**
 * How long the real worker took to start before it loaded an app, in milliseconds. Measured once with worker 3.9.1: a bare app was loaded 250 ms
 * after the start of the process, and in 39 ms in a worker that had started already.
 */
export const workerMs = 250 - 39;

/** Starts each app in turn, `runs` times, and compares the medians. `start` starts one app in a new process. */
export function compare(runs: number, start: (which: 'bare' | 'app') => Start): Compared {
  const bare: Start[] = [];
  const app: Start[] = [];
  for (let run = 0; run < runs; run += 1) {
    bare.push(start('bare'));
    app.push(start('app'));
  }
  const medians = { bare: medianOf(bare), app: medianOf(app) };
  return {
    ...medians,
    ratio: medians.app.sinceStartMs / medians.bare.sinceStartMs,
    loadRatio: medians.app.loadMs / medians.bare.loadMs,
    workerRatio: (workerMs + medians.app.loadMs) / (workerMs + medians.bare.loadMs),
  };
}

function medianOf(starts: readonly Start[]): Start {
  return {
    sinceStartMs: median(starts.map(({ sinceStartMs }) => sinceStartMs)),
    loadMs: median(starts.map(({ loadMs }) => loadMs)),
    answeredMs: median(starts.map(({ answeredMs }) => answeredMs)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
