// Who holds the identity, and whether identity and registry are of one tenant.
import { describe, expect, it } from 'vitest';
import type { Clients } from '../../../../src/lib/azure/clients/clients.ts';
import { OverBudget } from '../../../../src/lib/azure/clients/reading.ts';
import { environmentHoldersQuery, identityHoldersQuery, readHolders } from '../../../../src/lib/azure/facts/holders.ts';
import { type Evidence, isOverBudget } from '../../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { app, arm, environmentId, identityId, registry, registryId, roleMissing, target } from '../../facts.ts';
import { complaints } from './kusto.ts';

const elsewhere = arm(registryId.replace('000000000001', '000000000002'));
const across: Evidence = { ...roleMissing, registry: known({ ...registry, id: elsewhere }) };

/** An Azure that tells of each subscription's tenant, or answers with this status. */
function azure(tenants: Readonly<Record<string, string>>, status = 200): { clients: Clients; asked: string[] } {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    const tenantId = Object.entries(tenants).find(([end]) => path.endsWith(end))?.[1];
    return { status, body: { tenantId } };
  };
  const graph = { resources: async () => ({ resultTruncated: 'false', data: [{ id: app.id, environmentId }] }) };
  return { clients: { get, graph } as unknown as Clients, asked };
}

describe('identity and registry', () => {
  it('of one subscription are of one tenant, and nobody is asked', async () => {
    const { clients, asked } = azure({});

    expect((await readHolders(clients, target, roleMissing)).holders).toMatchObject({ value: { tenant: 'same' } });
    expect(asked).toEqual([]);
  });

  it.each([
    ['of one tenant', { '1': 'a', '2': 'A' }, 200, 'same'],
    ['of two tenants', { '1': 'a', '2': 'b' }, 200, 'another'],
    ['of tenants that nobody may read', { '1': 'a', '2': 'a' }, 403, 'cannot-tell'],
  ] as const)('of two subscriptions, %s', async (_, tenants, status, tenant) => {
    const { clients } = azure(tenants, status);

    expect((await readHolders(clients, target, across)).holders).toMatchObject({ value: { tenant } });
  });

  it('of which one cannot be read for a moment are not told of: that is no tenant that cannot be told', async () => {
    const { clients } = azure({}, 429);

    expect((await readHolders(clients, target, across)).holders).toEqual(unreadable('throttled'));
  });

  it('that no request was left for are put off with their look', async () => {
    const { clients } = azure({});
    const get = async (): Promise<never> => {
      throw new OverBudget('The budget is spent.');
    };

    const facts = await readHolders({ ...clients, get } as unknown as Clients, target, across);

    expect(isOverBudget(facts)).toBe(true);
  });
});

describe('the resources that hold an identity', () => {
  const holding = (...more: object[]): Clients => {
    const data = [{ id: app.id, environmentId }, ...more];
    return { graph: { resources: async () => ({ resultTruncated: 'false', data }) } } as unknown as Clients;
  };
  const group = arm(app.id.slice(0, app.id.indexOf('/providers')));

  // Recorded ids have names like `CPU Alert` and `ws1|72889438-…` (azure-powershell's tests of alerts); `$` and other scripts occur too.
  it.each(['CPU Alert', 'ws1|7288', '$Default', 'a;b'])('have a group where their name is “%s”', async (name) => {
    const id = `${group}/providers/Microsoft.Insights/scheduledQueryRules/${name}`;

    expect((await readHolders(holding({ id }), target, roleMissing)).holders).toMatchObject({
      value: { resources: [{ id: app.id }], unnamed: [{ within: group }] },
    });
  });

  it('with letters of any script are read like any other', async () => {
    const id = `${group}/providers/Microsoft.Compute/virtualMachines/Größe-产品`;
    const { holders: fact } = await readHolders(holding({ id }), target, roleMissing);

    expect(fact.read && fact.value.resources).toHaveLength(2);
    expect(fact.read && 'unnamed' in fact.value).toBe(false);
  });

  it.each(['/subscriptions/s/resourceGroups/rg x/providers/a/b/c', '', '/providers/a/b/c'])(
    'are unreadable as a whole where one has the id “%s”, which does not tell its group',
    async (id) => {
      expect((await readHolders(holding({ id }), target, roleMissing)).holders).toEqual(
        unreadable('unexpected-answer'),
      );
    },
  );

  it.each(['Microsoft.App/containerApps/ca-x', 'Microsoft.App/jobs/job-x'])(
    'are unreadable as a whole where %s has no environment',
    async (resource) => {
      const id = `${group}/providers/${resource}`;

      expect((await readHolders(holding({ id, environmentId: '' }), target, roleMissing)).holders).toEqual(
        unreadable('unexpected-answer'),
      );
    },
  );

  it('are found by its whole id, so that a longer name does not count', () => {
    // The quotation marks of the key are escaped within the KQL literal.
    expect(identityHoldersQuery(identityId)).toContain(`"\\u0022${identityId}\\u0022"`);
  });

  it('of an environment are its apps, its jobs and its session pools', () => {
    const query = environmentHoldersQuery(environmentId);

    for (const part of [
      'microsoft.app/containerapps',
      'microsoft.app/jobs',
      'microsoft.app/sessionpools',
      `"${environmentId}"`,
    ])
      expect(query).toContain(part);
    expect(complaints(query)).toEqual([]);
  });

  it('of an environment are asked for under both names of the member, and where neither is there', () => {
    const column = 'coalesce(tostring(properties.managedEnvironmentId), tostring(properties.environmentId))';

    expect(environmentHoldersQuery(environmentId)).toContain(`${column} =~ `);
    expect(environmentHoldersQuery(environmentId)).toContain(
      `or isempty(${column}) and type in~ ('microsoft.app/containerapps', 'microsoft.app/jobs')`,
    );
  });

  it('are not asked for before the registry is known', async () => {
    const { clients, asked } = azure({});

    expect((await readHolders(clients, target, { atMs: 0 })).holders).toEqual(unreadable('not-asked'));
    expect(asked).toEqual([]);
  });
});

