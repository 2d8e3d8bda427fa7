// The benchmark of a cold start.
import type { Benchmark } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import { measureStart, textOf } from './start.ts';

export const start: Benchmark = {
  says: 'how long the built bundle and a bare app of one function take to load',
  counts: 'processes of each app',
  usualRuns: 15,
  runsAsOneOfAll: 7,
  async measure({ runs }) {
    const figures = await measureStart('dist/index.cjs', runs);
    const { bare, app, bytes } = figures;
    const bars = [
      { name: 'a bare app: loading', value: bare.loadMs },
      { name: 'pullmedic: loading', value: app.loadMs },
      { name: 'a bare app: first answer', value: bare.answeredMs },
      { name: 'pullmedic: first answer', value: app.answeredMs },
    ].map((bar) => ({ ...bar, said: `${Math.round(bar.value)} ms` }));
    const title = 'From the start of Node, medians of one run';
    return {
      figures,
      table: textOf(figures),
      rows: [
        {
          what: 'a cold start in a worker',
          figure: `${figures.workerRatio.toFixed(2)} times`,
          against: 'a bare app, in turns',
          goal: 'at most 1.4',
          met: figures.workerRatio <= 1.4,
        },
        {
          what: 'size of the bundle',
          figure: `${(bytes / 1e6).toFixed(2)} MB`,
          against: '-',
          goal: 'at most 1.75 MB',
          met: bytes <= 1_750_000,
        },
      ],
      pictures: { 'start.svg': pictureOfBars({ title, bars }) },
    };
  },
};
