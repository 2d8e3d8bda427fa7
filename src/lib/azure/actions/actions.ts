// The only file that changes anything in Azure. Each write is made once; what a time-out did is settled by reading.
import type { RoleAssignment } from '@azure/arm-authorization';
import { type AlertFacts, readAlertFacts } from '../../decision/alert-state.ts';
import { repositoryCondition } from '../../diagnosis/access.ts';
import type { AlertState } from '../../history/entries.ts';
import { principalNotFound } from '../../history/entries.ts';
import type { Grant } from '../../history/grant.ts';
import type { ActionAnswer, MadeGrant, UndoAnswer } from '../../ports/ports.ts';
import type { AlertId, ArmId } from '../../words/arm-id.ts';
import { nameOf, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import type { RemediationId } from '../../words/target.ts';
import type { Clients } from '../clients/clients.ts';
import { uuidV5 } from '../clients/hash.ts';
import { BadStatus, codeOf, factOf, factOrMissing, statusOf, Unexpected } from '../clients/reading.ts';
import { abort } from '../clients/wire.ts';
import { templateOf } from '../facts/app-facts.ts';

/** Namespace of our assignment names, made once for this project. */
const namespace = '6f0c1d52-6d0b-4f5e-9a36-0d1f6f3b8a11';

function conditionOf(grant: Grant): string | undefined {
  return grant.repository === undefined ? undefined : repositoryCondition(grant.repository);
}

/** The name follows from what is granted, so that doing it twice is doing it once. */
export function assignmentName(grant: Grant): string {
  return uuidV5([grant.registryId, grant.principalId, grant.roleId, conditionOf(grant) ?? ''].join('|'), namespace);
}

function assignmentId(grant: Grant): string {
  return `${grant.registryId}/providers/microsoft.authorization/roleassignments/${assignmentName(grant)}`;
}

/** Whether our assignment exists. */
export async function findGrant(clients: Clients, grant: Grant): Promise<Fact<boolean>> {
  const api = clients.authorization(subscriptionOf(grant.registryId)).roleAssignments;
  return factOrMissing(false as boolean, async () => {
    await api.get(grant.registryId.slice(1), assignmentName(grant), abort());
    return true;
  });
}

/** What an error of a write means. Without an answer nobody knows whether it took effect. */
function refused(error: unknown): ActionAnswer {
  const status = statusOf(error);
  if (status === undefined || status >= 500 || status === 408) return { outcome: 'unknown', because: 'no-answer' };
  const unknown = codeOf(error) === 'PrincipalNotFound';
  return {
    outcome: 'failed',
    because: status === 429 ? 'throttled' : unknown ? principalNotFound : 'refused',
    detail: `${status} ${codeOf(error) ?? ''}`.trim(),
  };
}

/** What our assignments say of themselves: in the portal it leads to the history, and to us it proves which remediation made it. */
function descriptionOf(remediation: RemediationId): string {
  return `Granted by pullmedic (${remediation}): the app declares this identity for this registry and could not pull.`;
}

async function create(clients: Clients, grant: Grant, remediation: RemediationId): Promise<ActionAnswer> {
  const subscription = subscriptionOf(grant.registryId);
  const condition = conditionOf(grant);
  await clients.authorizationForWrites(subscription).roleAssignments.create(
    grant.registryId.slice(1),
    assignmentName(grant),
    {
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${grant.roleId}`,
      principalId: grant.principalId,
      // Always said: it spares Azure the directory look-up, and the condition on our own role demands it.
      principalType: 'ServicePrincipal',
      description: descriptionOf(remediation),
      ...(condition === undefined ? {} : { condition, conditionVersion: '2.0' }),
    },
    abort(),
  );
  return { outcome: 'done', undo: assignmentId(grant) };
}

/**
 * Grants the pull role. A GET comes first: an assignment that exists is left alone and recorded as `already-there`, and so is a
 * 409, because then somebody else made it and an undo of ours must not remove it.
 */
export async function grantPullRole(clients: Clients, grant: Grant, remediation: RemediationId): Promise<ActionAnswer> {
  const existing = await findGrant(clients, grant);
  if (!existing.read) return { outcome: 'failed', because: 'unreadable', detail: existing.why };
  if (existing.value) return { outcome: 'already-there' };
  try {
    return await create(clients, grant, remediation);
  } catch (error) {
    return statusOf(error) === 409 ? { outcome: 'already-there' } : refused(error);
  }
}

/**
 * Asks for a new revision by a PATCH of nothing but its suffix, so that nothing that somebody deployed meanwhile can be rolled back. The
 * SDK demands a location, which a PATCH cannot change. Not waited for: whether it is there is read afterwards.
 */
export async function askNewRevision(
  clients: Clients,
  appId: ArmId,
  suffix: string,
  template: string,
): Promise<ActionAnswer> {
  const names = [resourceGroupOf(appId), nameOf(appId)] as const;
  const app = await factOf(() => clients.apps(subscriptionOf(appId)).containerApps.get(...names, abort()));
  if (!app.read) return { outcome: 'withheld', because: 'superseded: unreadable' };
  if (templateOf(app.value) !== template) return { outcome: 'withheld', because: 'superseded: changed' };
  const envelope = { location: app.value.location, template: { revisionSuffix: suffix } };
  try {
    await clients
      .appsForWrites(subscriptionOf(appId))
      .containerApps.update(...names, envelope, abort())
      .submitted();
    return { outcome: 'unknown', because: 'accepted' };
  } catch (error) {
    return refused(error);
  }
}

function sameText(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

/** Every member that makes it what we recorded. Azure spells ids in any case; a condition and a description are text. */
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

/** The assignment under our name for this grant: still what this remediation made, another one, or gone. */
export async function readMade(clients: Clients, grant: Grant, remediation: RemediationId): Promise<Fact<MadeGrant>> {
  const api = clients.authorization(subscriptionOf(grant.registryId)).roleAssignments;
  return factOrMissing<MadeGrant, MadeGrant>({ kind: 'gone' }, async () => {
    const found = await api.get(grant.registryId.slice(1), assignmentName(grant), abort());
    return isOurs(found, grant, remediation) ? { kind: 'ours', assignment: assignmentId(grant) } : { kind: 'another' };
  });
}

/**
 * Removes the assignment that a remediation made. A GET comes first, and what does not read exactly as recorded stays. Azure knows no
 * conditional delete; between the two requests lies what one request takes. 200 says that it was there, 204 that it was not (REST
 * reference, role assignments 2022-04-01).
 */
export async function removeGrant(clients: Clients, grant: Grant, remediation: RemediationId): Promise<UndoAnswer> {
  const made = await readMade(clients, grant, remediation);
  if (!made.read) return { outcome: 'failed', because: 'unreadable', detail: made.why };
  if (made.value.kind === 'gone') return { outcome: 'already-gone' };
  if (made.value.kind === 'another') return { outcome: 'withheld', because: 'reads-differently' };
  const api = clients.authorizationForWrites(subscriptionOf(grant.registryId)).roleAssignments;
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

/** Restarts a revision, once. The SDK accepts only 200; anything else is settled by looking at the replicas. */
export async function restartRevision(clients: Clients, appId: ArmId, revision: string): Promise<ActionAnswer> {
  const api = clients.appsForWrites(subscriptionOf(appId)).containerAppsRevisions;
  try {
    await api.restartRevision(resourceGroupOf(appId), nameOf(appId), revision, abort());
    return { outcome: 'done' };
  } catch (error) {
    return statusOf(error) === 202 ? { outcome: 'unknown', because: 'accepted' } : refused(error);
  }
}

/** Alerts Management; there is no SDK of ours for it. */
const alertsApi = '2019-03-01';

/** An alert as it reads now. The id was checked to be one of an alert before it became part of an address. */
export async function readAlert(clients: Clients, alert: AlertId): Promise<Fact<AlertFacts | 'gone'>> {
  return factOrMissing('gone' as const, async () => {
    const { status, body } = await clients.get(alert, alertsApi);
    if (status !== 200) throw new BadStatus(status);
    const facts = readAlertFacts(body);
    if (facts === undefined) throw new Unexpected('no alert');
    return facts;
  });
}

/** Sets the state of an alert, once. It is what people set in the portal; the condition of the alert stays what it is. */
export async function setAlertState(clients: Clients, alert: AlertId, state: AlertState): Promise<ActionAnswer> {
  try {
    const status = await clients.post(`${alert}/changestate`, alertsApi, { newState: state });
    if (status === 200) return { outcome: 'done' };
    return status < 300 ? { outcome: 'unknown', because: 'accepted' } : refused(new BadStatus(status));
  } catch (error) {
    return refused(error);
  }
}
