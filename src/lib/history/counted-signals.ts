// Signals that joined a remediation and only repeated what its history says. They are counted beside the history instead of kept in it.

/** How many signals a remediation counted beside its history, and the latest of them. */
export interface CountedSignals {
  readonly count: number;
  /** The last {@link mostRecent}, the latest last. A signal that is delivered again is recognised by them. */
  readonly recent: readonly CountedSignal[];
}

export interface CountedSignal {
  /** The short name of the signal's id. */
  readonly id: string;
  /** When the signal was fired, in milliseconds. */
  readonly atMs: number;
  readonly countedAtMs: number;
  readonly revision?: string;
  /** The signal said that something is resolved or was written, not that something fails. */
  readonly joinOnly?: true;
}

export const noneCounted: CountedSignals = { count: 0, recent: [] };

/** A remediation whose history holds fewer signals has counted none. */
export const keptSignals = 20;

/** How many of the latest counted signals are remembered one by one. */
export const mostRecent = 100;

/** Counts one more signal. */
export function withCounted({ count, recent }: CountedSignals, signal: CountedSignal): CountedSignals {
  return { count: count + 1, recent: [...recent, signal].slice(-mostRecent) };
}

/** The signal of this short name, where it was counted lately. */
export function countedAs({ recent }: CountedSignals, id: string): CountedSignal | undefined {
  return recent.find((one) => one.id === id);
}
