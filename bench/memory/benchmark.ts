// The benchmark of memory.
import type { Options, Outcome } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import type { Held } from './held.ts';
import { type MemoryFigures, measureMemory, mostGrowthAnHour, mostHeld } from './measure.ts';

export async function memory({ runs }: Options): Promise<Outcome> {
  const lengths = runs <= 2 ? [1, 2] : [1, 2, runs];
  const figures = await measureMemory(lengths);
  const title = 'Kilobytes that pullmedic keeps beside its code, by hours of a soak';
  return {
    figures,
    table: tableOfMemory(figures),
    rows: rowsOf(figures),
    pictures: { 'memory.svg': pictureOfBars({ title, bars: barsOf(figures), goal: mostHeld / 1000 }) },
  };
}

/** A table for people. */
export function tableOfMemory({ anHour, quiet, soaks, growthAnHour }: MemoryFigures): string {
  return [
    `${anHour} failures of each of seven kinds an hour, on virtual time. The app's part is what is freed when its process ends.`,
    '',
    '| hours | remediations | ended | steps | the app keeps | the simulated world beside it |',
    '|---|---|---|---|---|---|',
    ...[quiet, ...soaks].map(
      ({ hours, opened, ended, steps, appBytes, worldBytes }) =>
        `| ${[opened === 0 ? `${hours}, quiet` : hours, opened, ended, steps.toLocaleString('en'), kilobytes(appBytes), kilobytes(worldBytes)].join(' | ')} |`,
    ),
    '',
    `After the first hour the app's part grows by ${kilobytes(growthAnHour)} an hour.`,
  ].join('\n');
}

function rowsOf({ anHour, soaks, growthAnHour }: MemoryFigures) {
  const last = soaks.at(-1);
  const most = Math.max(...soaks.map(({ appBytes }) => appBytes));
  const against = `${7 * anHour} failures an hour, ${last?.hours ?? '-'} virtual hours`;
  return [
    {
      what: 'growth of memory in a soak, after the first hour',
      figure: `${kilobytes(growthAnHour)} an hour`,
      against,
      goal: `at most ${kilobytes(mostGrowthAnHour)}`,
      met: growthAnHour <= mostGrowthAnHour,
    },
    {
      what: 'memory of the app in a soak, beside its code',
      figure: kilobytes(most),
      against,
      goal: `at most ${kilobytes(mostHeld)}`,
      met: most <= mostHeld,
    },
  ];
}

function barsOf({ quiet, soaks }: MemoryFigures) {
  const bar = (name: string, { appBytes }: Held) => ({
    name,
    value: Math.round(appBytes / 1000),
    said: kilobytes(appBytes),
  });
  return [
    bar('a quiet hour', quiet),
    ...soaks.map((held) => bar(`${held.hours} h, ${held.opened} remediations`, held)),
  ];
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000).toLocaleString('en')} KB`;
}
