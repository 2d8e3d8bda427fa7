// The depth of looks is held: a scenario with the deepest of all looks is played on virtual time.
import { expect, it } from 'vitest';
import { deepest, measureLooks } from '../../../bench/looks/measure.ts';

it('no look waits for more answers than its goal, and a slower Azure takes as many times longer', async () => {
  const [near, far] = await measureLooks([
    { cause: 'tag-missing', scenario: 'tag-missing' },
    { cause: 'pull-role-missing', scenario: 'missing-acrpull-user-assigned' },
  ]);

  for (const { first, later } of near?.causes ?? []) {
    expect(first.depth).toBeLessThanOrEqual(deepest.first);
    expect(later?.depth).toBeLessThanOrEqual(deepest.later);
  }
  expect(near?.causes).toHaveLength(2);
  expect(far?.causes.map(({ first }) => first.tookMs)).toEqual(near?.causes.map(({ first }) => 4 * first.tookMs));
});
