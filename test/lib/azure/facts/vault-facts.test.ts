// The Key Vault of a registry password over the wire: what Resource Graph and ARM tell of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { small } from '../../../local/azure/registry-worlds.ts';
import { type StartedAzure, source, startAzure } from '../../../local/started-azure.ts';

const more = {
  identities: [{ name: 'id-secrets' }, { name: 'id-other' }],
  keyVaults: [{ name: 'kv-shop' }, { name: 'kv-shut', network: 'restricted' as const }],
  roleAssignments: [{ role: 'Key Vault Secrets User', principal: 'id-secrets', on: 'vault:kv-shop' }],
  apps: [
    {
      name: 'ca-orders',
      environment: 'cae-shop',
      identities: ['id-secrets', 'id-other'],
      registries: [{ server: 'acrshop.azurecr.io', username: 'u', passwordSecretRef: 'acr-token' }],
      secrets: [{ name: 'acr-token', keyVault: { vault: 'kv-shop', identity: 'id-secrets' } }],
      containers: [{ image: 'acrshop.azurecr.io/shop/orders:v1' }],
    },
  ],
};

describe('the probe of the vault', () => {
  let started: StartedAzure;
  const { world } = small(more, {}).sim;

  beforeAll(async () => {
    started = await startAzure(world, 'vault');
  });

  afterAll(() => started.stop());

  /** Reads the app, and then the vault of its password, with the reference changed as asked. */
  async function read(change: { vault?: string; identity?: string } = {}): Promise<unknown> {
    return started.runs(`
      const { connect } = await import('${source('azure/clients/clients.ts')}');
      const { probesOf } = await import('${source('azure/facts/evidence.ts')}');
      const { targetOf } = await import('${source('words/target.ts')}');
      const { parseArmId } = await import('${source('words/arm-id.ts')}');
      const clients = connect(process.env.AZURE_CLIENT_ID, 'public');
      const readProbe = probesOf({ clients, subscriptions: ['${world.subscription}'] });
      const target = targetOf(parseArmId('/subscriptions/${world.subscription}/resourceGroups/rg-apps/providers/Microsoft.App/containerApps/ca-orders'), 'acrshop.azurecr.io/shop/orders:v1');
      const change = ${JSON.stringify(change)};
      const { facts } = await readProbe('app', target, { atMs: 0 }, 0);
      const [held] = facts.app.value.vaultSecrets;
      const url = change.vault === undefined ? held.url : held.url.replace('kv-shop', change.vault);
      const identity = change.identity === undefined ? held.identity : held.identity.replace('id-secrets', change.identity);
      const app = { ...facts.app.value, vaultSecrets: [{ ...held, url, identity }] };
      const answer = await readProbe('vault', target, { atMs: 0, app: { read: true, value: app } }, 0);
      const vault = answer.facts.vault.value;
      console.log(JSON.stringify({ ...answer.facts.vault, value: vault.id === undefined ? vault : { network: vault.network, roles: vault.rights.roles.value.length }, calls: answer.calls }));`);
  }

  it('reads the roles of the identity that reads, with the definition of each, and whether the vault is open', async () => {
    expect(await read()).toEqual({ read: true, value: { network: 'open', roles: 1 }, calls: 3 });
    expect(await read({ identity: 'id-other' })).toEqual({
      read: true,
      value: { network: 'open', roles: 0 },
      calls: 2,
    });
    expect(await read({ vault: 'kv-shut' })).toMatchObject({ value: { network: 'restricted', roles: 0 } });
  });

  it('says that it found no such vault, which is not "no role"', async () => {
    expect(await read({ vault: 'kv-elsewhere' })).toEqual({ read: true, value: 'not-found', calls: 1 });
  });
});
