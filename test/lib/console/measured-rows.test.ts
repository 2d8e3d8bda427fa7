// The rows that measures are computed from: how far back they are whole, and what is missing from them.
import { describe, expect, it } from 'vitest';
import { measuredRows, mostEnded, readMeasuredRows } from '../../../src/lib/console/measured-rows.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import { config, nowMs, roleMissing, signal } from '../facts.ts';
import { figures } from '../figures.ts';
import { indexRow } from '../index-rows.ts';
import { memory } from '../memory-ports.ts';

function rowOf(ordinal: number, more: Partial<IndexRow> = {}): IndexRow {
  const { remediation, appId, ...facts } = figures({ ordinal, openedAtMs: nowMs - ordinal });
  return indexRow({ remediation, appId, facts, ...more });
}

function withoutFacts(ordinal: number, more: Partial<IndexRow> = {}): IndexRow {
  const { facts: _facts, ...row } = rowOf(ordinal, more);
  return row;
}

const endedAt = (atMs: number): Partial<IndexRow> => ({ closed: true, closedAtMs: atMs });
const whole = { skipped: 0 };

describe('the rows of measures', () => {
  it('are what goes on and what has ended, the latest opening first, each once', () => {
    const moved = rowOf(2);
    const read = measuredRows(
      [rowOf(3), moved],
      { rows: [rowOf(1), { ...moved, ...endedAt(nowMs) }], ...whole },
      nowMs,
    );

    expect(read.figures.map(({ openedAtMs }) => nowMs - openedAtMs)).toEqual([1, 2, 3]);
    expect(read).toMatchObject({ wholeSinceMs: 0, skipped: 0 });
    expect(read).not.toHaveProperty('because');
  });

  it('are whole since the oldest end that was read, where there are more', () => {
    const rows = [rowOf(1, endedAt(nowMs - 10)), rowOf(2, endedAt(nowMs - 20))];

    expect(measuredRows([], { rows, ...whole, next: 'x' }, nowMs)).toMatchObject({
      wholeSinceMs: nowMs - 20,
      because: 'more-rows',
    });
    expect(measuredRows([], { rows: [], skipped: mostEnded, next: 'x' }, nowMs)).toMatchObject({ wholeSinceMs: nowMs });
  });

  it('are whole since the last end that an older version wrote, because it says too little', () => {
    const old = withoutFacts(2, { closed: true, updatedAtMs: nowMs - 15 });

    expect(measuredRows([], { rows: [rowOf(1, endedAt(nowMs)), old], ...whole }, nowMs)).toMatchObject({
      wholeSinceMs: nowMs - 15,
      because: 'older-version',
      skipped: 0,
    });
  });

  it('count what cannot be read, and what goes on and says too little', () => {
    expect(measuredRows([withoutFacts(1)], { rows: [], skipped: 2 }, nowMs).skipped).toBe(3);
  });

  it('are read in two lists, and no history is', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    const asked: string[] = [];
    running.world.before = (call) => void asked.push(call);

    expect((await readMeasuredRows(running.ports)).figures).toMatchObject([{ appName: 'ca-orders' }]);
    expect(asked).toEqual(['index.live', 'index.closed']);
  });
});
