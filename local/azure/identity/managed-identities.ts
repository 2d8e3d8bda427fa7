// User-assigned identities as resources of their own.

import { sameId } from '../model/ids.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, armError } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

/** `GET …/userAssignedIdentities/{name}`; 404 once it was deleted. */
export function readManagedIdentity(sim: Sim, request: ArmRequest): Answer {
  const path = `/${request.path.replace(/^\//, '')}`;
  const found = [...sim.identities].find(([name, one]) => sameId(one.id, path) && !sim.deleted.has(name));
  if (found === undefined)
    return armError(404, 'ResourceNotFound', `The Resource '${path}' under resource group was not found.`);
  const [name, { id, principalId, clientId }] = found;
  return {
    status: 200,
    body: {
      id,
      name,
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      location: sim.world.location,
      tags: {},
      properties: { tenantId: sim.world.tenant, principalId, clientId },
    },
  };
}
