// User-assigned identities as resources of their own.

import { sameId } from '../model/ids.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, notFound } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

/** `GET …/userAssignedIdentities/{name}`; 404 once it was deleted. The service writes `resourcegroups` (all 35 recordings). */
export function readManagedIdentity(sim: Sim, request: ArmRequest): Answer {
  const path = `/${request.path.replace(/^\//, '')}`;
  const found = identityAt(sim, path);
  if (found === undefined) return notFound('Microsoft.ManagedIdentity/userAssignedIdentities', request);
  const [name, { id, principalId, clientId }] = found;
  return {
    status: 200,
    body: {
      id: id.replace('resourceGroups', 'resourcegroups'),
      name,
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      location: sim.world.location,
      tags: {},
      properties: { tenantId: sim.world.tenant, principalId, clientId },
    },
  };
}

/** `GET …/userAssignedIdentities/{name}/federatedIdentityCredentials`. */
export function listFederated(sim: Sim, request: ArmRequest): Answer {
  const path = `/${request.path.replace(/^\//, '')}`.replace(/\/federatedIdentityCredentials$/i, '');
  const found = identityAt(sim, path);
  if (found === undefined) return notFound('Microsoft.ManagedIdentity/userAssignedIdentities', request);
  const [name, { id }] = found;
  const federated = sim.world.identities.find((one) => one.name === name)?.federated ?? [];
  const value = federated.map((credential) => ({
    id: `${id}/federatedIdentityCredentials/${credential}`,
    name: credential,
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
    properties: {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: `repo:contoso/${credential}:ref:refs/heads/main`,
      audiences: ['api://AzureADTokenExchange'],
    },
  }));
  return { status: 200, body: { value } };
}

function identityAt(sim: Sim, path: string) {
  return [...sim.identities].find(([name, one]) => sameId(one.id, path) && !sim.deleted.has(name));
}
