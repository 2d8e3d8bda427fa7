// The registries of an app's entries, read one after the other.
import { describe, expect, it } from 'vitest';
import { readEntries } from '../../../../src/lib/azure/facts/entries.ts';
import type { Evidence } from '../../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import {
  app,
  dnsUnlinked,
  endpointId,
  identityId,
  nowMs,
  registryId,
  roleMissing,
  target,
  vnetId,
} from '../../facts.ts';
import { clientsOver } from '../clients-over.ts';

const { registry: _, roles: __, ...rest } = roleMissing;
const entries = ['acrshop', 'acrtools'].map((name) => ({ server: `${name}.azurecr.io`, identity: identityId }));
const rejected: Evidence = {
  ...rest,
  app: known({
    ...app,
    registries: entries,
    provisioningState: 'Failed',
    writeError: { text: 'unable to pull image using Managed identity.', atMs: nowMs },
  }),
  revisions: known([]),
  replicas: known([]),
  logs: known([]),
};

/** The app leaves by a network of the user's. */
const leaving = { environment: dnsUnlinked.environment ?? unreadable('not-asked') };

interface World {
  readonly endpoints?: boolean;
}

/** ARM with both registries, each with its own endpoint if that is wanted; the identity has no role anywhere. */
function azure({ endpoints = false }: World = {}) {
  return clientsOver(({ path, body }) => {
    if (body.includes('privatednszones')) return { body: noRows };
    if (/networkInterfaces/i.test(path)) return { body: nic };
    if (/privateEndpoints/i.test(path))
      return { body: { properties: { subnet: { id: `${vnetId}/subnets/s` }, networkInterfaces: [{ id: nicId }] } } };
    const name = /acrtools/.test(`${path}${body}`) ? 'acrtools' : 'acrshop';
    const id = registryId.replace('acrshop', name);
    if (path.endsWith('/resources'))
      return { body: { totalRecords: 1, count: 1, resultTruncated: 'false', data: [{ id }] } };
    if (path.includes('roleAssignments')) return { body: { value: [] } };
    const connections = endpoints ? { privateEndpointConnections: [connection] } : {};
    return {
      body: {
        id,
        location: 'westeurope',
        sku: { name: 'Premium' },
        properties: { loginServer: `${name}.azurecr.io`, ...connections },
      },
    };
  });
}

const noRows = { totalRecords: 0, count: 0, resultTruncated: 'false', data: [] };
const nicId = `${endpointId.replace(/privateendpoints.*/i, 'networkInterfaces/nic-acr')}`;
const nic = {
  properties: {
    ipConfigurations: [
      {
        properties: {
          privateIPAddress: '10.70.4.5',
          privateLinkConnectionProperties: { fqdns: ['acrshop.azurecr.io'] },
        },
      },
    ],
  },
};
const connection = {
  properties: {
    privateEndpoint: { id: endpointId.replace('privateendpoints', 'privateEndpoints') },
    privateLinkServiceConnectionState: { status: 'Approved' },
  },
};

describe('the registries of the entries', () => {
  it('are read with the roles of the identity there', async () => {
    expect(await readEntries(azure().clients, ['s'], target, rejected)).toMatchObject({
      read: true,
      value: [
        {
          server: 'acrshop.azurecr.io',
          registry: { value: { loginServer: 'acrshop.azurecr.io' } },
          roles: { value: [] },
        },
        {
          server: 'acrtools.azurecr.io',
          registry: { value: { loginServer: 'acrtools.azurecr.io' } },
          roles: { value: [] },
        },
      ],
    });
  });

  it('are not asked for where no other entry can have stopped the write', async () => {
    const { clients, asked } = azure();

    expect(await readEntries(clients, ['s'], target, roleMissing)).toMatchObject({ read: false, why: 'not-asked' });
    expect(asked).toEqual([]);
  });

  it('are read with their private way where the app leaves by a network: two endpoints, and one zone for both', async () => {
    const { clients, asked } = azure({ endpoints: true });
    const read = await readEntries(clients, ['s'], target, { ...rejected, ...leaving });

    expect(read).toMatchObject({
      value: [
        { endpoints: { value: [{ addresses: [{ ip: '10.70.4.5' }] }] }, zones: { value: [] } },
        { endpoints: { value: [{ addresses: [{ ip: '10.70.4.5' }] }] }, zones: { value: [] } },
      ],
    });
    expect(asked.filter(({ body }) => body.includes('privatednszones'))).toHaveLength(1);
  });

  it('are read without it where the app leaves by no network', async () => {
    const read = await readEntries(azure({ endpoints: true }).clients, ['s'], target, rejected);

    expect(JSON.stringify(read)).not.toContain('zones');
  });
});
