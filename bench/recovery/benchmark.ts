// The benchmark of recovery.
import type { Options, Outcome } from '../outcome/benchmark.ts';
import { measureAll } from './measure.ts';
import { pictureOf } from './picture.ts';
import { tableOf } from './table.ts';

export async function recovery({ runs, seed, settings }: Options): Promise<Outcome> {
  const figures = await measureAll(runs, seed, settings);
  const ways = figures.flatMap(({ lines }) => lines);
  const of = (way: string): number =>
    Math.max(...ways.filter((line) => line.way === way).map(({ figures: { ratio } }) => ratio.median));
  return {
    figures: { runs, firstSeed: seed, measured: figures },
    table: `${runs} runs a row, seeds ${seed} to ${seed + runs - 1}. Median (95th percentile), mean (most).\n\n${tableOf(figures)}`,
    rows: [
      {
        what: 'time to recovery, worst median',
        figure: `${of('pullmedic').toFixed(2)} of the oracle`,
        against: `one restart after 5 minutes: ${of('fixed 5 min').toFixed(2)}`,
        goal: 'at most 1.25',
        met: of('pullmedic') <= 1.25,
      },
    ],
    pictures: { 'recovery.svg': pictureOf(figures) },
  };
}
