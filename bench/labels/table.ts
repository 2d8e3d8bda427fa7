// The figures of reading logs, as a table for people.
import type { Hostile } from './hostile.ts';
import type { LabelFigures } from './measure.ts';

/** `classify` itself is the measure: the ratio says how many times its processor time another way takes. */
export function tableOfLabels({ rows, rounds, ways, memory, hostile, noticed }: LabelFigures): string {
  const own = ways.find(({ name }) => name === 'classify')?.median ?? 0;
  const lines = ways.map(({ name, median, least, most }) => {
    const perSecond = Math.round(1_000_000 / median).toLocaleString('en');
    return `| ${name} | ${perSecond} | ${(median / own).toFixed(2)} | ${median.toFixed(1)} (${least.toFixed(1)} to ${most.toFixed(1)}) |`;
  });
  return [
    `${rows} rows a round, ${rounds} rounds, one core, 1 of 100 rows is a pull that failed. Processor time.`,
    '',
    '| way to read | rows a second | times classify | µs a row |',
    '|---|---|---|---|',
    ...lines,
    '',
    `${memory.gigabytes} GB of JSON rows: at most ${memory.early.toFixed(1)} MB live in the first tenth, ${memory.late.toFixed(1)} MB after it.`,
    `The worst of ${hostile.tried.toLocaleString('en')} lines that were tried (${hostile.bytes} characters): ${timesOf(hostile).toFixed(1)} times an ordinary line, per byte. It begins: ${JSON.stringify(hostile.begins.slice(0, 60))}`,
    '',
    '| matcher | failed pulls noticed | false alarms |',
    '|---|---|---|',
    ...noticed.map(
      (one) => `| ${one.name} | ${one.noticed} of ${one.failures} | ${one.falseAlarms} of ${one.others} |`,
    ),
  ].join('\n');
}

/** How many times as long a byte of the worst line takes as a byte of an ordinary one. */
export function timesOf({ worst, ordinary }: Hostile): number {
  return worst / ordinary;
}
