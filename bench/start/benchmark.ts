// The benchmark of a cold start.
import type { Options, Outcome, Row } from '../outcome/benchmark.ts';
import { type Bar, pictureOfBars } from '../outcome/picture.ts';
import { noiseOf, type Spread } from '../outcome/spread.ts';
import type { Compared } from './compare.ts';
import { measureStart, textOf } from './start.ts';

/** The most that a start may take, in times of a bare app in a worker; and the least that bundling must save, in times of the bundle. */
const goals = { worker: 1.4, unbundled: 1.5, bytes: 1_800_000 } as const;

export async function start({ runs }: Options): Promise<Outcome> {
  const figures = await measureStart('dist/index.cjs', runs);
  const title = `From the start of Node, medians of ${runs} processes each in one run`;
  return {
    figures: { runs, ...figures },
    table: textOf(figures),
    rows: [...rowsOf(figures), sizeRow(figures.bytes)],
    pictures: { 'start.svg': pictureOfBars({ title, bars: barsOf(figures) }) },
  };
}

function rowsOf({ bareRatio, sourceRatio }: Compared): Row[] {
  const { worker } = bareRatio;
  const saved = (what: string, times: Spread, goal: number): Row => ({
    what,
    figure: `${times.median.toFixed(2)} times the bundle`,
    against: `the bundle, in turns (${noise(times)})`,
    goal: `at least ${goal}`,
    met: times.median >= goal,
  });
  return [
    {
      what: 'a cold start in a worker',
      figure: `${worker.median.toFixed(2)} times`,
      against: `a bare app, in turns (${noise(worker)})`,
      goal: `at most ${goals.worker}`,
      met: worker.median <= goals.worker,
    },
    saved('the source unbundled, to loaded', sourceRatio.sinceStart, goals.unbundled),
    saved('the source unbundled, to the first 202', sourceRatio.answered, goals.unbundled),
  ];
}

function noise(times: Spread): string {
  return noiseOf(times, (value) => value.toFixed(2));
}

function sizeRow(bytes: number): Row {
  return {
    what: 'size of the bundle',
    figure: `${(bytes / 1e6).toFixed(2)} MB`,
    against: '-',
    goal: `at most ${goals.bytes / 1e6} MB`,
    met: bytes <= goals.bytes,
  };
}

function barsOf({ starts: { bare, app, source } }: Compared): Bar[] {
  return [
    { name: 'a bare app: loaded', value: bare.sinceStartMs },
    { name: 'pullmedic: loaded', value: app.sinceStartMs },
    { name: 'its source, unbundled: loaded', value: source.sinceStartMs },
    { name: 'a bare app: first answer', value: bare.answeredMs },
    { name: 'pullmedic: first answer', value: app.answeredMs },
    { name: 'its source, unbundled: first answer', value: source.answeredMs },
  ].map((bar) => ({ ...bar, said: `${Math.round(bar.value)} ms` }));
}
