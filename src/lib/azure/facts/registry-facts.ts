// Reads the registry: where it is, which callers it lets in, its tokens.
import type { Registry, Token } from '@azure/arm-containerregistry';
import { signsInAs } from '../../diagnosis/credentials.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { registryOf } from '../../evidence/evidence.ts';
import type { RegistryFacts, TokenFacts } from '../../evidence/registry-facts.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { nameOf, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { unreadable } from '../../words/fact.ts';
import type { Latest } from '../../words/latest.ts';
import { latest } from '../../words/latest.ts';
import { loginServerOf } from '../../words/registry-host.ts';
import type { Target } from '../../words/target.ts';
import type { Clients } from '../clients/clients.ts';
import { factOf, factOrMissing, mayPass, Unexpected } from '../clients/reading.ts';
import { abort, armIdOf, present, requiredId, textOf } from '../clients/wire.ts';
import { askGraph, foundRow } from './graph.ts';
import { kqlString } from './logs.ts';

export function registryQuery(host: string): string {
  return `resources | where type =~ 'microsoft.containerregistry/registries' | where tostring(properties.loginServer) =~ ${kqlString(host)} | project id`;
}

function endpointFactsOf(registry: Registry): RegistryFacts['endpoints'] {
  return (registry.privateEndpointConnections ?? []).flatMap((connection) => {
    const id = armIdOf(connection.privateEndpoint?.id);
    const status = connection.privateLinkServiceConnectionState?.status?.toLowerCase() ?? 'unknown';
    return id === undefined ? [] : [{ id, status }];
  });
}

/** The role mode. Absent means the legacy one: the property is younger than most registries. An unknown mode is never guessed. */
function roleModeOf(registry: Registry): RegistryFacts['roleMode'] {
  switch (registry.roleAssignmentMode) {
    case undefined:
    case 'LegacyRegistryPermissions':
      return 'legacy';
    case 'AbacRepositoryPermissions':
      return 'abac';
    default:
      return 'unknown';
  }
}

/** Public access. ARM leaves the setting out if it was never set, and then access is on. The SDK has two values; a perimeter is a third. */
function publicAccessOf(registry: Registry): RegistryFacts['publicAccess'] {
  switch (registry.publicNetworkAccess ?? 'Enabled') {
    case 'Enabled':
      return 'open';
    case 'Disabled':
      return 'closed';
    case 'SecuredByPerimeter':
      return 'perimeter';
    default:
      return 'unknown';
  }
}

/** Whether trusted services pass. The SDK knows two values; another one says nothing. */
function trusts({ networkRuleBypassOptions: bypass }: Registry): Pick<RegistryFacts, 'trustedServices'> {
  if (bypass === 'AzureServices') return { trustedServices: true };
  return bypass === 'None' ? { trustedServices: false } : {};
}

function registryFacts(registry: Registry): RegistryFacts {
  return {
    id: requiredId(registry.id),
    loginServer: (registry.loginServer ?? '').toLowerCase(),
    location: registry.location.toLowerCase().replaceAll(' ', ''),
    sku: textOf(registry.sku.name) ?? 'unknown',
    roleMode: roleModeOf(registry),
    publicAccess: publicAccessOf(registry),
    defaultAction: registry.networkRuleSet?.defaultAction === 'Deny' ? 'deny' : 'allow',
    ipRules: (registry.networkRuleSet?.ipRules ?? []).flatMap((rule) => textOf(rule.iPAddressOrRange) ?? []),
    armAudience: registry.policies?.azureADAuthenticationAsArmPolicy?.status !== 'disabled',
    dataEndpoints: registry.dataEndpointEnabled ?? false,
    endpoints: endpointFactsOf(registry),
    ...trusts(registry),
    ...present<{ adminUser: boolean; anonymousPull: boolean }>({
      adminUser: registry.adminUserEnabled,
      anonymousPull: registry.anonymousPullEnabled,
    }),
    denied: registry.tags?.['pullmedic']?.toLowerCase() === 'deny',
  };
}

