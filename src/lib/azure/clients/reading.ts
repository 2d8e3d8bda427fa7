// Turns an answer of Azure, or its absence, into a fact. No other file interprets an error of Azure.
import type { Fact, Unreadable } from '../../words/fact.ts';
import { known, passesByItself, unreadable } from '../../words/fact.ts';
import { isRestError } from './rest-error.ts';

/** Azure answered with something that the caller cannot use. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

/** The request was not sent, because the budget of all instances is spent or could not be read. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget';
}

/** The request was not sent, because its look has sent as many requests as a look may send. */
export class LookCapReached extends Error {
  override readonly name = 'LookCapReached';
}

/** A list has more items than its reader may collect. */
export class ListTooLong extends Error {
  override readonly name = 'ListTooLong';
}

/** Azure answered a request that pullmedic sent without an SDK with this status. */
export class BadStatus extends Error {
  override readonly name = 'BadStatus';
  readonly statusCode: number;
  constructor(statusCode: number) {
    super(`Azure answered ${statusCode}.`);
    this.statusCode = statusCode;
  }
}

/** The HTTP status of an error, if it has one. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof BadStatus) return error.statusCode;
  return isRestError(error) ? error.statusCode : undefined;
}

/** The code in ARM's error body, if there is one. It never returns the message, which may hold any text. */
export function armErrorCode(error: unknown): string | undefined {
  return isRestError(error) ? error.code : undefined;
}

function whyUnread(error: unknown): Unreadable {
  if (error instanceof OverBudget) return 'over-budget';
  const status = statusOf(error);
  if (error instanceof LookCapReached) return 'look-cap-reached';
  if (error instanceof ListTooLong) return 'list-too-long';
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 429) return 'throttled';
  if (status !== undefined && status >= 500) return 'unavailable';
  if (error instanceof Error && /Abort|Timeout/i.test(error.name)) return 'timed-out';
  if (error instanceof Unexpected || status !== undefined) return 'unexpected-answer';
  return 'unavailable';
}

/** Whether a read that failed so may succeed a moment later: the next look has requests again, too. */
export function mayPass(error: unknown): boolean {
  const why = whyUnread(error);
  return why === 'look-cap-reached' || passesByItself(why);
}

/** Runs a read. A failure of any kind becomes an unreadable fact. */
export async function factOf<T>(read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return known(await read());
  } catch (error) {
    return unreadable(whyUnread(error));
  }
}

/** Like {@link factOf}, with a value of its own for "there is no such resource". */
export async function factOrMissing<T, M>(missing: M, read: () => Promise<T>): Promise<Fact<T | M>> {
  return factOf(async () => {
    try {
      return await read();
    } catch (error) {
      if (statusOf(error) === 404) return missing;
      throw error;
    }
  });
}

/** Collects a paged list. Throws if it has more than `limit` items: a list is never truncated. */
export async function collect<T>(pages: AsyncIterable<T>, limit: number): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) {
    if (items.length >= limit) throw new ListTooLong(`The list has more than ${limit} items.`);
    items.push(item);
  }
  return items;
}

/** Limits of a fact, in characters of JSON and of one text. Facts are stored and quoted in commands. An oversized one is never cut. */
const largestFact = 100_000;
const longestText = 10_000;

function longestIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((most: number, member) => Math.max(most, longestIn(member)), 0);
}

/**
 * The name and the token of the next page; `undefined` on the last one. The link is untrusted input, so only its token is used, with our own
 * address. Throws {@link Unexpected} if a link has no token. `spelling`: how the name of the token may be written.
 */
export function nextPage(link: string | null | undefined, spelling: RegExp): readonly [string, string] | undefined {
  if (!link) return undefined;
  const query = URL.canParse(link) ? [...new URL(link).searchParams] : [];
  const token = query.find(([name]) => spelling.test(name));
  if (token === undefined) throw new Unexpected('a page without a token');
  return token;
}

/** The fact; unreadable (`fact-too-large`) if it exceeds these limits. */
export function withinLimits<T>(fact: Fact<T>): Fact<T> {
  if (!fact.read) return fact;
  const small = JSON.stringify(fact.value).length <= largestFact && longestIn(fact.value) <= longestText;
  return small ? fact : unreadable('fact-too-large');
}
