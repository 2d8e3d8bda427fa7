// The registry: found by its host, remembered, and read strictly where a guess would open a door.
import { describe, expect, it } from 'vitest';
import type { RequestBudget } from '../../../../src/lib/azure/clients/budget.ts';
import { knowRegistries, readRegistry, readToken } from '../../../../src/lib/azure/facts/registry-facts.ts';
import type { Evidence } from '../../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { app, registryId, roleMissing, target } from '../../facts.ts';
import { type ClientsOver, clientsOver } from '../clients-over.ts';

const wireRegistry = (properties: object = {}, more: object = {}): object => ({
  id: registryId,
  location: 'West Europe',
  sku: { name: 'Premium' },
  properties: { loginServer: 'acrshop.azurecr.io', ...properties },
  ...more,
});

/** A subscription with this registry; Resource Graph finds it `hits` times. */
function azure(registry: object, hits = 1, budget?: RequestBudget): ClientsOver {
  const data = Array.from({ length: hits }, () => ({ id: registryId }));
  return clientsOver(
    ({ path }) =>
      path.endsWith('/resources')
        ? { body: { totalRecords: hits, count: hits, resultTruncated: 'false', data } }
        : { body: registry },
    budget,
  );
}

const searches = ({ asked }: ClientsOver): number => asked.filter(({ path }) => path.endsWith('/resources')).length;

describe('a registry', () => {
  it('that ARM describes in few words is open, with the roles of old, in one spelling of its region', async () => {
    expect(await readRegistry(azure(wireRegistry()).clients, ['s'], target)).toMatchObject({
      value: {
        location: 'westeurope',
        roleMode: 'legacy',
        publicAccess: 'open',
        defaultAction: 'allow',
        denied: false,
      },
    });
  });

  it('with a mode or an access that we do not know is not guessed', async () => {
    const unknown = wireRegistry({ roleAssignmentMode: 'Next', publicNetworkAccess: 'Sometimes' });

    expect(await readRegistry(azure(unknown).clients, ['s'], target)).toMatchObject({
      value: { roleMode: 'unknown', publicAccess: 'unknown' },
    });
  });

  it('that its owner tagged is denied, however the word is written', async () => {
    const { clients } = azure(wireRegistry({}, { tags: { pullmedic: 'Deny' } }));

    expect(await readRegistry(clients, ['s'], target)).toMatchObject({ value: { denied: true } });
  });

  it('is searched once, and then read where it was found', async () => {
    const world = azure(wireRegistry());
    await readRegistry(world.clients, ['s'], target);
    await readRegistry(world.clients, ['s'], target);

    expect(searches(world)).toBe(1);
    expect(world.asked).toHaveLength(3);
  });

  it('that the settings name is not searched', async () => {
    const world = azure(wireRegistry());
    knowRegistries(world.clients, [registryId]);

    expect(await readRegistry(world.clients, ['s'], target)).toMatchObject({ value: { id: registryId } });
    expect(searches(world)).toBe(0);
  });

  it('that cannot be read for a moment where it is known to be is not searched: a search would find it there', async () => {
    const spent: RequestBudget = {
      take: async (key) => key === 'graph',
      heard: async () => undefined,
      scarce: () => true,
    };
    const world = azure(wireRegistry(), 1, spent);
    knowRegistries(world.clients, [registryId]);

    expect(await readRegistry(world.clients, ['s'], target)).toEqual(unreadable('over-budget'));
    expect(searches(world)).toBe(0);
  });

  it('that is not at its known id, or may not be read there, is searched', async () => {
    for (const status of [403, 404]) {
      const world = clientsOver(({ path }) =>
        path.endsWith('/resources')
          ? { body: { totalRecords: 0, count: 0, resultTruncated: 'false', data: [] } }
          : { status, body: { error: { code: 'x', message: 'x' } } },
      );
      knowRegistries(world.clients, [registryId]);

      expect(await readRegistry(world.clients, ['s'], target)).toEqual(known('not-found'));
    }
  });

  it('that shows another host than the one asked for is not used', async () => {
    const world = azure(wireRegistry({ loginServer: 'acrother.azurecr.io' }));
    knowRegistries(world.clients, [registryId]);

    expect(await readRegistry(world.clients, ['s'], target)).toEqual(unreadable('unexpected-answer'));
  });

  it.each([
    [0, known('not-found')],
    [2, unreadable('unexpected-answer')],
  ])('of which %i are found is not one', async (hits, fact) => {
    expect(await readRegistry(azure(wireRegistry(), hits).clients, ['s'], target)).toEqual(fact);
  });
});

describe('a token of the registry', () => {
  const withToken: Evidence = {
    ...roleMissing,
    app: known({
      ...app,
      registries: [{ server: 'acrshop.azurecr.io', username: 'puller', secret: 'acr-password' }],
    }),
  };
  const expiry = '2026-06-01T00:00:00Z';

  it('has the passwords that have a name, with their end', async () => {
    const credentials = { passwords: [{ name: 'password1', expiry }, {}] };
    const { clients, asked } = clientsOver(() => ({ body: { properties: { status: 'enabled', credentials } } }));

    expect(await readToken(clients, target, withToken)).toEqual(
      known({ enabled: true, passwords: [{ name: 'password1', expiresAtMs: Date.parse(expiry) }] }),
    );
    expect(asked[0]?.path).toMatch(/\/tokens\/puller$/);
  });

  it('that is not there is a fact, and an unknown status is none', async () => {
    const odd = clientsOver(() => ({ body: { properties: { status: 'paused' } } }));

    expect(await readToken(clientsOver(() => undefined).clients, target, withToken)).toEqual(known('none'));
    expect(await readToken(odd.clients, target, withToken)).toEqual(unreadable('unexpected-answer'));
  });

  it('is not asked for if the app signs in with an identity', async () => {
    const { clients, asked } = clientsOver(() => ({ body: {} }));

    expect(await readToken(clients, target, roleMissing)).toEqual(unreadable('not-asked'));
    expect(asked).toEqual([]);
  });
});
