// All guards of a grant. Each guard fails closed: it refuses if it cannot read a fact that it needs.

import { pullRoleFor } from '../diagnosis/access.ts';
import { pullDenied } from '../diagnosis/denials.ts';
import { registryOf } from '../evidence/evidence.ts';
import type { Grant } from '../history/grant.ts';
import type { Refusal } from '../history/refusals.ts';
import { grantedMeanwhileGuard, refusedBeforeGuard } from './access-guards.ts';
import { failedBefore, freshnessGuard, killSwitchGuard, modeGuard, scopeGuard } from './change-guards.ts';
import type { DecisionInput } from './decision-input.ts';
import { deploymentGuard, slowStartGuard } from './deployment-guards.ts';
import {
  grantLimitGuard,
  lastingGuard,
  recurrenceGuard,
  roleRemovedGuard,
  undoneGuard,
} from './grant-history-guards.ts';
import {
  consumerGuard,
  existenceGuard,
  identityGuard,
  optedIn,
  sharedGuard,
  tenantGuard,
} from './grant-identity-guards.ts';
import { type Guard, refusalsOf, refuse } from './guard.ts';

const grantGuards: readonly Guard<Grant>[] = [
  modeGuard,
  killSwitchGuard,
  scopeGuard,
  optInGuard,
  denyTagGuard,
  consumerGuard,
  identityGuard,
  existenceGuard,
  tenantGuard,
  sharedGuard,
  refusedBeforeGuard,
  grantedMeanwhileGuard,
  roleRemovedGuard,
  undoneGuard,
  denialGuard,
  networkGuard,
  freshnessGuard,
  lastingGuard,
  (input) => failedBefore(input, 'grant'),
  grantLimitGuard,
  recurrenceGuard,
  deploymentGuard,
  slowStartGuard,
  pullRoleGuard,
];

/** Every reason not to make this grant; empty if all guards let it pass. */
export function grantRefusals(input: DecisionInput, grant: Grant): Refusal[] {
  return refusalsOf(grantGuards, input, grant);
}

/** Doubts that a person may overrule, because a person can know more. Every other refusal stands, whether a person asks or not. */
export function isApprovable({ guard, why }: Refusal): boolean {
  switch (guard) {
    case 'mode':
      return why === 'approval-needed';
    case 'cause-not-proved':
      return true;
    case 'network':
      return why === 'cannot-tell';
    case 'role-removed':
      return true;
    case 'refused-before':
      return why !== 'unreadable';
    case 'deny-assignment':
      return why !== 'applies';
    case 'not-the-declared-identity':
      return why === 'existence-unreadable';
    case 'identity-shared':
      return why === 'cannot-complete' || why === 'federated' || why === 'unreadable';
    case 'slow-start':
      return why === 'reached';
    case 'failed-before':
      return why === 'throttled';
    case 'another-tenant':
    case 'approval':
    case 'kill-switch':
    case 'scope':
    case 'registry-not-opted-in':
    case 'registry-denies':
    case 'consumer-not-listed':
    case 'evidence-too-old':
    case 'superseded':
    case 'did-not-last':
    case 'target-limit':
    case 'restart-limit':
    case 'recurrence-limit':
    case 'hourly-limit':
    case 'breaker':
    case 'never-restarted':
    case 'another-image':
    case 'start-again':
    case 'healthy-replicas':
    case 'pull-under-way':
    case 'traffic-pinned':
    case 'alert-state':
    case 'undo':
      return false;
  }
}

/** The registry's owner has to have opted in. */
function optInGuard({ config }: DecisionInput, grant: Grant): Refusal | undefined {
  return optedIn(config, grant.registryId) === undefined
    ? refuse('registry-not-opted-in', 'not-configured')
    : undefined;
}

/** The owner of a registry can forbid grants by a tag on it. */
function denyTagGuard({ evidence }: DecisionInput): Refusal | undefined {
  const registry = registryOf(evidence);
  if (registry === undefined) return refuse('registry-denies', 'unreadable');
  return registry.denied ? refuse('registry-denies', 'tag') : undefined;
}

/** Only the role that lets an identity pull in the mode of this registry, and no other role. */
function pullRoleGuard({ evidence }: DecisionInput, grant: Grant): Refusal | undefined {
  const registry = registryOf(evidence);
  return registry !== undefined && pullRoleFor(registry) === grant.roleId
    ? undefined
    : refuse('not-the-declared-identity', 'wrong-role');
}

/** A role does not help a principal that a deny assignment names. One that could not be read may name it. */
function denialGuard({ evidence }: DecisionInput, grant: Grant): Refusal | undefined {
  const registry = registryOf(evidence);
  if (registry === undefined) return refuse('deny-assignment', 'unreadable');
  const denied = pullDenied(evidence.denials, evidence.roles, registry, grant.principalId);
  switch (denied.answer) {
    case 'no':
      return undefined;
    case 'yes':
      return refuse('deny-assignment', 'applies');
    case 'cannot-tell':
      return refuse('deny-assignment', denied.why === 'denials-unreadable' ? 'unreadable' : 'cannot-tell');
  }
}

/** If the network blocks the pull, a role does not help. */
function networkGuard({ config, diagnosis }: DecisionInput, grant: Grant): Refusal | undefined {
  switch (diagnosis.network) {
    case 'allows':
      return undefined;
    case 'blocks':
      return refuse('network', 'blocks');
    case 'cannot-tell':
      return optedIn(config, grant.registryId)?.grantWhenNetworkUnknown ? undefined : refuse('network', 'cannot-tell');
  }
}
