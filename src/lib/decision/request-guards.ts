// Guards of changes that need no decision on a cause: a person takes a grant back, or an alert gets another state.

import { sameGrant } from '../history/grant.ts';
import { undoableGrant } from '../history/queries.ts';
import type { Refusal } from '../history/refusals.ts';
import type { Reliance } from '../history/reliance.ts';
import type { Remediation } from '../history/state.ts';
import type { Config } from '../settings/config.ts';
import type { AlertId } from '../words/arm-id.ts';
import { subscriptionOf } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { killSwitchGuard, observeGuard, scopeGuard } from './change-guards.ts';
import { refuse } from './guard.ts';

export interface UndoInput {
  readonly config: Config;
  readonly target: Target;
  readonly remediation: Remediation;
  readonly killSwitch: Fact<boolean>;
  /** Who else relies on the assignment. */
  readonly reliance: Fact<Reliance>;
}

/**
 * Every reason not to take a grant back; empty when all guards let it pass. The request of a person is the approval, so the mode
 * `approve` allows it. The guard also allows it if the registry is no longer opted in: an undo only takes rights away.
 */
export function undoRefusals(input: UndoInput): Refusal[] {
  return [
    input.config.settings.undo ? undefined : refuse('undo', 'off'),
    observeGuard(input),
    killSwitchGuard(input),
    scopeGuard(input),
    recordedGuard(input),
    input.remediation.undo?.anyway === true ? undefined : relianceGuard(input),
  ].filter((refusal) => refusal !== undefined);
}

/** An undo takes the role from everything that holds the identity, so a person has to say that this is meant. Unreadable is not "none". */
function relianceGuard({ reliance }: Pick<UndoInput, 'reliance'>): Refusal | undefined {
  if (!reliance.read) return refuse('undo', 'reliance-unreadable');
  const { remediations, resources } = reliance.value;
  return remediations.length + resources.length === 0 ? undefined : refuse('undo', 'others-rely');
}

/** Allows only the assignment that the history records for this remediation, and that the person asked about. */
function recordedGuard({ remediation }: UndoInput): Refusal | undefined {
  const { undo } = remediation;
  const made = undoableGrant(remediation);
  if (made === undefined || undo === undefined) return refuse('undo', 'nothing-made');
  return made.assignment === undo.assignment && sameGrant(made.grant, undo.grant)
    ? undefined
    : refuse('undo', 'not-what-was-made');
}

export interface AlertInput {
  readonly config: Config;
  readonly target: Target;
  readonly alert: AlertId;
  readonly killSwitch: Fact<boolean>;
}

/** Every reason not to read an alert in order to set its state. Setting it changes no rights, so `approve` allows it. */
export function alertRefusals(input: AlertInput): Refusal[] {
  return [observeGuard(input), killSwitchGuard(input), scopeGuard(input), subscriptionGuard(input)].filter(
    (refusal) => refusal !== undefined,
  );
}

/** Only alerts in subscriptions that we look at anyway. */
function subscriptionGuard({ config, alert }: AlertInput): Refusal | undefined {
  const looked = [...config.scopes, ...config.registries.map(({ id }) => id)].map(subscriptionOf);
  return [...looked, ...config.settings.alsoRead].includes(subscriptionOf(alert))
    ? undefined
    : refuse('alert-state', 'another-subscription');
}
