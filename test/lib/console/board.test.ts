import { describe, expect, it } from 'vitest';
import { problemsOf, readBoard } from '../../../src/lib/console/board.ts';
import type { IncidentView, RemediationView } from '../../../src/lib/console/views.ts';
import { newRow } from '../../../src/lib/incidents/outbox.ts';
import type { IncidentId } from '../../../src/lib/words/target.ts';
import { config, dnsUnlinked, minute, nowMs, roleMissing, signal } from '../facts.ts';
import { endedRow, liveRow } from '../found.ts';
import { memory } from '../memory-ports.ts';
import { memoryUpkeep } from '../memory-upkeep.ts';
import { appSignal, spoil } from '../spoiled-histories.ts';

function view(id: string, more: Partial<RemediationView>): RemediationView {
  return { id, state: 'needs-person', openedAtMs: nowMs, ...more } as unknown as RemediationView;
}

describe('the problems of a board', () => {
  const incident = { id: 'i1', state: 'open' } as unknown as IncidentView;
  const named = { incident: 'i1' as IncidentView['id'] };

  it('are one for each incident, whatever the number of its apps', () => {
    const problems = problemsOf([view('a', named), view('b', named), view('c', {})], [incident]);

    expect(problems.map(({ members }) => members.map(({ id }) => id))).toEqual([['a', 'b'], ['c']]);
    expect(problems[0]?.incident).toBe(incident);
  });

  it('begin with what asks, then the oldest', () => {
    const old = view('old', { openedAtMs: nowMs - minute });
    const asks = view('asks', { state: 'needs-approval' });

    expect(problemsOf([view('new', {}), old, asks], []).map(({ members }) => members[0]?.id)).toEqual([
      'asks',
      'old',
      'new',
    ]);
  });

  it('do not stand under an incident that has ended', () => {
    expect(problemsOf([view('a', named)], [{ ...incident, state: 'resolved' }])).toMatchObject([
      { members: [{ id: 'a' }] },
    ]);
  });
});

describe('a board', () => {
  it('tells what needs a person from what is under way', async () => {
    const asking = memory(config(), dnsUnlinked, nowMs);
    await asking.deliver(signal);
    const working = memory(config(), roleMissing, nowMs);
    await working.deliver(signal);

    expect(await readBoard(asking.ports, memoryUpkeep().upkeep, 'act')).toMatchObject({
      problems: [{ incident: { cause: 'private-dns-unlinked' }, members: [{ target: { appName: 'ca-orders' } }] }],
      underWay: [],
      standing: { mode: 'act' },
    });
    expect(await readBoard(working.ports, memoryUpkeep().upkeep, 'act')).toMatchObject({
      problems: [],
      underWay: [{}],
    });
  });

  it('shows beside the others that a history cannot be read', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    for (const app of ['ca-0', 'ca-1']) await running.deliver(appSignal(app));
    const [bad] = [...running.rows.values()];
    if (bad === undefined) throw new Error('no remediation');
    await spoil(running, bad.targetId, 'newer-version');

    expect(await readBoard(running.ports, memoryUpkeep().upkeep, 'act')).toMatchObject({
      unreadable: [{ id: bad.remediation, why: 'newer-version' }],
      upkeep: { unreadable: 1 },
    });
  });

  it('counts what ended within a day, and how long a recovery took', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    for (const row of [endedRow(5), endedRow(6, 'withdrawn'), endedRow(3 * 24 * 60)])
      await running.ports.index.put(row);
    const { ended } = await readBoard(running.ports, memoryUpkeep().upkeep, 'act');

    expect(ended).toMatchObject({ recovered: 1, leftAlone: 1, medianMs: minute, more: false });
    expect(ended.rows).toHaveLength(2);
  });

  it('counts rows that cannot be read, live and ended, and rows that lead to no history', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.ports.index.put(liveRow(5));
    const index = {
      ...running.ports.index,
      listLive: async () => ({ ...(await running.ports.index.listLive()), skipped: 2 }),
      closed: () => Promise.resolve({ rows: [], skipped: 3 }),
    };

    expect(await readBoard({ ...running.ports, index }, memoryUpkeep().upkeep, 'act')).toMatchObject({
      upkeep: { unreadableRows: 3 },
      ended: { skipped: 3 },
    });
  });

  it('knows of what it does not read how much asks and how much needs a person', async () => {
    const running = memory(config(), roleMissing, nowMs);
    for (let at = 1; at <= 62; at += 1)
      await running.ports.index.put(liveRow(at, { state: 'needs-approval' }, { asks: true }));
    await running.ports.index.put(liveRow(63, { state: 'needs-person' }));
    await running.ports.index.put(liveRow(64));

    expect((await readBoard(running.ports, memoryUpkeep().upkeep, 'act')).notShown).toEqual({
      all: 4,
      needPerson: 3,
      ask: 2,
    });
  });

  it('counts what ended in the words of an older version as neither recovered nor left alone', async () => {
    const running = memory(config(), roleMissing, nowMs);
    const { facts: _none, ...older } = endedRow(5);
    for (const row of [older, endedRow(6)]) await running.ports.index.put(row);

    expect((await readBoard(running.ports, memoryUpkeep().upkeep, 'act')).ended).toMatchObject({
      recovered: 1,
      leftAlone: 0,
      unknown: 1,
    });
  });

  it('knows which incident systems cannot be told', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    await ports.outbox.write({ ...newRow(`i${'1'.repeat(24)}` as IncidentId, 'pager'), dead: true }, undefined);

    expect((await readBoard(ports, memoryUpkeep().upkeep, 'act', ['pager', 'chat'])).upkeep.systems).toMatchObject([
      { system: 'pager', dead: 1 },
      { system: 'chat', dead: 0 },
    ]);
  });
});
