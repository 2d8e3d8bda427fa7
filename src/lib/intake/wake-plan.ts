// The looks that changes have asked for and that are still to come. From them follows which further looks a change needs: a crowd of changes
// is answered by few looks, and the whole deployment makes a limited number in a minute.

import type { PlannedLook } from '../ports/ports.ts';
import type { RemediationId } from '../words/target.ts';

/** Looks to add, and the plan with them. `again`: looks that an earlier delivery of the same signal planned, and perhaps did not send. */
export interface Planned {
  readonly plan: readonly PlannedLook[];
  readonly added: readonly PlannedLook[];
  readonly again: readonly PlannedLook[];
}

/**
 * Plans the looks of these remediations after a change. Each wants a look at once, and again after each of {@link looksAfterMs}. A look
 * that is planned within the next minute from then serves as well, and so does one that comes before a new one could; without that, looks
 * that full minutes passed on would be planned again by every further change. Two looks of one remediation are at least a minute apart. A
 * minute that is full passes its looks on to the next one; none is dropped before the plan is full, which it is for crowds at four fifths of
 * {@link mostPlannedLooks}. `by` names the signal: one that is delivered again sends what is to come of its looks, and plans a look at once
 * where none of them is near, because those before may never have been sent.
 */
export function planWakes(
  before: readonly PlannedLook[],
  wanted: readonly RemediationId[],
  by: string,
  nowMs: number,
): Planned {
  const plan = before.filter(({ dueAtMs }) => dueAtMs > nowMs - minute);
  const again = plan.filter((look) => look.by === by && wanted.includes(look.remediation));
  const againOf = Map.groupBy(again, ({ remediation }) => remediation);
  const looksOf = Map.groupBy(plan, ({ remediation }) => remediation);
  const minutes = fillOf(plan);
  const most = wanted.length > few ? mostOfCrowd : mostOfFew;
  const added: PlannedLook[] = [];
  for (const afterMs of looksAfterMs) {
    for (const remediation of wanted) {
      const own = againOf.get(remediation) ?? [];
      const isNear = own.some((look) => look.dueAtMs <= nowMs + minute);
      if (own.length > 0 && (afterMs > 0 || isNear)) continue;
      const known = (looksOf.get(remediation) ?? []).map(({ dueAtMs }) => dueAtMs);
      const earliestMs = nowMs + afterMs;
      const inMinute = known.length === 0 ? most.first : most.again;
      const dueAtMs = placeIn(minutes, afterTheOthers(known, earliestMs), inMinute);
      const latestMs = Math.max(earliestMs + minute, dueAtMs);
      const isServed = known.some((dueMs) => dueMs > nowMs && dueMs >= earliestMs && dueMs <= latestMs);
      if (isServed || plan.length + added.length >= most.inAll) continue;
      fill(minutes, dueAtMs);
      const look = { remediation, dueAtMs, by };
      looksOf.set(remediation, [...(looksOf.get(remediation) ?? []), look]);
      added.push(look);
    }
  }
  return { plan: [...plan, ...added], added, again };
}

const minute = 60_000;

/**
 * When to look after a change: at once; soon again, because a step under way read Azure before it and lists of Azure lag behind; and
 * when the platform has surely tried the next pull (5 minutes at most) and its row can be read.
 */
export const looksAfterMs: readonly number[] = [0, 2 * minute, 7 * minute];

/** Looks that changes may ask for in one minute, of the whole deployment. Twelve requests each, that is the default budget of ARM reads. */
export const mostPerMinute = 100;
/**
 * Looks that are planned at most: what forty full minutes make, and what the row of the plan holds, in which a look takes some 60 characters.
 * Crowds fill four fifths of it. Beyond that a remediation waits for the look that is due anyway.
 */
export const mostPlannedLooks = 4000;
/** So many remediations are few. A change that concerns more plans for a crowd, which is to hold back no look that others wait for. */
const few = 20;
/**
 * Up to how many looks a minute is filled by a first look and by another one of a remediation that has one in the plan, and the whole plan by both. Noise
 * about some holds back no first look of others, and nothing about many holds back what concerns few.
 */
const mostOfFew = { first: mostPerMinute, again: 90, inAll: mostPlannedLooks };
const mostOfCrowd = { first: 80, again: 50, inAll: 0.8 * mostPlannedLooks };
/** The first looks of a minute come at once; the others follow one by one, this many milliseconds apart, to spare requests to Azure. */
const atOnce = 20;
const oneByOneMs = minute / (mostPerMinute - atOnce);

function afterTheOthers(known: readonly number[], earliestMs: number): number {
  const last = Math.max(...known.filter((dueMs) => dueMs <= earliestMs), Number.NEGATIVE_INFINITY);
  return Math.max(earliestMs, last + minute);
}

/** How full a minute is, and when its last look is. */
interface Minute {
  readonly count: number;
  readonly lastMs: number;
}

function fillOf(plan: readonly PlannedLook[]): Map<number, Minute> {
  const minutes = new Map<number, Minute>();
  for (const { dueAtMs } of plan) fill(minutes, dueAtMs);
  return minutes;
}

function fill(minutes: Map<number, Minute>, dueAtMs: number): void {
  const { count, lastMs } = minutes.get(minuteOf(dueAtMs)) ?? { count: 0, lastMs: 0 };
  minutes.set(minuteOf(dueAtMs), { count: count + 1, lastMs: Math.max(lastMs, dueAtMs) });
}

function minuteOf(atMs: number): number {
  return Math.floor(atMs / minute);
}

/** The instant of a look that is wanted at `earliestMs`: in the first minute from then that holds fewer than `most`. */
function placeIn(minutes: ReadonlyMap<number, Minute>, earliestMs: number, most: number): number {
  for (let at = minuteOf(earliestMs); ; at += 1) {
    const { count, lastMs } = minutes.get(at) ?? { count: 0, lastMs: 0 };
    const fromMs = Math.max(earliestMs, at * minute);
    const dueAtMs = count < atOnce ? fromMs : Math.max(fromMs, lastMs + oneByOneMs);
    if (count < most && minuteOf(dueAtMs) === at) return dueAtMs;
  }
}
