// The benchmark of event storms.
import type { Options, Outcome, Row } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import { type EventFigures, measureEvents } from './measure.ts';

/** What pullmedic allows itself in a minute (`budget.armReadsPerMinute`, `budget.logQueriesPerMinute`), a burst of an eighth included. */
const budget = { arm: 1350, logs: 337 } as const;

export async function events({ runs }: Options): Promise<Outcome> {
  const figures = await measureEvents({ waiting: runs, rolesAMinute: 500, pushesAMinute: 200, minutes: 5 });
  const bars = figures.byMinute.map(({ arm }, at) => ({ name: `minute ${at + 1}`, value: arm }));
  const title = 'Requests to Azure Resource Manager, by minute';
  return {
    figures,
    table: tableOfEvents(figures),
    rows: rowsOf(figures),
    pictures: { 'events.svg': pictureOfBars({ title, bars, goal: budget.arm }) },
  };
}

function tableOfEvents({ waiting, events, sent, steps, byMinute }: EventFigures): string {
  const said = (of: (minute: { readonly arm: number; readonly logs: number }) => number): string =>
    byMinute.map(of).join(' ');
  return [
    `${waiting} remediations wait. ${sent.toLocaleString('en')} events were sent, ${events.toLocaleString('en')} arrived with those of restarts, and ${steps.toLocaleString('en')} steps were taken.`,
    `Azure Resource Manager, by minute: ${said(({ arm }) => arm)}`,
    `Log Analytics, by minute: ${said(({ logs }) => logs)}`,
  ].join('\n');
}

function rowsOf({ waiting, events, sent, byMinute }: EventFigures): Row[] {
  const busiest = (of: 'arm' | 'logs'): number => Math.max(...byMinute.map((minute) => minute[of]));
  const row = (what: string, count: number, most: number): Row => ({
    what: `${what}, busiest minute of an event storm`,
    figure: count.toLocaleString('en'),
    against: `${waiting} waiting, 700 events a minute`,
    goal: `at most ${most.toLocaleString('en')}`,
    met: count <= most,
  });
  return [
    row('ARM requests', busiest('arm'), budget.arm),
    row('log queries', busiest('logs'), budget.logs),
    {
      what: 'events lost in an event storm',
      figure: String(Math.max(0, sent - events)),
      against: `${sent.toLocaleString('en')} sent`,
      goal: '0',
      met: events >= sent,
    },
  ];
}
