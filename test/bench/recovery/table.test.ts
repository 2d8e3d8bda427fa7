// The table that people read.
import { expect, it } from 'vitest';
import { tableOf } from '../../../bench/recovery/table.ts';

const figures = {
  runs: 10,
  ratio: { median: 1.234, p95: Number.POSITIVE_INFINITY },
  lateSeconds: { median: 12.4, p95: 80 },
  restarts: 1.25,
  mostRestarts: 4,
  looks: 9,
  laterThanTwoMinutes: 0.05,
  neverRecovered: 0,
  leftToAPerson: 0,
  interrupted: 0,
  servingRestarted: 0,
};

it('has a line for each way, and says never where there is no number', () => {
  const [head, rule, line] = tableOf([
    { tenant: 'median 1 min', lines: [{ way: 'pullmedic', figures, slowerThanAlone: 0 }] },
  ]).split('\n');

  expect(head).toContain('| propagation | way | ratio |');
  expect(rule).toMatch(/^\| (?:--- \| )+---? ?/);
  expect(line).toContain('| median 1 min | pullmedic | 1.23 (never) | 12 (80) | 5.0 % | 1.3 (4) | 9 | 0 |');
});