/** Ids of registries that were found before, by host. A host seldom moves, and the registry that is read there shows if it did. */
const found = new WeakMap<Clients, Latest<string, ArmId>>();
/** Registries that the configuration names by their ids. pullmedic need not search for them. */
const configured = new WeakMap<Clients, readonly ArmId[]>();
const mostRegistries = 500;

function foundBy(clients: Clients): Latest<string, ArmId> {
  const known = found.get(clients) ?? latest<string, ArmId>(mostRegistries);
  found.set(clients, known);
  return known;
}

/** Registers the ids of registries. They are read first, and used only if the host that they show is the one that was asked for. */
export function knowRegistries(clients: Clients, ids: readonly ArmId[]): void {
  configured.set(clients, ids);
}

async function registryAt(clients: Clients, id: ArmId): Promise<RegistryFacts> {
  const { registries } = await clients.registries(subscriptionOf(id));
  return registryFacts(await registries.get(resourceGroupOf(id), nameOf(id), abort()));
}

/**
 * Reads the registry at its last known id, or at the configured one. `undefined` if it is not there, or may not be read there. Throws where it
 * cannot be read for a reason that passes: a search would find the same id, and takes the scarcest requests of all.
 */
async function registryAsBefore(clients: Clients, host: string): Promise<RegistryFacts | undefined> {
  const named = configured.get(clients)?.find((id) => nameOf(id) === host.split('.')[0]);
  const id = foundBy(clients).get(host) ?? named;
  if (id === undefined) return undefined;
  try {
    const facts = await registryAt(clients, id);
    if (facts.loginServer === host) return facts;
  } catch (error) {
    if (mayPass(error)) throw error;
  }
  foundBy(clients).drop(host);
  return undefined;
}

/** Reads the registry with the host that the image names. It searches by host, because the host alone does not give the name. */
export async function readRegistry(
  clients: Clients,
  subscriptions: readonly string[],
  target: Target,
): Promise<Fact<RegistryFacts | 'not-found'>> {
  return factOf(async () => {
    const host = loginServerOf(target.registry);
    const before = await registryAsBefore(clients, host);
    if (before !== undefined) return before;
    const [hit, ...more] = await askGraph(clients, subscriptions, registryQuery(host), foundRow);
    if (more.length > 0) throw new Unexpected('two registries of one host');
    if (hit === undefined) return 'not-found' as const;
    const id = requiredId(hit.id);
    const facts = await registryAt(clients, id);
    if (facts.loginServer !== host) throw new Unexpected('another host');
    foundBy(clients).put(host, id);
    return facts;
  });
}

/** The passwords of a token, by name and expiry. ARM lists a missing password as an entry without a name, which is left out. */
function tokenFacts({ status, credentials }: Token): TokenFacts {
  if (status !== 'enabled' && status !== 'disabled') throw new Unexpected('the status of a token');
  return {
    enabled: status === 'enabled',
    passwords: (credentials?.passwords ?? []).flatMap(({ name, expiry }) => {
      const said = textOf(name);
      const expiresAtMs = expiry?.getTime();
      if (Number.isNaN(expiresAtMs)) throw new Unexpected('the end of a password');
      return said === undefined ? [] : [{ name: said, ...present<{ expiresAtMs: number }>({ expiresAtMs }) }];
    }),
  };
}

export async function readToken(
  clients: Clients,
  target: Target,
  evidence: Evidence,
): Promise<Fact<TokenFacts | 'none'>> {
  const registry = registryOf(evidence);
  const who = signsInAs(target, evidence);
  if (registry === undefined || who?.as !== 'token') return unreadable('not-asked');
  const { id } = registry;
  return factOrMissing('none' as const, async () => {
    const { tokens } = await clients.registries(subscriptionOf(id));
    return tokenFacts(await tokens.get(resourceGroupOf(id), nameOf(id), who.token, abort()));
  });
}
