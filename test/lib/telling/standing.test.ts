import { describe, expect, it } from 'vitest';
import type { SystemStanding } from '../../../src/lib/incidents/outbox.ts';
import type { Failure } from '../../../src/lib/incidents/system.ts';
import { heldUp, holdUp, keyRetryMs, noteTaken } from '../../../src/lib/telling/standing.ts';
import { systemHealth } from '../../../src/lib/telling/system-health.ts';
import { minute, nowMs } from '../facts.ts';
import { joined, opened, Scripted, Team } from './scripted.ts';

const refused: Failure = { why: 'key-refused', detail: 'HTTP 401' };

async function standingOf({ ports }: Team['running']): Promise<SystemStanding | undefined> {
  const stored = await ports.outbox.standing('pager');
  if (stored === 'unreadable') throw new Error('the standing cannot be read');
  return stored?.value;
}

function system(): Team {
  return new Team({ pager: new Scripted() });
}

describe('a system', () => {
  it('is asked while nothing stands in its way', async () => {
    expect(await heldUp(system().running.ports, 'pager')).toBeUndefined();
  });

  it('that refuses our key is tried again later, once for all that waits', async () => {
    const { running } = system();
    expect(await holdUp(running.ports, 'pager', refused)).toBe(nowMs + keyRetryMs);
    expect(await heldUp(running.ports, 'pager')).toBe(nowMs + keyRetryMs);

    running.world.nowMs += keyRetryMs;
    expect(await heldUp(running.ports, 'pager')).toBeUndefined();
    expect(await heldUp(running.ports, 'pager')).toBe(nowMs + 2 * keyRetryMs);
  });

  it('says since when it refuses our key, until it takes it', async () => {
    const { running } = system();
    await holdUp(running.ports, 'pager', refused);
    running.world.nowMs += keyRetryMs;
    await holdUp(running.ports, 'pager', refused);
    expect((await standingOf(running))?.refused).toMatchObject({
      sinceMs: nowMs,
      detail: 'HTTP 401',
    });

    await noteTaken(running.ports, 'pager');
    expect(await standingOf(running)).toEqual({ system: 'pager' });
    await noteTaken(running.ports, 'chat');
    expect(await running.ports.outbox.standing('chat')).toBeUndefined();
  });

  it.each([
    [30_000, 30_000],
    [0, 1000],
    [24 * 60 * minute, 60 * minute],
    [undefined, minute],
  ])('that asks to wait %s ms gets %s ms', async (waitMs, given) => {
    const { running } = system();
    const failure = { why: 'throttled', detail: 'HTTP 429', ...(waitMs === undefined ? {} : { waitMs }) } as const;
    expect(await holdUp(running.ports, 'pager', failure)).toBe(nowMs + given);

    running.world.nowMs += given - 1;
    expect(await heldUp(running.ports, 'pager')).toBe(nowMs + given);
    running.world.nowMs += 1;
    expect(await heldUp(running.ports, 'pager')).toBeUndefined();
  });

  it('that wants no more gets no more', async () => {
    const { running } = system();
    await holdUp(running.ports, 'pager', { why: 'switched-off', detail: 'HTTP 410' });
    running.world.nowMs += 1000 * minute;
    expect(await heldUp(running.ports, 'pager')).toBe('off');
    await noteTaken(running.ports, 'pager');
    expect(await heldUp(running.ports, 'pager')).toBeUndefined();
  });

  it.each(['message-refused', 'no-answer', 'gone'] as const)('is not held up by %s', async (why) => {
    const { running } = system();
    expect(await holdUp(running.ports, 'pager', { why, detail: 'x' })).toBeUndefined();
    expect(await heldUp(running.ports, 'pager')).toBeUndefined();
  });

  it('that wants no more closes the row until the next change', async () => {
    const pager = new Scripted();
    pager.fails({ why: 'switched-off', detail: 'HTTP 410' });
    const team = new Team({ pager });
    await team.changes(opened, joined(0));
    await team.pass(120 * minute);
    await team.changes(joined(1));
    await team.pass(120 * minute);

    expect(pager.calls()).toEqual(['open']);
    expect((await team.row('pager')).dueAtMs).toBeUndefined();
  });
});

describe('a standing that cannot be read', () => {
  it('holds the system up, is not written over, and says so', async () => {
    const pager = new Scripted();
    const team = new Team({ pager });
    const lines: string[] = [];
    const written: unknown[] = [];
    Object.assign(team.running.ports, { log: (event: string) => void lines.push(event) });
    Object.assign(team.running.ports.outbox, {
      standing: async () => 'unreadable',
      writeStanding: async (standing: unknown) => void written.push(standing),
    });
    await team.changes(opened, joined(0));
    await team.deliver();

    expect(pager.calls()).toEqual([]);
    expect(lines).toContain('system-standing-unreadable');
    expect((await team.row('pager')).dueAtMs).toBe(nowMs + 30 * minute);
    expect(await holdUp(team.running.ports, 'pager', refused)).toBeUndefined();
    await noteTaken(team.running.ports, 'pager');
    expect(written).toEqual([]);
    expect(await systemHealth(team.running.ports, ['pager'])).toMatchObject([{ state: 'unreadable', waiting: 1 }]);
  });
});
