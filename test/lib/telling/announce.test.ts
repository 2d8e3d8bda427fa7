import { describe, expect, it } from 'vitest';
import { noteChange, questionAbout, sendTells } from '../../../src/lib/telling/announce.ts';
import { config, dnsUnlinked, environmentId, minute, nowMs, signal } from '../facts.ts';
import { incidentId, openIncident } from '../incidents/incident-data.ts';
import { memory } from '../memory-ports.ts';
import { configWith, joined, opened, Scripted, Team } from './scripted.ts';

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

describe('what a route is asked about', () => {
  it('is what is known of the incident', () => {
    expect(questionAbout({ ...openIncident, environment: environmentId }, nowMs)).toEqual({
      cause: 'private-dns-unlinked',
      owner: 'network team',
      severity: 'high',
      registry: 'acrshop.azurecr.io',
      subscription: '5f0c1d2e-0000-4000-8000-000000000001',
      environment: environmentId,
      atMs: nowMs,
    });
    expect(questionAbout({ ...openIncident, members: [] }, nowMs)).not.toHaveProperty('environment');
  });

  it('has the environment of the app that opened it', async () => {
    const running = memory(configWith(['pager']), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [id] = await running.ports.index.incidents();
    const [first] = id === undefined ? [] : await running.ports.incidents.read(id);

    expect(first?.entry).toMatchObject({ kind: 'incident-opened', environment: environmentId });
  });
});
