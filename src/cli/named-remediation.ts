// Finds the remediation or the app that a person names shortly: by the beginning of an id, or by the name of an app.
import * as z from 'zod';
import { parseWorkloadId } from '../lib/workloads/workloads.ts';
import { readAs } from './answer-read.ts';
import { Declined } from './declined.ts';
import type { Deployed } from './deployed.ts';
import { type FoundRow, foundPage, lineOfRow, nameOfRow } from './search-command.ts';
import { plain } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Where a name is looked for. Only what is live can be answered, so an answer looks there. */
export type Among = 'all' | 'live';

/** A remediation, and the name of its app where the app was asked for it. */
export interface NamedRemediation {
  readonly id: string;
  readonly app?: string | undefined;
}

/**
 * The one remediation that `text` names: a whole id is taken as it is, without asking the app. Throws {@link UsageError} where the text names
 * several, after it has listed them, and {@link Declined} where it names none or not everything could be read.
 */
export async function remediationNamed(
  deployed: Deployed,
  text: string | undefined,
  among: Among,
): Promise<NamedRemediation> {
  if (text !== undefined && isWholeId(text)) return { id: text };
  const rows = await rowsNamed(deployed, nameIn(text), among);
  const [only, ...others] = rows;
  if (only === undefined) throw noneNamed(text, among);
  if (others.length > 0) throw severalNamed(text, rows);
  return namedBy(only);
}

function namedBy(row: FoundRow): NamedRemediation {
  return { id: row.remediation, app: nameOfRow(row) };
}

/** The app by its name, with the id beside it; the id alone where no name is known. */
export function sayNamed({ id, app }: NamedRemediation): string {
  return app === undefined || app === '' ? id : `${app} (${id})`;
}

/**
 * As {@link remediationNamed}, for taking a grant back: of several with this name it is the one whose grant is not taken back yet. Only a whole
 * list is chosen from, and only where one alone has such a grant.
 */
export async function grantNamed(deployed: Deployed, text: string | undefined): Promise<NamedRemediation> {
  if (text !== undefined && isWholeId(text)) return { id: text };
  const rows = await rowsNamed(deployed, nameIn(text), 'all');
  const [only, ...others] = rows;
  if (only === undefined) throw noneNamed(text, 'all');
  if (others.length === 0) return namedBy(only);
  if (rows.length > mostListed) throw severalNamed(text, rows);
  const granted: FoundRow[] = [];
  for (const row of rows) if (await hasGrant(deployed, row)) granted.push(row);
  const [one, ...more] = granted;
  if (one === undefined || more.length > 0) throw severalNamed(text, granted.length === 0 ? rows : granted);
  return namedBy(one);
}

async function hasGrant(deployed: Deployed, { remediation: id }: FoundRow): Promise<boolean> {
  const { undo } = readAs(undoable, await deployed.get(`remediations/${id}`), 'a remediation').remediation;
  return undo !== undefined && undo.state !== 'removed' && undo.state !== 'already-gone';
}

const undoable = z.object({ remediation: z.object({ undo: z.object({ state: z.string() }).optional() }) });

/** The resource id of the one app that `text` names, among those that have a remediation. Throws as {@link remediationNamed} does. */
export async function appNamed(deployed: Deployed, text: string): Promise<string> {
  const rows = await rowsNamed(deployed, nameIn(text), 'all');
  const [only, ...others] = new Set(rows.map(({ appId }) => appId.toLowerCase()));
  if (only === undefined) throw noneNamed(text, 'all');
  if (others.length > 0) throw severalNamed(text, rows);
  const app = parseWorkloadId(rows[0]?.appId ?? '');
  if (app === undefined) throw new Declined('The app answered a resource id that is none of a workload.');
  return app;
}

/** True for the whole id of a remediation, such as `t0123456789abcdef01234567.1`. */
export function isWholeId(text: string): boolean {
  return /^t[0-9a-f]{24}\.[1-9]\d{0,5}$/.test(text);
}

/**
 * The text as it is looked for, in lower case. Throws {@link UsageError} where it can be neither the beginning of an id nor a name. Names of
 * workloads are of letters, digits and hyphens; an id has a full stop beside these characters.
 */
export function nameIn(text: string | undefined): string {
  if (text === undefined || !/^[a-z0-9][a-z0-9-]{0,62}$|^t[0-9a-f]{24}\.\d{0,6}$/i.test(text))
    throw new UsageError(
      'This takes the id of a remediation (t….1), as its page and its incident show it, the beginning of one, or the name of a workload.',
    );
  return text.toLowerCase();
}

/** How many pages of 50 rows are read to find a name. */
const mostPages = 20;

/** Every remediation whose id begins so, or whose app has the name. Throws {@link Declined} where not all could be read: one may be missing. */
async function rowsNamed(deployed: Deployed, name: string, among: Among): Promise<readonly FoundRow[]> {
  const q = encodeURIComponent(termsFor(name, among));
  const named = new Map<string, FoundRow>();
  let after = '';
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { problems, rows, skipped, next } = readAs(
      foundPage,
      await deployed.get(`history?as=json&q=${q}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`),
      'a search',
    );
    if (problems.length + skipped > 0) throw notAllRead();
    for (const row of rows)
      if (row.remediation.startsWith(name) || nameOfRow(row).toLowerCase() === name) named.set(row.remediation, row);
    if (next === undefined) return checked([...named.values()]);
    after = next;
  }
  throw notAllRead();
}

/**
 * An app's name is a search of its own; it does not find a row that an older version wrote until pullmedic has taken that over. There is no search
 * for the beginning of an id, so everything is listed for it.
 */
function termsFor(name: string, among: Among): string {
  if (among === 'live') return 'state:live';
  return /^t[0-9a-f]{0,24}(?:\.\d*)?$/.test(name) ? '' : `app:${name}`;
}

/** An id goes into an address of the app, so it has to be one. */
function checked(rows: readonly FoundRow[]): readonly FoundRow[] {
  if (rows.every(({ remediation }) => isWholeId(remediation))) return rows;
  throw new Declined('The app answered an id that is none of a remediation.');
}

function notAllRead(): Declined {
  return new Declined(
    'Not all remediations could be read, so another one may have this name too. Give the whole id; pullmedic history lists them.',
  );
}

function noneNamed(text: string | undefined, among: Among): Declined {
  const which = among === 'live' ? 'No live remediation' : 'No remediation';
  return new Declined(`${which} has an id that begins with ${text ?? ''}, or a workload of this name.`);
}

/** How many candidates are listed. */
const mostListed = 20;

function severalNamed(text: string | undefined, rows: readonly FoundRow[]): UsageError {
  for (const row of rows.slice(0, mostListed)) process.stderr.write(`${plain(lineOfRow(row))}\n`);
  const more = rows.length - mostListed;
  return new UsageError(
    `${text ?? ''} names ${rows.length} remediations${more > 0 ? ` (${more} are not listed)` : ''}: give more of the id, or the whole.`,
  );
}
