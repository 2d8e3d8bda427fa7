// What the terminal shows: the story while scenarios run, the figures and the table at the end. Text from logs is never passed through raw.
import type { Scenario } from '../scenarios/schema.ts';
import type { Remediation } from './answers.ts';
import type { Failure } from './failure.ts';
import { beside, cut, duration, type Paint, plain, type Tone, timeOfDay, widest } from './paint.ts';
import { hasSeveralApps, type Line, recoveryMs } from './story.ts';
import { type Ending, endingOf, summary } from './summary.ts';
import type { Told } from './told.ts';

/** How many scenarios are over. */
export interface Count {
  readonly over: number;
  readonly of: number;
}

function sayCount({ over, of }: Count): string {
  return `${String(over).padStart(String(of).length)}/${of}`;
}

/** No name of a scenario takes more room than this. */
const widestName = 36;

/** One line of a story that is played beside others. */
export function liveLine(scenario: Scenario, line: Line, names: number, paint: Paint): string {
  const name = cut(scenario.name, widestName).padEnd(Math.min(names, widestName));
  const text = hasSeveralApps(scenario) ? `${line.app}: ${line.text}` : line.text;
  return beside(`${timeOfDay(line.atMs)}  ${name}  `, text, line.tone, paint);
}

function result(failures: readonly Failure[]): readonly [string, Tone] {
  return failures.length === 0 ? ['as expected', 'good'] : ['NOT as expected', 'bad'];
}

/** That a scenario that was played beside others is over. */
export function liveEnd({ scenario, failures }: Told, count: Count, paint: Paint): string {
  const [words, tone] = result(failures);
  return beside(`   ${sayCount(count).padStart(5)}  `, `${scenario.name}: over, ${words}`, tone, paint);
}

/** The whole story of a scenario that was played by itself. */
export function wholeStory(told: Told, lines: readonly Line[], count: Count, paint: Paint): string {
  const { scenario, failures } = told;
  const [words, tone] = result(failures);
  const apps = hasSeveralApps(scenario);
  return [
    beside(`${sayCount(count)}  `, scenario.name, 'plain', paint),
    beside('  ', scenario.summary, 'quiet', paint),
    ...lines.map((line) =>
      beside(`  ${timeOfDay(line.atMs)}  `, apps ? `${line.app}: ${line.text}` : line.text, line.tone, paint),
    ),
    beside('  ', words, tone, paint),
  ].join('\n');
}

/** What one remediation came to, in one sentence. */
export function shortly(one: Remediation): string {
  const did = one.actions.flatMap(({ action, outcome }) => (outcome === 'done' ? [didWords[action] ?? action] : []));
  const cause = one.sentences.causes.join(', and ');
  // The first sentence says what it was; others give advice.
  const closed = /^.*?(?=\.(?: |$)|$)/.exec(one.sentences.closed ?? '')?.[0] ?? '';
  if (cause === '' && did.length === 0) return closed === '' ? 'no cause named' : closed;
  const took = recoveryMs(one);
  const ending = endingOf(one);
  const recovered = took === undefined ? 'recovered' : `recovered after ${duration(took)}`;
  const asked = ending === 'recovered' ? [] : [ending];
  return `${cause === '' ? closed : cause}: ${[...did, ...asked, ...(one.closed?.how === 'recovered' ? [recovered] : [])].join(', ')}`;
}

const didWords: Readonly<Partial<Record<string, string>>> = {
  grant: 'granted the pull role',
  restart: 'restarted',
  'new-revision': 'made a new revision',
};

/** A scenario among many, in one sentence. */
export function shortStory(told: Told, count: Count, paint: Paint): string {
  const { scenario, histories, failures } = told;
  const [words, tone] = result(failures);
  const said = [...histories.remediations].reverse().map(shortly).join(' / ');
  const text = `${said === '' ? 'nothing was opened' : said}${failures.length === 0 ? '' : `; ${words}`}`;
  const name = cut(scenario.name, widestName).padEnd(widestName);
  return beside(`${sayCount(count)}  ${name}  `, text, failures.length === 0 ? 'plain' : tone, paint);
}

/** The figures of all scenarios. */
export function figures(all: readonly Told[], paint: Paint): string {
  const lines = summary(all);
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines
    .map(([name, text], index) => {
      const bad = index === lines.length - 1 && text !== '0';
      return beside(`${name.padEnd(width)}  `, text, bad ? 'bad' : 'plain', paint);
    })
    .join('\n');
}

const shortEnding: Readonly<Record<Ending, string>> = {
  recovered: 'recovered',
  'after a yes': 'recovered',
  'handed over': 'handed over',
  'waits for a yes': 'asks',
  'left alone': 'left alone',
  'no proof': 'no proof',
  'goes on': 'goes on',
};

function row(told: Told, one: Remediation | undefined): string[] {
  const result = told.failures.length === 0 ? 'as expected' : 'FAILED';
  if (one === undefined) return [told.scenario.name, '-', '-', '-', result];
  const cause = one.causes.join(' + ') || (one.closed?.because ?? '-');
  const took = recoveryMs(one);
  return [told.scenario.name, cause, shortEnding[endingOf(one)], took === undefined ? '-' : duration(took), result];
}

const head = ['scenario', 'cause', 'ended', 'after', 'result'];
/** What a column may take; together with two blanks between columns no more than a line has. */
const most = [widestName, 28, 11, 6, 11];

/** The table at the end: one row for each remediation. */
export function table(all: readonly Told[], paint: Paint): string {
  const rows = all.flatMap((told) => {
    const { remediations } = told.histories;
    return remediations.length === 0
      ? [{ told, cells: row(told, undefined) }]
      : remediations.map((one) => ({ told, cells: row(told, one) }));
  });
  const widths = head.map((title, column) =>
    Math.min(most[column] ?? 0, Math.max(title.length, ...rows.map(({ cells }) => (cells[column] ?? '').length))),
  );
  const line = (cells: readonly string[]): string =>
    cut(
      cells
        .map((cell, column) => cut(plain(cell), widths[column] ?? 0).padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
      widest,
    );
  return [
    paint('quiet', line(head)),
    paint('quiet', line(widths.map((width) => '-'.repeat(width)))),
    ...rows.map(({ told, cells }) => paint(told.failures.length === 0 ? 'plain' : 'bad', line(cells))),
  ].join('\n');
}

/** What did not hold in each scenario: a broken promise, or else the first expectation, from which others follow. */
export function failures(all: readonly Told[], paint: Paint): string {
  return all
    .flatMap((told) => {
      const [first, ...others] = [...told.failures].sort(
        (a, b) => Number(b.always ?? false) - Number(a.always ?? false),
      );
      if (first === undefined) return [];
      const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
      const { what, expected, seen } = first;
      return [beside(`${told.scenario.name}: `, `${what}: expected ${expected}; seen ${seen}${more}`, 'bad', paint)];
    })
    .join('\n');
}
