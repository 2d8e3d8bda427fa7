// What the terminal shows: the story while scenarios run, the figures and the table at the end. Text from logs is never passed through raw.
import type { Scenario } from '../scenarios/schema.ts';
import type { Remediation } from './answers.ts';
import { byCause, foundIn, isByOthers } from './by-cause.ts';
import { beside, cut, duration, type Paint, plain, type Tone, timeOfDay, widest } from './paint.ts';
import { hasSeveralApps, type Line, recoveryMs } from './story.ts';
import { type Ending, endingOf, summary } from './summary.ts';
import { type Told, type Verdict, verdictOf } from './told.ts';

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

const results: Readonly<Record<Verdict, readonly [string, Tone]>> = {
  'as-expected': ['as expected', 'good'],
  'not-as-expected': ['NOT as expected', 'bad'],
  'not-judged': ['not judged, because this machine was too slow', 'person'],
};

/** Says that a scenario that ran beside others is over. */
export function liveEnd(told: Told, count: Count, paint: Paint): string {
  const [words, tone] = results[verdictOf(told)];
  return beside(`   ${sayCount(count).padStart(5)}  `, `${told.scenario.name}: over, ${words}`, tone, paint);
}

/** The whole story of a scenario that was played by itself. */
export function wholeStory(told: Told, lines: readonly Line[], count: Count, paint: Paint): string {
  const { scenario } = told;
  const [words, tone] = results[verdictOf(told)];
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

/**
 * What these remediations came to, in one sentence for all that came to the same. Fifty apps without their DNS link are one sentence,
 * with the shortest and the longest time to recovery.
 */
export function shortlyAll(all: readonly Remediation[]): string {
  const alike = Map.groupBy(all, (one) => sentenceOf(one, []));
  return [...alike.values()]
    .map((group) => {
      const took = group.flatMap((one) => recoveryMs(one) ?? []);
      const [sentence] = group.map((one) => sentenceOf(one, took));
      return `${sentence}${group.length === 1 ? '' : ` (${group.length} remediations)`}`;
    })
    .join(' / ');
}

/** What one remediation came to, in one sentence. */
export function shortly(one: Remediation): string {
  return shortlyAll([one]);
}

/** `tookMs` is how long this remediation, and others that came to the same, took to recover. */
function sentenceOf(one: Remediation, tookMs: readonly number[]): string {
  const did = one.actions.flatMap(({ action, outcome }) => (outcome === 'done' ? [didWords[action] ?? action] : []));
  const named = one.sentences.causes.join(', and ');
  const cause = named !== '' && one.sureness === 'suspected' ? `${named} (suspected)` : named;
  // The first sentence says what it was; others give advice.
  const closed = /^.*?(?=\.(?: |$)|$)/.exec(one.sentences.closed ?? '')?.[0] ?? '';
  if (cause === '' && did.length === 0) return closed === '' ? 'no cause named' : closed;
  const ending = endingOf(one);
  const recovered = tookMs.length === 0 ? 'recovered' : `recovered after ${range(tookMs)}`;
  const asked = ending === 'recovered' ? [] : [ending];
  return `${cause === '' ? closed : cause}: ${[...timesEach(did), ...asked, ...(one.closed?.how === 'recovered' ? [recovered] : [])].join(', ')}`;
}

/** The shortest and the longest of these times. */
function range(ms: readonly number[], to = ' to '): string {
  const [shortest, longest] = [duration(Math.min(...ms)), duration(Math.max(...ms))];
  return shortest === longest ? shortest : `${shortest}${to}${longest}`;
}

/** What was done again and again, once and with how often: a ladder of retries restarts up to six times. */
function timesEach(did: readonly string[]): string[] {
  return [...new Set(did)].map((words) => {
    const times = did.filter((each) => each === words).length;
    return times === 1 ? words : `${words} ${times} times`;
  });
}

const didWords: Readonly<Partial<Record<string, string>>> = {
  grant: 'granted the pull role',
  restart: 'restarted',
  'new-revision': 'made a new revision',
  start: 'started the job again',
};

/** A scenario among many, in one sentence. */
export function shortStory(told: Told, count: Count, paint: Paint): string {
  const { scenario, histories } = told;
  const verdict = verdictOf(told);
  const [words, tone] = results[verdict];
  const said = shortlyAll([...histories.remediations].reverse());
  const text = `${said === '' ? 'nothing was opened' : said}${verdict === 'as-expected' ? '' : `; ${words}`}`;
  const name = cut(scenario.name, widestName).padEnd(widestName);
  return beside(`${sayCount(count)}  ${name}  `, text, verdict === 'as-expected' ? 'plain' : tone, paint);
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

const shortResults: Readonly<Record<Verdict, string>> = {
  'as-expected': 'as expected',
  'not-as-expected': 'FAILED',
  'not-judged': 'not judged',
};

function shortEndingOf(one: Remediation): string {
  return isByOthers(one) ? 'by others' : shortEnding[endingOf(one)];
}

const head = ['scenario', 'cause', 'ended', 'after', 'result'];
/** The width of a column. All columns and the two blanks between them fit on a line. */
const most = [30, 27, 11, 13, 11];

/** The rows of one scenario: one for all remediations that came to the same, with how many these are and the shortest and the longest time. */
function rowsOf(told: Told): string[][] {
  const result = shortResults[verdictOf(told)];
  const { name } = told.scenario;
  const { remediations } = told.histories;
  if (remediations.length === 0) return [[name, '-', '-', '-', result]];
  const alike = Map.groupBy(
    remediations,
    (one) => `${foundIn(one)} ${shortEndingOf(one)} ${recoveryMs(one) === undefined}`,
  );
  return [...alike.values()].flatMap((group) => {
    const [one] = group;
    if (one === undefined) return [];
    const times = group.length === 1 ? '' : ` ×${group.length}`;
    const took = group.flatMap((each) => recoveryMs(each) ?? []);
    const after = took.length === 0 ? '-' : range(took, '–');
    return [[`${cut(name, (most[0] ?? 0) - times.length)}${times}`, foundIn(one), shortEndingOf(one), after, result]];
  });
}

const rowTones: Readonly<Record<Verdict, Tone>> = {
  'as-expected': 'plain',
  'not-as-expected': 'bad',
  'not-judged': 'person',
};

/** Up to this many scenarios have rows of their own in the table. Of more, the table says what became of each cause. */
const mostNamed = 25;

/** The table at the end: a row for each outcome of each scenario, or a row for each cause where there are too many scenarios for that. */
export function table(all: readonly Told[], paint: Paint): string {
  return all.length > mostNamed ? byCause(all, paint) : byScenario(all, paint);
}

function byScenario(all: readonly Told[], paint: Paint): string {
  const rows = all.flatMap((told) => rowsOf(told).map((cells) => ({ told, cells })));
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
    ...rows.map(({ told, cells }) => paint(rowTones[verdictOf(told)], line(cells))),
  ].join('\n');
}

/** What did not hold in each scenario: a broken promise, or else the first expectation, from which others follow. */
export function failures(all: readonly Told[], paint: Paint): string {
  return all
    .filter((told) => verdictOf(told) === 'not-as-expected')
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

/** What to do about each scenario that the machine was too slow to judge: one sentence for each. */
export function notJudged(all: readonly Told[], speed: number, paint: Paint): string {
  const slower = Math.max(1, Math.floor(speed / 3));
  return all
    .filter((told) => verdictOf(told) === 'not-judged')
    .map(({ scenario, behindMs = 0 }) => {
      const fell = `this machine fell behind the clock by ${Math.ceil(behindMs / 1000)} simulated seconds`;
      return beside(`${scenario.name}: `, `${fell}; run it with --speed ${slower}, or without --real`, 'person', paint);
    })
    .join('\n');
}
