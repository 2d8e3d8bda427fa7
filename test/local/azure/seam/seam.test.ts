// The data plane through the real seam: proxy, TLS and tokens, from a process that has nothing but the environment.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { type StartedAzure, startAzure } from '../../started-azure.ts';
import { small } from '../registry-worlds.ts';

let started: StartedAzure;
let azure: StartedAzure['azure'];

beforeAll(async () => {
  const denyAssignments = [{ principal: 'id-orders', on: 'acrshop', actions: ['*/read'] }];
  const { world } = small({ denyAssignments }, { readableByPullmedic: true }).sim;
  started = await startAzure(world, 'data-plane');
  azure = started.azure;
});

afterAll(() => started.stop());

async function inApp(code: string): Promise<unknown> {
  return (await started.runs(code)) as unknown;
}

describe('a registry behind the proxy', () => {
  it('gives a digest to whoever goes from the challenge to an Entra token to a registry token', async () => {
    const answer = await inApp(`
      const { ManagedIdentityCredential } = await import('@azure/identity');
      const credential = new ManagedIdentityCredential({ clientId: process.env.AZURE_CLIENT_ID });
      const base = 'https://acrshop.azurecr.io';
      const manifest = base + '/v2/shop/orders/manifests/v1';
      const first = await fetch(manifest, { method: 'HEAD' });
      const [, realm, service, scope] = /realm="(.+)",service="(.+)",scope="(.+)"/.exec(first.headers.get('www-authenticate'));
      const { token } = await credential.getToken('https://containerregistry.azure.net/.default');
      const post = async (url, form) => (await fetch(url, { method: 'POST', body: new URLSearchParams(form) })).json();
      const { refresh_token } = await post(base + '/oauth2/exchange', { grant_type: 'access_token', service, access_token: token });
      const { access_token } = await post(realm, { grant_type: 'refresh_token', service, scope, refresh_token });
      const authorization = 'Bearer ' + access_token;
      const head = await fetch(manifest, { method: 'HEAD', headers: { authorization } });
      const get = await fetch(manifest, { headers: { authorization } });
      const { createHash } = await import('node:crypto');
      const digest = 'sha256:' + createHash('sha256').update(await get.text()).digest('hex');
      console.log(JSON.stringify([first.status, head.status, await head.text(), head.headers.get('docker-content-digest') === digest]));`);

    expect(answer).toEqual([401, 200, '', true]);
    expect(azure.state().writes).toEqual([]);
  });
});

describe('the official client', () => {
  it('reads deny assignments', async () => {
    const { sim } = azure;
    const scope = sim.registries.get('acrshop')?.id ?? '';
    const answer = await inApp(`
      const { ManagedIdentityCredential } = await import('@azure/identity');
      const { AuthorizationManagementClient } = await import('@azure/arm-authorization');
      const credential = new ManagedIdentityCredential({ clientId: process.env.AZURE_CLIENT_ID });
      const client = new AuthorizationManagementClient(credential, '${sim.world.subscription}');
      const found = [];
      for await (const one of client.denyAssignments.listForScope('${scope.slice(1)}', { filter: 'atScope()' })) found.push(one);
      console.log(JSON.stringify(found));`);

    expect(answer).toMatchObject([
      {
        scope,
        permissions: [{ actions: ['*/read'], notActions: [], dataActions: [] }],
        principals: [{ id: sim.identities.get('id-orders')?.principalId, type: 'ServicePrincipal' }],
        isSystemProtected: true,
      },
    ]);
  });
});

describe('a fault', () => {
  const fail = (service: 'management' | 'identity', text: string): Promise<unknown> => {
    happen(azure.sim, { at: 0, do: 'outage', service, for: 60_000, status: 503, share: 1 });
    return inApp(text).finally(() => azure.sim.faults.splice(0));
  };
  const status = (path: string): string => `
    const url = new URL(process.env.IDENTITY_ENDPOINT + '?api-version=2019-08-01&resource=https://management.azure.com');
    const identity = await fetch(url, { headers: { 'x-identity-header': process.env.IDENTITY_HEADER } });
    const { access_token } = await identity.json();
    const answer = await fetch('https://management.azure.com${path}', { headers: { authorization: 'Bearer ' + access_token } });
    console.log(JSON.stringify([identity.status, answer.status]));`;
  const path = (): string => `${azure.sim.registries.get('acrshop')?.id ?? ''}?api-version=2025-11-01`;

  it('of the management plane leaves the identity endpoint alone', async () => {
    expect(await fail('management', status(path()))).toEqual([200, 503]);
    expect(await inApp(status(path()))).toEqual([200, 200]);
  });

  it('of the identity endpoint gives no token', async () => {
    expect(await fail('identity', status(path()))).toEqual([503, 401]);
  });
});
