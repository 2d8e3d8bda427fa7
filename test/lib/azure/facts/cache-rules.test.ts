// The cache rules of a registry over the wire: what the real SDK reads of them, and that a look never makes the registry fetch.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { small } from '../../../local/azure/registry-worlds.ts';
import { type StartedAzure, source, startAzure } from '../../../local/started-azure.ts';

const registry = {
  cacheRules: [
    { name: 'hub', source: 'docker.io/library/*', target: 'library/*', credentials: 'hub-account' },
    { name: 'quay', source: 'quay.io/shop/tool', target: 'tool' },
  ],
  credentialSets: [{ name: 'hub-account', loginServer: 'docker.io', healthy: false, error: 'expired' }],
};

describe('the probe of the cache rules', () => {
  let started: StartedAzure;
  const { world } = small({}, registry).sim;

  beforeAll(async () => {
    started = await startAzure(world, 'cache-rules');
  });

  afterAll(() => started.stop());

  async function read(name: string): Promise<unknown> {
    return started.runs(`
      const { connect } = await import('${source('azure/clients/clients.ts')}');
      const { counted } = await import('${source('azure/clients/clients.ts')}');
      const { readCacheRules } = await import('${source('azure/facts/cache-rules.ts')}');
      const { parseArmId } = await import('${source('words/arm-id.ts')}');
      const clients = connect(process.env.AZURE_CLIENT_ID, 'public');
      const id = parseArmId('/subscriptions/${world.subscription}/resourceGroups/rg-registry/providers/Microsoft.ContainerRegistry/registries/${name}');
      console.log(JSON.stringify(await counted(() => readCacheRules(clients, id))));`);
  }

  it('reads each rule with the health of its credentials, in two requests', async () => {
    expect(await read('acrshop')).toEqual({
      value: {
        read: true,
        value: [
          {
            name: 'hub',
            source: 'docker.io/library/*',
            target: 'library/*',
            credentials: { name: 'hub-account', health: 'unhealthy', error: 'expired' },
          },
          { name: 'quay', source: 'quay.io/shop/tool', target: 'tool' },
        ],
      },
      calls: 2,
    });
  });

  it('is unreadable, never empty, where the registry is not there', async () => {
    expect(await read('acrother')).toMatchObject({ value: { read: false } });
  });
});
