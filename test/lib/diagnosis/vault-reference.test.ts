// A registry password in Key Vault: what proves that the platform cannot read it, and what does not.
import { describe, expect, it } from 'vitest';
import { isSomethingElse } from '../../../src/lib/diagnosis/trouble.ts';
import { vaultReference, vaultSays } from '../../../src/lib/diagnosis/vault-reference.ts';
import type { AppFacts, VaultSecret } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { AssignmentFacts } from '../../../src/lib/evidence/role-facts.ts';
import type { VaultFacts } from '../../../src/lib/evidence/vault-facts.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  arm,
  assignment,
  dnsUnlinked,
  identityId,
  minute,
  principal,
  principalId,
  roleMissing,
  target,
  vnetId,
} from '../facts.ts';
import { diagnosed, labelled } from './diagnosed.ts';

const vaultId = arm(
  '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-vault/providers/Microsoft.KeyVault/vaults/kv-shop',
);
const reference: VaultSecret = {
  name: 'acr-token',
  url: 'https://kv-shop.vault.azure.net/secrets/shop-pull',
  identity: identityId,
};
const open: VaultFacts = {
  id: vaultId,
  rights: { by: 'roles', roles: known([]) },
  network: 'open',
  subnets: [],
  endpoint: false,
};

/** The app signs in as a user whose password is in the vault. */
function inVault(
  vault: Partial<VaultFacts> = {},
  held: Partial<VaultSecret> = {},
  more: Partial<AppFacts> = {},
): Evidence {
  return {
    ...roleMissing,
    app: known({
      ...app,
      registries: [{ server: 'acrshop.azurecr.io', username: 'anna@contoso.example', secret: 'acr-token' }],
      secrets: ['acr-token'],
      vaultSecrets: [{ ...reference, ...held }],
      ...more,
    }),
    vault: known({ ...open, ...vault }),
  };
}

function roleWith(dataActions: readonly string[], more: Partial<AssignmentFacts> = {}): AssignmentFacts {
  const permissions = known([{ actions: [], notActions: [], dataActions, notDataActions: [] }]);
  return assignment(minute, { permissions, ...more });
}

function byRoles(...roles: AssignmentFacts[]): Partial<VaultFacts> {
  return { rights: { by: 'roles', roles: known(roles) } };
}

function verdict(evidence: Evidence, label: Parameters<typeof labelled>[0] = 'unauthorized'): unknown {
  const { causes, sure } = diagnosed(evidence, labelled(label));
  return [causes, sure];
}

const proved = [['registry-secret-unreadable'], 'confirmed'];
const passwordSuspected = [['credential-rejected'], 'suspected'];
const read = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';

describe('a password that the identity may not read', () => {
  it('is proved where the vault goes by roles and the identity has none that reads secrets', () => {
    expect(verdict(inVault())).toEqual(proved);
    expect(verdict(inVault(byRoles(roleWith(['Microsoft.KeyVault/vaults/secrets/readMetadata/action']))))).toEqual(
      proved,
    );
    expect(verdict(inVault(), 'not-a-pull-failure')).toEqual(proved);
  });

  it('is not named where a role reads secrets, by its name or by a pattern', () => {
    expect(verdict(inVault(byRoles(roleWith([read]))))).toEqual(passwordSuspected);
    expect(verdict(inVault(byRoles(roleWith(['Microsoft.KeyVault/vaults/*']))))).toEqual(passwordSuspected);
  });

  it('is not proved while a role, its definition or its condition cannot be told', () => {
    const unread = { rights: { by: 'roles' as const, roles: unreadable<never>('forbidden') } };

    expect(verdict(inVault(unread))).toEqual(passwordSuspected);
    expect(verdict(inVault(byRoles(roleWith([], { permissions: unreadable('throttled') }))))).toEqual(
      passwordSuspected,
    );
    expect(verdict(inVault(byRoles(roleWith([read], { condition: 'x' }))))).toEqual(passwordSuspected);
    expect(verdict({ ...inVault(), vault: unreadable('forbidden') })).toEqual(passwordSuspected);
    expect(verdict({ ...inVault(), vault: known('not-found') })).toEqual(passwordSuspected);
  });

  it('is not proved by access policies, which may name a group', () => {
    const other = principalId('d0000000-0000-4000-8000-00000000000d');

    expect(verdict(inVault({ rights: { by: 'policies', readers: [other] } }))).toEqual(passwordSuspected);
    expect(verdict(inVault({ rights: { by: 'policies', readers: [principal] } }))).toEqual(passwordSuspected);
  });

  it('is proved where the reference names an identity that the app does not have', () => {
    expect(verdict(inVault(byRoles(roleWith([read])), { identity: `${identityId}-other` }))).toEqual(proved);
    expect(
      verdict(inVault(byRoles(roleWith([read])), { identity: 'System' }, { systemPrincipalId: principal })),
    ).toEqual(passwordSuspected);
  });

  it('is nothing about a secret of Key Vault that the entry does not name', () => {
    expect(verdict(inVault({}, { name: 'connection-string' }))).toEqual(passwordSuspected);
  });
});

