// What many runs come to: the figures of one line of the table.
import type { Course } from './course.ts';

const minute = 60_000;

export interface Figures {
  readonly runs: number;
  /** From the grant to the successful pull, as a ratio to the oracle. */
  readonly ratio: Spread;
  /** How much later than the oracle. Seconds. */
  readonly lateSeconds: Spread;
  /** Restarts of one run, in the mean. */
  readonly restarts: number;
  readonly mostRestarts: number;
  readonly looks: number;
  /** Shares of all runs, from 0 to 1. A run that never recovers is late too. */
  readonly laterThanTwoMinutes: number;
  readonly neverRecovered: number;
  readonly leftToAPerson: number;
  readonly interrupted: number;
  /** Restarts of a revision that served, over all runs. Must be 0. */
  readonly servingRestarted: number;
}

export interface Spread {
  readonly median: number;
  readonly p95: number;
}

export function figuresOf(courses: readonly Course[]): Figures {
  const share = (is: (course: Course) => boolean): number => courses.filter(is).length / courses.length;
  const mean = (of: (course: Course) => number): number => sum(courses.map(of)) / courses.length;
  const endless = Number.POSITIVE_INFINITY;
  return {
    runs: courses.length,
    ratio: spreadOf(courses.map(({ recoveredMs = endless, oracleMs }) => recoveredMs / oracleMs)),
    lateSeconds: spreadOf(courses.map((course) => lateMs(course) / 1000)),
    restarts: mean(({ restarts }) => restarts),
    mostRestarts: Math.max(...courses.map(({ restarts }) => restarts)),
    looks: mean(({ looks }) => looks),
    laterThanTwoMinutes: share((course) => lateMs(course) > 2 * minute),
    neverRecovered: share(({ recoveredMs }) => recoveredMs === undefined),
    leftToAPerson: share(({ leftToAPerson, recoveredMs }) => leftToAPerson || recoveredMs === undefined),
    interrupted: share(({ interrupted }) => interrupted > 0),
    servingRestarted: sum(courses.map(({ servingRestarted }) => servingRestarted)),
  };
}

/** How much later than the oracle a run recovered; infinite where it never did. */
function lateMs({ recoveredMs = Number.POSITIVE_INFINITY, oracleMs }: Course): number {
  return recoveredMs - oracleMs;
}

/** How much later than another way to recover the slowest run is, over the same seeds. Seconds. */
export function slowerThan(courses: readonly Course[], others: readonly Course[]): number {
  const of = new Map(others.map((other) => [other.seed, other.recoveredMs ?? Number.POSITIVE_INFINITY]));
  const slower = courses.map(({ seed, recoveredMs = Number.POSITIVE_INFINITY }) => {
    const other = of.get(seed) ?? Number.POSITIVE_INFINITY;
    return other === Number.POSITIVE_INFINITY ? 0 : recoveredMs - other;
  });
  return Math.max(0, ...slower) / 1000;
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
