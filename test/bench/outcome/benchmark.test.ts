// The one table of all benchmarks says of each figure whether its goal is reached.
import { expect, it } from 'vitest';
import { tableOfAll } from '../../../bench/outcome/benchmark.ts';

it('has a line for each figure, and a missed goal catches the eye', () => {
  const row = { what: 'rows a second', figure: '154,000', against: '-', goal: 'at least 100,000' };
  const [, , yes, no, none] = tableOfAll([
    { ...row, met: true },
    { ...row, met: false },
    { ...row, goal: '-', met: undefined },
  ]).split('\n');
  expect(yes).toBe('| rows a second | 154,000 | - | at least 100,000 | yes |');
  expect(no).toContain('| NO |');
  expect(none).toContain('| - | - |');
});
