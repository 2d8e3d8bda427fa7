// The command `history` with terms: a search in the language of the page History. The app reads the terms, so both say the same of them.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import { UsageError } from './classify-command.ts';
import type { Deployed } from './deployed.ts';
import { clock, printJson, say } from './printed.ts';
import { plain } from './report.ts';

/**
 * Prints the remediations that match. The page leaves a bad term out and shows more than was asked for; a command refuses it, because a
 * program would take the longer list for the answer. Throws {@link UsageError} with the page's own sentence.
 */
export async function searchHistory(deployed: Deployed, terms: readonly string[], json: boolean): Promise<void> {
  const answered = await deployed.get(`history?as=json&q=${encodeURIComponent(terms.join(' '))}`);
  const { problems, rows, skipped, next } = readAs(found, answered, 'a search');
  if (problems.length > 0) throw new UsageError(plain(problems.join(' ')));
  if (json) return printJson(answered);
  for (const row of rows) say(lineOfRow(row));
  if (rows.length === 0) say(skipped === 0 && next === undefined ? 'Nothing was found.' : 'Nothing was found so far.');
  if (skipped > 0) say(`Rows that cannot be read, and may match: ${skipped}.`);
  if (next !== undefined) say('There are more: narrow the search, or read on at /api/history of the app.');
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
      closed: z.object({ how: z.string() }).optional(),
    })
    .optional(),
});
export type FoundRow = z.infer<typeof foundRow>;
const found = z.object({
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
  return facts.causes.length === 0
    ? 'no cause named'
    : `${facts.causes.join(' and ')} (${facts.sure ?? 'unexplained'})`;
}
