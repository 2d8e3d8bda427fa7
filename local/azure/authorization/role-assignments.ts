// Role assignments: inheritance, groups, filters, conflicts, and the condition on pullmedic's own right to assign roles. The room is about
// what an identity may do.
// Not here: tokens and identities as resources (`identity/`); what a registry makes of a role (`apps/sign-in.ts`).
import { z } from 'zod';
import { type Assignment, roleIdOf, roleIds } from '../model/assignments.ts';
import { guidFor, sameId } from '../model/ids.ts';
import { isGroup, principalIdOf, principalsOf, propagationOf, scopeOf } from '../model/principals.ts';
import { note, type Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import { type Answer, armError } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

/** What pullmedic's own role lets it assign; the condition of its role assignment says so in Azure. */
const assignable = [roleIds['AcrPull'], roleIds['Container Registry Repository Reader']];

/** The assignments that a scenario begins with; their age counts from the beginning. */
export function firstAssignments(sim: Sim): Assignment[] {
  return sim.world.roleAssignments.map((one, index) => {
    const createdMs = sim.scheduler.now() - one.age;
    const principalId = principalIdOf(sim, one.principal);
    return {
      name: guidFor(`assignment|${index}|${one.role}|${one.principal}|${one.on}`),
      scope: scopeOf(sim, one.on),
      roleId: roleIdOf(one.role),
      principalId,
      createdMs,
      effectiveMs: createdMs + propagationOf(sim, principalId, one.propagation),
      by: 'world',
      ...(one.condition === undefined ? {} : { condition: one.condition }),
    };
  });
}

/** `atScope()`: this scope and above. `assignedTo('id')`: the principal itself and the groups that it is in. */
export function listAssignments(sim: Sim, request: ArmRequest): Answer {
  const filter = request.query.get('$filter') ?? '';
  const principal = /^atScope\(\) and assignedTo\('([0-9a-f-]{36})'\)$/i.exec(filter)?.[1];
  if (principal === undefined)
    return { status: 501, refused: `the filter ${filter || '(none)'} of role assignments is not modelled`, body: {} };
  const scope = `${scopeAsked(request).toLowerCase()}/`;
  const meant = new Set(principalsOf(sim, principal.toLowerCase()));
  const held = sim.assignments.filter(
    (one) => meant.has(one.principalId) && scope.startsWith(`${one.scope.toLowerCase()}/`),
  );
  return { status: 200, body: { value: held.map((one) => wireAssignment(sim, one)) } };
}

/** `GET …/roleAssignments/{name}`, at its own scope. */
export function readAssignment(sim: Sim, request: ArmRequest): Answer {
  const found = named(sim, request);
  return found === undefined
    ? armError(404, 'RoleAssignmentNotFound', `The role assignment '${request.parts[1] ?? ''}' is not found.`)
    : { status: 200, body: wireAssignment(sim, found) };
}

/** Creates an assignment. It is visible at once and takes effect after the propagation time. */
export function changeAssignment(sim: Sim, request: ArmRequest): Answer {
  const wanted = wantedOf(request.body);
  sim.onMoment('pullmedic-grants', wanted.principalId);
  const refused = refusal(sim, request, wanted);
  if (refused !== undefined) return refused;
  const existing = named(sim, request);
  if (existing !== undefined) return { status: 200, body: wireAssignment(sim, existing) };
  const createdMs = sim.scheduler.now();
  const made: Assignment = {
    name: request.parts[1] ?? '',
    scope: scopeAsked(request),
    roleId: wanted.roleId,
    principalId: wanted.principalId,
    createdMs,
    effectiveMs: createdMs + sim.world.delays.rolePropagation,
    by: 'pullmedic',
    ...(wanted.condition === undefined ? {} : { condition: wanted.condition }),
    ...(wanted.description === undefined ? {} : { description: wanted.description }),
  };
  sim.assignments.push(made);
  note(sim, `pullmedic assigns role ${made.roleId} to ${made.principalId}`);
  publish(sim, {
    type: 'ResourceWriteSuccess',
    operation: 'Microsoft.Authorization/roleAssignments/write',
    resource: `${made.scope}/providers/Microsoft.Authorization/roleAssignments/${made.name}`,
    by: 'pullmedic',
    request: request.body,
  });
  return { status: 201, body: wireAssignment(sim, made) };
}

/** Removes an assignment: 200 with what it was, 204 if it does not exist. A pull that has begun goes on; the next one is refused. */
export function removeAssignment(sim: Sim, request: ArmRequest): Answer {
  const gone = named(sim, request);
  if (gone === undefined) return { status: 204, body: undefined };
  if (!assignable.includes(gone.roleId) || isGroup(sim, gone.principalId)) return notAllowed(request, 'delete');
  const response = wireAssignment(sim, gone);
  sim.assignments = sim.assignments.filter((one) => one !== gone);
  sim.removed.push(gone);
  note(sim, `pullmedic removes role ${gone.roleId} from ${gone.principalId}`);
  publish(sim, {
    type: 'ResourceDeleteSuccess',
    operation: 'Microsoft.Authorization/roleAssignments/delete',
    resource: `${gone.scope}/providers/Microsoft.Authorization/roleAssignments/${gone.name}`,
    by: 'pullmedic',
    response,
  });
  return { status: 200, body: response };
}

/** A role assignment as ARM shows it. */
export function wireAssignment(sim: Sim, assignment: Assignment): unknown {
  const by = assignment.by === 'pullmedic' ? sim.self.principalId : '';
  return {
    id: `${assignment.scope}/providers/Microsoft.Authorization/roleAssignments/${assignment.name}`,
    name: assignment.name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `/subscriptions/${sim.world.subscription}/providers/Microsoft.Authorization/roleDefinitions/${assignment.roleId}`,
      principalId: assignment.principalId,
      principalType: isGroup(sim, assignment.principalId) ? 'Group' : 'ServicePrincipal',
      scope: assignment.scope,
      condition: assignment.condition ?? null,
      conditionVersion: assignment.condition === undefined ? null : '2.0',
      createdOn: new Date(assignment.createdMs).toISOString(),
      updatedOn: new Date(assignment.createdMs).toISOString(),
      createdBy: by,
      updatedBy: by,
      delegatedManagedIdentityResourceId: null,
      description: assignment.description ?? null,
    },
  };
}

