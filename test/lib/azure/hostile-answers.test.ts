// What Azure answers is read through the real SDK clients. One member of one answer, anywhere, is something else: that is a fact that
// cannot be read or is read as it is, never an exception, never an entry that the store refuses, never a change that was not due.

import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { happen } from '../../../local/azure/happenings/happenings.ts';
import { answerArm } from '../../../local/azure/management/arm.ts';
import type { Sim } from '../../../local/azure/model/sim.ts';
import { answerLogQuery } from '../../../local/azure/monitor/log-analytics.ts';
import { answerDataPlane, registryAt } from '../../../local/azure/registry/data-plane.ts';
import { eventSchema } from '../../../local/azure/world/events.ts';
import { connectWith } from '../../../src/lib/azure/clients/clients.ts';
import { probesOf } from '../../../src/lib/azure/facts/evidence.ts';
import { listRemediations } from '../../../src/lib/console/views.ts';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import { Unreachable } from '../../../src/lib/ports/steering.ts';
import { parseConfig } from '../../../src/lib/settings/config.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { addressesOf } from '../../../src/lib/words/cloud.ts';
import { besideHub, small } from '../../local/azure/registry-worlds.ts';
import { nasty, replaced } from '../../spoiled.ts';
import { arm, roleMissing } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

/** A private registry with everything that a look may read: endpoint, zone, security rules, routes, a peering. */
function privateWorld(): Sim {
  const { sim, time } = small(
    {
      ...besideHub,
      dnsZones: [{ links: ['vnet-shop'], records: { acrshop: '10.70.4.5', 'acrshop.westeurope.data': '10.70.4.4' } }],
    },
    {
      publicNetworkAccess: 'Disabled',
      readableByPullmedic: true,
      privateEndpoint: { name: 'pe-acrshop', vnet: 'vnet-hub' },
    },
  );
  happen(sim, eventSchema.parse({ at: '0s', do: 'deploy', app: 'ca-orders' }));
  time.advance(10 * 60_000);
  return sim;
}

/** A registry with repository permissions, roles with conditions, a group, a denial, and no such tag. */
function roleWorld(): Sim {
  const { sim, time } = small(
    {
      groups: [{ name: 'pullers', members: ['id-orders'] }],
      customRoles: [
        {
          name: 'Somebody’s own',
          actions: ['Microsoft.ContainerRegistry/registries/read'],
          dataActions: ['Microsoft.ContainerRegistry/registries/repositories/metadata/read'],
        },
      ],
      roleAssignments: [
        { role: 'Somebody’s own', principal: 'id-orders', on: 'acrshop' },
        { role: 'AcrPull', principal: 'id-orders', on: 'acrshop' },
        { role: 'Container Registry Repository Reader', principal: 'group-of:pullers', on: 'acrshop' },
      ],
      apps: [
        {
          name: 'ca-orders',
          environment: 'cae-shop',
          pullIdentity: 'id-orders',
          containers: [{ image: 'acrshop.azurecr.io/shop/orders:v9' }],
        },
      ],
    },
    { roleMode: 'AbacRepositoryPermissions', readableByPullmedic: true },
  );
  happen(sim, eventSchema.parse({ at: '0s', do: 'deploy', app: 'ca-orders' }));
  time.advance(10 * 60_000);
  return sim;
}

