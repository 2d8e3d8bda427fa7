// The right to pull: roles and deny assignments, each read whole or not at all.
import { describe, expect, it } from 'vitest';
import { readDenials, readElsewhere, readIdentity, readRoles } from '../../../../src/lib/azure/facts/roles.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { acrPull, principal, registryId, roleMissing, target } from '../../facts.ts';
import { alwaysAnswering, type ClientsOver, clientsOver } from '../clients-over.ts';

const custom = 'c0000000-0000-4000-8000-00000000000c';
const definition = (id: string): string => `/providers/Microsoft.Authorization/roleDefinitions/${id}`;

function assigned(...assignments: object[]): ClientsOver {
  const value = assignments.map((properties) => ({
    id: `${registryId}/x`,
    properties: { scope: registryId, principalId: principal, ...properties },
  }));
  return clientsOver(({ path }) =>
    path.includes('/roleDefinitions/')
      ? { body: { properties: { permissions: [{ actions: ['*/read'] }] } } }
      : { body: { value } },
  );
}

describe('the roles of an identity', () => {
  it('are asked for with its groups, and a built-in role needs no further request', async () => {
    const { clients, asked } = assigned({ roleDefinitionId: definition(acrPull) });
    const fact = await readRoles(clients, target, roleMissing);

    expect(fact).toMatchObject({ value: [{ roleId: acrPull, scope: registryId, permissions: { read: true } }] });
    expect(asked.map(({ query }) => query.get('$filter'))).toEqual([`atScope() and assignedTo('${principal}')`]);
  });

  it('of a person’s own kind are read once each', async () => {
    const { clients, asked } = assigned(
      { roleDefinitionId: definition(custom) },
      { roleDefinitionId: `/subscriptions/s${definition(custom.toUpperCase())}` },
    );
    const fact = await readRoles(clients, target, roleMissing);

    expect(fact.read && fact.value.map(({ permissions }) => permissions)).toMatchObject([
      { value: [{ actions: ['*/read'], notActions: [] }] },
      { value: [{ actions: ['*/read'] }] },
    ]);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['without a role', { roleDefinitionId: undefined }],
    ['without a principal', { roleDefinitionId: definition(acrPull), principalId: 'x' }],
    ['without a scope', { roleDefinitionId: definition(acrPull), scope: '' }],
  ])('are unreadable with one assignment %s', async (_, assignment) => {
    expect(await readRoles(assigned(assignment).clients, target, roleMissing)).toEqual(unreadable('unexpected-answer'));
  });
});

describe('deny assignments', () => {
  const denial = (properties: object): ClientsOver =>
    alwaysAnswering({ value: [{ properties: { scope: registryId, permissions: [], principals: [], ...properties } }] });

  it('deny everyone, a principal, or what may be a group', async () => {
    const principals = [
      { id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' },
      { id: principal, type: 'ServicePrincipal' },
      { id: principal, type: 'SomethingNew' },
    ];
    const fact = await readDenials(denial({ principals }).clients, roleMissing);

    expect(fact).toMatchObject({
      value: [
        {
          principals: [{ kind: 'everyone' }, { kind: 'principal', id: principal }, { kind: 'group', id: principal }],
          onlyItsScope: false,
          hasCondition: false,
        },
      ],
    });
  });

  it('with a condition anywhere have one', async () => {
    expect(await readDenials(denial({ permissions: [{ condition: 'x' }] }).clients, roleMissing)).toMatchObject({
      value: [{ hasCondition: true }],
    });
  });

  it('whose principal cannot be read are unreadable', async () => {
    expect(await readDenials(denial({ principals: [{ id: 'x' }] }).clients, roleMissing)).toEqual(
      unreadable('unexpected-answer'),
    );
  });
});

describe('roles that the identity holds elsewhere', () => {
  it('are found in one query', async () => {
    const data = [{ principalId: principal, roleDefinitionId: definition(acrPull), scope: registryId }];
    const { clients, asked } = alwaysAnswering({ totalRecords: 1, count: 1, resultTruncated: 'false', data });

    expect(await readElsewhere(clients, ['s'], target, roleMissing)).toEqual(
      known([{ principalId: principal, roleId: acrPull, scope: registryId }]),
    );
    expect(asked).toHaveLength(1);
  });
});

describe('a role elsewhere on a resource', () => {
  const rg = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg';
  const held = async (scope: string): Promise<unknown> => {
    const own = { principalId: principal, roleDefinitionId: definition(acrPull), scope: registryId };
    const data = [own, { ...own, scope }];
    const { clients } = alwaysAnswering({ totalRecords: 2, count: 2, resultTruncated: 'false', data });
    const fact = await readElsewhere(clients, ['s'], target, roleMissing);
    return fact.read ? fact.value.length : fact.why;
  };

  // Recorded ids have such names (azure-powershell's tests of alerts).
  it.each(['CPU Alert', 'ws1|7288', '$Default'])(
    'with the name “%s” is left out: it is on no registry',
    async (name) => {
      expect(await held(`${rg}/providers/microsoft.insights/scheduledqueryrules/${name}`)).toBe(1);
    },
  );

  it.each(['', 'x', '/subscriptions/s/resourceGroups/rg x'])(
    '“%s” makes the roles unreadable: it may be above ours',
    async (scope) => {
      expect(await held(scope)).toBe('unexpected-answer');
    },
  );
});

describe('the identity', () => {
  it.each<[number, string, unknown]>([
    [200, '', known('exists')],
    [404, 'ResourceNotFound', known('gone')],
    [404, 'ResourceGroupNotFound', known('gone')],
    [404, 'SubscriptionNotFound', unreadable('unexpected-answer')],
    [403, 'AuthorizationFailed', unreadable('forbidden')],
  ])('that answers %i %s is no guess', async (status, code, fact) => {
    const { clients } = alwaysAnswering({ error: { code } }, status);

    expect(await readIdentity(clients, target, roleMissing)).toEqual(fact);
  });
});
