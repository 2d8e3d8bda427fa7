// Everything that can stop a change. Each guard fails closed: what it cannot read is a refusal.

import { pullRoleFor } from '../diagnosis/access.ts';
import { pullDenied } from '../diagnosis/denials.ts';
import type { DeclaredIdentity, Evidence, Holder, RevisionFacts } from '../evidence/evidence.ts';
import { allReady, appOf, declaredIdentity, declaredResource, registryOf } from '../evidence/evidence.ts';
import { type LedgerGrant } from '../history/deployment-ledger.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import type { Grant } from '../history/grant.ts';
import { sameGrant } from '../history/grant.ts';
import type { Attempt, Remediation, TargetHistory } from '../history/history.ts';
import { changesSince, undoableGrant } from '../history/history.ts';
import { type GuardName, type Reason, type Refusal, type RefusalOf, reasons } from '../history/refusals.ts';
import type { Config, OptedInRegistry } from '../settings/config.ts';
import type { AlertId, ArmId } from '../words/arm-id.ts';
import { isWithin, resourceGroupOf, subscriptionOf } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import { valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';

const minute = 60_000;
const hourMs = 60 * minute;
const dayMs = 24 * hourMs;
/** A decision may rest on evidence of this age and no older. */
export const evidenceLifetimeMs = 3 * minute;

export interface GuardInput {
  readonly nowMs: number;
  readonly config: Config;
  readonly target: Target;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly remediation: Remediation;
  readonly history: TargetHistory;
  readonly killSwitch: Fact<boolean>;
  /** Since when this deployment has been awake without a long silence. */
  readonly awakeSinceMs: Fact<number>;
  readonly ledger: Fact<readonly LedgerGrant[]>;
  /** Grants that a person had taken back, of the whole deployment. */
  readonly undone: Fact<readonly Grant[]>;
}

type Guard<Change> = (input: GuardInput, change: Change) => Refusal | undefined;

function refuse<Name extends GuardName>(guard: Name, why: Reason<Name>): RefusalOf<Name> {
  return { guard, why };
}

function modeGuard({ config }: GuardInput): Refusal | undefined {
  switch (config.mode) {
    case 'act':
      return undefined;
    case 'approve':
      return refuse('mode', 'approval-needed');
    case 'observe':
      return refuse('mode', 'observe');
  }
}

/** Unreadable means on. */
export function killSwitchGuard({ killSwitch }: Pick<GuardInput, 'killSwitch'>): Refusal | undefined {
  if (!killSwitch.read) return refuse('kill-switch', 'unreadable');
  return killSwitch.value ? refuse('kill-switch', 'on') : undefined;
}

function scopeGuard({ config, target }: GuardInput): Refusal | undefined {
  return config.scopes.some((scope) => isWithin(target.appId, scope)) ? undefined : refuse('scope', 'outside');
}

function optedIn(config: Config, registryId: ArmId): OptedInRegistry | undefined {
  return config.registries.find((registry) => registry.id === registryId);
}

function optInGuard({ config }: GuardInput, grant: Grant): Refusal | undefined {
  return optedIn(config, grant.registryId) === undefined
    ? refuse('registry-not-opted-in', 'not-configured')
    : undefined;
}

function denyTagGuard({ evidence }: GuardInput): Refusal | undefined {
  const registry = registryOf(evidence);
  if (registry === undefined) return refuse('registry-denies', 'unreadable');
  return registry.denied ? refuse('registry-denies', 'tag') : undefined;
}

function appGroup(appId: ArmId): string {
  return `/subscriptions/${subscriptionOf(appId)}/resourcegroups/${resourceGroupOf(appId)}`;
}

function isConsumer(consumer: ArmId, input: GuardInput): boolean {
  const app = appOf(input.evidence);
  if (consumer === appGroup(input.target.appId) || consumer === app?.environmentId) return true;
  const identity = declaredIdentity(input.target, input.evidence);
  return identity.kind === 'identity' && identity.name === consumer;
}

/** Whoever can create an app must not be able to make us open somebody's registry: the registry's own list decides. */
function consumerGuard(input: GuardInput, grant: Grant): Refusal | undefined {
  const consumers = optedIn(input.config, grant.registryId)?.consumers ?? [];
  return consumers.some((consumer) => isConsumer(consumer, input))
    ? undefined
    : refuse('consumer-not-listed', consumers.length === 0 ? 'nobody-is' : 'not-this-app');
}

function identityGuard({ target, evidence }: GuardInput, grant: Grant): Refusal | undefined {
  const declared = declaredIdentity(target, evidence);
  if (declared.kind !== 'identity') return refuse('not-the-declared-identity', declared.kind);
  return declared.principalId === grant.principalId
    ? undefined
    : refuse('not-the-declared-identity', 'another-principal');
}

/** An app keeps the principal of an identity that was deleted: a user-assigned one has to be seen to be there. */
function existenceGuard({ target, evidence }: GuardInput): Refusal | undefined {
  if (declaredResource(declaredIdentity(target, evidence)) === undefined) return undefined;
  switch (valueOf(evidence.identity)) {
    case 'exists':
      return undefined;
    case 'gone':
      return refuse('not-the-declared-identity', 'gone');
    case undefined:
      return refuse('not-the-declared-identity', 'existence-unreadable');
  }
}

/** A managed identity can hold roles in its own tenant only. Subscriptions of another one are seen through delegation. */
function tenantGuard({ evidence }: GuardInput): Refusal | undefined {
  switch (valueOf(evidence.holders)?.tenant) {
    case 'same':
      return undefined;
    case 'another':
      return refuse('another-tenant', 'identity');
    case 'cannot-tell':
    case undefined:
      return refuse('another-tenant', 'unreadable');
  }
}

function coversHolder(consumer: ArmId, { id, environmentId }: Holder): boolean {
  return isWithin(id, consumer) || environmentId === consumer;
}

/**
 * What one app is granted, everybody gets who holds its identity. The registry's list counts for them too, and so does a limit. An
 * identity that the list itself names was vouched for: then it does not matter where it is held, nor whether we see all of it.
 */
function sharedGuard(input: GuardInput, grant: Grant): Refusal | undefined {
  const held = valueOf(input.evidence.holders);
  if (held === undefined) return refuse('identity-shared', 'unreadable');
  const consumers = optedIn(input.config, grant.registryId)?.consumers ?? [];
  const declared = declaredIdentity(input.target, input.evidence);
  const vouched = declared.kind === 'identity' && consumers.some((consumer) => consumer === declared.name);
  const others = held.resources.filter(({ id }) => id !== input.target.appId);
  const listed = (holder: Holder): boolean => consumers.some((consumer) => coversHolder(consumer, holder));
  if (!vouched && !others.every(listed)) return refuse('identity-shared', 'outside-consumers');
  if (others.length + 1 > input.config.settings.limits.maxApps) return refuse('identity-shared', 'too-many');
  return vouched || seesAll(input, declared) ? undefined : refuse('identity-shared', 'cannot-complete');
}

/** An index answers with what we may read and is silent about the rest: only a whole subscription in the scope is seen whole. */
function seesAll({ config, target, evidence }: GuardInput, declared: DeclaredIdentity): boolean {
  // The app's own identity is held by nobody else.
  if (declared.kind === 'identity' && declared.name === 'system') return true;
  const home = declaredResource(declared) ?? appOf(evidence)?.environmentId ?? target.appId;
  return config.scopes.some((scope) => scope === `/subscriptions/${subscriptionOf(home)}`);
}

/** The Activity Log tells of a removal up to 20 minutes late (Microsoft: events "typically" within 3 to 20 minutes). */
const logLagMs = 20 * minute;

/**
 * Nobody gets back what somebody took away. A removal in the Activity Log that does not say whose role it was may be this one; a
 * log that cannot be read may hold it; and where we saw a role a moment ago, the log may be too young to tell.
 */
function roleRemovedGuard({ nowMs, diagnosis, evidence, history }: GuardInput, grant: Grant): Refusal | undefined {
  if (diagnosis.causes.includes('pull-role-removed')) return refuse('role-removed', 'taken-away');
  const removals = valueOf(evidence.removals);
  if (removals === undefined) return refuse('role-removed', 'unreadable');
  const nameless = removals.some(
    (removal) => removal.principalId === undefined && isWithin(grant.registryId, removal.scope),
  );
  if (nameless) return refuse('role-removed', 'cannot-tell-whose');
  const seen = history.remediations.map((remediation) => remediation.roleSeenAtMs ?? 0);
  return nowMs - Math.max(0, ...seen) < logLagMs ? refuse('role-removed', 'too-young') : undefined;
}

/** What a person had taken back is given to nobody's target without being asked: the Activity Log forgets, our ledger does not. */
function undoneGuard({ undone }: GuardInput, grant: Grant): Refusal | undefined {
  if (!undone.read) return refuse('role-removed', 'undone-unreadable');
  return undone.value.some((one) => sameGrant(one, grant)) ? refuse('role-removed', 'undone') : undefined;
}

/** A role is of no use to whom a deny assignment names, and nobody is let in past one that could not be read. */
function denialGuard({ evidence }: GuardInput, grant: Grant): Refusal | undefined {
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

function networkGuard({ config, diagnosis }: GuardInput, grant: Grant): Refusal | undefined {
  switch (diagnosis.network) {
    case 'allows':
      return undefined;
    case 'blocks':
      return refuse('network', 'blocks');
    case 'cannot-tell':
      return optedIn(config, grant.registryId)?.grantWhenNetworkUnknown ? undefined : refuse('network', 'cannot-tell');
  }
}

function freshnessGuard({ nowMs, evidence }: GuardInput): Refusal | undefined {
  return nowMs - evidence.atMs > evidenceLifetimeMs ? refuse('evidence-too-old', 'minutes') : undefined;
}

/** We made this very grant before and the role is missing again: somebody or something takes it away. */
function lastingGuard({ history }: GuardInput, grant: Grant): Refusal | undefined {
  const before = changesSince(history, 'grant', 0).filter(
    (attempt) => attempt.grant !== undefined && sameGrant(attempt.grant, grant),
  );
  return before.length > 0 ? refuse('did-not-last', 'granted-before') : undefined;
}

function failedGuard({ remediation }: GuardInput): Refusal | undefined {
  const failed = remediation.attempts.filter((attempt) => attempt.action === 'grant' && attempt.outcome === 'failed');
  return failed.some((attempt) => attempt.because !== 'not-made') || failed.length > 1
    ? refuse('failed-before', failureOf(failed.at(-1)))
    : undefined;
}

function failureOf(attempt: Attempt | undefined): Reason<'failed-before'> {
  return reasons['failed-before'].find((reason) => reason === attempt?.because) ?? 'failed';
}

function grantLimitGuard({ nowMs, config, history }: GuardInput): Refusal | undefined {
  const made = changesSince(history, 'grant', nowMs - dayMs).length;
  return made >= config.settings.limits.grantsPerTargetPerDay ? refuse('target-limit', 'grants-per-day') : undefined;
}

/** Worked but came back is not the same as failed: it is counted by recoveries after a change. */
function recurrenceGuard({ nowMs, config, history }: GuardInput): Refusal | undefined {
  const recent = history.remediations.filter((remediation) => (remediation.closed?.atMs ?? 0) > nowMs - 7 * dayMs);
  const cameBack = recent.filter(
    (remediation) =>
      remediation.closed?.how === 'recovered' && remediation.attempts.some((attempt) => attempt.outcome === 'done'),
  );
  return cameBack.length >= config.settings.limits.recurrencesPerWeek
    ? refuse('recurrence-limit', 'came-back')
    : undefined;
}

type SlowStartInput = Pick<GuardInput, 'nowMs' | 'config' | 'ledger' | 'awakeSinceMs'>;

/** When the slow start of this deployment ends; `undefined` where nobody knows when it began. Milliseconds. */
export function slowStartEndsMs({ config, awakeSinceMs }: SlowStartInput): number | undefined {
  const since = valueOf(awakeSinceMs);
  return since === undefined ? undefined : since + config.settings.limits.slowStartMinutes * minute;
}

/**
 * A backlog that waited for a deployment, or for one that was down, must not become a burst of grants: what is wrong with us shows in
 * the first few.
 */
export function slowStartGuard(input: SlowStartInput): Refusal | undefined {
  const endsMs = slowStartEndsMs(input);
  const grants = valueOf(input.ledger);
  if (endsMs === undefined || grants === undefined) return refuse('slow-start', 'unreadable');
  if (input.nowMs >= endsMs) return undefined;
  const { slowStartMinutes, slowStartGrants } = input.config.settings.limits;
  const made = grants.filter((grant) => grant.atMs > input.nowMs - slowStartMinutes * minute).length;
  return made >= slowStartGrants ? refuse('slow-start', 'reached') : undefined;
}

/** The limits of the whole deployment, from its ledger. */
export function deploymentGuard(input: Pick<GuardInput, 'nowMs' | 'config' | 'ledger'>): Refusal | undefined {
  const grants = valueOf(input.ledger);
  if (grants === undefined) return refuse('hourly-limit', 'unreadable');
  const { grantsPerHour, unprovenGrants } = input.config.settings.limits;
  if (grants.filter((grant) => grant.atMs > input.nowMs - hourMs).length >= grantsPerHour)
    return refuse('hourly-limit', 'reached');
  return breaker(grants, unprovenGrants, input.nowMs);
}

/** A grant that has not helped after this long did not help. */
const provenWithinMs = hourMs / 2;
/** So long after the last grant an open breaker lets one through, to see whether grants help again. */
const probeAfterMs = hourMs;

/**
 * So many grants in a row that did not help, and no further one is made: what we believe must be wrong. Half open after a while: one
 * grant may try, and while nobody knows whether it helped there is no other.
 */
function breaker(grants: readonly LedgerGrant[], most: number, nowMs: number): Refusal | undefined {
  const judged = grants.filter((grant) => grant.proven || nowMs - grant.atMs > provenWithinMs);
  const lastProven = judged.findLastIndex((grant) => grant.proven);
  if (judged.length - 1 - lastProven < most) return undefined;
  const newest = grants.at(-1);
  const pending = newest !== undefined && !judged.includes(newest);
  if (pending) return refuse('breaker', 'probe-pending');
  const rested = newest === undefined || nowMs - newest.atMs >= probeAfterMs;
  return rested ? undefined : refuse('breaker', 'unproven-grants');
}

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
  roleRemovedGuard,
  undoneGuard,
  denialGuard,
  networkGuard,
  freshnessGuard,
  lastingGuard,
  failedGuard,
  grantLimitGuard,
  recurrenceGuard,
  deploymentGuard,
  slowStartGuard,
];

/** Without a revision, as after a write that was rejected, nothing serves. */
function healthyGuard({ evidence }: GuardInput, revision: RevisionFacts | undefined): Refusal | undefined {
  if (revision === undefined) return undefined;
  const replicas = valueOf(evidence.replicas);
  if (replicas === undefined) return refuse('healthy-replicas', 'unreadable');
  const own = replicas.filter((replica) => replica.revision === revision.name);
  return own.some(allReady) ? refuse('healthy-replicas', 'serving') : undefined;
}

/** A new revision is a restart by other means: both count. */
function restartLimitGuard({ nowMs, config, history }: GuardInput): Refusal | undefined {
  const since = nowMs - dayMs;
  const made = changesSince(history, 'restart', since).length + changesSince(history, 'new-revision', since).length;
  return made >= config.settings.limits.restartsPerTargetPerDay
    ? refuse('target-limit', 'restarts-per-day')
    : undefined;
}

/** Who approved the grant approved the restart that makes it count. */
function restartModeGuard(input: GuardInput): Refusal | undefined {
  const approved = input.remediation.approval?.answer?.answer === 'approved';
  return approved && input.config.mode === 'approve' ? undefined : modeGuard(input);
}

const retryGuards: readonly Guard<RevisionFacts | undefined>[] = [
  restartModeGuard,
  killSwitchGuard,
  scopeGuard,
  freshnessGuard,
  healthyGuard,
  restartLimitGuard,
];

/** What Azure refused once is not asked for again. Throttled is no refusal; what was never made may be tried once more. */
function refusedBefore({ remediation }: GuardInput, action: Attempt['action']): Refusal | undefined {
  const failed = remediation.attempts.filter(
    (attempt) => attempt.action === action && attempt.outcome === 'failed' && attempt.because !== 'throttled',
  );
  return failed.some((attempt) => attempt.because !== 'not-made') || failed.length > 1
    ? refuse('failed-before', failureOf(failed.at(-1)))
    : undefined;
}

/** Somebody decides by hand which revision gets the traffic: a new one would get none, or break what they arranged. */
function trafficGuard({ evidence }: GuardInput): Refusal | undefined {
  switch (appOf(evidence)?.traffic) {
    case 'latest':
      return undefined;
    case 'pinned':
      return refuse('traffic-pinned', 'weights');
    case 'several-revisions':
      return refuse('traffic-pinned', 'several-revisions');
    case undefined:
      return refuse('traffic-pinned', 'unreadable');
  }
}

function refusals<Change>(guards: readonly Guard<Change>[], input: GuardInput, change: Change): Refusal[] {
  return guards.flatMap((guard) => guard(input, change) ?? []);
}

/** Every reason not to make this grant; empty when all guards let it pass. */
export function grantRefusals(input: GuardInput, grant: Grant): Refusal[] {
  const role = registryOf(input.evidence);
  const wrongRole = role === undefined || pullRoleFor(role) !== grant.roleId;
  return [
    ...refusals(grantGuards, input, grant),
    ...(wrongRole ? [refuse('not-the-declared-identity', 'wrong-role')] : []),
  ];
}

/** Doubts that a person may overrule, because a person can know more. Everything else stays refused, whoever asks. */
export function isApprovable({ guard, why }: Refusal): boolean {
  switch (guard) {
    case 'mode':
      return why === 'approval-needed';
    case 'network':
      return why === 'cannot-tell';
    case 'role-removed':
      return true;
    case 'deny-assignment':
      return why !== 'applies';
    case 'not-the-declared-identity':
      return why === 'existence-unreadable';
    case 'identity-shared':
      return why === 'cannot-complete' || why === 'unreadable';
    case 'slow-start':
      return why === 'reached';
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
    case 'failed-before':
    case 'target-limit':
    case 'recurrence-limit':
    case 'hourly-limit':
    case 'breaker':
    case 'healthy-replicas':
    case 'traffic-pinned':
    case 'alert-state':
    case 'undo':
      return false;
  }
}

function present(refusal: Refusal | undefined): Refusal[] {
  return refusal === undefined ? [] : [refusal];
}

/** Every reason not to restart this revision; empty when all guards let it pass. */
export function restartRefusals(input: GuardInput, revision: RevisionFacts): Refusal[] {
  return [...refusals(retryGuards, input, revision), ...present(refusedBefore(input, 'restart'))];
}

/** Every reason not to ask for a new revision in place of this one, or of none. */
export function newRevisionRefusals(input: GuardInput, revision: RevisionFacts | undefined): Refusal[] {
  return [
    ...refusals(retryGuards, input, revision),
    ...present(trafficGuard(input)),
    ...present(refusedBefore(input, 'new-revision')),
  ];
}

export interface UndoInput {
  readonly config: Config;
  readonly target: Target;
  readonly remediation: Remediation;
  readonly killSwitch: Fact<boolean>;
}

/** Only the assignment that the remediation is recorded to have made, and still the one that was asked about. */
function recordedGuard({ remediation }: UndoInput): Refusal | undefined {
  const { undo } = remediation;
  const made = undoableGrant(remediation);
  if (made === undefined || undo === undefined) return refuse('undo', 'nothing-made');
  return made.assignment === undo.assignment && sameGrant(made.grant, undo.grant)
    ? undefined
    : refuse('undo', 'not-what-was-made');
}

/**
 * Every reason not to take a grant back; empty when all guards let it pass. The request of a person is the approval, so the mode
 * `approve` allows it. In `observe` nothing is changed, whoever asks. That the registry is opted in no more is no reason: less is
 * never refused for that.
 */
export function undoRefusals(input: UndoInput): Refusal[] {
  const { config, target } = input;
  return [
    config.settings.undo ? undefined : refuse('undo', 'off'),
    config.mode === 'observe' ? refuse('mode', 'observe') : undefined,
    killSwitchGuard(input),
    config.scopes.some((scope) => isWithin(target.appId, scope)) ? undefined : refuse('scope', 'outside'),
    recordedGuard(input),
  ].filter((refusal) => refusal !== undefined);
}

export interface AlertInput {
  readonly config: Config;
  readonly target: Target;
  readonly alert: AlertId;
  readonly killSwitch: Fact<boolean>;
}

/** Every reason not even to ask Azure for an alert in order to set its state. */
export function alertRefusals(input: AlertInput): Refusal[] {
  const { config, target, alert } = input;
  const looked = [...config.scopes, ...config.registries.map(({ id }) => id)].map(subscriptionOf);
  return [
    config.mode === 'observe' ? refuse('mode', 'observe') : undefined,
    killSwitchGuard(input),
    config.scopes.some((scope) => isWithin(target.appId, scope)) ? undefined : refuse('scope', 'outside'),
    [...looked, ...config.settings.alsoRead].includes(subscriptionOf(alert))
      ? undefined
      : refuse('alert-state', 'another-subscription'),
  ].filter((refusal) => refusal !== undefined);
}
