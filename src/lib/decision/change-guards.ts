// Guards that every kind of change shares: the mode, the kill switch, the scope, the age of the evidence, and an earlier failure.

import type { ActionName } from '../history/entries.ts';
import { type Reason, type Refusal, reasons } from '../history/refusals.ts';
import type { Attempt } from '../history/state.ts';
import { isWithin } from '../words/arm-id.ts';
import type { DecisionInput } from './decision-input.ts';
import { refuse } from './guard.ts';

const minute = 60_000;
/** The maximum age of the evidence of a change. Milliseconds. */
export const evidenceLifetimeMs = 3 * minute;

/** In `observe` pullmedic changes nothing. In `approve` it makes only changes that a person approved. */
export function modeGuard({ config }: Pick<DecisionInput, 'config'>): Refusal | undefined {
  switch (config.mode) {
    case 'act':
      return undefined;
    case 'approve':
      return refuse('mode', 'approval-needed');
    case 'observe':
      return refuse('mode', 'observe');
  }
}

/** The mode of a change that needs no approval of its own, because a person asked for it or because it changes no rights. */
export function observeGuard(input: Pick<DecisionInput, 'config'>): Refusal | undefined {
  return input.config.mode === 'observe' ? modeGuard(input) : undefined;
}

/** A kill switch that cannot be read counts as on. */
export function killSwitchGuard({ killSwitch }: Pick<DecisionInput, 'killSwitch'>): Refusal | undefined {
  if (!killSwitch.read) return refuse('kill-switch', 'unreadable');
  return killSwitch.value ? refuse('kill-switch', 'on') : undefined;
}

/** Only apps within the configured scopes are touched. */
export function scopeGuard({ config, target }: Pick<DecisionInput, 'config' | 'target'>): Refusal | undefined {
  return config.scopes.some((scope) => isWithin(target.appId, scope)) ? undefined : refuse('scope', 'outside');
}

/** Azure may have changed since an old look. */
export function freshnessGuard({ nowMs, evidence }: Pick<DecisionInput, 'nowMs' | 'evidence'>): Refusal | undefined {
  return nowMs - evidence.atMs > evidenceLifetimeMs ? refuse('evidence-too-old', 'minutes') : undefined;
}

/**
 * How long pullmedic leaves a grant alone that Azure throttled. It is longer than any `Retry-After` that pullmedic obeys: until that is
 * over, no instance sends Azure anything.
 */
const throttledPauseMs = 5 * minute;
/**
 * After this many tries that Azure throttled pullmedic gives up and asks a person about a grant; restarts may be tried once for each rung of
 * the ladder of retries.
 */
const mostThrottled: Readonly<Record<ActionName, number>> = {
  grant: 2,
  restart: 8,
  'new-revision': 8,
  start: 1,
};

/**
 * After this many answers that another operation was under way pullmedic gives up: what conflicts for minutes is no operation that ends
 * soon.
 */
const mostConflicts = 3;

/**
 * A change that Azure refused in this remediation is not tried again. A change that was never made may be tried once more. One that Azure
 * throttled may be tried again: a restart on the next rung, and a grant after a pause. So may one that met another operation.
 */
export function failedBefore(
  { remediation, nowMs }: Pick<DecisionInput, 'remediation' | 'nowMs'>,
  action: ActionName,
): Refusal | undefined {
  const all = remediation.attempts.filter((attempt) => attempt.action === action && attempt.outcome === 'failed');
  const failed = all.filter(({ because }) => because !== 'throttled' && because !== 'conflict');
  const conflicts = all.filter(({ because }) => because === 'conflict').length;
  if (failed.some((attempt) => attempt.because !== 'not-made') || failed.length > 1)
    return refuse('failed-before', failureOf(failed.at(-1)));
  if (conflicts >= mostConflicts) return refuse('failed-before', 'conflict');
  const throttled = all.length - failed.length - conflicts;
  const pauses = action === 'grant' && nowMs < (throttledUntilMs(remediation) ?? nowMs);
  return throttled >= mostThrottled[action] || pauses ? refuse('failed-before', 'throttled') : undefined;
}

/** When a grant that Azure throttled may be tried again; `undefined` where none was throttled, or where a person has to be asked. */
export function throttledUntilMs({ attempts }: Pick<DecisionInput['remediation'], 'attempts'>): number | undefined {
  const throttled = attempts.filter(({ action, because }) => action === 'grant' && because === 'throttled');
  const last = throttled.at(-1);
  return last === undefined || throttled.length >= mostThrottled.grant ? undefined : last.atMs + throttledPauseMs;
}

function failureOf(attempt: Attempt | undefined): Reason<'failed-before'> {
  return reasons['failed-before'].find((reason) => reason === attempt?.because) ?? 'failed';
}
