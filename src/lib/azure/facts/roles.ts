// The probes for the right to pull: role assignments with their definitions, and deny assignments.
import type { DenyAssignment, Principal, RoleAssignment, RoleDefinition } from '@azure/arm-authorization';
import * as z from 'zod';
import { pullRolePermissions } from '../../diagnosis/access.ts';
import { relatedPrincipals } from '../../diagnosis/elsewhere.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { declaredIdentity, declaredResource, registryOf } from '../../evidence/evidence.ts';
import type {
  AssignmentFacts,
  DenialFacts,
  DeniedPrincipal,
  HeldRole,
  Permissions,
} from '../../evidence/role-facts.ts';
import { type ArmId, type PrincipalId, parseScope, type Scope, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { known, unreadable } from '../../words/fact.ts';
import type { Target } from '../../words/target.ts';
import type { Clients } from '../clients/clients.ts';
import { BadStatus, collect, factOf, Unexpected } from '../clients/reading.ts';
import { abort, mostItems, present, principal, textOf, textsOf } from '../clients/wire.ts';
import { askGraph } from './graph.ts';
import { kqlString } from './logs.ts';

interface WirePermissions {
  readonly actions?: string[];
  readonly notActions?: string[];
  readonly dataActions?: string[];
  readonly notDataActions?: string[];
}

/** Reads the roles of the declared identity at the registry and above it. */
export async function readRoles(
  clients: Clients,
  target: Target,
  evidence: Evidence,
): Promise<Fact<readonly AssignmentFacts[]>> {
  const registry = registryOf(evidence);
  const identity = declaredIdentity(target, evidence);
  if (registry === undefined || identity.kind !== 'identity') return unreadable('not-asked');
  return rolesAt(clients, registry.id, identity.principalId);
}

/** Reads the roles of a principal at a resource and above it. They include the roles of its groups: Azure expands those. */
export async function rolesAt(
  clients: Clients,
  resource: ArmId,
  principalId: PrincipalId,
): Promise<Fact<readonly AssignmentFacts[]>> {
  const api = await clients.authorization(subscriptionOf(resource));
  // The SDK writes its own slash before the scope.
  const scope = resource.slice(1);
  return factOf(async () => {
    const filter = `atScope() and assignedTo('${principalId}')`;
    const held = await collect(api.roleAssignments.listForScope(scope, { filter, ...abort() }), mostItems);
    const roleIds = [...new Set(held.map(roleIdOf))];
    const definitions = new Map(await Promise.all(roleIds.map((id) => definitionOf(api, scope, id))));
    return held.map((assignment) => assignmentFacts(assignment, definitions));
  });
}

/** The GUID at the end of a role definition id. The id comes with or without a subscription in front, so only the GUID counts. */
function roleIdOf(assignment: { readonly roleDefinitionId?: string }): string {
  const id = assignment.roleDefinitionId?.toLowerCase();
  if (id === undefined) throw new Unexpected('an assignment without a role');
  return id.slice(id.lastIndexOf('/') + 1);
}

async function definitionOf(
  api: Awaited<ReturnType<Clients['authorization']>>,
  scope: string,
  roleId: string,
): Promise<readonly [string, Fact<readonly Permissions[]>]> {
  const builtIn = pullRolePermissions.get(roleId);
  if (builtIn !== undefined) return [roleId, known(builtIn)];
  const read = async (): Promise<RoleDefinition> => api.roleDefinitions.get(scope, roleId, abort());
  return [roleId, await factOf(async () => permissionsOf((await read()).permissions))];
}

function permissionsOf(permissions: readonly WirePermissions[] | undefined): Permissions[] {
  return (permissions ?? []).map((permission) => ({
    actions: textsOf(permission.actions),
    notActions: textsOf(permission.notActions),
    dataActions: textsOf(permission.dataActions),
    notDataActions: textsOf(permission.notDataActions),
  }));
}

function assignmentFacts(
  assignment: RoleAssignment,
  definitions: ReadonlyMap<string, Fact<readonly Permissions[]>>,
): AssignmentFacts {
  const roleId = roleIdOf(assignment);
  const principalId = principal(assignment.principalId);
  if (principalId === undefined) throw new Unexpected('an assignment without a principal');
  return {
    id: (assignment.id ?? '').toLowerCase(),
    roleId,
    scope: requiredScope(assignment.scope),
    principalId,
    createdAtMs: assignment.createdOn?.getTime() ?? 0,
    permissions: definitions.get(roleId) ?? unreadable('unexpected-answer'),
    ...present<{ condition: string }>({ condition: textOf(assignment.condition) || undefined }),
  };
}

function requiredScope(text: string | undefined): Scope {
  const scope = text === undefined ? undefined : parseScope(text);
  if (scope === undefined) throw new Unexpected('a scope is missing');
  return scope;
}

/** Deny assignments at the registry and above it. */
export async function readDenials(clients: Clients, evidence: Evidence): Promise<Fact<readonly DenialFacts[]>> {
  const registry = registryOf(evidence);
  if (registry === undefined) return unreadable('not-asked');
  const { denyAssignments: api } = await clients.authorization(subscriptionOf(registry.id));
  return factOf(async () => {
    const pages = api.listForScope(registry.id.slice(1), { filter: 'atScope()', ...abort() });
    return (await collect(pages, mostItems)).map(denialFacts);
  });
}

function denialFacts(denial: DenyAssignment): DenialFacts {
  const permissions = denial.permissions ?? [];
  return {
    name: (denial.denyAssignmentName ?? denial.name ?? '').slice(0, 200),
    scope: requiredScope(denial.scope),
    permissions: permissionsOf(permissions),
    principals: (denial.principals ?? []).map(deniedPrincipal),
    excluded: (denial.excludePrincipals ?? []).map(deniedPrincipal),
    onlyItsScope: denial.doNotApplyToChildScopes ?? false,
    hasCondition: Boolean(denial.condition) || permissions.some((permission) => Boolean(permission.condition)),
  };
}

const everyone = '00000000-0000-0000-0000-000000000000';

/** A denied principal. A principal of an unknown kind may be a group, and pullmedic cannot read the members of a group. */
function deniedPrincipal({ id, type }: Principal): DeniedPrincipal {
  const found = principal(id);
  if (found === undefined) throw new Unexpected('a deny assignment without a principal');
  if (found === everyone) return { kind: 'everyone' };
  return /^(?:ServicePrincipal|User)$/i.test(type ?? '')
    ? { kind: 'principal', id: found }
    : { kind: 'group', id: found };
}

/** Reads the roles of the declared identity elsewhere and of the app's other identities, in one query over all readable subscriptions. */
export async function readElsewhere(
  clients: Clients,
  subscriptions: readonly string[],
  target: Target,
  evidence: Evidence,
): Promise<Fact<readonly HeldRole[]>> {
  const principals = relatedPrincipals(target, evidence).map((related) => related.principalId);
  if (principals.length === 0) return unreadable('not-asked');
  return factOf(async () => {
    const rows = await askGraph(clients, subscriptions, heldQuery(principals), heldRow);
    return rows.flatMap((row) => {
      const principalId = principal(row.principalId);
      if (principalId === undefined) throw new Unexpected('an assignment without a principal');
      const scope = parseScope(row.scope);
      // Names of some types hold spaces, `|` or `$`; those of registries, and of what is above them, do not.
      if (scope === undefined && /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\//i.test(row.scope))
        return [];
      return [{ principalId, roleId: roleIdOf(row), scope: requiredScope(row.scope) }];
    });
  });
}

const heldRow = z.object({ principalId: z.string(), roleDefinitionId: z.string(), scope: z.string() });

/** The query for all role assignments of these principals. Their type guarantees that the ids are GUIDs. */
function heldQuery(principals: readonly PrincipalId[]): string {
  const listed = [...new Set(principals)].map(kqlString).join(', ');
  return `authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | where tostring(properties.principalId) in~ (${listed}) | project principalId = tostring(properties.principalId), roleDefinitionId = tostring(properties.roleDefinitionId), scope = tostring(properties.scope)`;
}

const identityVersion = '2023-01-31';

const wireError = z.object({ error: z.object({ code: z.string() }) });
/** Codes of a 404 that mean "gone". A subscription that we cannot see answers 404 too, with another code, and proves nothing. */
const missing = ['ResourceNotFound', 'ResourceGroupNotFound'];

/** Reads whether the user-assigned identity of the registry entry exists. An app keeps the name of an identity that was deleted. */
export async function readIdentity(
  clients: Clients,
  target: Target,
  evidence: Evidence,
): Promise<Fact<'exists' | 'gone'>> {
  const id = declaredResource(declaredIdentity(target, evidence));
  if (id === undefined) return unreadable('not-asked');
  return factOf(async () => {
    const { status, body } = await clients.get(id, identityVersion);
    if (status === 200) return 'exists' as const;
    if (saysGone(status, body)) return 'gone' as const;
    throw status === 404 ? new Unexpected('not found, and not said what') : new BadStatus(status);
  });
}

/** Whether this answer of ARM says that the resource of the request does not exist. */
export function saysGone(status: number, body: unknown): boolean {
  const error = wireError.safeParse(body);
  return status === 404 && error.success && missing.includes(error.data.error.code);
}
