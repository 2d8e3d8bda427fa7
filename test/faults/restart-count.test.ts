// Restarts are judged by the rung that each of them stands for.
import { describe, expect, it } from 'vitest';
import { restartViolations } from './restart-count.ts';

const on = (rung: number, revision = 'r1') => ({ by: 'restart', revision, rung }) as const;

describe('the restarts of a run', () => {
  it.each([
    ['one on each rung', 3, [on(1), on(2), on(4)]],
    ['one on the same rung of another revision', 2, [on(1), on(1, 'r2')]],
    ['fewer than were announced: one got no answer, and was not made', 1, [on(1), on(2)]],
    [
      'one for no rung, and a new revision',
      1,
      [
        { by: 'restart', revision: 'r1' },
        { by: 'new-revision', revision: 'r1' },
      ],
    ],
  ] as const)('may be %s', (_, made, announced) => {
    expect(restartViolations(made, announced)).toEqual([]);
  });

  it('are not two on one rung', () => {
    expect(restartViolations(2, [on(1), on(2), on(2)])).toEqual([
      'restarts on rung 2 of r1: expected at most 1, seen 2',
    ]);
  });

  it('are not more than were announced', () => {
    expect(restartViolations(2, [on(1)])).toEqual(['restarts: 1 were announced, and 2 were made']);
    expect(restartViolations(1, [{ by: 'new-revision', revision: 'r1' }])).toHaveLength(1);
  });
});
