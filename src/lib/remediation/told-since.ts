// Signals that come while a look is under way: what they tell, that look may not have seen.

import { type CountedSignals, keptSignals, noneCounted } from '../history/counted-signals.ts';
import type { Remediation } from '../history/state.ts';
import { live, type Turn } from './turn.ts';

/** Clocks differ: what is said to have been this shortly before the look began may have been after it. Milliseconds. */
export const skewMs = 10_000;

/** A look as it begins, and how many signals there are by then. */
export interface Begun {
  readonly atMs: number;
  /** In the history. */
  readonly kept: number;
  /** Beside it. */
  readonly counted: number;
}

export async function lookBegins(turn: Turn): Promise<Begun> {
  const remediation = live(turn);
  const { count } = await countedBeside(turn, remediation);
  return { atMs: turn.ports.now(), kept: remediation.signals.length, counted: count };
}

/**
 * Whether a signal came since that says that something fails, and that was not fired before the look. A remediation that ended on that look would
 * take the signal along, and nobody would look at what it told.
 */
export async function wasToldSince(turn: Turn, { atMs, kept, counted }: Begun): Promise<boolean> {
  const remediation = live(turn);
  const { count, recent } = await countedBeside(turn, remediation);
  const came = [...remediation.signals.slice(kept), ...recent.slice(Math.max(recent.length - (count - counted), 0))];
  return came.some((one) => one.joinOnly !== true && one.atMs >= atMs - skewMs);
}

/** A remediation whose history holds few signals has none beside it: then nothing is read. */
async function countedBeside({ ports }: Turn, { id, signals }: Remediation): Promise<CountedSignals> {
  return signals.length < keptSignals ? noneCounted : (await ports.counted.read(id)).counted;
}
