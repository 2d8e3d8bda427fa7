// What became of a remediation, for people who ask what pullmedic does for them.

import type { CloseReason } from '../history/closing.ts';
import type { Figures } from '../history/figures.ts';

/**
 * `repaired`: it recovered after a change of pullmedic, and no person was asked. `recovered-by-itself`: it recovered without a change, and no
 * person was asked. `asked`: a person was asked, whatever the end. `unproven`: it ended without a proof. `stood-down`: it was no failed pull,
 * or nothing was left to repair. `open`: it goes on, and no person has been asked.
 */
export type Outcome = 'repaired' | 'recovered-by-itself' | 'asked' | 'unproven' | 'stood-down' | 'open';

const noneYet: Readonly<Record<Outcome, number>> = {
  repaired: 0,
  'recovered-by-itself': 0,
  asked: 0,
  unproven: 0,
  'stood-down': 0,
  open: 0,
};

export const outcomes = Object.keys(noneYet) as readonly Outcome[];

/** Endings in which nothing was left to repair, or nothing was a failed pull. */
const nothingToRepair: ReadonlySet<string> = new Set<CloseReason>([
  'not-a-pull-failure',
  'push-refused',
  'build-refused',
  'app-gone',
  'deactivated',
  'superseded',
  'nothing-failing',
  'waits-for-another',
  'no-replica-asked-to-start',
]);

export function outcomeOf({ closed, askedAtMs, actedAtMs }: Figures): Outcome {
  if (askedAtMs !== undefined) return 'asked';
  if (closed === undefined) return 'open';
  if (closed.how === 'recovered') return actedAtMs === undefined ? 'recovered-by-itself' : 'repaired';
  return nothingToRepair.has(closed.because) ? 'stood-down' : 'unproven';
}

export function countsOf(figures: readonly Figures[]): Record<Outcome, number> {
  const counts = { ...noneYet };
  for (const one of figures) counts[outcomeOf(one)] += 1;
  return counts;
}

/** How many of how many. */
export interface Share {
  readonly handled: number;
  readonly of: number;
}

/**
 * Of the failed pulls that ended or needed a person, how many recovered without one. What goes on and what was no failed pull does not count.
 * `undefined` where there are none.
 */
export function shareOf(figures: readonly Figures[]): Share | undefined {
  const { repaired, 'recovered-by-itself': alone, asked, unproven } = countsOf(figures);
  const of = repaired + alone + asked + unproven;
  return of === 0 ? undefined : { handled: repaired + alone, of };
}
