// The runbook of a registry password in Key Vault: the fault decides the command.
import { describe, expect, it } from 'vitest';
import type { VaultFacts } from '../../../src/lib/evidence/vault-facts.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, arm, identityId, principal, roleMissing } from '../facts.ts';
import { textOf } from './cases.ts';

const id = arm(
  '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-vault/providers/Microsoft.KeyVault/vaults/kv-shop',
);
const open: VaultFacts = {
  id,
  rights: { by: 'roles', roles: known([]) },
  network: 'open',
  subnets: [],
  endpoint: false,
};

function runbook(
  vault: VaultFacts,
  identity: string = identityId,
  url = 'https://kv-shop.vault.azure.net/secrets/pull',
) {
  return textOf('registry-secret-unreadable', {
    evidence: {
      ...roleMissing,
      app: known({
        ...app,
        registries: [{ server: 'acrshop.azurecr.io', username: 'anna@contoso.example', secret: 'acr-token' }],
        secrets: ['acr-token'],
        vaultSecrets: [{ name: 'acr-token', url, identity }],
      }),
      vault: known(vault),
    },
  });
}

describe('the command for a password that cannot be read', () => {
  it('gives the identity the role on that one secret', () => {
    expect(runbook(open)).toContain(`--assignee-object-id ${principal}`);
    expect(runbook(open)).toContain(`--scope ${id}/secrets/pull`);
  });

  it('is a policy where the vault goes by policies', () => {
    expect(runbook({ ...open, rights: { by: 'policies', readers: [] } })).toContain('az keyvault set-policy');
  });

  it('assigns the identity where the app does not have it', () => {
    expect(runbook(open, `${identityId}-other`)).toContain('az containerapp identity assign --user-assigned');
    expect(runbook(open, 'System')).toContain('az containerapp identity assign --system-assigned');
  });

  it('lets the network in where the vault is restricted', () => {
    const reads = { actions: [], notActions: [], dataActions: ['*'], notDataActions: [] };
    const roles = known([
      { id: 'a', roleId: 'r', scope: id, principalId: principal, createdAtMs: 0, permissions: known([reads]) },
    ]);

    expect(runbook({ ...open, rights: { by: 'roles', roles }, network: 'restricted' })).toContain(
      'az keyvault network-rule add --name kv-shop --resource-group rg-vault',
    );
  });

  it('is missing where the address is hostile, and says nothing of it', () => {
    expect(runbook(open, identityId, "https://x'; rm -rf ~")).not.toContain('rm -rf');
  });
});
