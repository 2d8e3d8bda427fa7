import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/lib/causes/causes.ts';
import { type IncidentView, listIncidents, listRemediations } from '../../../src/lib/console/views.ts';
import { type Evidence } from '../../../src/lib/evidence/evidence.ts';
import { incidentKey, reopenWindowMs } from '../../../src/lib/incidents/incident.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { pageOfIncident } from '../console-pages.ts';
import {
  app,
  config,
  dnsUnlinked,
  environmentId,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  target,
  unauthorizedRow,
  vnetId,
  zoneId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

/** The link is there, the image was pulled, a replica is ready. */
function recovered(atMs: number): Evidence {
  return {
    ...dnsUnlinked,
    atMs,
    zones: known([
      {
        id: zoneId,
        links: known([{ vnetId, completed: true, redirects: false }]),
        records: known({ acrshop: ['10.70.4.5'] }),
      },
    ]),
    logs: known([
      { ...unauthorizedRow, atMs: atMs - 2 * minute },
      { ...pulledRow, atMs: atMs + minute },
    ]),
    replicas: known([readyReplica]),
  };
}

/** The same failure as at the beginning, now. */
function broken(atMs: number): Evidence {
  return {
    ...dnsUnlinked,
    atMs,
    logs: known([{ ...unauthorizedRow, atMs }]),
    replicas: known([{ ...stuckReplica, createdAtMs: atMs - minute }]),
  };
}

async function incident(running: Memory): Promise<IncidentView> {
  const [view, ...others] = await listIncidents(running.ports);
  expect(others).toEqual([]);
  if (view === undefined) throw new Error('there is no incident');
  return view;
}

/** Fails, is put right, and recovers. */
async function onceOver(): Promise<Memory> {
  const running = memory(config(), dnsUnlinked, nowMs);
  await running.deliver(signal);
  running.world.evidence = recovered(running.world.nowMs);
  await running.pass(30 * minute);
  expect(await incident(running)).toMatchObject({ state: 'resolved', occurrences: 1, because: 'recovered' });
  return running;
}

async function breakAgain(running: Memory, laterMs: number): Promise<void> {
  running.world.nowMs += laterMs;
  running.world.evidence = broken(running.world.nowMs);
  await running.deliver({ ...signal, id: 'alert|2', atMs: running.world.nowMs });
}

describe('an incident that comes back', () => {
  it('within the window reopens under its key and counts', async () => {
    const running = await onceOver();
    await breakAgain(running, reopenWindowMs / 2);

    expect(await incident(running)).toMatchObject({ state: 'open', occurrences: 2, sinceMs: nowMs });
    expect(pageOfIncident(await incident(running))).toContain('It came back: opened 2 times since 2026-06-01 02:0');
  });

  it('recovers again and keeps its count', async () => {
    const running = await onceOver();
    await breakAgain(running, minute);
    running.world.evidence = recovered(running.world.nowMs);
    await running.pass(30 * minute);

    expect(await incident(running)).toMatchObject({ state: 'resolved', occurrences: 2 });
    expect((await listRemediations(running.ports)).map((one) => one.closed?.how)).toEqual(['recovered', 'recovered']);
  });

  it('has seven days to come back in', () => {
    expect(reopenWindowMs).toBe(7 * 24 * 60 * minute);
  });

  it('after the window is counted afresh', async () => {
    const running = await onceOver();
    await breakAgain(running, reopenWindowMs + minute);

    expect(await incident(running)).toMatchObject({ state: 'open', occurrences: 1 });
    expect((await incident(running)).sinceMs).toBeGreaterThan(nowMs + reopenWindowMs);
    expect(pageOfIncident(await incident(running))).not.toContain('came back');
  });
});

describe('an incident that nobody is left in', () => {
  it.each<[string, Partial<Evidence>, string]>([
    ['the app is gone', { app: known('gone') }, 'app-gone'],
    ['its revision was deactivated', { revisions: known([{ ...revision, active: false }]) }, 'deactivated'],
    [
      'the app asks for another image',
      {
        app: known({ ...app, images: ['acrshop.azurecr.io/shop/orders:v2'] }),
        revisions: known([{ ...revision, active: false }]),
      },
      'superseded',
    ],
  ])('is withdrawn, and says who left: %s', async (_what, change, because) => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.evidence = { ...dnsUnlinked, ...change };
    await running.pass(3 * minute);

    expect((await listRemediations(running.ports))[0]?.closed).toMatchObject({ how: 'withdrawn', because });
    expect(await incident(running)).toMatchObject({
      state: 'withdrawn',
      because: 'no-members',
      left: [{ how: 'withdrawn' }],
    });
    expect(pageOfIncident(await incident(running))).toContain('It concerns no app any more. (ca-orders: withdrawn)');
  });

  it.each<[string, Partial<Evidence>]>([
    ['the revisions cannot be read', { revisions: { read: false, why: 'throttled' } }],
    [
      'a revision is still being made',
      { app: known({ ...app, provisioningState: 'InProgress' }), revisions: known([{ ...revision, active: false }]) },
    ],
    [
      'another revision with the image is active',
      {
        revisions: known([
          { ...revision, active: false },
          { ...revision, name: 'ca-orders--0000002' },
        ]),
      },
    ],
  ])('is not withdrawn while %s', async (_what, change) => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.evidence = { ...dnsUnlinked, ...change };
    await running.pass(3 * minute);

    expect((await incident(running)).state).toBe('open');
  });

  it('because another diagnosis took its last member is withdrawn, and the other one is open', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const open = recovered(nowMs);
    running.world.evidence = {
      ...dnsUnlinked,
      zones: open.zones ?? known([]),
      roles: known([]),
      registry: known({
        ...(dnsUnlinked.registry?.read && dnsUnlinked.registry.value !== 'not-found'
          ? dnsUnlinked.registry.value
          : (undefined as never)),
        armAudience: false,
      }),
    };
    await running.pass(6 * minute);
    const views = await listIncidents(running.ports);

    expect(views.map(({ state, left }) => ({ state, left: left.map(({ how }) => how) }))).toContainEqual({
      state: 'withdrawn',
      left: ['another-diagnosis'],
    });
    expect(views.filter(({ state }) => state === 'open')).toHaveLength(1);
  });
});

describe('a fault of the app’s entry for a registry', () => {
  const found = { causes: [], sure: 'confirmed', for: [], against: [], network: 'allows', detail: {} } as const;
  const keyOf = (cause: Cause, image: string): string => incidentKey({ ...target, image }, cause, found, roleMissing);

  it('is one incident for all images of that registry: one expired secret is put right once', () => {
    const [one, two] = ['acrshop.azurecr.io/a:1', 'acrshop.azurecr.io/b:1'];

    expect(keyOf('credential-rejected', one)).toBe(keyOf('credential-rejected', two));
    expect(keyOf('write-rejected', one)).not.toBe(keyOf('write-rejected', two));
  });

  it('is another incident for another app or another registry', () => {
    const key = (more: Partial<typeof target>, evidence: Evidence = roleMissing): string =>
      incidentKey({ ...target, ...more }, 'credential-rejected', found, evidence);

    expect(key({ appId: environmentId })).not.toBe(key({}));
    expect(key({ registry: 'ghcr.io' }, { ...roleMissing, registry: known('not-found') })).not.toBe(key({}));
  });
});
