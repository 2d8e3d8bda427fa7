// The registry resource. The room is the registry: the resource, its own host with its tokens, and registries outside of Azure.
// Not here: images as state (`model/images.ts`), and who may pull one (`apps/sign-in.ts`).
import { sameId } from '../model/ids.ts';
import type { Registry, RegistryToken } from '../model/registries.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, armError, notFound } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

function connections(registry: Registry): unknown[] {
  const { endpoint } = registry;
  if (endpoint === undefined) return [];
  return [
    {
      id: `${registry.id}/privateEndpointConnections/${registry.name}.connection`,
      name: `${registry.name}.connection`,
      type: 'Microsoft.ContainerRegistry/registries/privateEndpointConnections',
      properties: {
        privateEndpoint: { id: endpoint.id },
        privateLinkServiceConnectionState: { status: endpoint.status, description: '', actionsRequired: 'None' },
        provisioningState: 'Succeeded',
      },
    },
  ];
}

/** When every registry of a world was made: without a zone, because members write it in two ways. */
const madeAt = '2025-06-15T21:38:26.1537861';

/** Only the Premium tier has network rules: the others leave the member out (as recorded). */
function rulesOf({ sku, defaultAction, ipRules }: Registry): { readonly networkRuleSet?: unknown } {
  if (sku !== 'Premium') return {};
  return { networkRuleSet: { defaultAction, ipRules: ipRules.map((value) => ({ action: 'Allow', value })) } };
}

/** `GET …/registries/{name}`. */
export function readRegistry(sim: Sim, request: ArmRequest): Answer {
  const registry = [...sim.registries.values()].find((one) => sameId(one.id, `/${request.path.replace(/^\//, '')}`));
  if (registry?.hidden === true)
    return armError(403, 'AuthorizationFailed', 'The client does not have authorization to perform this action.');
  if (registry === undefined) return notFound('Microsoft.ContainerRegistry/registries', request);
  return {
    status: 200,
    body: {
      id: registry.id,
      name: registry.name,
      type: 'Microsoft.ContainerRegistry/registries',
      location: sim.world.location,
      tags: registry.tags,
      sku: { name: registry.sku, tier: registry.sku },
      properties: {
        loginServer: registry.loginServer,
        creationDate: `${madeAt}Z`,
        provisioningState: 'Succeeded',
        adminUserEnabled: registry.adminUserEnabled,
        ...rulesOf(registry),
        policies: {
          quarantinePolicy: { status: 'disabled' },
          trustPolicy: { type: 'Notary', status: 'disabled' },
          retentionPolicy: { days: 7, lastUpdatedTime: `${madeAt}+00:00`, status: 'disabled' },
          exportPolicy: { status: 'enabled' },
          azureADAuthenticationAsArmPolicy: { status: registry.armAudience },
        },
        encryption: { status: 'disabled' },
        dataEndpointEnabled: registry.endpoint !== undefined,
        dataEndpointHostNames: [],
        privateEndpointConnections: connections(registry),
        publicNetworkAccess: registry.publicNetworkAccess,
        networkRuleBypassOptions: registry.trustedServices ? 'AzureServices' : 'None',
        zoneRedundancy: 'Disabled',
        anonymousPullEnabled: registry.anonymousPull,
        metadataSearch: 'Disabled',
        roleAssignmentMode: registry.roleMode,
      },
    },
  };
}

/** Tokens have times with an offset (as recorded). */
function withOffset(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '+00:00');
}

function wireToken(sim: Sim, registry: Registry, token: RegistryToken): unknown {
  return {
    id: `${registry.id}/tokens/${token.name}`,
    name: token.name,
    type: 'Microsoft.ContainerRegistry/registries/tokens',
    properties: {
      provisioningState: 'Succeeded',
      creationDate: '2025-06-15T21:40:02.1537861+00:00',
      scopeMapId: `${registry.id}/scopeMaps/_repositories_pull`,
      credentials: {
        // The passwords themselves are shown once, when they are made.
        passwords: token.passwords.map(({ name, expiresMs }) => ({
          name,
          creationTime: withOffset(Date.parse(sim.world.start)),
          ...(expiresMs === undefined ? {} : { expiry: withOffset(expiresMs) }),
        })),
      },
      status: token.enabled ? 'enabled' : 'disabled',
    },
  };
}

/** The registry's own 404 for what lies in a registry (as recorded for a scope map). */
const childNotFound: Answer = {
  status: 404,
  body: { error: { code: 'ResourceNotFound', message: 'The resource child could not be found.' }, status: 'Failed' },
};

/** `GET …/tokens/{name}`: never a password. */
export function readToken(sim: Sim, request: ArmRequest): Answer {
  const name = request.parts[3] ?? '';
  const path = `/${request.path.replace(/^\//, '')}`;
  const registry = [...sim.registries.values()].find((one) => sameId(`${one.id}/tokens/${name}`, path));
  if (registry?.hidden === true)
    return armError(403, 'AuthorizationFailed', 'The client does not have authorization to perform this action.');
  const token = registry?.tokens.find((one) => sameId(one.name, name));
  return registry === undefined || token === undefined
    ? childNotFound
    : { status: 200, body: wireToken(sim, registry, token) };
}