/** Answers as Azure does, with one member of one answer spoiled. */
function wire(sim: Sim, spoil: (body: unknown, asked: number) => unknown): HttpClient {
  let asked = 0;
  const answer = (request: PipelineRequest): { status: number; body?: unknown } => {
    const url = new URL(request.url);
    const text = typeof request.body === 'string' ? request.body : undefined;
    const path = decodeURIComponent(url.pathname).replaceAll('//', '/');
    const registry = registryAt(sim, url.host);
    const json = (): unknown => (text === undefined ? undefined : (JSON.parse(text) as unknown));
    if (registry !== undefined)
      return answerDataPlane(
        sim,
        registry,
        {
          method: request.method,
          host: url.host,
          url,
          authorization: request.headers.get('authorization'),
          body: text,
        },
        () => true,
      );
    if (url.host === 'api.loganalytics.io') return answerLogQuery(sim, path, json());
    return answerArm(sim, { method: request.method, path, query: url.searchParams, body: json() });
  };
  return {
    sendRequest: (request) => {
      const { status, body } = answer(request);
      const bodyAsText = JSON.stringify(spoil(body, asked++));
      return Promise.resolve({
        request,
        status,
        headers: createHttpHeaders({ 'content-type': 'application/json' }),
        ...(bodyAsText === undefined ? {} : { bodyAsText }),
      });
    },
  };
}

const subscription = '5f0c1d2e-0000-4000-8000-000000000001';

const app = `/subscriptions/${subscription}/resourceGroups/rg-apps/providers/Microsoft.App/containerApps/ca-orders`;

const settings = parseConfig({
  PULLMEDIC_MODE: 'act',
  PULLMEDIC_SCOPES: JSON.stringify([`/subscriptions/${subscription}`]),
  PULLMEDIC_REGISTRIES: JSON.stringify([
    {
      id: `/subscriptions/${subscription}/resourceGroups/rg-registry/providers/Microsoft.ContainerRegistry/registries/acrshop`,
      consumers: [`/subscriptions/${subscription}/resourceGroups/rg-apps`],
    },
  ]),
});

/** The whole pipeline over the real SDK clients. */
async function oneLook(
  spoil: (body: unknown, asked: number) => unknown,
  sim = privateWorld(),
): Promise<Memory & { readonly asked: number }> {
  let asked = 0;
  const credential = { getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const clients = connectWith(
    credential,
    addressesOf('public'),
    undefined,
    wire(sim, (body, at) => {
      asked = at + 1;
      return spoil(body, at);
    }),
  );
  const running = memory(settings, roleMissing, sim.scheduler.now());
  const probe: Ports['azure']['probe'] = probesOf({ clients, subscriptions: [subscription] });
  Object.assign(running.ports.azure, { probe });
  const signal: Signal = {
    id: 'alert|1',
    via: 'log-alert',
    about: { kind: 'app', id: arm(app) },
    atMs: sim.scheduler.now(),
  };
  await running.deliver(signal);
  return { ...running, asked };
}

/** Each entry in one row of the store, with room to spare. */
const largestEntry = 200_000;

async function largest(running: Memory): Promise<number> {
  const rows = [...running.rows.values()];
  const read = await Promise.all(rows.map((row) => running.ports.history.read(row.targetId)));
  const incidents = await Promise.all(
    (await running.ports.index.incidents()).map((id) => running.ports.incidents.read(id)),
  );
  return Math.max(0, ...[...read.flat(), ...incidents.flat()].map(({ entry }) => JSON.stringify(entry).length));
}

/** Characters of the largest entry. A signal whose app cannot be read is delivered again by the queue: that is an answer too. */
async function largestAfter(spoil: (body: unknown, asked: number) => unknown, sim: Sim): Promise<number> {
  try {
    const running = await oneLook(spoil, sim);
    await listRemediations(running.ports);
    return await largest(running);
  } catch (error) {
    if (error instanceof Unreachable) return 0;
    throw error;
  }
}

interface Place {
  readonly asked: number;
  readonly path: readonly string[];
}

function placesIn(body: unknown, asked: number, path: readonly string[] = []): Place[] {
  const here = { asked, path };
  if (typeof body !== 'object' || body === null) return [here];
  return [here, ...Object.entries(body).flatMap(([key, member]) => placesIn(member, asked, [...path, key]))];
}

/** Every member of every answer of one look. */
async function everyPlace(world: () => Sim): Promise<Place[]> {
  const places: Place[] = [];
  await oneLook((body, asked) => {
    places.push(...placesIn(body, asked));
    return body;
  }, world());
  return places;
}

/** Every list of this name, at any depth, with its first member again and again. */
function deepGrown(value: unknown, name: string, count: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => deepGrown(one, name, count));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [
      key,
      key === name && Array.isArray(member) && member.length > 0
        ? Array.from({ length: count }, () => member[0] as unknown)
        : deepGrown(member, name, count),
    ]),
  );
}

