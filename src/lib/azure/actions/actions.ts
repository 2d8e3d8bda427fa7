// The only file that changes anything in Azure. It sends each write once; after a time-out, a read shows whether the write took effect.
import type { RoleAssignment } from '@azure/arm-authorization';
import { type AlertFacts, readAlertFacts } from '../../decision/alert-state.ts';
import { repositoryCondition } from '../../diagnosis/access.ts';
import type { AlertState } from '../../history/entries.ts';
import { principalNotFound } from '../../history/entries.ts';
import type { Grant } from '../../history/grant.ts';
import { withheldBy } from '../../history/refusals.ts';
import type { ActionAnswer, LastCheck, MadeGrant, UndoAnswer } from '../../ports/ports.ts';
import type { AlertId, ArmId } from '../../words/arm-id.ts';
import { nameOf, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import type { RemediationId } from '../../words/target.ts';
import type { WorkloadKind } from '../../workloads/workload.ts';
import { workloadOf } from '../../workloads/workloads.ts';
import type { Clients } from '../clients/clients.ts';
import { uuidV5 } from '../clients/hash.ts';
import { armErrorCode, BadStatus, factOf, factOrMissing, statusOf, Unexpected } from '../clients/reading.ts';
import { abort } from '../clients/wire.ts';
import { templateOf } from '../facts/app-facts.ts';
import { getApp } from '../facts/app-resource.ts';
import { versionFor } from '../facts/group-resource.ts';

type KindWrite = 'restart-revision' | 'new-revision' | 'start-job' | 'restart-group';

/**
 * The writes of this file that each kind of workload may get. A kind that stands here with none is never changed, whatever its description says
 * it would need.
 */
const kindWrites: { readonly [Kind in WorkloadKind]: readonly KindWrite[] } = {
  'container-app': ['restart-revision', 'new-revision'],
  job: ['start-job'],
  'container-group': ['restart-group'],
};

function writesOf(id: ArmId): readonly KindWrite[] {
  const workload = workloadOf(id);
  return workload === undefined ? [] : kindWrites[workload.kind];
}

/** The UUID namespace of our assignment names, generated once for this project. */
const namespace = '6f0c1d52-6d0b-4f5e-9a36-0d1f6f3b8a11';

function conditionOf(grant: Grant): string | undefined {
  return grant.repository === undefined ? undefined : repositoryCondition(grant.repository);
}

/** The assignment name is a hash of the grant, so granting the same role twice makes only one assignment. */
export function assignmentName(grant: Grant): string {
  return uuidV5([grant.registryId, grant.principalId, grant.roleId, conditionOf(grant) ?? ''].join('|'), namespace);
}

function assignmentId(grant: Grant): string {
  return `${grant.registryId}/providers/microsoft.authorization/roleassignments/${assignmentName(grant)}`;
}

/** Reads whether our assignment exists. */
export async function findGrant(clients: Clients, grant: Grant): Promise<Fact<boolean>> {
  const { roleAssignments: api } = await clients.authorization(subscriptionOf(grant.registryId));
  return factOrMissing(false as boolean, async () => {
    await api.get(grant.registryId.slice(1), assignmentName(grant), abort());
    return true;
  });
}

/** Turns an error of a write into an answer. After silence, a 408 or a server error it is unknown whether the write took effect. */
function refused(error: unknown): ActionAnswer {
  const status = statusOf(error);
  if (status === undefined || status >= 500 || status === 408) return { outcome: 'unknown', because: 'no-answer' };
  const unknown = armErrorCode(error) === 'PrincipalNotFound';
  return {
    outcome: 'failed',
    because: status === 429 ? 'throttled' : unknown ? principalNotFound : 'refused',
    detail: `${status} ${armErrorCode(error) ?? ''}`.trim(),
  };
}

/**
 * The same for a restart or a new revision. A 409 says that the app is in a state that does not allow the operation now, as while another
 * one is under way, so it may be asked for again (Microsoft Learn, "Troubleshoot common Azure deployment errors", `Conflict`; for these two
 * operations docs/unverified.md).
 */
function refusedByApp(error: unknown): ActionAnswer {
  const answer = refused(error);
  return statusOf(error) === 409 ? { ...answer, because: 'conflict' } : answer;
}

/** The answer of a change whose write is not sent, because the last check before it refuses. */
async function stoppedBy(lastCheck: LastCheck): Promise<ReturnType<typeof withheldBy> | undefined> {
  const refusal = await lastCheck();
  return refusal === undefined ? undefined : withheldBy(refusal);
}

/** The description of our assignments. In the portal it leads people to the history; to pullmedic it proves which remediation made one. */
function descriptionOf(remediation: RemediationId): string {
  return `Granted by pullmedic (${remediation}): the app declares this identity for this registry and could not pull.`;
}

async function create(clients: Clients, grant: Grant, remediation: RemediationId): Promise<ActionAnswer> {
  const subscription = subscriptionOf(grant.registryId);
  const condition = conditionOf(grant);
  let status: number | undefined;
  const onResponse = (response: { readonly status: number }): void => void (status = response.status);
  const { roleAssignments: api } = await clients.authorizationForWrites(subscription);
  await api.create(
    grant.registryId.slice(1),
    assignmentName(grant),
    {
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${grant.roleId}`,
      principalId: grant.principalId,
      // Always sent: it spares Azure a look-up in the directory, and the condition on our own role requires it.
      principalType: 'ServicePrincipal',
      description: descriptionOf(remediation),
      ...(condition === undefined ? {} : { condition, conditionVersion: '2.0' }),
    },
    { ...abort(), onResponse },
  );
  return status === 200 ? { outcome: 'already-there' } : { outcome: 'done', undo: assignmentId(grant) };
}

/**
 * Grants the pull role. It sends a GET first and leaves an existing assignment alone, recorded as `already-there`. A 409 is recorded in
 * the same way, and so is a 200: another caller made the assignment, under another name or under ours, and our undo must not remove it.
 * Only 201 says that this request made it (REST reference, role assignments 2022-04-01, Create).
 */
export async function grantPullRole(
  clients: Clients,
  grant: Grant,
  remediation: RemediationId,
  lastCheck: LastCheck,
): Promise<ActionAnswer> {
  const existing = await findGrant(clients, grant);
  if (!existing.read) return { outcome: 'failed', because: 'unreadable', detail: existing.why };
  if (existing.value) return { outcome: 'already-there' };
  const stopped = await stoppedBy(lastCheck);
  if (stopped !== undefined) return stopped;
  try {
    return await create(clients, grant, remediation);
  } catch (error) {
    return statusOf(error) === 409 ? { outcome: 'already-there' } : refused(error);
  }
}

/**
 * Asks for a new revision. The PATCH holds only the revision suffix, so it cannot roll back what another person deployed meanwhile. The
 * SDK demands a location, which a PATCH cannot change. This does not wait for the revision: a later read shows whether it exists.
 */
export async function askNewRevision(
  clients: Clients,
  appId: ArmId,
  suffix: string,
  template: string,
  lastCheck: LastCheck,
): Promise<ActionAnswer> {
  if (!writesOf(appId).includes('new-revision')) return { outcome: 'withheld', because: 'never-restarted: job' };
  const names = [resourceGroupOf(appId), nameOf(appId)] as const;
  // Read as a look reads it: another API version could have other members in the template.
  const app = await factOf(async () => (await getApp(clients, appId)).app);
  if (!app.read) return { outcome: 'withheld', because: 'superseded: unreadable' };
  if (templateOf(app.value) !== template) return { outcome: 'withheld', because: 'superseded: changed' };
  const { containerApps: api } = await clients.appsForWrites(subscriptionOf(appId));
  const stopped = await stoppedBy(lastCheck);
  if (stopped !== undefined) return stopped;
  const envelope = { location: app.value.location, template: { revisionSuffix: suffix } };
  try {
    await api.update(...names, envelope, abort()).submitted();
    return { outcome: 'unknown', because: 'accepted' };
  } catch (error) {
    return refusedByApp(error);
  }
}

function sameText(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

/** True if every member reads as recorded. Ids are compared without case, as Azure spells them; condition and description exactly. */
function isOurs(found: RoleAssignment, grant: Grant, remediation: RemediationId): boolean {
  return (
    sameText(found.id, assignmentId(grant)) &&
    sameText(found.roleDefinitionId?.split('/').at(-1), grant.roleId) &&
    sameText(found.principalId, grant.principalId) &&
    sameText(found.scope, grant.registryId) &&
    (found.condition ?? undefined) === conditionOf(grant) &&
    found.description === descriptionOf(remediation)
  );
}

/** Reads the assignment under our name for this grant: it is still the one that this remediation made, a different one, or gone. */
export async function readMade(clients: Clients, grant: Grant, remediation: RemediationId): Promise<Fact<MadeGrant>> {
  const { roleAssignments: api } = await clients.authorization(subscriptionOf(grant.registryId));
  return factOrMissing<MadeGrant, MadeGrant>({ kind: 'gone' }, async () => {
    const found = await api.get(grant.registryId.slice(1), assignmentName(grant), abort());
    return isOurs(found, grant, remediation) ? { kind: 'ours', assignment: assignmentId(grant) } : { kind: 'another' };
  });
}

/**
 * Removes the assignment that a remediation made. It sends a GET first and keeps an assignment that does not read exactly as recorded.
 * Azure has no conditional delete, so a change between the two requests, in the time of one request, goes unnoticed. A DELETE answers
 * 200 if the assignment was there and 204 if it was not (REST reference, role assignments 2022-04-01).
 */
export async function removeGrant(
  clients: Clients,
  grant: Grant,
  remediation: RemediationId,
  lastCheck: LastCheck,
): Promise<UndoAnswer> {
  const made = await readMade(clients, grant, remediation);
  if (!made.read) return { outcome: 'failed', because: 'unreadable', detail: made.why };
  if (made.value.kind === 'gone') return { outcome: 'already-gone' };
  if (made.value.kind === 'another') return { outcome: 'withheld', because: 'reads-differently' };
  const { roleAssignments: api } = await clients.authorizationForWrites(subscriptionOf(grant.registryId));
  const stopped = await stoppedBy(lastCheck);
  if (stopped !== undefined) return stopped;
  let status: number | undefined;
  const onResponse = (response: { readonly status: number }): void => void (status = response.status);
  try {
    await api.delete(grant.registryId.slice(1), assignmentName(grant), { ...abort(), onResponse });
    return { outcome: status === 204 ? 'already-gone' : 'removed' };
  } catch (error) {
    const { outcome, because, detail } = refused(error);
    const said = { ...(because === undefined ? {} : { because }), ...(detail === undefined ? {} : { detail }) };
    return { outcome: outcome === 'failed' ? 'failed' : 'unknown', ...said };
  }
}

/** Restarts a revision, once. The SDK accepts only 200; after any other answer, a look at the replicas shows whether it restarted. */
export async function restartRevision(
  clients: Clients,
  appId: ArmId,
  revision: string,
  lastCheck: LastCheck,
): Promise<ActionAnswer> {
  if (writesOf(appId).includes('restart-group')) return restartGroup(clients, appId, lastCheck);
  // An app may have the name of a job, and its revision would be restarted.
  if (!writesOf(appId).includes('restart-revision')) return { outcome: 'withheld', because: 'never-restarted: job' };
  // The client is got first, so that no loading comes between the last check and the write.
  const { containerAppsRevisions: api } = await clients.appsForWrites(subscriptionOf(appId));
  const stopped = await stoppedBy(lastCheck);
  if (stopped !== undefined) return stopped;
  try {
    await api.restartRevision(resourceGroupOf(appId), nameOf(appId), revision, abort());
    return { outcome: 'done' };
  } catch (error) {
    return statusOf(error) === 202 ? { outcome: 'unknown', because: 'accepted' } : refusedByApp(error);
  }
}

/**
 * Starts one execution of a job, once, with the template that the job has: the request has no body, so it changes nothing of it. The answer
 * names the execution (recorded start, May 2025: 200 with its name); this does not wait for it, a later look shows it.
 */
export async function startJob(clients: Clients, jobId: ArmId, lastCheck: LastCheck): Promise<ActionAnswer> {
  // A job may have the name of an app.
  if (!writesOf(jobId).includes('start-job')) return { outcome: 'withheld', because: 'start-again: not-manual' };
  const { jobs: api } = await clients.appsForWrites(subscriptionOf(jobId));
  const stopped = await stoppedBy(lastCheck);
  if (stopped !== undefined) return stopped;
  try {
    await api.start(resourceGroupOf(jobId), nameOf(jobId), abort()).submitted();
    return { outcome: 'done' };
  } catch (error) {
    return refusedByApp(error);
  }
}

/**
 * Restarts a container group, once: all its containers stop, and pull their images anew (REST reference, "Container Groups - Restart", which
 * answers 204). After 202 a look at its containers shows whether it restarted.
 */
async function restartGroup(clients: Clients, groupId: ArmId, lastCheck: LastCheck): Promise<ActionAnswer> {
  const stopped = await stoppedBy(lastCheck);
  if (stopped !== undefined) return stopped;
  try {
    const status = await clients.post(`${groupId}/restart`, versionFor(clients, groupId), {});
    if (status === 202) return { outcome: 'unknown', because: 'accepted' };
    return status < 300 ? { outcome: 'done' } : refusedByApp(new BadStatus(status));
  } catch (error) {
    return refusedByApp(error);
  }
}

/** API version of Alerts Management, which this project calls without an SDK. */
const alertsApi = '2019-03-01';

/** Reads an alert. The type of the id guarantees that it is the id of an alert, so it is safe as part of an address. */
export async function readAlert(clients: Clients, alert: AlertId): Promise<Fact<AlertFacts | 'gone'>> {
  return factOrMissing('gone' as const, async () => {
    const { status, body } = await clients.get(alert, alertsApi);
    if (status !== 200) throw new BadStatus(status);
    const facts = readAlertFacts(body);
    if (facts === undefined) throw new Unexpected('no alert');
    return facts;
  });
}

/** Sets the state of an alert, once: the state that people set in the portal. The monitor condition of the alert does not change. */
export async function setAlertState(
  clients: Clients,
  alert: AlertId,
  state: AlertState,
  lastCheck: LastCheck,
): Promise<ActionAnswer> {
  const stopped = await stoppedBy(lastCheck);
  if (stopped !== undefined) return stopped;
  try {
    const status = await clients.post(`${alert}/changestate`, alertsApi, { newState: state });
    if (status === 200) return { outcome: 'done' };
    return status < 300 ? { outcome: 'unknown', because: 'accepted' } : refused(new BadStatus(status));
  } catch (error) {
    return refused(error);
  }
}
