import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../local/engine/storage.ts';
import { outboxOf } from '../../../src/lib/azure/store/outbox.ts';
import { connectTables } from '../../../src/lib/azure/store/store.ts';
import type { OutboxStore } from '../../../src/lib/incidents/outbox.ts';
import type { EventLog } from '../../../src/lib/ports/ports.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import { noteChange, questionAbout, sendTells } from '../../../src/lib/telling/announce.ts';
import { isWell, systemHealth } from '../../../src/lib/telling/system-health.ts';
import { alert, config, dnsUnlinked, environmentId, minute, nowMs, signal } from '../facts.ts';
import { incidentId, openIncident } from '../incidents/incident-data.ts';
import { memory } from '../memory-ports.ts';
import { configWith, joined, opened, Scripted, Team } from './scripted.ts';

function withRoutes(routes: readonly object[]): Config {
  const hook = { kind: 'webhook', url: 'https://unused.example', secretsFrom: ['UNUSED'] };
  const incidents = { systems: { ours: hook, theirs: hook }, routes };
  return config({ PULLMEDIC_SETTINGS: JSON.stringify({ incidents }), UNUSED: 'whsec_x' });
}

describe('a change of an incident', () => {
  it('is in the outbox before the incident has it', async () => {
    const running = memory(configWith(['pager']), dnsUnlinked, nowMs);
    const order: string[] = [];
    running.world.before = (call) => void order.push(call);
    await running.deliver(signal);

    const note = order.indexOf('outbox.write');
    expect(note).toBeGreaterThan(0);
    expect(order.indexOf('incidents.append')).toBeGreaterThan(note);
    expect(running.world.tells.map(({ tell }) => tell.system)).toContain('pager');
  });

  it('is not made where it cannot be noted', async () => {
    const running = memory(configWith(['pager']), dnsUnlinked, nowMs);
    running.world.before = (call) => {
      if (call === 'outbox.write') throw new Error('the store is down');
    };
    await expect(running.deliver(signal)).rejects.toThrow('the store is down');
    running.world.before = () => undefined;

    for (const id of await running.ports.index.incidents()) expect(await running.ports.incidents.read(id)).toEqual([]);
  });

  it('holds up no remediation where the message cannot be sent', async () => {
    const running = memory(configWith(['pager']), dnsUnlinked, nowMs);
    running.world.before = (call) => {
      if (call === 'queue.sendTell') throw new Error('the queue is down');
    };
    await running.deliver(signal);

    const [id] = await running.ports.index.incidents();
    expect(id === undefined ? [] : await running.ports.outbox.of(id)).toMatchObject([{ value: { dueAtMs: nowMs } }]);
  });

  it('costs nothing where no system is in the settings', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);
    await running.deliver(signal);

    expect(calls.filter((call) => call.startsWith('outbox'))).toEqual([]);
  });

  it('tells nobody in the mode observe', async () => {
    const running = memory(configWith(['pager'], { PULLMEDIC_MODE: 'observe' }), dnsUnlinked, nowMs);
    await running.deliver(signal);

    const [id] = await running.ports.index.incidents();
    expect(id === undefined ? ['no incident'] : await running.ports.outbox.of(id)).toEqual([]);
  });

  it('reaches a system that heard of it before, whatever the routes say by then', async () => {
    const pager = new Scripted();
    const team = new Team({ pager });
    await team.changes(opened, joined(0));
    await team.pass(minute);
    const quiet = { ...configWith(['chat']), mode: 'act' as const };
    const after = { incident: openIncident, lastSeq: 3 };

    expect(await noteChange(team.running.ports, quiet, incidentId, after)).toEqual(['pager', 'chat']);
  });

  it('is given up after a bounded number of tries where others write all the time', async () => {
    const { running, config: settings } = new Team({ pager: new Scripted() });
    const outbox = { ...running.ports.outbox, write: async () => 'taken' as const };
    const after = { incident: openIncident, lastSeq: 1 };

    await expect(noteChange({ ...running.ports, outbox }, settings, incidentId, after)).rejects.toThrow('too busy');
    await sendTells(running.ports, incidentId, []);
    expect(running.world.tells).toEqual([]);
  });
});

describe('a row of the outbox that cannot be read', () => {
  it('holds up neither the other systems nor the remediation, and is named in the log and in health', async () => {
    const running = memory(configWith(['pager', 'chat']), dnsUnlinked, nowMs);
    const { outbox: table } = connectTables(memoryStorage(() => nowMs).connection);
    await table.createTable();
    const logged: unknown[] = [];
    const log: EventLog['log'] = (event, fields) => void logged.push([event, fields]);
    const outbox = outboxOf(table);
    // Whichever incident it will be, its row for the pager is one of a newer version.
    const write: OutboxStore['write'] = async (row, version) => {
      const rowKey = `${row.incident}|pager`;
      if (row.system === 'pager') await table.upsertEntity({ partitionKey: 'outbox', rowKey, row: '{"of":"newer"}' });
      return outbox.write(row, version);
    };
    Object.assign(running.ports, { outbox: { ...outbox, write }, log });
    await running.deliver(signal);

    const [id] = await running.ports.index.incidents();
    if (id === undefined) throw new Error('no incident');
    expect((await running.ports.incidents.read(id)).map(({ entry }) => entry.kind)).toContain('member-joined');
    expect(new Set(running.world.tells.map(({ tell }) => tell.system))).toEqual(new Set(['chat']));
    expect(logged).toContainEqual(['outbox-row-unreadable', { incident: id, system: 'pager' }]);
    const [pager, chat] = await systemHealth(running.ports, ['pager', 'chat']);
    expect(pager).toMatchObject({ unreadable: 1 });
    expect([pager, chat].map((one) => one !== undefined && isWell(one))).toEqual([false, true]);
  });
});

