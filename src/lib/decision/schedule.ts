// Says when to look next. Every wait is a due time on a queue message, never a sleep.

import type { Remediation } from '../history/state.ts';

const minute = 60_000;

/** Looks after a grant: often during the time that Azure usually needs, then less often, up to half an hour. */
const afterGrant = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 26, 30].map((minutes) => minutes * minute);
/** Logs arrive late and an alert fires once: no text yet is asked for again after 1, 3 and 10 minutes. */
const withoutText = [1, 3, 10].map((minutes) => minutes * minute);
/** Rows come minutes late as a rule: an app that serves is looked at each minute at first, and then less often. */
const withoutRow = [1, 2, 3, 4, 5, 7, 9, 12, 15, 20, 25].map((minutes) => minutes * minute);
/** When to look again at an alert that could not be set, or whose state is unknown. After the last time it is left alone. */
const forAlert = [1, 3, 10, 30].map((minutes) => minutes * minute);
/** While a person has to act. Resource events wake us earlier where they are wired. */
const withPerson = [2, 5, 10, 20, 30, 60, 120, 240, 360].map((minutes) => minutes * minute);

function firstAfter(base: number, offsets: readonly number[], nowMs: number): number | undefined {
  return offsets.map((offset) => base + offset).find((dueMs) => dueMs > nowMs);
}

/** The next check of a role that was assigned at `sinceMs`; `undefined` once the window is over. */
export function nextRoleCheck(sinceMs: number, nowMs: number): number | undefined {
  return firstAfter(sinceMs, afterGrant, nowMs);
}

/** When to ask again for text that was not there; `undefined` after the last try. */
export function nextTextCheck(openedAtMs: number, nowMs: number): number | undefined {
  return firstAfter(openedAtMs, withoutText, nowMs);
}

/**
 * When to look again at an app that serves while the row of its pull is missing: less often as time passes, and at `untilMs`, when the
 * wait is over.
 */
export function nextRecoveryCheck(sinceMs: number, nowMs: number, untilMs: number): number {
  const nextMs = firstAfter(sinceMs, withoutRow, nowMs) ?? nowMs + 5 * minute;
  return untilMs > nowMs ? Math.min(nextMs, untilMs) : nextMs;
}

/** When to see to the alerts of a remediation again, which ended at this time; `undefined` after the last try. */
export function nextAlertCheck(sinceMs: number, nowMs: number): number | undefined {
  return firstAfter(sinceMs, forAlert, nowMs);
}

/** When to look again while a person has to act. Never ends: an incident is looked at until it is closed. */
export function nextPersonCheck(waitingSinceMs: number, nowMs: number): number {
  return firstAfter(waitingSinceMs, withPerson, nowMs) ?? nowMs + 6 * 60 * minute;
}

/** How long a change may be under way before it counts as interrupted. Our calls to Azure give up earlier. Milliseconds. */
export const changeTakesMs = minute;

/** When to see to an undo that is under way: at once, or when a removal without an answer can be settled by reading. */
export function undoDueAtMs({ undo }: Remediation, nowMs: number): number {
  if (undo?.decidedAtMs === undefined) return nowMs;
  return undo.outcome === 'unknown' ? nextPersonCheck(undo.decidedAtMs, nowMs) : undo.decidedAtMs + changeTakesMs;
}
