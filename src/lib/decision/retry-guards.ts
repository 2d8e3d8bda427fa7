// Guards of a restart, and of the new revision that stands in for one.

import type { RevisionFacts } from '../evidence/app-facts.ts';
import { appOf } from '../evidence/evidence.ts';
import { isOver, wasGivenUp } from '../evidence/over.ts';
import { stoppedByRestart } from '../evidence/serving.ts';
import type { Refusal } from '../history/refusals.ts';
import { templateName } from '../history/restarted.ts';
import type { RestartAction, RestartedRevision } from '../history/restarts.ts';
import { workloadOf } from '../workloads/workloads.ts';
import { anotherImageGuard } from './another-image.ts';
import { failedBefore, freshnessGuard, killSwitchGuard, modeGuard, scopeGuard } from './change-guards.ts';
import type { DecisionInput } from './decision-input.ts';
import { type Guard, refusalsOf, refuse } from './guard.ts';
import { pullGuard } from './pull-guard.ts';
import { restartLimitGuard } from './restart-limit.ts';
import { restartRefusedGuard } from './restart-refused.ts';

/** Guards of both. Without a revision: Azure rejected the write that would have made one. */
const retryGuards: readonly Guard<RevisionFacts | undefined>[] = [
  modeGuard,
  killSwitchGuard,
  scopeGuard,
  freshnessGuard,
  healthyGuard,
  pullGuard,
];
const restartGuards: readonly Guard<RevisionFacts>[] = [
  kindGuard,
  ...retryGuards,
  anotherImageGuard,
  (input, revision) => limitGuard(input, revision, 'restart'),
  (input) => failedBefore(input, 'restart'),
  (input, revision) => restartRefusedGuard(input, [revision.name]),
];
const newRevisionGuards: readonly Guard<RevisionFacts | undefined>[] = [
  revisionsGuard,
  ...retryGuards,
  (input, revision) => limitGuard(input, revision, 'new-revision'),
  trafficGuard,
  (input) => failedBefore(input, 'new-revision'),
  (input, revision) => restartRefusedGuard(input, refusedNames(input, revision)),
];

/** Every reason not to restart this revision; empty when all guards let it pass. */
export function restartRefusals(input: DecisionInput, revision: RevisionFacts): Refusal[] {
  return refusalsOf(restartGuards, input, revision);
}

/** Every reason not to ask for a new revision in place of this one, or of none. */
export function newRevisionRefusals(input: DecisionInput, revision: RevisionFacts | undefined): Refusal[] {
  return refusalsOf(newRevisionGuards, input, revision);
}

/**
 * Only what the table of workloads says can be restarted is: of a workload that only its next run makes pull, nothing is restarted, and a
 * second run would do its work twice. The code of the refusal is that of the first kind of it, because histories hold it. What a restart stops
 * as a whole is restarted only where a setting of its own allows it.
 */
function kindGuard({ target, evidence, config }: DecisionInput): Refusal | undefined {
  switch (workloadOf(target.appId)?.pullsAgain) {
    case 'restart':
      return undefined;
    case 'restart-of-all':
      if (!config.settings.retry.restartGroups) return refuse('never-restarted', 'group-without-consent');
      return wasGivenUp(evidence)
        ? undefined
        : refuse('never-restarted', isOver(evidence) ? 'group-ended' : 'group-lives');
    case 'next-run':
    case undefined:
      return refuse('never-restarted', 'job');
  }
}

/** Only a container app has revisions that a new one can stand in for. */
function revisionsGuard({ target }: DecisionInput): Refusal | undefined {
  switch (workloadOf(target.appId)?.pullsAgain) {
    case 'restart':
      return undefined;
    case 'restart-of-all':
      return refuse('never-restarted', 'group');
    case 'next-run':
    case undefined:
      return refuse('never-restarted', 'job');
  }
}

/**
 * A revision that serves is never restarted, and one whose replicas were not read counts as serving. Without a revision, as after a
 * rejected write, nothing can be serving.
 */
function healthyGuard({ target, evidence }: DecisionInput, revision: RevisionFacts | undefined): Refusal | undefined {
  return revision === undefined ? undefined : servingRefusal(stoppedByRestart(target, evidence, revision.name));
}

/** The refusal of {@link healthyGuard} by itself: the last look asks it again right before the change. */
export function servingRefusal(serving: ReturnType<typeof stoppedByRestart>): Refusal | undefined {
  switch (serving) {
    case 'serves':
      return refuse('healthy-replicas', 'serving');
    case 'starts':
      return refuse('healthy-replicas', 'starting');
    case 'worked':
      return refuse('healthy-replicas', 'worked');
    case 'unread':
      return refuse('healthy-replicas', 'unreadable');
    case 'does-not-serve':
      return undefined;
  }
}

/** What a retry restarts: a revision, or the template of a write that Azure rejected. */
function limitGuard(input: DecisionInput, revision: RevisionFacts | undefined, by: RestartAction): Refusal | undefined {
  return restartLimitGuard(input, revision?.name ?? templateOf(input), by);
}

/** A no to restarts of the revision is one to its replacement too; and a person may have been asked about the template. */
function refusedNames({ evidence }: DecisionInput, revision: RevisionFacts | undefined): readonly string[] {
  const template = templateOf({ evidence });
  return revision === undefined ? [template] : [revision.name, template];
}

/** The name under which the template of the app counts. One that was not read counts as a template without a name: no change is made of it. */
export function templateOf({ evidence }: Pick<DecisionInput, 'evidence'>): RestartedRevision {
  return templateName(appOf(evidence)?.template ?? '');
}

/** A person decides by hand which revision gets the traffic: a new one would get none, or break what they arranged. */
function trafficGuard({ evidence }: DecisionInput): Refusal | undefined {
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
