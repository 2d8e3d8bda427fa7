// Where an incident or a remediation is told: the systems of every route whose conditions it meets.

import { type Cause, storedCause } from '../causes/causes.ts';
import type { Day, Hours, IncidentSettings, Route } from '../settings/incident-settings.ts';
import type { Mode } from '../settings/modes.ts';
import type { IncidentFacts } from './incident-facts.ts';

/** What a route can ask of an incident or a remediation. The environments are resource ids. */
export interface RouteQuestion extends Pick<IncidentFacts, 'severity' | 'registry'> {
  /** Both are absent for a remediation before its first look. */
  readonly cause?: string;
  readonly owner?: IncidentFacts['owner'];
  /** Those of all its apps, as far as they are known: one of them meets the condition. */
  readonly subscriptions?: readonly string[];
  readonly environments?: readonly string[];
  readonly atMs: number;
}

export interface Routed {
  readonly to: readonly string[];
  /** The places of the routes that matched, from 0. */
  readonly matched: readonly number[];
  /**
   * `no-route`: none matched, so every system is told. `not-known`: none matched for certain, and some routes ask for a value that is not
   * known of the incident. `observe`: the mode tells no system.
   */
  readonly because: 'no-systems' | 'observe' | 'no-route' | 'not-known' | 'matched';
  /** Routes that would match if a value that is not known were the wanted one, from 0. Absent where a route matched for certain. */
  readonly undecided?: readonly number[];
}

/**
 * The systems that are told of an incident. Where no route can match, all of them are: an incident must not be lost because no route names
 * it. A route to no system says that on purpose.
 *
 * Where no route matches for certain, but some would if a value were known, only the systems of those routes are told: a team whose routes
 * certainly do not match must not hear of it. If those routes name no system at all, every system is told, so that the incident is not lost.
 */
export function route(settings: IncidentSettings, mode: Mode, question: RouteQuestion): Routed {
  const all = Object.keys(settings.systems);
  if (all.length === 0) return { to: [], matched: [], because: 'no-systems' };
  if (mode === 'observe' && !settings.inObserve) return { to: [], matched: [], because: 'observe' };
  const read = settings.routes.map((one) => matches(one, question));
  const matched = placesOf(read, 'yes');
  if (matched.length > 0) return { to: systemsOf(settings, all, matched), matched, because: 'matched' };
  const undecided = placesOf(read, 'not-known');
  if (undecided.length === 0) return { to: all, matched, because: 'no-route' };
  const possible = systemsOf(settings, all, undecided);
  return { to: possible.length === 0 ? all : possible, matched, because: 'not-known', undecided };
}

/** `not-known`: the condition asks for a value that is not known of the incident. */
type Holds = 'yes' | 'no' | 'not-known';

function placesOf(read: readonly Holds[], wanted: Holds): number[] {
  return read.flatMap((one, at) => (one === wanted ? [at] : []));
}

function systemsOf({ routes }: IncidentSettings, all: readonly string[], places: readonly number[]): string[] {
  const named = new Set(places.flatMap((at) => routes[at]?.to ?? []));
  return all.filter((name) => named.has(name));
}

/** A route with one condition that certainly does not hold does not match, whatever else is not known. */
function matches({ when }: Route, question: RouteQuestion): Holds {
  const { cause, owner, severity, registry } = question;
  const [subscriptions = [], environments = []] = [question.subscriptions, question.environments].map(inLowerCase);
  const conditions: readonly Holds[] = [
    holds(when.family, cause === undefined ? undefined : (storedCause(cause)?.family ?? 'unexplained')),
    holds(when.cause, cause as Cause | undefined),
    holds(when.owner, owner),
    holds(when.severity, severity),
    holds(when.registry, registry.toLowerCase()),
    holds(when.subscription, ...subscriptions),
    // A route may name an environment by its resource id or by its name.
    holds(when.environment, ...environments, ...environments.map((id) => id.split('/').at(-1))),
    when.hours === undefined || isWithin(when.hours, question.atMs) ? 'yes' : 'no',
  ];
  if (conditions.includes('no')) return 'no';
  return conditions.includes('not-known') ? 'not-known' : 'yes';
}

function inLowerCase(texts: readonly string[] | undefined): string[] | undefined {
  return texts?.map((text) => text.toLowerCase());
}

function holds<T>(wanted: readonly T[] | undefined, ...spellings: readonly (T | undefined)[]): Holds {
  if (wanted === undefined) return 'yes';
  const known = spellings.filter((one) => one !== undefined);
  if (known.length === 0) return 'not-known';
  return known.some((one) => wanted.includes(one)) ? 'yes' : 'no';
}

/** True if the instant is in these hours: those of a night that goes over midnight belong to the day on which it began. */
export function isWithin(hours: Hours, atMs: number): boolean {
  const { day, minutes } = clockIn(hours.zone, atMs);
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const on = (which: Day): boolean => hours.days.includes(which);
  if (from === to) return on(day);
  if (from < to) return on(day) && minutes >= from && minutes < to;
  return (on(day) && minutes >= from) || (on(dayBefore(day)) && minutes < to);
}

const week: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function dayBefore(day: Day): Day {
  return week[(week.indexOf(day) + week.length - 1) % week.length] ?? day;
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return 60 * hour + minute;
}

function clockIn(zone: string, atMs: number): { readonly day: Day; readonly minutes: number } {
  const options = { timeZone: zone, hourCycle: 'h23', weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const parts = new Intl.DateTimeFormat('en-US', options).formatToParts(atMs);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const day = week.find((one) => one === of('weekday').toLowerCase()) ?? 'mon';
  return { day, minutes: 60 * Number(of('hour')) + Number(of('minute')) };
}
