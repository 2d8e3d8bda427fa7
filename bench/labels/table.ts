// The figures of reading logs, as a table for people.
import type { LabelFigures } from './measure.ts';

/** `classify` itself is the measure: the ratio says how many times its processor time another way takes. */
export function tableOfLabels({ rows, rounds, ways, memory }: LabelFigures): string {
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
    `${memory.gigabytes} GB of JSON rows: at most ${memory.early.toFixed(0)} MB of memory in the first tenth, ${memory.late.toFixed(0)} MB after it.`,
  ].join('\n');
}
