import { describe, expect, it } from 'vitest';
import { readStep } from '../../../src/lib/signals/step.ts';

const targetId = `t${'0'.repeat(24)}`;

describe('a step', () => {
  it('comes back from the queue as it was', () => {
    for (const step of [
      { targetId, seq: 3, wake: false },
      { targetId, seq: 0, wake: true, late: true },
      { targetId, seq: 0, wake: true, happenedBeforeMs: 1_767_225_600_000 },
    ])
      expect(readStep(JSON.parse(JSON.stringify(step)))).toEqual(step);
  });

  it.each([
    [undefined],
    [{ targetId: 'x', seq: 1, wake: false }],
    [{ targetId, seq: -1, wake: false }],
    [{ targetId, seq: 1.5, wake: false }],
    [{ targetId, seq: 1 }],
    [{ targetId, seq: 1, wake: true, happenedBeforeMs: 'now' }],
  ])('is never made of %j', (message) => {
    expect(readStep(message)).toBeUndefined();
  });
});
