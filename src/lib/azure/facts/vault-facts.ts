// Reads the Key Vault that holds the password of a registry entry: who may read its secrets, and which networks it lets in. Never a secret.
import * as z from 'zod';
import { vaultReference } from '../../diagnosis/vault-reference.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import type { VaultFacts, VaultRights } from '../../evidence/vault-facts.ts';
import { type ArmId, type PrincipalId, parseArmId } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { unreadable } from '../../words/fact.ts';
import type { Target } from '../../words/target.ts';
import type { Clients } from '../clients/clients.ts';
import { factOf, Unexpected } from '../clients/reading.ts';
import { armIdOf, principal, requiredId } from '../clients/wire.ts';
import { askGraph } from './graph.ts';
import { kqlString } from './logs.ts';
import { rolesAt } from './roles.ts';

/** Names of vaults are unique in all of Azure. */
function vaultQuery(name: string): string {
  return `resources | where type =~ 'microsoft.keyvault/vaults' | where name =~ ${kqlString(name)} | project id, properties`;
}

/** The members of a vault as Resource Graph shows them (REST specification of `VaultProperties`). */
const vaultRow = z.object({
  id: z.string(),
  properties: z.object({
    enableRbacAuthorization: z.boolean().nullish(),
    publicNetworkAccess: z.string().nullish(),
    accessPolicies: z
      .array(z.object({ objectId: z.string(), permissions: z.object({ secrets: z.array(z.string()).nullish() }) }))
      .nullish(),
    networkAcls: z
      .object({
        defaultAction: z.string().nullish(),
        virtualNetworkRules: z.array(z.object({ id: z.string() })).nullish(),
      })
      .nullish(),
    privateEndpointConnections: z
      .array(
        z.object({
          properties: z.object({
            privateLinkServiceConnectionState: z.object({ status: z.string().nullish() }).nullish(),
          }),
        }),
      )
      .nullish(),
  }),
});
type VaultProperties = z.infer<typeof vaultRow>['properties'];

/** Reads the vault that the password of the registry entry is in: one request, and one or more for roles where the vault goes by them. */
export async function readVault(
  clients: Clients,
  subscriptions: readonly string[],
  target: Target,
  evidence: Evidence,
): Promise<Fact<VaultFacts | 'not-found'>> {
  const reference = vaultReference(target, evidence);
  if (reference === undefined || reference.reader.kind !== 'principal') return unreadable('not-asked');
  const { principalId } = reference.reader;
  return factOf(async () => {
    const [hit, ...more] = await askGraph(clients, subscriptions, vaultQuery(reference.vault), vaultRow);
    if (more.length > 0) throw new Unexpected('two vaults of one name');
    if (hit === undefined) return 'not-found' as const;
    const id = requiredId(hit.id);
    const secret = parseArmId(`${id}/secrets/${reference.secret}`);
    if (secret === undefined) throw new Unexpected('the id of a secret');
    const { properties } = hit;
    return { id, rights: await rightsOf(clients, secret, principalId, properties), ...networkOf(properties) };
  });
}

async function rightsOf(
  clients: Clients,
  secret: ArmId,
  principalId: PrincipalId,
  { enableRbacAuthorization, accessPolicies }: VaultProperties,
): Promise<VaultRights> {
  if (enableRbacAuthorization === true) return { by: 'roles', roles: await rolesAt(clients, secret, principalId) };
  return {
    by: 'policies',
    readers: (accessPolicies ?? []).flatMap(({ objectId, permissions }) => {
      const gets = (permissions.secrets ?? []).some((name) => /^(?:get|all)$/i.test(name));
      const reader = principal(objectId);
      return gets && reader !== undefined ? [reader] : [];
    }),
  };
}

function networkOf(properties: VaultProperties): Pick<VaultFacts, 'network' | 'subnets' | 'endpoint'> {
  const rules = properties.networkAcls?.virtualNetworkRules ?? [];
  return {
    network: accessOf(properties),
    subnets: rules.flatMap(({ id }) => armIdOf(id) ?? []),
    endpoint: (properties.privateEndpointConnections ?? []).some(
      (one) => one.properties.privateLinkServiceConnectionState?.status?.toLowerCase() === 'approved',
    ),
  };
}

/** Azure leaves both members out for a vault whose network was never set, and such a vault is open. Another value is new to us. */
function accessOf({ publicNetworkAccess, networkAcls }: VaultProperties): VaultFacts['network'] {
  const access = publicNetworkAccess?.toLowerCase() ?? 'enabled';
  const action = networkAcls?.defaultAction?.toLowerCase() ?? 'allow';
  if (access === 'disabled') return 'restricted';
  if (access !== 'enabled') return 'unknown';
  if (action === 'deny') return 'restricted';
  return action === 'allow' ? 'open' : 'unknown';
}