/**
 * A reason why Azure refuses the write, or `undefined`. That the principal is gone is none: with `principalType` in the request Azure does
 * not look it up in the directory (that is what the member is for: the message of `PrincipalNotFound` says so), and pullmedic's own role
 * allows no request without it. Such an assignment is an orphan.
 */
function refusal(sim: Sim, request: ArmRequest, wanted: Wanted): Answer | undefined {
  if (!assignable.includes(wanted.roleId) || wanted.principalType !== 'ServicePrincipal')
    return notAllowed(request, 'write');
  const scope = scopeAsked(request);
  const existing = sim.assignments.find(
    (one) =>
      sameId(one.scope, scope) &&
      one.principalId === wanted.principalId &&
      one.roleId === wanted.roleId &&
      one.condition === wanted.condition,
  );
  if (existing !== undefined && !sameId(existing.name, request.parts[1] ?? '')) {
    return armError(
      409,
      'RoleAssignmentExists',
      `The role assignment already exists. The ID of the existing role assignment is ${existing.name.replaceAll('-', '')}.`,
    );
  }
  const renamed = named(sim, request);
  const changed =
    renamed !== undefined && (renamed.principalId !== wanted.principalId || renamed.roleId !== wanted.roleId);
  return changed
    ? armError(
        400,
        'RoleAssignmentUpdateNotPermitted',
        'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
      )
    : undefined;
}

/** Outside of what the condition on pullmedic's own role lets it do. */
function notAllowed(request: ArmRequest, action: 'write' | 'delete'): Answer {
  return armError(
    403,
    'AuthorizationFailed',
    `The client does not have authorization or an ABAC condition not fulfilled to perform action 'Microsoft.Authorization/roleAssignments/${action}' over scope '${scopeAsked(request)}'.`,
  );
}

function wantedOf(body: unknown): Wanted {
  const properties: unknown =
    typeof body === 'object' && body !== null && 'properties' in body ? body.properties : undefined;
  const condition = member(properties, 'condition');
  const description = member(properties, 'description');
  return {
    roleId: member(properties, 'roleDefinitionId').split('/').at(-1)?.toLowerCase() ?? '',
    principalId: member(properties, 'principalId').toLowerCase(),
    principalType: member(properties, 'principalType'),
    ...(condition === '' ? {} : { condition }),
    ...(description === '' ? {} : { description }),
  };
}

interface Wanted {
  readonly roleId: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly condition?: string;
  readonly description?: string;
}

const members = z.record(z.string(), z.unknown()).catch({});

function member(value: unknown, name: string): string {
  const found = members.parse(value)[name];
  return typeof found === 'string' ? found : '';
}

function named(sim: Sim, request: ArmRequest): Assignment | undefined {
  return sim.assignments.find(
    (one) => sameId(one.name, request.parts[1] ?? '') && sameId(one.scope, scopeAsked(request)),
  );
}

function scopeAsked(request: ArmRequest): string {
  return `/${(request.parts[0] ?? '').replace(/^\/+/, '')}`;
}
