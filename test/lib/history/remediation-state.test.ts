// Where a remediation stands, in one word.
import { describe, expect, it } from 'vitest';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import { stateOf } from '../../../src/lib/history/remediation-state.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { config, history, nowMs, roleMissing, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

function opened(): Remediation {
  const [remediation] = history().remediations;
  if (remediation === undefined) throw new Error('nothing was opened');
  return remediation;
}

describe('the state of a remediation', () => {
  it.each([
    ['act', 'looking'],
    ['approve', 'needs-approval'],
    ['observe', 'needs-person'],
  ])('follows from the last decision in mode %s, and its row says the same', async (mode, state) => {
    const running = memory(config({ PULLMEDIC_MODE: mode }), roleMissing, nowMs);
    await running.deliver(signal);
    const [row] = [...running.rows.values()];
    if (row === undefined) throw new Error('nothing was opened');
    const { remediations } = foldTarget(row.targetId, await running.ports.history.read(row.targetId));

    expect(remediations.map(stateOf)).toEqual([state]);
    expect(row.facts?.state).toBe(state);
  });

  it('is that of a question while a wait keeps it open', () => {
    const decided = (more: { readonly keepsQuestion?: number }) => ({
      decision: { do: 'wait', because: 'pulling-now', ...more } as const,
      atMs: nowMs,
      dueAtMs: nowMs,
      refusals: [],
    });

    expect(stateOf({ ...opened(), decision: decided({ keepsQuestion: 3 }) })).toBe('needs-approval');
    expect(stateOf({ ...opened(), decision: decided({}) })).toBe('waiting');
  });

  it('is looking before the first decision, and closed at the end', () => {
    expect(stateOf(opened())).toBe('looking');
    expect(stateOf({ ...opened(), closed: { how: 'withdrawn', because: 'app-gone', atMs: nowMs } })).toBe('closed');
  });
});
