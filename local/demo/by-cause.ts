// The table at the end of a run of many scenarios: one row for each cause, with what became of it and how often.
import type { Remediation } from './answers.ts';
import { beside, cut, duration, type Paint, plain, widest } from './paint.ts';
import { recoveryMs } from './story.ts';
import { type Ending, endingOf, median } from './summary.ts';
import { type Told, verdictOf } from './told.ts';

const columns = ['recovered', 'by others', 'handed over', 'asks', 'left alone', 'other'] as const;
type Column = (typeof columns)[number];

const columnOf: Readonly<Record<Ending, Column>> = {
  recovered: 'recovered',
  'after a yes': 'recovered',
  'handed over': 'handed over',
  'waits for a yes': 'asks',
  'left alone': 'left alone',
  'no proof': 'other',
  'goes on': 'other',
};

const legend =
  'How often each cause was played, and what became of it. recovered: without a person, or after a yes. by others: handed over, and put right since. handed over: a person still has to act. asks: waits for a yes. left alone: no failed pull, or nothing left to repair. other: no proof of the recovery, or it goes on. median: from the failure to the recovery, of those that recovered.';

/** What was handed over and has recovered since: others than pullmedic put it right. */
export function isByOthers(one: Remediation): boolean {
  return endingOf(one) === 'handed over' && one.closed?.how === 'recovered';
}

/** What was found: its causes, or else why it was closed. */
export function foundIn(one: Remediation): string {
  return one.causes.join(' + ') || (one.closed?.because ?? '-');
}

function columnFor(one: Remediation): Column {
  return isByOthers(one) ? 'by others' : columnOf[endingOf(one)];
}

interface Row {
  readonly cells: readonly string[];
  readonly failed: boolean;
}

/** What was played most often comes first. A row is red where a scenario in it did not meet its expectations. */
export function byCause(all: readonly Told[], paint: Paint): string {
  const each = all.flatMap((told) => told.histories.remediations.map((one) => ({ one, told })));
  const rows = [...Map.groupBy(each, ({ one }) => foundIn(one))]
    .sort(([one, a], [other, b]) => b.length - a.length || (one < other ? -1 : 1))
    .map(
      ([found, group]): Row => ({
        cells: cellsOf(
          found,
          group.map(({ one }) => one),
        ),
        failed: group.some(({ told }) => verdictOf(told) === 'not-as-expected'),
      }),
    );
  const head = ['cause', ...columns, 'median'];
  const widths = head.map((title, at) => (at === 0 ? widestCause : title.length));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) =>
        at === 0 ? cut(plain(cell), widestCause).padEnd(widestCause) : cell.padStart(widths[at] ?? 0),
      )
      .join('  ');
  return [
    beside('', legend, 'quiet', paint),
    '',
    paint('quiet', line(head)),
    paint('quiet', line(widths.map((width) => '-'.repeat(width)))),
    ...rows.map(({ cells, failed }) => paint(failed ? 'bad' : 'plain', line(cells))),
  ].join('\n');
}

function cellsOf(found: string, group: readonly Remediation[]): string[] {
  const ends = group.map(columnFor);
  const counts = columns.map((column) => ends.filter((end) => end === column).length);
  const took = median(group.filter((one) => !isByOthers(one)).flatMap((one) => recoveryMs(one) ?? []));
  return [
    found,
    ...counts.map((count) => (count === 0 ? '-' : String(count))),
    took === undefined ? '-' : duration(took),
  ];
}

/** All other columns and the blanks between them fit beside it. */
const widestCause = widest - columns.reduce((sum, title) => sum + title.length + 2, 0) - 'median'.length - 2;
