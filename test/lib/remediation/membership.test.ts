// Which incident a remediation belongs to: one for each root cause, whatever the number of its apps.
import { describe, expect, it } from 'vitest';
import { type IncidentView, listIncidents, listRemediations } from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import { answerQuestion } from '../../../src/lib/remediation/approval.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { assignment, config, dnsLinked, dnsUnlinked, minute, nowMs, registry, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { appSignal } from '../spoiled-histories.ts';
import { storedKinds } from '../stored.ts';

const observing = config({ PULLMEDIC_MODE: 'observe' });

async function incidents({ ports }: Memory): Promise<readonly IncidentView[]> {
  return listIncidents(ports);
}

describe('remediations with one root cause', () => {
  it('are members of one incident', async () => {
    const running = memory(observing, dnsUnlinked, nowMs);
    await running.deliver(appSignal('ca-orders'));
    await running.deliver(appSignal('ca-basket'));

    const [incident, ...others] = await incidents(running);
    expect(others).toEqual([]);
    expect(incident?.members).toHaveLength(2);
    expect((await listRemediations(running.ports)).map((view) => view.incident)).toEqual([incident?.id, incident?.id]);
  });

  it('join it once, however often they look', async () => {
    const running = memory(observing, dnsUnlinked, nowMs);
    await running.deliver(signal);
    await running.pass(60 * minute);

    expect((await incidents(running)).map(({ members }) => members.length)).toEqual([1]);
  });
});

describe('a remediation with another diagnosis', () => {
  it('leaves its incident, which ends without members, and joins the other one', async () => {
    const running = memory(observing, dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.evidence = { ...dnsLinked, registry: known({ ...registry, armAudience: false }) };
    await running.pass(30 * minute);

    const states = Object.fromEntries((await incidents(running)).map(({ cause, state }) => [cause, state]));
    expect(states['arm-audience-disabled']).toBe('open');
    expect(states['private-dns-unlinked']).not.toBe('open');
    const [view] = await listRemediations(running.ports);
    expect((await incidents(running)).find(({ id }) => id === view?.incident)?.cause).toBe('arm-audience-disabled');
  });
});

describe('an incident', () => {
  it('stays open while one of its members is left', async () => {
    const running = memory(observing, dnsUnlinked, nowMs);
    await running.deliver(appSignal('ca-orders'));
    const [first] = await listRemediations(running.ports);
    running.world.nowMs += minute;
    await running.deliver(appSignal('ca-basket'));
    const { azure } = running.ports;
    const port: { azure: typeof azure } = running.ports;
    // One app is deleted; the other one goes on failing.
    port.azure = {
      ...azure,
      probe: async (...asked) =>
        asked[0] === 'app' && asked[1].appId === first?.target.appId
          ? { facts: { app: known('gone') }, calls: 1 }
          : azure.probe(...asked),
    };
    await running.pass(30 * minute);

    expect((await listRemediations(running.ports)).map(({ state }) => state).toSorted()).toEqual([
      'closed',
      'needs-person',
    ]);
    expect(await incidents(running)).toMatchObject([{ state: 'open', left: [{ how: 'withdrawn' }] }]);
  });

  it('names apps of the registry that are ready, and stands without them where no list can be read', async () => {
    const running = memory(observing, dnsUnlinked, nowMs);
    const port: { azure: Memory['ports']['azure'] } = running.ports;
    port.azure = { ...running.ports.azure, listApps: async () => unreadable('forbidden') };
    await running.deliver(signal);

    expect(await incidents(running)).toMatchObject([{ state: 'open' }]);
    expect((await incidents(running))[0]).not.toHaveProperty('ready');
  });
});

describe('an incident that cannot be read', () => {
  /** The app has failed, its incident was opened, and then a newer version wrote into that incident. */
  async function spoiled(): Promise<{ readonly running: Memory; readonly id: string }> {
    const running = memory(observing, dnsUnlinked, nowMs);
    await running.deliver(appSignal('ca-orders'));
    const id = (await incidents(running))[0]?.id ?? '';
    const read = running.ports.incidents.read.bind(running.ports.incidents);
    Object.assign(running.ports.incidents, {
      read: async (partition: string) => {
        if (partition === id) throw new UnreadableHistory('newer-version', 'An entry of an unknown kind.');
        return read(partition);
      },
    });
    return { running, id };
  }

  it('stops no app of the same cause: another incident takes its place, and people are told of both apps there', async () => {
    const { running, id } = await spoiled();
    running.world.nowMs += minute;
    await running.deliver(appSignal('ca-basket'));
    await running.pass(30 * minute);

    const [instead, ...others] = await incidents(running);
    expect(others).toEqual([]);
    expect(instead?.id).not.toBe(id);
    expect(instead).toMatchObject({ state: 'open', cause: 'private-dns-unlinked' });
    expect(instead?.members).toHaveLength(2);
    expect((await listRemediations(running.ports)).map((view) => view.incident)).toEqual([instead?.id, instead?.id]);
  });

  it('keeps no remediation from ending', async () => {
    const { running } = await spoiled();
    running.world.evidence = { ...dnsUnlinked, app: known('gone') };
    await running.pass(30 * minute);

    expect((await listRemediations(running.ports)).map(({ closed }) => closed?.because)).toEqual(['app-gone']);
  });
});

describe('a question that no incident told of, because storage failed whenever it was asked', () => {
  /** The row of an incident cannot be written, until a person answers. */
  async function answeredUnheard(evidence: Evidence, answer: 'approved' | 'rejected' = 'approved') {
    const running = memory(config({ PULLMEDIC_MODE: 'approve' }), roleMissing, nowMs);
    running.world.before = (call) => {
      if (call === 'index.noteIncident') throw new Error('storage does not answer');
    };
    await expect(running.deliver(signal)).rejects.toThrow('storage does not answer');
    const [asked] = await listRemediations(running.ports);
    expect(await listIncidents(running.ports)).toEqual([]);

    running.world.before = () => undefined;
    running.world.evidence = evidence;
    const question = asked?.approval?.question ?? 0;
    await answerQuestion(running.ports, asked?.id ?? '', { answer, question, by: 'anna' });
    await running.settle();
    return running;
  }

  it('is in one before the change is made that a person allowed', async () => {
    const running = await answeredUnheard(roleMissing);

    expect(running.world.granted).toHaveLength(1);
    const incidents = await listIncidents(running.ports);
    expect(incidents).toMatchObject([{ state: 'open', cause: 'pull-role-missing' }]);
    const kinds = storedKinds(running);
    expect(kinds.indexOf('incident-linked')).toBeLessThan(kinds.indexOf('outcome'));
  });

  it('allows no change while its incident still cannot be written', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'approve' }), roleMissing, nowMs);
    running.world.before = (call) => {
      if (call === 'index.noteIncident') throw new Error('storage does not answer');
    };
    await expect(running.deliver(signal)).rejects.toThrow('storage does not answer');
    const [asked] = await listRemediations(running.ports);
    const question = asked?.approval?.question ?? 0;
    await answerQuestion(running.ports, asked?.id ?? '', { answer: 'approved', question, by: 'anna' });

    await expect(running.settle()).rejects.toThrow('storage does not answer');
    expect(running.world.granted).toEqual([]);
  });

  it('needs none where its trouble is not found again', async () => {
    const running = await answeredUnheard({ ...roleMissing, roles: known([assignment(30 * 24 * 60 * minute)]) });

    expect(running.world.granted).toEqual([]);
    const incidents = await listIncidents(running.ports);
    expect(incidents.filter(({ cause }) => cause === 'pull-role-missing')).toEqual([]);
  });
});
