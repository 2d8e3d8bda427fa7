// Lists of remediations: page by page. A history that cannot be read hides no other.
import { describe, expect, it } from 'vitest';
import { pageOfRemediations, pageSize } from '../../../src/lib/console/lists.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import { remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import { config, nowMs, roleMissing, signal, target } from '../facts.ts';
import { memory } from '../memory-ports.ts';
import { planted } from '../spoiled-histories.ts';

const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };

/** Remediations of so many targets, the second opened a millisecond after the first, and so on. */
async function many(count: number, ...entries: Entry[]): Promise<Ports> {
  const running = memory(config(), roleMissing, nowMs);
  for (let at = 0; at < count; at += 1) {
    const id = `t${String(at).padStart(24, '0')}` as TargetId;
    const all: Entry[] = [{ kind: 'opened', target, signal, mode: 'act' }, ...entries];
    for (const [seq, entry] of all.entries()) await running.ports.history.append(id, seq, entry);
    await running.ports.index.put({
      remediation: remediationIdOf(id, 1),
      targetId: id,
      appId: target.appId,
      closed: false,
      needsPerson: entries.length > 0,
      asleep: false,
      dueAtMs: nowMs,
      seq: all.length,
      updatedAtMs: nowMs,
      openedAtMs: nowMs + at,
    });
  }
  return running.ports;
}

describe('the list of remediations', () => {
  it('begins with the latest opening and goes on where the page before ended', async () => {
    const ports = await many(pageSize + 2);
    const page = await pageOfRemediations(ports);
    const rest = await pageOfRemediations(ports, page.next);

    expect(page.remediations[0]?.id).toContain(String(pageSize + 1));
    expect([page.remediations.length, rest.remediations.length]).toEqual([pageSize, 2]);
    expect(new Set([...page.remediations, ...rest.remediations].map(({ id }) => id)).size).toBe(pageSize + 2);
    expect(rest).not.toHaveProperty('next');
  });

  it('goes on with what has ended, the latest end first, and shows each once', async () => {
    const { index, ...others } = await many(pageSize + 5, closed);
    const rows = await index.live();
    for (const [at, row] of rows.entries())
      if (at > 2) await index.put({ ...row, closed: true, closedAtMs: nowMs + at });
    const ports = { ...others, index };
    const page = await pageOfRemediations(ports);
    const rest = await pageOfRemediations(ports, page.next);
    const ids = [...page.remediations, ...rest.remediations].map(({ id }) => id);

    expect(ids.slice(0, 4)).toEqual([2, 1, 0, pageSize + 4].map((at) => rows[at]?.remediation));
    expect(new Set(ids).size).toBe(pageSize + 5);
    expect(ids).toHaveLength(pageSize + 5);
  });

  it('begins what has ended on a page of its own where what is live fills pages', async () => {
    const { index, ...others } = await many(pageSize + 1, closed);
    const [row] = await index.live();
    if (row === undefined) throw new Error('there is no row');
    await index.put({ ...row, closed: true, closedAtMs: nowMs });
    const ports = { ...others, index };
    const page = await pageOfRemediations(ports);
    const rest = await pageOfRemediations(ports, page.next);

    expect([page.remediations.length, rest.remediations.length]).toEqual([pageSize, 1]);
    expect(rest).not.toHaveProperty('next');
  });

  it('says how many rows cannot be read', async () => {
    const { index, ...others } = await many(1);
    const unreadable = { ...index, listLive: async () => ({ ...(await index.listLive()), skipped: 2 }) };

    expect(await pageOfRemediations({ ...others, index: unreadable })).toMatchObject({ skipped: 2 });
  });

  it('has one page where all fit on it', async () => {
    expect(await pageOfRemediations(await many(pageSize))).not.toHaveProperty('next');
  });
});

describe('a history that cannot be read', () => {
  it('is an item of its own, by what the index knows of it, and hides no other', async () => {
    const { running, all } = await planted(['good', 'broken', 'good']);
    const page = await pageOfRemediations(running.ports);

    expect(new Set(page.remediations.map(({ id }) => id))).toEqual(new Set([all[0]?.id, all[2]?.id]));
    expect(page.unreadable).toMatchObject([{ id: all[1]?.id, why: 'broken' }]);
  });

  it('is not taken for a store that does not answer: then there is no page at all', async () => {
    const { running } = await planted(['good']);
    running.world.before = (call) => {
      if (call === 'history.read') throw new Error('The store does not answer.');
    };

    await expect(pageOfRemediations(running.ports)).rejects.toThrow('does not answer');
  });
});
