// Where an incident is told: the systems of every route whose conditions it meets.

import { type Cause, storedCause } from '../causes/causes.ts';
import type { Day, Hours, IncidentSettings, Route } from '../settings/incident-settings.ts';
import type { Mode } from '../settings/modes.ts';
import type { IncidentFacts } from './incident-facts.ts';

/** What a route can ask of an incident. `environment` is the resource id. */
export interface RouteQuestion extends Pick<IncidentFacts, 'owner' | 'severity' | 'registry'> {
  readonly cause: string;
  readonly subscription?: string;
  readonly environment?: string;
  readonly atMs: number;
}

export interface Routed {
  readonly to: readonly string[];
  /** The places of the routes that matched, from 0. */
  readonly matched: readonly number[];
  /** `no-route`: none matched, so every system is told. `observe`: the mode tells nobody. */
  readonly because: 'no-systems' | 'observe' | 'no-route' | 'matched';
}

/**
 * The systems that are told of an incident. Where no route matches, all of them are: an incident must not be lost because nobody thought
 * of it. A route to no system says that on purpose.
 */
export function route(settings: IncidentSettings, mode: Mode, question: RouteQuestion): Routed {
  const all = Object.keys(settings.systems);
  if (all.length === 0) return { to: [], matched: [], because: 'no-systems' };
  if (mode === 'observe' && !settings.inObserve) return { to: [], matched: [], because: 'observe' };
  const matched = settings.routes.flatMap((one, at) => (matches(one, question) ? [at] : []));
  if (matched.length === 0) return { to: all, matched, because: 'no-route' };
  const named = new Set(matched.flatMap((at) => settings.routes[at]?.to ?? []));
  return { to: all.filter((name) => named.has(name)), matched, because: 'matched' };
}

function matches({ when }: Route, question: RouteQuestion): boolean {
  const { cause, owner, severity, registry, subscription, environment } = question;
  return (
    holds(when.family, storedCause(cause)?.family ?? 'unexplained') &&
    holds(when.cause, cause as Cause) &&
    holds(when.owner, owner) &&
    holds(when.severity, severity) &&
    holds(when.registry, registry.toLowerCase()) &&
    holds(when.subscription, subscription?.toLowerCase()) &&
    isOneOf(when.environment, environment?.toLowerCase()) &&
    (when.hours === undefined || isWithin(when.hours, question.atMs))
  );
}

/** A condition about a value that is not known does not hold. */
function holds<T>(wanted: readonly T[] | undefined, value: T | undefined): boolean {
  return wanted === undefined || (value !== undefined && wanted.includes(value));
}

function isOneOf(wanted: readonly string[] | undefined, environment: string | undefined): boolean {
  if (wanted === undefined) return true;
  return (
    environment !== undefined && (wanted.includes(environment) || wanted.includes(environment.split('/').at(-1) ?? ''))
  );
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
