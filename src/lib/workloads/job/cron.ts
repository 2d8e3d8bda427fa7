// When the schedule of a job starts its next execution, and how often. Source: documentation "Jobs in Azure Container Apps", "Scheduled jobs": a cron expression of
// five fields (minute, hour, day of month, month, day of week), evaluated in UTC.

import { civilFromDays } from '../../words/say-instant.ts';

/**
 * The first instant after this one at which the expression starts something; `undefined` where it cannot be read, or never does. Milliseconds
 * since 1970.
 */
export function nextRunMs(expression: string | undefined, afterMs: number): number | undefined {
  const fields = readFields(expression);
  if (fields === undefined) return undefined;
  const afterMinute = Math.floor(afterMs / minuteMs) + 1;
  const firstDay = Math.floor(afterMinute / minutesOfDay);
  const times = timesOfDay(fields);
  for (let day = firstDay; day < firstDay + mostDays; day += 1) {
    if (!runsOnDay(fields, day)) continue;
    const time = times.find((minute) => day * minutesOfDay + minute >= afterMinute);
    if (time !== undefined) return (day * minutesOfDay + time) * minuteMs;
  }
  return undefined;
}

/**
 * Every how many minutes the expression starts something on a day on which it does; `undefined` where it does not run all day at one distance, or
 * cannot be read.
 */
export function startsEveryMinutes(expression: string | undefined): number | undefined {
  const fields = readFields(expression);
  if (fields === undefined) return undefined;
  const times = timesOfDay(fields);
  const [first = 0] = times;
  // The next one after the last of a day is the first of the next day.
  const distances = new Set(times.map((time, at) => (times[at + 1] ?? first + minutesOfDay) - time));
  const [distance, ...others] = distances;
  return others.length === 0 && times.length > 1 ? distance : undefined;
}

const minuteMs = 60_000;
const minutesOfDay = 24 * 60;
/** How far ahead is searched: a 29th of February can be eight years away. Days. */
const mostDays = 8 * 366 + 1;
/** An expression that is longer is no schedule of a person. Characters. */
const longest = 200;

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** In the order of the expression. Names count from the first number of their field; a Sunday is 0 and 7. */
const fieldsInOrder: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: months },
  { from: 0, to: 7, names: weekdays },
];

/** What a field allows, and whether it allows everything. */
interface Allowed {
  readonly values: ReadonlySet<number>;
  readonly any: boolean;
}

interface Fields {
  readonly minutes: Allowed;
  readonly hours: Allowed;
  readonly days: Allowed;
  readonly months: Allowed;
  readonly weekdays: Allowed;
}

function readFields(expression: string | undefined): Fields | undefined {
  if (expression === undefined || expression.length > longest) return undefined;
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== fieldsInOrder.length) return undefined;
  const read = fieldsInOrder.map((field, index) => readField(parts[index] ?? '', field));
  const [minutes, hours, days, ofMonths, ofWeek] = read;
  if (minutes === undefined || hours === undefined || days === undefined) return undefined;
  if (ofMonths === undefined || ofWeek === undefined) return undefined;
  return { minutes, hours, days, months: ofMonths, weekdays: ofWeek };
}

/** A list of values, ranges and steps. `undefined` for anything else, and for a value that the field does not have. */
function readField(text: string, field: Field): Allowed | undefined {
  const values = new Set<number>();
  for (const item of text.toLowerCase().split(',')) {
    const range = readItem(item, field);
    if (range === undefined) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return { values, any: text.startsWith('*') };
}

function readItem(item: string, field: Field): { from: number; to: number; step: number } | undefined {
  const [, first = '', last, step = '1'] = /^(\*|\w{1,3})(?:-(\w{1,3}))?(?:\/(\d{1,2}))?$/.exec(item) ?? [];
  const from = first === '*' ? field.from : numberOf(first, field);
  const stepped = item.includes('/');
  const to = first === '*' || (last === undefined && stepped) ? field.to : numberOf(last ?? first, field);
  const by = Number(step);
  if (from === undefined || to === undefined || to < from || by < 1) return undefined;
  return first === '*' && last !== undefined ? undefined : { from, to, step: by };
}

function numberOf(text: string, { from, to, names = [] }: Field): number | undefined {
  const named = names.indexOf(text);
  const value = named >= 0 ? named + from : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}

/** Where both days are restricted, either of them is enough (manual page crontab(5), and the library of Kubernetes). */
function runsOnDay({ days, months: ofMonths, weekdays: ofWeek }: Fields, daySince1970: number): boolean {
  const { month, day } = civilFromDays(daySince1970);
  if (!ofMonths.values.has(month)) return false;
  // 1970-01-01 was a Thursday.
  const weekday = (daySince1970 + 4) % 7;
  const onWeekday = ofWeek.values.has(weekday) || (weekday === 0 && ofWeek.values.has(7));
  const onDay = days.values.has(day);
  return days.any || ofWeek.any ? onDay && onWeekday : onDay || onWeekday;
}

/** The minutes of a day at which it runs, in order. */
function timesOfDay({ minutes, hours }: Fields): readonly number[] {
  const ordered = (values: ReadonlySet<number>): number[] => [...values].sort((a, b) => a - b);
  return ordered(hours.values).flatMap((hour) => ordered(minutes.values).map((minute) => hour * 60 + minute));
}
