// Deny assignments: they win over every role, and only Azure itself makes them.
import type { DenyAssignment } from '../model/assignments.ts';
import { guidFor, sameId } from '../model/ids.ts';
import { isGroup, principalIdOf, principalsOf, scopeOf } from '../model/principals.ts';
import type { Sim } from '../model/sim.ts';
import type { Answer } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';
import { actionMatches } from './conditions.ts';

/** The deny assignments that a scenario begins with. One that names no actions denies everything. */
export function firstDenials(sim: Sim): DenyAssignment[] {
  return sim.world.denyAssignments.map((one, index) => ({
    name: guidFor(`denial|${index}|${one.principal}|${one.on}`),
    scope: scopeOf(sim, one.on),
    principalId: principalIdOf(sim, one.principal),
    actions: one.actions ?? (one.dataActions === undefined ? ['*'] : []),
    dataActions: one.dataActions ?? (one.actions === undefined ? ['*'] : []),
  }));
}

function isWithin(inner: string, outer: string): boolean {
  return `${inner.toLowerCase()}/`.startsWith(`${outer.toLowerCase()}/`);
}

/** Whether a principal is denied an action on a resource, at its own scope or above. */
export function isDenied(
  sim: Sim,
  principalId: string | undefined,
  resource: string,
  action: { readonly kind: 'action' | 'dataAction'; readonly name: string },
): boolean {
  const meant = principalId === undefined ? [] : principalsOf(sim, principalId);
  return sim.denials.some(
    (one) =>
      meant.includes(one.principalId) &&
      isWithin(resource, one.scope) &&
      (action.kind === 'action' ? one.actions : one.dataActions).some((pattern) => actionMatches(pattern, action.name)),
  );
}

function wire(sim: Sim, denial: DenyAssignment): unknown {
  const madeAt = new Date(Date.parse(sim.world.start) - 30 * 86_400_000).toISOString();
  return {
    id: `${denial.scope}/providers/Microsoft.Authorization/denyAssignments/${denial.name}`,
    name: denial.name,
    type: 'Microsoft.Authorization/denyAssignments',
    properties: {
      denyAssignmentName: `Deny assignment '${denial.name}' created by Deployment Stack.`,
      description: 'Created by Deployment Stack.',
      permissions: [{ actions: denial.actions, notActions: [], dataActions: denial.dataActions, notDataActions: [] }],
      scope: denial.scope,
      doNotApplyToChildScopes: false,
      principals: [{ id: denial.principalId, type: isGroup(sim, denial.principalId) ? 'Group' : 'ServicePrincipal' }],
      excludePrincipals: [],
      isSystemProtected: true,
      createdOn: madeAt,
      updatedOn: madeAt,
      createdBy: null,
      updatedBy: null,
    },
  };
}

/** Which ones a filter asks for at a scope; `undefined` where the filter is not modelled. */
function asked(filter: string, scope: string): ((denial: DenyAssignment) => boolean) | undefined {
  const above = (denial: DenyAssignment): boolean => isWithin(scope, denial.scope);
  const around = (denial: DenyAssignment): boolean => above(denial) || isWithin(denial.scope, scope);
  if (filter === '') return around;
  if (/^atScope\(\)$/i.test(filter)) return above;
  const principal = /^principalId eq '([0-9a-f-]{36})'$/i.exec(filter)?.[1];
  return principal === undefined ? undefined : (denial) => around(denial) && sameId(denial.principalId, principal);
}

/** Without a filter: at, above and below the scope. `atScope()`: at and above. `principalId eq`: the principal's, anywhere near. */
export function listDenials(sim: Sim, request: ArmRequest): Answer {
  const filter = request.query.get('$filter') ?? '';
  const shown = asked(filter, `/${(request.parts[0] ?? '').replace(/^\/+/, '')}`);
  if (shown === undefined)
    return { status: 501, refused: `the filter ${filter} of deny assignments is not modelled`, body: {} };
  return { status: 200, body: { value: sim.denials.filter(shown).map((one) => wire(sim, one)) } };
}
