// Which signals of a remediation its history keeps, and how soon a signal that only repeats what is known is worth another look.

import { keptSignals } from '../history/counted-signals.ts';
import { expiredQuestion } from '../history/fold-approval.ts';
import { alertsOf } from '../history/named-alerts.ts';
import type { Remediation } from '../history/state.ts';
import type { Signal } from '../signals/signal.ts';

/** The most signals in the history of one remediation, even if a sender names a new revision each time. */
const mostKept = 100;

type Joined = Pick<Remediation, 'signals' | 'approval' | 'retryApproval'>;

/**
 * Whether a signal becomes an entry: the first {@link keptSignals} do, of the later ones those that tell something new, and one that lets
 * an expired question be asked again.
 */
export function isKept(live: Joined, signal: Signal, nowMs: number): boolean {
  const { length } = live.signals;
  if (expiredQuestion(live, nowMs) !== undefined) return true;
  return length < keptSignals || (length < mostKept && tellsNew(live, signal));
}

/** The first signal of its kind, about its revision, or with an alert that pullmedic may set. */
function tellsNew(live: Joined, signal: Signal): boolean {
  const { signals } = live;
  return (
    !signals.some((one) => one.via === signal.via) ||
    (signal.revision !== undefined && !signals.some((one) => one.revision === signal.revision)) ||
    alertsOf({ signals: [...signals, signal] }).length > alertsOf(live).length
  );
}

/** How long after a look another signal is worth another look, in milliseconds. */
const restMs = 30_000;
/** The longest that a repeated signal waits. */
const longestRestMs = 60 * 60_000;
/** A signal that only repeats what is known waits for this part of the remediation's age. */
const partOfAge = 20;

/**
 * How long after a look this signal is worth another look, in milliseconds. A person who asks, a recovery, a write of the app
 * and a question that can be asked again are looked at soon; the same failure, told again and again, ever later.
 */
export function restOf(live: Joined & Pick<Remediation, 'openedAtMs'>, signal: Signal, nowMs: number): number {
  if (signal.joinOnly === true || signal.via === 'operator' || tellsNew(live, signal)) return restMs;
  if (expiredQuestion(live, nowMs) !== undefined) return restMs;
  const grownMs = Math.round((nowMs - live.openedAtMs) / partOfAge);
  return Math.min(Math.max(restMs, grownMs), longestRestMs);
}
