// The benchmark of reading logs.
import type { Benchmark } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import { measureLabels } from './measure.ts';
import { tableOfLabels } from './table.ts';

/** Rows of a round: enough that a round takes about a second. */
const rowsOfRound = 100_000;

export const labels: Benchmark = {
  says: 'how fast the command line reads logs, compared with plainer ways to read them',
  counts: 'rounds',
  usualRuns: 7,
  runsAsOneOfAll: 3,
  async measure({ runs, gigabytes }) {
    const figures = await measureLabels(rowsOfRound, runs, gigabytes);
    const perSecond = (median: number): number => Math.round(1_000_000 / median);
    const slowest = figures.ways
      .filter(({ name }) => name.startsWith('the command line'))
      .toSorted((a, b) => b.median - a.median)[0];
    const own = figures.ways.find(({ name }) => name === 'classify');
    const loop = figures.ways.find(({ name }) => name === 'a loop over the same patterns');
    const bars = figures.ways.map(({ name, median }) => ({ name: name.slice(0, 40), value: perSecond(median) }));
    const title = 'Rows a second on one core, one row of a hundred is a pull that failed';
    return {
      figures,
      table: tableOfLabels(figures),
      rows: [
        {
          what: 'rows a second, the slowest form',
          figure: perSecond(slowest?.median ?? Number.NaN).toLocaleString('en'),
          against:
            slowest === undefined
              ? '-'
              : `${slowest.name.replace('the command line: ', '')} (${perSecond(slowest.most).toLocaleString('en')} to ${perSecond(slowest.least).toLocaleString('en')})`,
          goal: 'at least 100,000',
          met: perSecond(slowest?.median ?? Number.NaN) >= 100_000,
        },
        {
          what: 'classify',
          figure: `${((loop?.median ?? Number.NaN) / (own?.median ?? Number.NaN)).toFixed(1)} times as fast`,
          against: 'a loop over the same patterns',
          goal: 'at least 2',
          met: (loop?.median ?? Number.NaN) / (own?.median ?? Number.NaN) >= 2,
        },
      ],
      pictures: { 'labels.svg': pictureOfBars({ title, bars, goal: 100_000, scale: 'logarithmic' }) },
    };
  },
};
