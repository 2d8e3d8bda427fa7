// The benchmark of looks.
import { readFileSync } from 'node:fs';
import type { Benchmark, Row } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import { deepest, measureLooks } from './measure.ts';
import { barsOfLooks, tableOfLooks } from './table.ts';

export const looks: Benchmark = {
  says: 'how many requests a look sends for each cause, and how many answers it waits for one after the other',
  counts: 'nothing: the scenarios of docs/costs.md are played once, on virtual time',
  usualRuns: 1,
  runsAsOneOfAll: 1,
  async measure() {
    const scenarios = scenariosOf(readFileSync('docs/costs.md', 'utf8'));
    const figures = await measureLooks(scenarios);
    const causes = figures[0]?.causes ?? [];
    const first = Math.max(...causes.map((one) => one.first.depth));
    const later = Math.max(...causes.map((one) => one.later?.depth ?? 0));
    const bars = barsOfLooks(causes);
    const title = 'Answers that a first look waits for one after the other (stroke: later looks)';
    return {
      figures,
      table: tableOfLooks(figures),
      rows: [
        deep('deepest first look', first, deepest.first, `${causes.length} causes`),
        deep('deepest later look', later, deepest.later, `${causes.length} causes`),
      ],
      pictures: { 'looks.svg': pictureOfBars({ title, bars, goal: deepest.first }) },
    };
  },
};

function deep(what: string, depth: number, goal: number, against: string): Row {
  return { what, figure: `${depth} answers`, against, goal: `at most ${goal}`, met: depth <= goal };
}

/** One scenario for each cause: the one that the page of costs names. */
export function scenariosOf(page: string): { readonly cause: string; readonly scenario: string }[] {
  return [...page.matchAll(/^\| \[([\w-]+)\]\([^)]+\) +\| ([\w-]+) /gm)].map(([, cause = '', scenario = '']) => ({
    cause,
    scenario,
  }));
}
