// The command `history`: a search in the language of the page History, page by page. The app reads the terms, so both say the same of them.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import { withApp } from './deployed-commands.ts';
import { clock, linesOf, print, printJson } from './printed.ts';
import { plain } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { type Seen, watch } from './watch.ts';

export function historyCommand(given: Arguments<'history'>): Promise<number> {
  const { json, after, watch: isWatched } = given.values;
  if (json === true && isWatched === true) throw new UsageError('--json and --watch exclude each other.');
  const page = { terms: given.words, after };
  return withApp(given, async (deployed) => {
    const read = async () => pageOf(page, await deployed.get(pathOf(page)));
    if (isWatched === true) return watch(async () => (await read()).seen, print);
    const { answered, seen } = await read();
    if (json === true) printJson(answered);
    else print(seen.lines);
    return 0;
  });
}

interface Page {
  readonly terms: readonly string[];
  /** Where the page begins, as the page before says it. */
  readonly after?: string | undefined;
}

function pathOf({ terms, after }: Page): string {
  const q = encodeURIComponent(terms.join(' '));
  return `history?as=json&q=${q}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`;
}

/**
 * The remediations that match. The page leaves a bad term out and shows more than was asked for; a command refuses it, because a program would
 * take the longer list for the answer. Throws {@link UsageError} with the page's own sentence.
 */
function pageOf(page: Page, answered: unknown): { readonly answered: unknown; readonly seen: Seen } {
  const { problems, rows, skipped, next } = readAs(foundPage, answered, 'a search');
  if (problems.length > 0) throw new UsageError(plain(problems.join(' ')));
  const live = rows.filter(({ closed }) => !closed).length;
  const nothing = skipped === 0 && next === undefined ? 'Nothing was found.' : 'Nothing was found so far.';
  const lines = [
    ...rows.flatMap((row) => linesOf(lineOfRow(row), { state: stateOf(row) })),
    ...(rows.length === 0 ? linesOf(nothing) : []),
    ...(skipped > 0 ? linesOf(`Rows that cannot be read, and may match: ${skipped}.`) : []),
    ...(next === undefined ? [] : linesOf(`There are more: ${nextCommand(page, next)}`)),
  ];
  return {
    answered,
    seen: { lines, state: linesOf(`Listed: ${rows.length}, of which go on: ${live}.`), goesOn: live > 0 },
  };
}

/** The command for the next page, as a shell reads it. */
function nextCommand({ terms }: Page, next: string): string {
  return ['pullmedic history', ...terms.map(shellWord), '--after', shellWord(next)].join(' ');
}

/** The text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A row of a search, as the page History has it. */
export const foundRow = z.object({
  remediation: z.string(),
  appId: z.string(),
  closed: z.boolean(),
  needsPerson: z.boolean(),
  asks: z.boolean().optional(),
  updatedAtMs: z.number(),
  openedAtMs: z.number().optional(),
  closedAtMs: z.number().optional(),
  unreadable: z.string().optional(),
  // Rows that an older version wrote lack it.
  facts: z
    .object({
      appName: z.string(),
      state: z.string(),
      causes: z.array(z.string()),
      sure: z.string().optional(),
      closed: z.object({ how: z.string(), because: z.string().optional() }).optional(),
    })
    .optional(),
});
export type FoundRow = z.infer<typeof foundRow>;
/** A page of what was found, as the app answers it. */
export const foundPage = z.object({
  problems: z.array(z.string()),
  rows: z.array(foundRow),
  skipped: z.number(),
  next: z.string().optional(),
});

/** One line: when, id, state, app, causes. Not yet safe to print. */
export function lineOfRow(one: FoundRow): string {
  const { remediation, closed, updatedAtMs, openedAtMs, closedAtMs } = one;
  const atMs = (closed ? closedAtMs : openedAtMs) ?? updatedAtMs;
  return `${clock(atMs)}  ${remediation}  ${stateOf(one)}  ${nameOfRow(one)}  ${whatOf(one)}`;
}

/** The name of the app. */
export function nameOfRow({ appId, facts }: FoundRow): string {
  return facts?.appName ?? appId.split('/').at(-1) ?? appId;
}

function stateOf({ closed, facts, asks, needsPerson }: FoundRow): string {
  if (closed) return facts?.closed?.how ?? 'closed';
  return facts?.state ?? (asks === true ? 'needs-approval' : needsPerson ? 'needs-person' : 'live');
}

function whatOf({ facts, unreadable }: FoundRow): string {
  if (unreadable !== undefined) return `its history cannot be read: ${unreadable}`;
  if (facts === undefined) return 'an older version wrote this row; show says what happened';
  if (facts.closed?.because === 'nothing-failing') return 'nothing was failing';
  return facts.causes.length === 0
    ? 'no cause named'
    : `${facts.causes.join(' and ')} (${facts.sure ?? 'unexplained'})`;
}
