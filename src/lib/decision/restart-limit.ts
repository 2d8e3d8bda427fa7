// How often a revision and an app may be restarted, and how long one restart is waited for.

import { changesSince } from '../history/queries.ts';
import type { Refusal } from '../history/refusals.ts';
import { didRestart } from '../history/restarted.ts';
import type { AnnouncedRestart, RestartAction, RestartedRevision } from '../history/restarts.ts';
import { valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { kindOf } from '../workloads/workloads.ts';
import type { DecisionInput } from './decision-input.ts';
import { refuse } from './guard.ts';

const minute = 60_000;
/** How long a restart counts against the limits. Milliseconds. */
export const restartCountsMs = 24 * 60 * minute;
/** How long a restart is waited for: its replicas start and pull at once, and that takes a few minutes at most. Milliseconds. */
export const restartTakesMs = 5 * minute;

export type RestartLimitInput = Pick<DecisionInput, 'nowMs' | 'config' | 'restarts' | 'history' | 'target'>;

/**
 * Attempts are counted for each revision and for each app, whichever image they were made for: a restart pulls every image of a revision. A
 * restart of a container group restarts each of its containers, so they are one revision here. The restarts of one attempt have a limit of
 * their own. A new revision that stands in for a restart is an attempt by itself. Restarts that cannot be read allow none.
 */
export function restartLimitGuard(
  input: RestartLimitInput,
  revision: RestartedRevision,
  by: RestartAction,
): Refusal | undefined {
  const restarts = valueOf(input.restarts);
  if (restarts === undefined) return refuse('restart-limit', 'unreadable');
  const { limits, retry } = input.config.settings;
  const { attempts, running } = countOf(input, restarts, revision);
  const begins = running === 0 || by === 'new-revision' ? 1 : 0;
  if (attempts + begins > limits.restartsPerRevisionPerDay) return refuse('restart-limit', 'revision');
  if (running >= retry.atMost) return refuse('restart-limit', 'retries');
  return attemptsOfApp(input, restarts) + begins > limits.restartsPerAppPerDay
    ? refuse('restart-limit', 'app')
    : undefined;
}

/** How many restarts of a revision belong to the attempt that goes on; 0 where none does. */
export function restartsInAttempt(input: RestartLimitInput, revision: RestartedRevision): number {
  return countOf(input, valueOf(input.restarts) ?? [], revision).running;
}

/**
 * How long an attempt goes on after its first restart: as long as a role may take to work. Restarts after that begin another attempt.
 * Milliseconds.
 */
const attemptLastsMs = 30 * minute;

interface Attempts {
  /** Attempts within a day, the one that goes on included. */
  readonly attempts: number;
  /** Restarts of the one that goes on; 0 where none does. */
  readonly running: number;
}

function countOf(
  input: RestartLimitInput,
  restarts: readonly AnnouncedRestart[],
  revision: RestartedRevision,
): Attempts {
  const announced = attemptsOf(restartsThatCount(input, restarts, revision), input.nowMs);
  const own = attemptsOf(inOwnHistory(input, revision), input.nowMs);
  return {
    attempts: Math.max(announced.attempts, own.attempts),
    running: Math.max(announced.running, own.running),
  };
}

function restartsThatCount(
  { target }: RestartLimitInput,
  restarts: readonly AnnouncedRestart[],
  revision: RestartedRevision,
): readonly AnnouncedRestart[] {
  if (restartsAll(target)) return restarts;
  const names = lineOf(restarts, revision);
  return restarts.filter((one) => names.has(one.revision));
}

/** True if a restart for one container of the workload restarts every other one too. */
export function restartsAll({ appId }: Target): boolean {
  return kindOf(appId).pullsAgain === 'restart-of-all';
}

function attemptsOfApp({ nowMs, target }: RestartLimitInput, restarts: readonly AnnouncedRestart[]): number {
  if (restartsAll(target)) return attemptsOf(restarts, nowMs).attempts;
  const ofEachRevision = Map.groupBy(restarts, ({ revision }) => revision);
  return [...ofEachRevision.values()].reduce((sum, of) => sum + attemptsOf(of, nowMs).attempts, 0);
}

type Made = Pick<AnnouncedRestart, 'by' | 'atMs'>;

/**
 * Counts the attempts that the restarts of the last day belong to. A new revision begins an attempt of its own. `restarts`: oldest first.
 */
function attemptsOf(restarts: readonly Made[], nowMs: number): Attempts {
  let [attempts, ofLast, beganMs] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const { by, atMs } of restarts.filter((restart) => restart.atMs > nowMs - restartCountsMs)) {
    if (by === 'restart' && atMs - beganMs < attemptLastsMs) ofLast += 1;
    else [attempts, ofLast, beganMs] = [attempts + 1, 1, atMs];
  }
  return { attempts, running: nowMs - beganMs < attemptLastsMs ? ofLast : 0 };
}

/** A revision and those in whose place pullmedic asked for it, back to the first: else each new one would have attempts of its own. */
function lineOf(restarts: readonly AnnouncedRestart[], revision: RestartedRevision): ReadonlySet<RestartedRevision> {
  const names = new Set([revision]);
  for (const { revision: replaced, made } of restarts.toReversed())
    if (made !== undefined && names.has(made)) names.add(replaced);
  return names;
}

/** Whether a restart was one of this revision. A new revision that pullmedic asked for counts as restarted, because it was made to pull. */
function isOf({ revision, made }: AnnouncedRestart, asked: RestartedRevision): boolean {
  return revision === asked || made === asked;
}

/** Earlier versions kept restarts in the history of the target alone, and a step may die before it announced one. */
function inOwnHistory({ nowMs, history, target }: RestartLimitInput, revision: RestartedRevision): readonly Made[] {
  const since = nowMs - restartCountsMs;
  const restarted = changesSince(history, 'restart', since).map((one) => ({ ...one, by: 'restart' as const }));
  const replaced = changesSince(history, 'new-revision', since).map((one) => ({ ...one, by: 'new-revision' as const }));
  return [...restarted, ...replaced]
    .filter((one) => restartsAll(target) || didRestart(one, revision))
    .sort((a, b) => a.atMs - b.atMs);
}

/** The restarts of this revision by any remediation of the app, oldest first; none where they cannot be read. */
export function restartsOf(
  { restarts }: Pick<DecisionInput, 'restarts'>,
  revision: RestartedRevision,
): AnnouncedRestart[] {
  return (valueOf(restarts) ?? []).filter((one) => isOf(one, revision));
}

/** The restarts of a workload that a restart stops as a whole, for whichever of its containers, oldest first; none where they cannot be read. */
export function restartsOfGroup({ restarts }: Pick<DecisionInput, 'restarts'>): readonly AnnouncedRestart[] {
  return valueOf(restarts) ?? [];
}

/** The last restart of this revision, by any remediation of the app, as long as its effect is still to come. */
export function restartUnderWay(
  { nowMs, restarts }: Pick<DecisionInput, 'nowMs' | 'restarts'>,
  revision: RestartedRevision,
): AnnouncedRestart | undefined {
  const last = restartsOf({ restarts }, revision).at(-1);
  return last !== undefined && nowMs - last.atMs < restartTakesMs ? last : undefined;
}