describe('the federated credentials of an identity', () => {
  const one = { value: [{ name: 'github' }] };

  /** An Azure that answers the list of credentials so. */
  function answering(status: number, body: unknown): { clients: Clients; asked: string[] } {
    const asked: string[] = [];
    const get = async (path: string) => {
      asked.push(path);
      return { status, body };
    };
    const graph = { resources: async () => ({ resultTruncated: 'false', data: [{ id: app.id, environmentId }] }) };
    return { clients: { get, graph } as unknown as Clients, asked };
  }

  async function read(status: number, body: unknown) {
    const { holders: fact } = await readHolders(answering(status, body).clients, target, roleMissing, () => true);
    return fact.read ? fact.value.federated : fact;
  }

  it('are read beside the resources that hold it', async () => {
    expect(await read(200, one)).toEqual(known(['github']));
    expect(await read(200, { value: [] })).toEqual(known([]));
  });

  it.each([
    ['without the right to read them', 403, {}, 'forbidden'],
    ['with a second page', 200, { ...one, nextLink: 'https://management.azure.com/more' }, 'list-too-long'],
    ['in another shape', 200, { value: 'none' }, 'unavailable'],
  ] as const)('are unreadable %s, and the other holders are known all the same', async (_, status, body, why) => {
    expect(await read(status, body)).toEqual(unreadable(why));
  });

  it.each<[string, number, unknown, unknown]>([
    ['exists where they are listed', 200, one, known('exists')],
    ['exists where it has none', 200, { value: [] }, known('exists')],
    ['is gone where Azure does not find it', 404, { error: { code: 'ResourceNotFound' } }, known('gone')],
    ['is gone with its group', 404, { error: { code: 'ResourceGroupNotFound' } }, known('gone')],
    ['may exist in a subscription that is not seen', 404, { error: { code: 'SubscriptionNotFound' } }, undefined],
    ['may exist where they may not be read', 403, { error: { code: 'AuthorizationFailed' } }, undefined],
    ['may exist where the answer has another shape', 200, { value: 'none' }, undefined],
  ])('tell that the identity %s', async (_, status, body, identity) => {
    const { clients, asked } = answering(status, body);
    const told = await readHolders(clients, target, roleMissing, () => true);

    expect(told.identity).toEqual(identity);
    expect(asked).toEqual([`${identityId}/federatedIdentityCredentials`]);
  });

  it('are not asked for where they do not matter', async () => {
    const { clients, asked } = answering(200, one);
    const { holders: fact } = await readHolders(clients, target, roleMissing, (registryOf, identity) => {
      expect([registryOf, identity]).toEqual([registryId, identityId]);
      return false;
    });

    expect(fact).toMatchObject({ value: { tenant: 'same' } });
    expect(fact.read && 'federated' in fact.value).toBe(false);
    expect(asked).toEqual([]);
  });
});
