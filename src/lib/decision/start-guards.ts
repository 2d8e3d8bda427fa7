// Guards of the start of a job: only one that people start, with an opt-in, once, and where its last execution cannot have done any work.

import type { ContainerFacts, ReplicaFacts, RevisionFacts } from '../evidence/app-facts.ts';
import { appOf, type Evidence } from '../evidence/evidence.ts';
import { newestExecution } from '../evidence/executions.ts';
import { saysImagePull } from '../evidence/serving.ts';
import type { Reason, Refusal } from '../history/refusals.ts';
import type { AnnouncedStart } from '../history/restarts.ts';
import { type Fact, valueOf } from '../words/fact.ts';
import { kindOf } from '../workloads/workloads.ts';
import { anotherImageGuard } from './another-image.ts';
import { freshnessGuard, killSwitchGuard, modeGuard, scopeGuard } from './change-guards.ts';
import type { DecisionInput } from './decision-input.ts';
import { type Guard, refusalsOf, refuse } from './guard.ts';

/** How long a start counts: within it there is no second one, whichever remediation it was for. Milliseconds. */
const startCountsMs = 24 * 60 * 60_000;

/** The instant since which the cause reads as put right, or the role is assigned. */
type SinceMs = number;

const startGuards: readonly Guard<SinceMs>[] = [
  optionGuard,
  triggerGuard,
  modeGuard,
  killSwitchGuard,
  scopeGuard,
  freshnessGuard,
  anotherImageGuard,
  ({ remediation, starts, nowMs }) =>
    remediation.attempts.some(({ action }) => action === 'start')
      ? refuse('start-again', 'started-before')
      : startedGuard(starts, nowMs),
  ({ target, evidence }, sinceMs) => executionGuard(target.image, evidence, sinceMs),
];

/** Every reason not to start the job again; empty where it may be started. */
export function startRefusals(input: DecisionInput, sinceMs: SinceMs): Refusal[] {
  return refusalsOf(startGuards, input, sinceMs);
}

function optionGuard({ config }: DecisionInput): Refusal | undefined {
  return config.settings.retry.startJobs ? undefined : refuse('start-again', 'off');
}

/** A schedule and an event start the next execution themselves. A trigger that is not known may be one of those. */
function triggerGuard({ target, evidence }: DecisionInput): Refusal | undefined {
  const app = appOf(evidence);
  if (app === undefined) return refuse('start-again', 'unreadable');
  const isManual = kindOf(target.appId).pullsAgain === 'next-run' && app.job?.trigger === 'manual';
  if (!isManual) return refuse('start-again', 'not-manual');
  return app.job?.suspended === true ? refuse('start-again', 'suspended') : undefined;
}

/** One start a day for each job, announced by any of its remediations. Starts that cannot be read allow none. */
export function startedGuard(starts: Fact<readonly AnnouncedStart[]>, nowMs: number): Refusal | undefined {
  const announced = valueOf(starts);
  if (announced === undefined) return refuse('start-again', 'unreadable');
  return announced.some(({ atMs }) => nowMs - atMs < startCountsMs)
    ? refuse('start-again', 'started-before')
    : undefined;
}

/**
 * The newest execution must be one that failed before the cause was put right, and Azure must show that none of its containers ever ran: then
 * no work was begun, and no person has started the job since. The last look before the start asks this again.
 */
export function executionGuard(image: string, evidence: Evidence, sinceMs: SinceMs): Refusal | undefined {
  const why = executionWhy(image, evidence, sinceMs);
  return why === undefined ? undefined : refuse('start-again', why);
}

function executionWhy(image: string, evidence: Evidence, sinceMs: SinceMs): Reason<'start-again'> | undefined {
  const newest = newestExecution(evidence);
  if (newest === undefined || evidence.replicas?.read !== true) return 'unreadable';
  if (newest.createdAtMs >= sinceMs || newest.ended !== true) return 'started-since';
  if (newest.runningState === 'Stopped') return 'stopped';
  const replicas = evidence.replicas.value.filter(({ revision }) => revision === newest.name);
  const neverRan = replicas.length > 0 && replicas.every((replica) => ranNothing(replica, newest));
  return newest.runningState === 'Failed' && newest.images.includes(image) && neverRan ? undefined : 'may-have-run';
}

/** Azure has to show each container of the template, init containers among them: one that is not shown may have done its work. */
function ranNothing({ containers }: ReplicaFacts, { imageOf = {} }: RevisionFacts): boolean {
  const shown = new Set(containers.map(({ name }) => name));
  const isWhole = containers.length > 0 && Object.keys(imageOf).every((name) => shown.has(name));
  return isWhole && containers.every(neverBegan);
}

/** Azure says that it waits, or that its image could not be pulled. One that ended without an exit code may have been cut off at its work. */
function neverBegan({ ready, state, details }: ContainerFacts): boolean {
  return !ready && (/^Waiting$/i.test(state) || saysImagePull(details));
}