describe('a vault that is restricted', () => {
  const restricted = { ...byRoles(roleWith([read])), network: 'restricted' as const };
  const subnet = arm(`${vnetId}/subnets/snet-apps`);
  const inVnet = (vault: Partial<VaultFacts>): Evidence => {
    const { environment } = dnsUnlinked;
    return { ...inVault({ ...restricted, ...vault }), ...(environment === undefined ? {} : { environment }) };
  };

  it('is suspected, unless an endpoint leads to it or its rules name the subnet', () => {
    expect(verdict(inVnet({}))).toEqual([['registry-secret-unreadable'], 'suspected']);
    expect(verdict(inVnet({ subnets: [subnet] }))).toEqual(passwordSuspected);
    expect(verdict(inVnet({ endpoint: true }))).toEqual(passwordSuspected);
    expect(verdict(inVnet({ network: 'unknown' }))).toEqual(passwordSuspected);
  });

  it('is suspected where no text says why the pull fails', () => {
    expect(verdict(inVnet({}), 'unknown-pull-failure')).toEqual([['registry-secret-unreadable'], 'suspected']);
    expect(verdict(inVnet({ endpoint: true }), 'unknown-pull-failure')).toEqual([['unexplained'], 'unexplained']);
  });

  it('is not suspected of a text about something else', () => {
    expect(verdict(inVnet({}), 'tls')).toEqual([['tls-untrusted'], 'suspected']);
  });
});

describe('the address of a secret', () => {
  const read = (url: string) => {
    const found = vaultReference(target, inVault({}, { url }));
    return found && [found.vault, found.secret];
  };

  it('is read in the form that Azure has, with or without a version', () => {
    expect(read('https://KV-shop.vault.azure.net/secrets/pull')).toEqual(['kv-shop', 'pull']);
    expect(read(`https://kv-shop.vault.azure.cn/secrets/pull/${'0'.repeat(32)}`)).toEqual(['kv-shop', 'pull']);
  });

  it('is not read in any other form', () => {
    expect(read('https://kv-shop.vault.azure.net.evil.example/secrets/pull')).toBeUndefined();
    expect(read("https://kv'shop.vault.azure.net/secrets/pull")).toBeUndefined();
    expect(read('https://kv-shop.vault.azure.net/keys/pull')).toBeUndefined();
    expect(read('http://kv-shop.vault.azure.net/secrets/pull')).toBeUndefined();
  });

  it('is what a look asks the vault by, and only where an identity of the app reads it', () => {
    const { vault: _, ...unasked } = inVault();
    const { vault: __, ...notAssigned } = inVault({}, { identity: `${identityId}-other` });

    expect(nextProbes(target, unasked)).toContain('vault');
    // The password of a registry outside of Azure can lie in a vault too.
    expect(nextProbes(target, { ...unasked, registry: known('not-found') })).toContain('vault');
    expect(nextProbes(target, notAssigned)).not.toContain('vault');
  });
});

describe('what the platform says of the secret', () => {
  const saying = (text: string): Evidence => ({
    ...inVault({ rights: { by: 'roles', roles: unreadable('forbidden') } }),
    logs: known([{ atMs: 0, revision: '', replica: '', reason: 'SyncingSecret', severity: 'Warning', text }]),
  });
  const syncing = (name: string, why: string): string =>
    `Error happened when syncing secret ${name} from Azure Key Vault https://kv-shop.vault.azure.net/secrets/shop-${name} for ContainerApp ca-orders: ${why}`;

  it.each([
    ['Operation get is not allowed on a disabled secret.', 'disabled'],
    ['Operation get is not allowed on an expired secret.', 'expired'],
    ['body: {"error":{"code":"SecretNotFound"}}', 'not-found'],
    ['dial tcp: lookup kv-shop.vault.azure.net: no such host', 'no-vault'],
    ['returned error status: 500', 'not-read'],
  ])('is a suspicion of its own: %s', (why, says) => {
    const evidence = saying(syncing('acr-token', why));

    expect(vaultSays(target, evidence)).toBe(says);
    expect(diagnosed(evidence, labelled('unauthorized'))).toMatchObject({
      causes: ['registry-secret-unreadable'],
      sure: 'suspected',
    });
  });

  it('is nothing where it is about another secret of the app, or the password is not in a vault', () => {
    expect(vaultSays(target, saying(syncing('acr-token-2', 'disabled secret')))).toBeUndefined();
    expect(vaultSays(target, saying(syncing('db', 'disabled secret')))).toBeUndefined();
    expect(vaultSays(target, { ...saying(syncing('acr-token', 'x')), app: known(app) })).toBeUndefined();
  });

  it('keeps a rejected write from being stood down', () => {
    const text = `Field 'configuration.secrets' is invalid with details: 'Invalid value: "acr-token": Unable to get value using Managed identity system for secret acr-token.'`;
    const failed = { provisioningState: 'Failed', writeError: { text, atMs: 0 } };
    const evidence = (of: Evidence): Evidence => ({
      ...of,
      revisions: known([]),
      replicas: known([]),
      logs: known([]),
    });
    const otherwise = (of: Evidence): boolean => isSomethingElse(target, evidence(of), labelled('not-a-pull-failure'));

    expect(otherwise(inVault({}, {}, failed))).toBe(false);
    expect(otherwise({ ...roleMissing, app: known({ ...app, ...failed }) })).toBe(true);
  });
});
