// The registries of an app's entries, read one after the other.
import { describe, expect, it } from 'vitest';
import { readEntries } from '../../../../src/lib/azure/facts/entries.ts';
import type { Evidence } from '../../../../src/lib/evidence/evidence.ts';
import { known } from '../../../../src/lib/words/fact.ts';
import { app, identityId, nowMs, registryId, roleMissing, target } from '../../facts.ts';
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

/** ARM with both registries; the identity has no role anywhere. */
function azure() {
  return clientsOver(({ path, body }) => {
    const name = /acrtools/.test(`${path}${JSON.stringify(body)}`) ? 'acrtools' : 'acrshop';
    const id = registryId.replace('acrshop', name);
    if (path.endsWith('/resources'))
      return { body: { totalRecords: 1, count: 1, resultTruncated: 'false', data: [{ id }] } };
    if (path.includes('roleAssignments')) return { body: { value: [] } };
    return {
      body: {
        id,
        location: 'westeurope',
        sku: { name: 'Premium' },
        properties: { loginServer: `${name}.azurecr.io` },
      },
    };
  });
}

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
});
