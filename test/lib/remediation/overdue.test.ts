// Steps whose message was lost: the schedule finds them by their rows.
import { describe, expect, it } from 'vitest';
import { sendOverdue } from '../../../src/lib/remediation/overdue.ts';
import { config, dnsUnlinked, minute, nowMs, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

/** A remediation that waits for a person, whose next step was lost. */
async function lost(): Promise<Memory> {
  const running = memory(config(), dnsUnlinked, nowMs);
  await running.deliver(signal);
  running.world.steps.length = 0;
  return running;
}

describe('a lost message', () => {
  it('is found by the schedule', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.steps.length = 0;
    running.world.nowMs += 30 * minute;

    expect(await sendOverdue(running.ports)).toBe(1);
    expect(running.world.steps).toHaveLength(1);
  });

  it('is sent again in its turn where many are late: the longest overdue first', async () => {
    const { ports, ...running } = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [row] = await ports.index.all();
    if (row === undefined) throw new Error('no row');
    const late = Array.from({ length: 80 }, (_, index) => ({ ...row, seq: 1000 + index, dueAtMs: nowMs - index }));
    running.world.steps.length = 0;

    const found = await sendOverdue({ ...ports, index: { ...ports.index, overdue: () => Promise.resolve(late) } });

    const sent = running.world.steps.map(({ step }) => step.seq).sort((a, b) => a - b);
    expect(found).toBe(80);
    expect(sent).toEqual(late.slice(30).map(({ seq }) => seq));
  });

  it('is not looked for while it may only be late: two minutes', async () => {
    const running = await lost();
    const [row] = running.rows.values();
    running.world.nowMs = (row?.dueAtMs ?? 0) + 2 * minute;

    expect(await sendOverdue(running.ports)).toBe(0);
    running.world.nowMs += 1;
    expect(await sendOverdue(running.ports)).toBe(1);
  });

  it('is not sent again each minute: in a storm it only waits for its turn', async () => {
    const running = await lost();
    running.world.nowMs += 30 * minute;
    await sendOverdue(running.ports);
    running.world.nowMs += minute;

    expect(await sendOverdue(running.ports)).toBe(0);
    expect(running.world.steps).toHaveLength(1);
    running.world.nowMs += 6 * minute;
    expect(await sendOverdue(running.ports)).toBe(1);
  });
});
