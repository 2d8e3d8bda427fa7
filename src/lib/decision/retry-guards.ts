// Guards of a restart, and of the new revision that stands in for one.

import type { RevisionFacts } from '../evidence/app-facts.ts';
import { allReady, appOf } from '../evidence/evidence.ts';
import { changesSince } from '../history/queries.ts';
import type { Refusal } from '../history/refusals.ts';
import { valueOf } from '../words/fact.ts';
import { failedBefore, freshnessGuard, killSwitchGuard, modeGuard, scopeGuard } from './change-guards.ts';
import { type Guard, refusalsOf, refuse } from './guard.ts';
import type { Question } from './question.ts';

const dayMs = 24 * 60 * 60_000;

/** Guards of both. Without a revision: Azure rejected the write that would have made one. */
const retryGuards: readonly Guard<RevisionFacts | undefined>[] = [
  restartModeGuard,
  killSwitchGuard,
  scopeGuard,
  freshnessGuard,
  healthyGuard,
  restartLimitGuard,
];
const restartGuards: readonly Guard<RevisionFacts>[] = [...retryGuards, (input) => failedBefore(input, 'restart')];
const newRevisionGuards: readonly Guard<RevisionFacts | undefined>[] = [
  ...retryGuards,
  trafficGuard,
  (input) => failedBefore(input, 'new-revision'),
];

/** Every reason not to restart this revision; empty when all guards let it pass. */
export function restartRefusals(input: Question, revision: RevisionFacts): Refusal[] {
  return refusalsOf(restartGuards, input, revision);
}

/** Every reason not to ask for a new revision in place of this one, or of none. */
export function newRevisionRefusals(input: Question, revision: RevisionFacts | undefined): Refusal[] {
  return refusalsOf(newRevisionGuards, input, revision);
}

/** A person who approved the grant approved the restart that makes it count. */
function restartModeGuard(input: Question): Refusal | undefined {
  const approved = input.remediation.approval?.answer?.answer === 'approved';
  return approved && input.config.mode === 'approve' ? undefined : modeGuard(input);
}

/** A replica that serves is never restarted. Without a revision, as after a rejected write, nothing can be serving. */
function healthyGuard({ evidence }: Question, revision: RevisionFacts | undefined): Refusal | undefined {
  if (revision === undefined) return undefined;
  const replicas = valueOf(evidence.replicas);
  if (replicas === undefined) return refuse('healthy-replicas', 'unreadable');
  const own = replicas.filter((replica) => replica.revision === revision.name);
  return own.some(allReady) ? refuse('healthy-replicas', 'serving') : undefined;
}

/** A new revision is a restart by other means: both count. */
function restartLimitGuard({ nowMs, config, history }: Question): Refusal | undefined {
  const since = nowMs - dayMs;
  const made = changesSince(history, 'restart', since).length + changesSince(history, 'new-revision', since).length;
  return made >= config.settings.limits.restartsPerTargetPerDay
    ? refuse('target-limit', 'restarts-per-day')
    : undefined;
}

/** A person decides by hand which revision gets the traffic: a new one would get none, or break what they arranged. */
function trafficGuard({ evidence }: Question): Refusal | undefined {
  switch (appOf(evidence)?.traffic) {
    case 'latest':
      return undefined;
    case 'pinned':
      return refuse('traffic-pinned', 'weights');
    case 'several-revisions':
      return refuse('traffic-pinned', 'several-revisions');
    case undefined:
      return refuse('traffic-pinned', 'unreadable');
  }
}
