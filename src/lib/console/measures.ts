// The measures: how long it takes to detect, diagnose, propagate and recover, how much is handled without a person, and which guards
// refuse. They are computed from a bounded number of rows. A measure that cannot be computed is absent, never 0.

import type { Cause } from '../causes/causes.ts';
import { type Heartbeat, heartbeatsOf } from './heartbeat.ts';
import type { Measured, MeasuredRows } from './measured-rows.ts';
import { countsOf, type Outcome, outcomeOf, type Share, shareOf } from './outcomes.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';
import { dayMs, weekStartOf } from './weeks.ts';

/** How many days back measures may be asked for. The first is what a page shows by itself. */
export const periods = [30, 7, 90] as const;
export type Period = (typeof periods)[number];

/** What the measures are computed from, besides the rows themselves. */
export interface Known {
  readonly nowMs: number;
  readonly days: Period;
  /** Since when pullmedic has been awake without a long silence; absent where that could not be read. */
  readonly awakeSinceMs?: number;
}

export interface Measures {
  readonly window: Window;
  /** Remediations that were opened in the window. */
  readonly opened: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Absent where no remediation of the window has ended as a failed pull. */
  readonly withoutPerson?: Share;
  readonly spans: Spans;
  /** The cause with the most remediations first. */
  readonly byCause: readonly CauseMeasures[];
  /** The latest week first. */
  readonly byWeek: readonly WeekMeasures[];
  /** The guard that refused in the most remediations first. */
  readonly refusals: readonly GuardMeasures[];
  /** How long each grant took until it was seen to work: the latest first. */
  readonly propagations: readonly Propagation[];
  /** The registry with the most remediations first. */
  readonly heartbeats: readonly Heartbeat[];
}

/** The time that the measures speak of, and what is missing from it. */
export interface Window {
  readonly days: Period;
  readonly nowMs: number;
  /** The first instant that the measures speak of: later than `days` ago where the rows do not reach back so far. */
  readonly fromMs: number;
  /** Why it does not reach back to `days` ago: there are more rows than are read, or an older version wrote rows that say too little. */
  readonly shortened?: 'more-rows' | 'older-version';
  /** Rows that cannot be read: they are missing from every number. */
  readonly skipped: number;
}

/** The lengths of time that are measured, in milliseconds. Each is absent where no remediation says it. */
export interface Spans {
  /** From the first log row about the failure to the opening. */
  readonly detect?: Quantiles;
  /** From the opening to the first look that named a cause. */
  readonly diagnose?: Quantiles;
  /** From a grant to the first look that saw a replica that had pulled. */
  readonly propagate?: Quantiles;
  /** From the opening to the first look that saw the recovery. */
  readonly recover?: Quantiles;
}

export interface CauseMeasures {
  readonly cause: Cause;
  readonly count: number;
  readonly withoutPerson?: Share;
  readonly recover?: Quantiles;
}

export interface WeekMeasures {
  /** Monday, 00:00 UTC. */
  readonly startMs: number;
  /** The window begins or ends within this week. */
  readonly part: boolean;
  readonly opened: number;
  readonly withoutPerson?: Share;
  readonly recover?: Quantiles;
}

export interface GuardMeasures {
  readonly guard: string;
  readonly count: number;
  readonly reasons: readonly { readonly code: string; readonly count: number }[];
}

export interface Propagation {
  readonly remediation: Measured['remediation'];
  readonly appId: Measured['appId'];
  readonly grantedAtMs: number;
  readonly tookMs: number;
}

/** The measures of the last days. */
export function measuresOf(rows: MeasuredRows, known: Known): Measures {
  const window = windowOf(rows, known);
  const inWindow = rows.figures.filter(({ openedAtMs }) => openedAtMs >= window.fromMs);
  const share = shareOf(inWindow);
  return {
    window,
    opened: inWindow.length,
    outcomes: countsOf(inWindow),
    ...(share === undefined ? {} : { withoutPerson: share }),
    spans: spansOf(inWindow),
    byCause: causesOf(inWindow),
    byWeek: weeksOf(inWindow, window),
    refusals: guardsOf(inWindow),
    propagations: propagationsOf(inWindow),
    heartbeats: heartbeatsOf(rows.figures, window, known.awakeSinceMs),
  };
}

/** Back to `days` ago, or as far as the rows are whole: what was opened since then ended later, or goes on. */
function windowOf({ wholeSinceMs, because, skipped }: MeasuredRows, { nowMs, days }: Known): Window {
  const wantedMs = nowMs - days * dayMs;
  const fromMs = Math.max(wantedMs, wholeSinceMs);
  return {
    days,
    nowMs,
    fromMs,
    ...(because === undefined || fromMs === wantedMs ? {} : { shortened: because }),
    skipped,
  };
}

