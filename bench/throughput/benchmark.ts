// The benchmark of throughput: signals a second by instances.
import type { Options, Outcome, Row } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import { assumedTimes, type Rates } from './figures.ts';
import { measureThroughput } from './measure.ts';

const instances = [1, 2, 4] as const;
/** How many times as fast 2 and 4 instances are at least. The histories that they share hold them back. */
const goals: Readonly<Record<number, number>> = { 2: 1.7, 4: 2.5 };

export async function throughput({ runs }: Options): Promise<Outcome> {
  const apps = Math.max(20, Math.round(runs / 40));
  const rates = await measureThroughput(instances.map((count) => ({ instances: count, alerts: runs, apps })));
  return {
    figures: { taken: assumedTimes, rates },
    table: tableOfRates(rates),
    rows: rowsOf(rates),
    pictures: { 'throughput.svg': picture(rates) },
  };
}

function tableOfRates(rates: readonly Rates[]): string {
  const lines = rates.map(
    (one) =>
      `| ${one.instances} | ${one.accepted.toLocaleString('en')} | ${one.handled.toLocaleString('en')} | ${times(rates, one).toFixed(2)} | ${(one.lastAfterMs / 1000).toFixed(1)} s | ${one.requestsAnAlert} | ${one.later} |`,
  );
  return [
    '| instances | accepted a second | handled a second | times as fast | the last one after | requests to storage an alert | sent back |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

/** How many times as many signals as one instance handles. */
function times(rates: readonly Rates[], one: Rates): number {
  return one.handled / (rates[0]?.handled ?? 1);
}

function rowsOf(rates: readonly Rates[]): Row[] {
  return rates.map((one) => {
    const goal = goals[one.instances];
    return {
      what: `signals a second, ${one.instances} instance${one.instances === 1 ? '' : 's'}`,
      figure: one.handled.toLocaleString('en'),
      against:
        goal === undefined ? `${one.alerts.toLocaleString('en')} alerts` : `${times(rates, one).toFixed(2)} times one`,
      goal: goal === undefined ? '-' : `at least ${goal} times`,
      met: goal === undefined ? undefined : times(rates, one) >= goal,
    };
  });
}

function picture(rates: readonly Rates[]): string {
  const bars = rates.map(({ instances: count, handled }) => ({
    name: `${count} instance${count === 1 ? '' : 's'}`,
    value: handled,
  }));
  return pictureOfBars({ title: 'Signals a second through host, queue and tables', bars });
}
