// The runbook of a registry password in Key Vault: the fault decides the command.
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { VaultFacts } from '../../../src/lib/evidence/vault-facts.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { inVnet } from '../diagnosis/network-cases.ts';
import { app, arm, identityId, principal, roleMissing, vnetId } from '../facts.ts';
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
  more: Partial<Evidence> = {},
  of: Partial<AppFacts> = {},
) {
  return textOf('registry-secret-unreadable', {
    evidence: {
      ...roleMissing,
      ...more,
      app: known({
        ...app,
        ...of,
        registries: [{ server: 'acrshop.azurecr.io', username: 'anna@contoso.example', secret: 'acr-token' }],
        secrets: ['acr-token'],
        vaultSecrets: [{ name: 'acr-token', url, identity }],
      }),
      vault: known(vault),
    },
  });
}

const noRevision = { revisions: known([]), replicas: known([]) };
const rejected = { provisioningState: 'Failed' };

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

  it('says who reads the secret: what Azure calls System is the identity of the app', () => {
    const systemApp = runbook(open, 'System');

    expect(systemApp).toContain('names the system-assigned identity of the app, which the app does not have');
    expect(systemApp).not.toContain('identity System');
    expect(runbook(open)).toContain(`read by the identity ${identityId}`);
  });

  it('restarts nothing where Azure rejected the write', () => {
    expect(runbook(open)).toContain('restart the revision');
    expect(runbook(open, identityId, undefined, noRevision, rejected)).toContain('run your deployment again');
    expect(runbook(open, identityId, undefined, noRevision, rejected)).not.toContain('restart the revision');
  });

  it('lets the network in where the vault is restricted', () => {
    const reads = { actions: [], notActions: [], dataActions: ['*'], notDataActions: [] };
    const roles = known([
      { id: 'a', roleId: 'r', scope: id, principalId: principal, createdAtMs: 0, permissions: known([reads]) },
    ]);

    const restricted: VaultFacts = { ...open, rights: { by: 'roles', roles }, network: 'restricted' };
    const ofVnet = runbook(restricted, identityId, undefined, { environment: inVnet });
    const unread = runbook(restricted, identityId, undefined, { environment: unreadable('forbidden') });
    const ofNone = runbook(restricted);

    expect(ofVnet).toContain('az keyvault network-rule add --name kv-shop --resource-group rg-vault');
    expect(ofVnet).toContain(`--subnet ${vnetId}/subnets/`);
    expect(unread).toContain('--subnet SUBNET_ID');
    expect(ofNone).not.toContain('network-rule');
    expect(ofNone).toContain('has no network of its own that a rule of it could name');
  });

  it('is missing where the address is hostile, and says nothing of it', () => {
    expect(runbook(open, identityId, "https://x'; rm -rf ~")).not.toContain('rm -rf');
  });
});