/** Every text that is no id and no time, as long as that. */
function stretched(value: unknown, by: string): unknown {
  if (typeof value === 'string') return /^\/|\d{4}-|^[0-9a-f-]{36}$/.test(value) ? value : `${value}${by}`;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => stretched(one, by));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, stretched(member, by)]));
}

/** What a member is where it is not what it should be. */
const wrong = fc.constantFrom<unknown>(5, true, null, '', 'x', [], {}, [5], ['x'], { x: {} });

describe.each([
  ['a private registry', privateWorld],
  ['a registry with repository permissions', roleWorld],
])('an answer about %s', (_what, world) => {
  it('that is as it should be is read to the end', async () => {
    const running = await oneLook((body) => body, world());

    expect(running.asked).toBeGreaterThan(12);
    expect((await listRemediations(running.ports))[0]?.sureness).toBe('confirmed');
  });

  it('in which one member is something else never throws and never bursts an entry', async () => {
    const places = await everyPlace(world);
    expect(places.length).toBeGreaterThan(300);
    await fc.assert(
      fc.asyncProperty(fc.nat(places.length - 1), fc.oneof(wrong, nasty), async (which, by) => {
        const place = places[which];
        expect(
          await largestAfter(
            (body, asked) => (asked === place?.asked ? replaced(body, place.path, by) : body),
            world(),
          ),
        ).toBeLessThan(largestEntry);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a found crasher', () => {
  it.each<[string, number, readonly string[]]>([
    ['an image that is a number', 0, ['properties', 'template', 'containers', '0', 'image']],
    [
      'an identity of a registry entry that is a number',
      1,
      ['properties', 'configuration', 'registries', '0', 'identity'],
    ],
  ])('%s stays one', async (_what, asked, path) => {
    expect(
      await largestAfter((body, at) => (at === asked ? replaced(body, path, 5) : body), privateWorld()),
    ).toBeLessThan(largestEntry);
  });

  it('a condition or an action of a role that is a number stays one', async () => {
    const places = (await everyPlace(roleWorld)).filter(({ path }) =>
      path.some((member) => /^(?:condition|actions|dataActions)$/.test(member)),
    );
    expect(places.length).toBeGreaterThan(3);
    for (const place of places)
      expect(
        await largestAfter((body, at) => (at === place.asked ? replaced(body, place.path, 5) : body), roleWorld()),
      ).toBeLessThan(largestEntry);
  });
});

describe('an answer that is too large', () => {
  const many = 100_000;
  const long = 'x'.repeat(2_000_000);

  it.each<[string, (body: unknown) => unknown]>([
    ['a hundred thousand containers', (body) => deepGrown(body, 'containers', many)],
    ['a hundred thousand entries of registries', (body) => deepGrown(body, 'registries', many)],
    ['a hundred thousand revisions or replicas', (body) => deepGrown(body, 'value', many)],
    ['a hundred thousand rows', (body) => deepGrown(body, 'rows', many)],
    ['megabytes in every text', (body) => stretched(body, long)],
  ])('of %s is unreadable or cut, never a step that cannot be stored', async (_what, grow) => {
    for (const at of [0, 1, 2, 3, 4, 5])
      expect(
        await largestAfter(
          (body, asked) => (asked === at && typeof body === 'object' ? grow(body) : body),
          privateWorld(),
        ),
      ).toBeLessThan(largestEntry);
  });
});