describe('the routes of an incident that opens', () => {
  const subscription = '5f0c1d2e-0000-4000-8000-000000000001';
  const other = '5f0c1d2e-0000-4000-8000-000000000002';

  async function toldBy(...routes: readonly object[]): Promise<readonly string[]> {
    const settings = withRoutes(routes);
    const running = memory(settings, dnsUnlinked, nowMs);
    for (const system of ['ours', 'theirs']) running.world.systems.set(system, new Scripted());
    await running.deliver(signal);
    return [...new Set(running.world.tells.map(({ tell }) => tell.system))].toSorted();
  }

  it.each([
    ['subscription', { subscription: [subscription] }],
    ['registry', { registry: ['acrshop.azurecr.io'] }],
    ['environment', { environment: ['cae-shop'] }],
    ['severity', { severity: ['medium'] }],
    ['owner', { owner: ['network team'] }],
  ])('know its %s from the first note on', async (_what, when) => {
    expect(await toldBy({ to: ['ours'], when }, { to: ['theirs'], when: { cause: ['tag-missing'] } })).toEqual([
      'ours',
    ]);
  });

  it('keep it quiet where a route to no system matches', async () => {
    const quiet = { to: [], when: { subscription: [subscription] } };
    expect(await toldBy(quiet, { to: ['ours', 'theirs'], when: { severity: ['critical'] } })).toEqual([]);
  });

  it('tell every system where the subscription is certainly another one', async () => {
    const routes = [
      { to: ['ours'], when: { subscription: [other] } },
      { to: ['theirs'], when: { severity: ['critical'] } },
    ];
    expect(await toldBy(...routes)).toEqual(['ours', 'theirs']);
  });

  it('are named in the log where they ask for something that is not known', async () => {
    const settings = withRoutes([
      { to: ['ours'], when: { subscription: [subscription] } },
      { to: ['theirs'], when: { cause: ['tag-missing'] } },
    ]);
    const logged: unknown[] = [];
    const log: EventLog['log'] = (event, fields) => void logged.push([event, fields]);
    const ports = { ...memory(settings, dnsUnlinked, nowMs).ports, log };
    const after = { incident: { ...openIncident, members: [] }, lastSeq: 1 };

    expect(await noteChange(ports, settings, incidentId, after)).toEqual(['ours']);
    expect(logged).toContainEqual(['route-not-known', { incident: incidentId, routes: '1' }]);
  });
});

describe('what a route is asked about', () => {
  it('is what is known of the incident', () => {
    expect(questionAbout({ ...openIncident, environment: environmentId }, nowMs)).toEqual({
      cause: 'private-dns-unlinked',
      owner: 'network team',
      severity: 'high',
      registry: 'acrshop.azurecr.io',
      subscriptions: ['5f0c1d2e-0000-4000-8000-000000000001'],
      environments: [environmentId],
      atMs: nowMs,
    });
    expect(questionAbout({ ...openIncident, members: [] }, nowMs)).toMatchObject({
      subscriptions: [],
      environments: [],
    });
  });

  it('has the environment and the alerts of each app that joins', async () => {
    const running = memory(configWith(['pager']), dnsUnlinked, nowMs);
    await running.deliver({ ...signal, alert });
    const [id] = await running.ports.index.incidents();
    const entries = id === undefined ? [] : await running.ports.incidents.read(id);

    expect(entries.map(({ entry }) => entry)).toContainEqual(
      expect.objectContaining({ kind: 'member-joined', environment: environmentId, alerts: [alert.id] }),
    );
  });

  it('grows with the apps: a route of another subscription is met once one of its apps joins', async () => {
    const second = openIncident.members[1]?.app.replace('0001', '0002') ?? '';
    const routes = [
      { to: ['ours'] },
      { to: ['theirs'], when: { subscription: ['5f0c1d2e-0000-4000-8000-000000000002'] } },
    ];
    const settings = withRoutes(routes);
    const { ports } = memory(settings, dnsUnlinked, nowMs);
    const before = { incident: openIncident, lastSeq: 3 };
    expect(await noteChange(ports, settings, openIncident.id, before)).toEqual(['ours']);

    const members = openIncident.members.map((member, at) => (at === 1 ? { ...member, app: second } : member));
    const after = { incident: { ...openIncident, members }, lastSeq: 4 };
    expect(await noteChange(ports, settings, openIncident.id, after)).toEqual(['ours', 'theirs']);
  });

  it('has the environment of the app that opened it', async () => {
    const running = memory(configWith(['pager']), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [id] = await running.ports.index.incidents();
    const [first] = id === undefined ? [] : await running.ports.incidents.read(id);

    expect(first?.entry).toMatchObject({ kind: 'incident-opened', environment: environmentId });
  });
});
