// What an undo does to role assignments: against the simulated control plane, through the real SDK.
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { assignmentName, grantPullRole, readMade, removeGrant } from '../../../../src/lib/azure/actions/actions.ts';
import type { Clients } from '../../../../src/lib/azure/clients/clients.ts';

import type { Grant } from '../../../../src/lib/history/grant.ts';
import { remediationIdOf, type TargetId } from '../../../../src/lib/words/target.ts';
import { type Small, small } from '../../../local/azure/worlds.ts';
import { acrPull, arm, principalId } from '../../facts.ts';

const ours = remediationIdOf(`t${'1'.repeat(24)}` as TargetId, 1);
const others = remediationIdOf(`t${'2'.repeat(24)}` as TargetId, 1);

const letPass = async (): Promise<undefined> => undefined;

interface World {
  readonly shop: Small;
  readonly clients: Clients;
  readonly grant: Grant;
  readonly methods: string[];
  /** Called before each request; throw to lose it, or answer a status instead. */
  before: (method: string) => number | undefined;
}

function world(): World {
  const shop = small();
  const { sim } = shop;
  const made: { before: World['before'] } = { before: () => undefined };
  const methods: string[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const url = new URL(request.url);
      methods.push(request.method);
      const instead = made.before(request.method);
      const body: unknown = typeof request.body === 'string' ? JSON.parse(request.body) : undefined;
      const query = Object.fromEntries(url.searchParams);
      const path = decodeURIComponent(url.pathname).replaceAll('//', '/');
      const answer =
        instead === undefined ? shop.arm(request.method, path, query, body) : { status: instead, body: {} };
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      const bodyAsText = answer.body === undefined ? '' : JSON.stringify(answer.body);
      return { request, status: answer.status, headers, bodyAsText };
    },
  };
  const credential = { getToken: async () => ({ token: 'x', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const api = new AuthorizationManagementClient(credential, sim.world.subscription, {
    httpClient,
    retryOptions: { maxRetries: 0 },
  });
  const grant = {
    registryId: arm(sim.registries.get('acrshop')?.id ?? ''),
    principalId: principalId(sim.identities.get('id-orders')?.principalId ?? ''),
    roleId: acrPull,
  };
  const clients = { authorization: () => api, authorizationForWrites: () => api } as unknown as Clients;
  return Object.assign(made, { shop, clients, grant, methods });
}

/** Another host, or another remediation, makes the assignment right before the PUT of this one. */
function beaten(by: (made: World) => void): World {
  const made = world();
  made.before = (method) => {
    if (method !== 'PUT') return undefined;
    made.before = () => undefined;
    by(made);
    return undefined;
  };
  return made;
}

describe('an assignment', () => {
  it('that this request made (201) is one that this remediation can take back', async () => {
    const { clients, grant } = world();

    const undo = `${grant.registryId}/providers/microsoft.authorization/roleassignments/${assignmentName(grant)}`;

    expect(await grantPullRole(clients, grant, ours, letPass)).toEqual({ outcome: 'done', undo });
  });

  it('that was there under our own name (200) was made by another remediation, and is not claimed twice', async () => {
    const made = beaten(({ shop, grant }) => {
      shop.arm(
        'PUT',
        `${grant.registryId}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(grant)}`,
        { 'api-version': '2022-04-01' },
        {
          properties: {
            roleDefinitionId: `/subscriptions/${shop.sim.world.subscription}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`,
            principalId: grant.principalId,
            principalType: 'ServicePrincipal',
            description: 'the other remediation',
          },
        },
      );
    });

    expect(await grantPullRole(made.clients, made.grant, ours, letPass)).toEqual({ outcome: 'already-there' });
    expect(made.shop.sim.assignments.filter((one) => one.by === 'pullmedic')).toHaveLength(1);
  });

  it('that another system made under a name of its own (409) is not claimed', async () => {
    const made = beaten(({ shop }) =>
      shop.now({ do: 'assign-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop' }),
    );

    expect(await grantPullRole(made.clients, made.grant, ours, letPass)).toEqual({ outcome: 'already-there' });
  });
});

async function granted(): Promise<World> {
  const made = world();
  expect((await grantPullRole(made.clients, made.grant, ours, letPass)).outcome).toBe('done');
  made.methods.length = 0;
  return made;
}

describe('what a remediation granted', () => {
  it('is removed, and nothing else', async () => {
    const { shop, clients, grant } = await granted();
    shop.now({ do: 'assign-role', role: 'AcrPush', principal: 'id-orders', on: 'acrshop' });

    expect(await removeGrant(clients, grant, ours, letPass)).toEqual({ outcome: 'removed' });

    expect(shop.sim.assignments.map((one) => one.by)).toEqual(['world']);
    expect(await readMade(clients, grant, ours)).toEqual({ read: true, value: { kind: 'gone' } });
  });

  it('that is gone already is not removed again', async () => {
    const { shop, clients, grant, methods } = await granted();
    shop.sim.assignments = [];

    expect(await removeGrant(clients, grant, ours, letPass)).toEqual({ outcome: 'already-gone' });
    expect(methods).toEqual(['GET']);
  });

  it('and that somebody removes in between was not removed by us', async () => {
    const made = await granted();
    made.before = (method) => {
      if (method === 'DELETE') made.shop.sim.assignments = [];
      return undefined;
    };

    expect(await removeGrant(made.clients, made.grant, ours, letPass)).toEqual({ outcome: 'already-gone' });
  });

  it('by another remediation stays, though it is the same grant', async () => {
    const { shop, clients, grant, methods } = await granted();

    expect(await removeGrant(clients, grant, others, letPass)).toEqual({
      outcome: 'withheld',
      because: 'reads-differently',
    });
    expect(methods).toEqual(['GET']);
    expect(shop.sim.assignments).toHaveLength(1);
  });

  it.each([
    ['role', { roleId: '8311e382-0749-4cb8-b61a-304f252e45ec' }],
    ['principal', { principalId: 'c0000000-0000-4000-8000-00000000000c' }],
    ['condition', { condition: "(!(ActionMatches{'x'}))" }],
    ['description', { description: 'Copied by hand' }],
  ])('stays when its %s reads differently now', async (_what, change) => {
    const { shop, clients, grant, methods } = await granted();
    shop.sim.assignments = shop.sim.assignments.map((one) => ({ ...one, ...change }));

    expect(await removeGrant(clients, grant, ours, letPass)).toEqual({
      outcome: 'withheld',
      because: 'reads-differently',
    });
    expect(methods).toEqual(['GET']);
    expect(shop.sim.assignments).toHaveLength(1);
  });

  it.each([
    ['cannot be read', 'GET', 403, { outcome: 'failed', because: 'unreadable', detail: 'forbidden' }],
    ['may not be removed', 'DELETE', 403, { outcome: 'failed', because: 'refused', detail: '403' }],
    ['gets no answer', 'DELETE', 503, { outcome: 'unknown', because: 'no-answer' }],
  ])('stays, or may be gone, when it %s', async (_what, method, status, answer) => {
    const made = await granted();
    made.before = (asked) => (asked === method ? status : undefined);

    expect(await removeGrant(made.clients, made.grant, ours, letPass)).toEqual(answer);
    expect(made.shop.sim.assignments).toHaveLength(1);
  });
});