function spansOf(figures: readonly Measured[]): Spans {
  const detect = quantilesOf(between(figures, ({ failedAtMs, openedAtMs }) => [failedAtMs, openedAtMs]));
  const diagnose = quantilesOf(between(figures, ({ openedAtMs, diagnosedAtMs }) => [openedAtMs, diagnosedAtMs]));
  const propagate = quantilesOf(propagationsOf(figures).map(({ tookMs }) => tookMs));
  const recover = recoverOf(figures);
  return {
    ...(detect === undefined ? {} : { detect }),
    ...(diagnose === undefined ? {} : { diagnose }),
    ...(propagate === undefined ? {} : { propagate }),
    ...(recover === undefined ? {} : { recover }),
  };
}

function recoverOf(figures: readonly Measured[]): Quantiles | undefined {
  return quantilesOf(between(figures, ({ openedAtMs, recoveredAtMs }) => [openedAtMs, recoveredAtMs]));
}

/** The lengths of those that have both ends. An end before its start says that the start is not the one that was meant: it is left out. */
function between(
  figures: readonly Measured[],
  ends: (one: Measured) => readonly [from: number | undefined, to: number | undefined],
): number[] {
  return figures.flatMap((one) => {
    const [from, to] = ends(one);
    return from === undefined || to === undefined || to < from ? [] : [to - from];
  });
}

/** Only a grant that pullmedic made and that a replica pulled after: a role that was there already says nothing about its age. */
function propagationsOf(figures: readonly Measured[]): Propagation[] {
  return figures
    .flatMap(({ remediation, appId, grantedAtMs, roleInEffectAtMs: sawAtMs }) =>
      grantedAtMs === undefined || sawAtMs === undefined || sawAtMs < grantedAtMs
        ? []
        : [{ remediation, appId, grantedAtMs, tookMs: sawAtMs - grantedAtMs }],
    )
    .sort((a, b) => b.grantedAtMs - a.grantedAtMs);
}

/** A remediation counts for each of its causes. One that stood down has none. */
function causesOf(figures: readonly Measured[]): CauseMeasures[] {
  const pulls = figures.filter((one) => outcomeOf(one) !== 'stood-down');
  return [...grouped(pulls, ({ causes }) => causes)]
    .map(([cause, of]) => ({ cause, count: of.length, ...measured(of) }))
    .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
}

function weeksOf(figures: readonly Measured[], { fromMs, nowMs }: Window): WeekMeasures[] {
  const byWeek = grouped(figures, ({ openedAtMs }) => [weekStartOf(openedAtMs)]);
  const weeks: WeekMeasures[] = [];
  for (let startMs = weekStartOf(nowMs); startMs + 7 * dayMs > fromMs; startMs -= 7 * dayMs) {
    const of = byWeek.get(startMs) ?? [];
    const part = startMs < fromMs || startMs + 7 * dayMs > nowMs;
    weeks.push({ startMs, part, opened: of.length, ...measured(of) });
  }
  return weeks;
}

function measured(figures: readonly Measured[]): Pick<CauseMeasures, 'withoutPerson' | 'recover'> {
  const withoutPerson = shareOf(figures);
  const recover = recoverOf(figures);
  return {
    ...(withoutPerson === undefined ? {} : { withoutPerson }),
    ...(recover === undefined ? {} : { recover }),
  };
}

/** A guard counts once for a remediation, however many of its reasons refused in it. */
function guardsOf(figures: readonly Measured[]): GuardMeasures[] {
  const byGuard = grouped(figures, ({ refused }) => [...new Set(refused.map(guardIn))]);
  return [...byGuard]
    .map(([guard, of]) => ({ guard, count: of.length, reasons: reasonsOf(guard, of) }))
    .sort((a, b) => b.count - a.count || (a.guard < b.guard ? -1 : 1));
}

function reasonsOf(guard: string, figures: readonly Measured[]): GuardMeasures['reasons'] {
  const byCode = grouped(figures, ({ refused }) => refused.filter((code) => guardIn(code) === guard));
  return [...byCode]
    .map(([code, of]) => ({ code, count: of.length }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

function guardIn(code: string): string {
  return code.split(':', 1)[0] ?? code;
}

function grouped<K>(figures: readonly Measured[], keysOf: (one: Measured) => readonly K[]): Map<K, Measured[]> {
  const groups = new Map<K, Measured[]>();
  for (const one of figures)
    for (const key of keysOf(one)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [one]);
      else group.push(one);
    }
  return groups;
}
