// Events about identities and what they may do.

import { wireAssignment } from '../authorization/role-assignments.ts';
import { type Assignment, roleIdOf } from '../model/assignments.ts';
import { chance, guidFor, sameId } from '../model/ids.ts';
import { principalIdOf, propagationOf, scopeOf } from '../model/principals.ts';
import type { ResourceEvent } from '../model/records.ts';
import { note, type Sim } from '../model/sim.ts';
import type { WorldEvent } from '../world/events.ts';
import { named } from './named.ts';
import { callerOf, written } from './written.ts';

/** Changes what identities may do, or takes one away. */
export function changeRights(sim: Sim, event: RightsEvent): void {
  switch (event.do) {
    case 'assign-role':
      return assignRole(sim, event);
    case 'remove-role':
      return removeRole(sim, event);
    case 'delete-identity':
      return deleteIdentity(sim, event);
  }
}

type RightsEvent = Extract<WorldEvent, { do: 'assign-role' | 'remove-role' | 'delete-identity' }>;

function assignRole(sim: Sim, event: Extract<WorldEvent, { do: 'assign-role' }>): void {
  const createdMs = sim.scheduler.now();
  const scope = scopeOf(sim, event.on);
  const name = guidFor(`assignment|${createdMs}|${event.role}|${event.principal}|${event.on}|${event.condition ?? ''}`);
  const principalId = principalIdOf(sim, event.principal);
  const effectiveMs = createdMs + propagationOf(sim, principalId, event.propagation);
  const made: Assignment = {
    name,
    scope,
    roleId: roleIdOf(event.role),
    principalId,
    createdMs,
    effectiveMs,
    by: 'world',
    ...(event.condition === undefined ? {} : { condition: event.condition }),
  };
  sim.assignments.push(made);
  note(sim, `${callerOf(event)} assigns ${event.role} to ${event.principal}`);
  written(
    sim,
    event,
    'Microsoft.Authorization/roleAssignments/write',
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    assignmentBodies(sim, made),
  );
}

/** What the Activity Log keeps of a grant: who was to get which role, and what came of it. */
function assignmentBodies(sim: Sim, made: Assignment): Pick<ResourceEvent, 'request' | 'response'> {
  const { roleId, principalId } = made;
  const roleDefinitionId = `/subscriptions/${sim.world.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
  return {
    request: { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } },
    response: wireAssignment(sim, made),
  };
}

function removeRole(sim: Sim, event: Extract<WorldEvent, { do: 'remove-role' }>): void {
  const scope = scopeOf(sim, event.on);
  const principal = principalIdOf(sim, event.principal);
  const gone = sim.assignments.find(
    (one) => sameId(one.scope, scope) && one.principalId === principal && one.roleId === roleIdOf(event.role),
  );
  if (gone === undefined) return;
  sim.assignments = sim.assignments.filter((one) => one !== gone);
  note(sim, `${callerOf(event)} removes ${event.role} from ${event.principal}`);
  written(
    sim,
    event,
    'Microsoft.Authorization/roleAssignments/delete',
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${loggedName(sim, gone)}`,
    removalBodies(sim, gone),
  );
}

/**
 * Whether the Activity Log tells of a removal as of one that came with the deletion of its scope: 48 of 101 recorded removals did. The
 * scope stays where it is, because only what the log says matters here. Which half it is follows from the seed.
 */
function wentWithScope(sim: Sim, { name }: Assignment): boolean {
  return chance(`${sim.seed}|went-with|${name}`) < 0.5;
}

/** A removal that came with the scope has ids without dashes, also in its own (as recorded). */
function loggedName(sim: Sim, gone: Assignment): string {
  return wentWithScope(sim, gone) ? bare(gone.name) : gone.name;
}

function removalBodies(sim: Sim, gone: Assignment): Pick<ResourceEvent, 'response' | 'wentWith'> {
  if (!wentWithScope(sim, gone)) return { response: wireAssignment(sim, gone) };
  const { name, principalId, roleId, scope } = gone;
  return {
    wentWith: { id: bare(name), principalId: bare(principalId), roleDefinitionId: bare(roleId), scope },
  };
}

function bare(guid: string): string {
  return guid.replaceAll('-', '');
}

function deleteIdentity(sim: Sim, event: Extract<WorldEvent, { do: 'delete-identity' }>): void {
  const identity = named(sim.identities.get(event.identity), `identity ${event.identity}`);
  sim.deleted.add(event.identity);
  note(sim, `${callerOf(event)} deletes the identity ${event.identity}`);
  written(sim, event, 'Microsoft.ManagedIdentity/userAssignedIdentities/delete', identity.id);
}
