// Guards that every kind of change shares: the mode, the kill switch, the scope, the age of the evidence, and an earlier failure.

import type { ActionName } from '../history/entries.ts';
import { type Reason, type Refusal, reasons } from '../history/refusals.ts';
import type { Attempt } from '../history/state.ts';
import { isWithin } from '../words/arm-id.ts';
import { refuse } from './guard.ts';
import type { Question } from './question.ts';

const minute = 60_000;
/** The maximum age of the evidence of a change. Milliseconds. */
export const evidenceLifetimeMs = 3 * minute;

/** In `observe` pullmedic changes nothing. In `approve` it makes only changes that a person approved. */
export function modeGuard({ config }: Pick<Question, 'config'>): Refusal | undefined {
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
export function observeGuard(input: Pick<Question, 'config'>): Refusal | undefined {
  return input.config.mode === 'observe' ? modeGuard(input) : undefined;
}

/** A kill switch that cannot be read counts as on. */
export function killSwitchGuard({ killSwitch }: Pick<Question, 'killSwitch'>): Refusal | undefined {
  if (!killSwitch.read) return refuse('kill-switch', 'unreadable');
  return killSwitch.value ? refuse('kill-switch', 'on') : undefined;
}

/** Only apps within the configured scopes are touched. */
export function scopeGuard({ config, target }: Pick<Question, 'config' | 'target'>): Refusal | undefined {
  return config.scopes.some((scope) => isWithin(target.appId, scope)) ? undefined : refuse('scope', 'outside');
}

/** Azure may have changed since an old look. */
export function freshnessGuard({ nowMs, evidence }: Pick<Question, 'nowMs' | 'evidence'>): Refusal | undefined {
  return nowMs - evidence.atMs > evidenceLifetimeMs ? refuse('evidence-too-old', 'minutes') : undefined;
}

/**
 * Failures after which the same change may be asked for again. A throttled grant is not among them: it has used up a place in the limits
 * of the deployment, so a person is asked.
 */
const forgivenFailures: Readonly<Record<ActionName, readonly string[]>> = {
  grant: [],
  restart: ['throttled'],
  'new-revision': ['throttled'],
};

/** A change that Azure refused in this remediation is not tried again. A change that was never made may be tried once more. */
export function failedBefore({ remediation }: Pick<Question, 'remediation'>, action: ActionName): Refusal | undefined {
  const failed = remediation.attempts.filter(
    (attempt) =>
      attempt.action === action &&
      attempt.outcome === 'failed' &&
      !forgivenFailures[action].includes(attempt.because ?? ''),
  );
  return failed.some((attempt) => attempt.because !== 'not-made') || failed.length > 1
    ? refuse('failed-before', failureOf(failed.at(-1)))
    : undefined;
}

function failureOf(attempt: Attempt | undefined): Reason<'failed-before'> {
  return reasons['failed-before'].find((reason) => reason === attempt?.because) ?? 'failed';
}
