// The benchmark of reading logs.
import type { Options, Outcome, Row } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import { noiseOf, type Spread } from '../outcome/spread.ts';
import { type LabelFigures, measureLabels } from './measure.ts';
import { tableOfLabels, timesOf } from './table.ts';

/** Rows of a round: enough that a round takes about a second. */
const rowsOfRound = 100_000;

/** Rows a second of the slowest form; times a loop over the same patterns; times an ordinary line for each byte; growth of what is live, in megabytes. */
const goals = { perSecond: 100_000, loop: 2, hostile: 20, growth: 3 } as const;

export async function labels({ runs, gigabytes }: Options): Promise<Outcome> {
  const figures = await measureLabels(rowsOfRound, runs, gigabytes);
  const bars = figures.ways.map(({ name, median }) => ({ name: name.slice(0, 40), value: perSecond(median) }));
  const title = 'Rows a second on one core, one row of a hundred is a pull that failed';
  return {
    figures,
    table: tableOfLabels(figures),
    rows: [slowestForm(figures), besideLoop(figures), worstLine(figures), flatMemory(figures)],
    pictures: { 'labels.svg': pictureOfBars({ title, bars, goal: goals.perSecond, scale: 'logarithmic' }) },
  };
}

function perSecond(microseconds: number): number {
  return Math.round(1_000_000 / microseconds);
}

function slowestForm({ ways }: LabelFigures): Row {
  const slowest = ways
    .filter(({ name }) => name.startsWith('the command line'))
    .toSorted((a, b) => b.median - a.median)[0];
  const figure = perSecond(slowest?.median ?? Number.NaN);
  const noise = (spread: Spread): string => noiseOf(spread, (value) => perSecond(value).toLocaleString('en'));
  return {
    what: 'rows a second, the slowest form',
    figure: figure.toLocaleString('en'),
    against: slowest === undefined ? '-' : `${slowest.name.replace('the command line: ', '')} (${noise(slowest)})`,
    goal: 'at least 100,000',
    met: figure >= goals.perSecond,
  };
}

function besideLoop({ ways }: LabelFigures): Row {
  const of = (wanted: string): number => ways.find(({ name }) => name === wanted)?.median ?? Number.NaN;
  const times = of('a loop over the same patterns') / of('classify');
  return {
    what: 'classify',
    figure: `${times.toFixed(1)} times as fast`,
    against: 'a loop over the same patterns',
    goal: `at least ${goals.loop}`,
    met: times >= goals.loop,
  };
}

function worstLine({ hostile }: LabelFigures): Row {
  const times = timesOf(hostile);
  return {
    what: 'the worst hostile line, for each byte',
    figure: `${times.toFixed(1)} times`,
    against: `an ordinary line; ${hostile.tried.toLocaleString('en')} lines were tried`,
    goal: `at most ${goals.hostile}`,
    met: times <= goals.hostile,
  };
}

function flatMemory({ memory: { gigabytes, early, late } }: LabelFigures): Row {
  return {
    what: 'growth of memory while a log is read',
    figure: `${Math.max(0, late - early).toFixed(1)} MB`,
    against: `its first tenth, of ${gigabytes} GB`,
    goal: `at most ${goals.growth} MB`,
    met: late - early <= goals.growth,
  };
}
