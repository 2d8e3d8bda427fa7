// The language of searches, such as `app:ca-orders cause:dns state:open since:7d`. The page History and the command line read it the same way.

import { causes as allCauses, type Cause } from '../causes/causes.ts';
import type { CloseHow } from '../history/closing.ts';
import type { Sureness } from '../history/diagnosis.ts';
import type { State } from '../history/remediation-state.ts';

/** A search as a person means it. A member that is absent does not narrow the search. Instants are milliseconds since 1970. */
export interface Query {
  /** The beginning of the app's name, in lower case. */
  readonly app?: string;
  /** The beginning of the registry's host, in lower case. */
  readonly registry?: string;
  /** One of these is the cause. */
  readonly causes?: readonly Cause[];
  readonly sureness?: Sureness;
  /** States of what is live that are looked for; an empty list excludes what is live. */
  readonly live?: readonly State[];
  /** Ends that are looked for; an empty list excludes what has ended. */
  readonly ended?: readonly CloseHow[];
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** A part of the name or id of a person who answered, in lower case, or the person who asks. */
  readonly by?: string;
}

export interface ParsedQuery {
  readonly query: Query;
  /** One sentence for each term that has no meaning. Such a term is left out. */
  readonly problems: readonly string[];
}

/** Reads a search. `nowMs` is what `since:7d` counts from. */
export function parseQuery(text: string, nowMs: number): ParsedQuery {
  let query: Query = {};
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const word of text.trim().slice(0, longest).split(/\s+/u)) {
    if (word === '') continue;
    const colon = word.indexOf(':');
    const name = colon < 0 ? 'app' : word.slice(0, colon).toLowerCase();
    const value = (colon < 0 ? word : word.slice(colon + 1)).toLowerCase();
    const read = Object.hasOwn(terms, name) ? terms[name as TermName] : undefined;
    const found =
      read === undefined ? noTerm(name) : seen.has(name) ? `The term ${name}: stands twice.` : read(value, nowMs);
    seen.add(name);
    if (typeof found === 'string') problems.push(found);
    else query = { ...query, ...found, ...inBoth(query, found) };
  }
  return { query, problems };
}

/** `state:` and `needs:` say the same members: what both look for is meant, whichever stands first. */
function inBoth(one: Query, other: Query): Query {
  return {
    ...(one.live === undefined || other.live === undefined
      ? {}
      : { live: one.live.filter((state) => other.live?.includes(state)) }),
    ...(one.ended === undefined || other.ended === undefined
      ? {}
      : { ended: one.ended.filter((how) => other.ended?.includes(how)) }),
  };
}

/** The names of the terms, for help and for suggestions. */
export const termNames = ['app', 'registry', 'cause', 'sure', 'state', 'needs', 'since', 'until', 'on', 'by'] as const;
type TermName = (typeof termNames)[number];

/** How much of a text is read. Characters. */
const longest = 500;

/** What a term adds to the query, or a sentence that says why it has no meaning. */
type Term = (value: string, nowMs: number) => Query | string;

const terms: Readonly<Record<TermName, Term>> = {
  app: (value) => (value === '' ? empty('app', 'the beginning of an app’s name') : { app: value }),
  registry: (value) => (value === '' ? empty('registry', 'the beginning of a registry’s host') : { registry: value }),
  cause: readCause,
  sure: (value) => (isOneOf(surenesses, value) ? { sureness: value } : unknown('sure', value, surenesses)),
  state: (value) =>
    Object.hasOwn(states, value) ? (states[value] ?? {}) : unknown('state', value, Object.keys(states)),
  needs: (value) => (value === 'person' ? needingPerson : unknown('needs', value, ['person'])),
  since: (value, nowMs) => readInstant('since', value, nowMs, (ms) => ({ fromMs: ms })),
  until: (value, nowMs) => readInstant('until', value, nowMs, (ms) => ({ untilMs: ms })),
  on: readDay,
  by: (value) => (value === '' ? empty('by', 'a part of a person’s name, or me') : { by: value }),
};

const surenesses = ['confirmed', 'suspected', 'unexplained'] as const satisfies readonly Sureness[];
const liveStates = ['looking', 'waiting', 'partly-recovered', 'needs-approval', 'needs-person'] as const;
const needingPerson: Query = { live: ['needs-approval', 'needs-person'], ended: [] };

/** Each word for a state, and what it looks for. */
const states: Readonly<Partial<Record<string, Query>>> = {
  open: { live: liveStates, ended: [] },
  live: { live: liveStates, ended: [] },
  'under-way': { live: liveStates.slice(0, 3), ended: [] },
  ...Object.fromEntries(liveStates.map((state) => [state, { live: [state], ended: [] }])),
  closed: { live: [], ended: ['recovered', 'withdrawn', 'unproven'] },
  recovered: { live: [], ended: ['recovered'] },
  withdrawn: { live: [], ended: ['withdrawn'] },
  unproven: { live: [], ended: ['unproven'] },
  'left-alone': { live: [], ended: ['withdrawn', 'unproven'] },
};

/** Every cause whose name has the text in it: `cause:dns` finds all that is wrong with private DNS zones. */
function readCause(value: string): Query | string {
  if (value === '') return empty('cause', 'a part of a cause’s name');
  const causes = allCauses.filter((cause) => cause.includes(value));
  return causes.length === 0 ? `No cause has “${value}” in its name. The page Runbooks lists the causes.` : { causes };
}

const lengths: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `30m`, `12h`, `7d` or `2w` before now, or a day such as `2026-06-01`, in UTC. */
function readInstant(name: string, value: string, nowMs: number, made: (ms: number) => Query): Query | string {
  const [, count, unit] = /^(\d{1,4})([mhdw])$/.exec(value) ?? [];
  if (count !== undefined && unit !== undefined) return made(nowMs - Number(count) * (lengths[unit] ?? 0));
  const day = dayMs(value);
  return day === undefined
    ? `${name}:${value} is no time. Write a length such as 30m, 12h, 7d or 2w, or a day such as 2026-06-01.`
    : made(day);
}

/** The whole of one day, in UTC. */
function readDay(value: string): Query | string {
  const day = dayMs(value);
  return day === undefined
    ? `on:${value} is no day. Write a day such as 2026-06-01.`
    : { fromMs: day, untilMs: day + 86_400_000 };
}

/** The first instant of a day in UTC. The core has no `Date`; the days before a year and a month are counted here. */
function dayMs(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  let days = day - 1;
  for (let before = 1970; before < year; before += 1) days += isLeap(before) ? 366 : 365;
  for (let before = 1; before < month; before += 1) days += daysOf(year, before);
  return days * 86_400_000;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function isOneOf<T extends string>(all: readonly T[], value: string): value is T {
  return (all as readonly string[]).includes(value);
}

function noTerm(name: string): string {
  return `There is no term ${name}: — the terms are ${termNames.map((one) => `${one}:`).join(' ')}`;
}

function empty(name: string, wanted: string): string {
  return `The term ${name}: needs a value: ${wanted}.`;
}

function unknown(name: string, value: string, all: readonly string[]): string {
  return `${name}:${value} is not known. Write one of: ${all.join(', ')}.`;
}
