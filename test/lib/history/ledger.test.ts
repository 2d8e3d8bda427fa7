// Why one history cannot be read while the store answers.
import { describe, expect, it } from 'vitest';
import { historyTroubles, UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import { tryReadTarget } from '../../../src/lib/history/targets.ts';
import { planted } from '../spoiled-histories.ts';

describe('a history that cannot be read', () => {
  it.each(historyTroubles)('says why: %s', async (why) => {
    const { running, all } = await planted([why]);
    const [one] = all;
    if (one === undefined) throw new Error('There is no history.');

    expect(await tryReadTarget(running.ports, one.targetId)).toEqual({ read: false, why });
  });

  it('is told from other errors by its name and its reason', () => {
    const error = new UnreadableHistory('broken', 'The history does not add up.');

    expect([error.name, error.why, error instanceof Error]).toEqual(['UnreadableHistory', 'broken', true]);
  });
});
