// The last look right before a change: what may have become different since the look that the change was decided on.

import { killSwitchGuard } from '../decision/change-guards.ts';
import { existenceGuard, identityGuard } from '../decision/grant-identity-guards.ts';
import { pullRefusal } from '../decision/pull-guard.ts';
import { servingRefusal } from '../decision/retry-guards.ts';
import { executionGuard } from '../decision/start-guards.ts';
import {
  appOf,
  declaredIdentity,
  declaredResource,
  type Evidence,
  fingerprint,
  nothingAsked,
  type Probe,
  withFacts,
} from '../evidence/evidence.ts';
import { newestExecution } from '../evidence/executions.ts';
import { pullingOf } from '../evidence/pulling.ts';
import { smallLook } from '../evidence/reads.ts';
import { stoppedByRestart } from '../evidence/serving.ts';
import type { Change } from '../history/decision.ts';
import type { Grant } from '../history/grant.ts';
import type { Refusal } from '../history/refusals.ts';
import type { AzureReads, Clock, KillSwitch } from '../ports/ports.ts';
import { known, valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';

type LastLookPorts = AzureReads & Clock & KillSwitch;

/**
 * The reason to withhold a change that was decided on this evidence; `undefined` if nothing speaks against it. The app and, for a restart,
 * the replicas of that very revision are read again: the revision may have become ready in between, or it may have begun to pull. For a
 * grant its principal is read again: Azure grants to a deleted one too, and that role would be an orphan. A kill switch that is on by now
 * stops the change before anything is read or counted for it. The switch is read once more right before the write, and that read decides.
 */
export async function lastLook(
  ports: LastLookPorts,
  change: Change,
  target: Target,
  evidence: Evidence,
): Promise<Refusal | undefined> {
  const last: LastLook = { now: ports.now, read: readAnew(ports, target), change, target, evidence };
  return (
    killSwitchGuard({ killSwitch: await ports.killSwitch() }) ??
    (await appRefusal(last)) ??
    (await replicasRefusal(last)) ??
    (await executionsRefusal(last))
  );
}

/** What the refusals of a last look are read from. */
interface LastLook extends Clock {
  readonly read: Read;
  readonly change: Change;
  readonly target: Target;
  /** What the change was decided on. */
  readonly evidence: Evidence;
}

/** Adds what a probe reads now to the facts. */
type Read = (probe: Probe, soFar: Evidence) => Promise<Evidence>;

/** Nothing that an earlier look read counts. The probes of this last look read the same resource once. */
function readAnew({ azure, now }: LastLookPorts, target: Target): Read {
  const look = smallLook();
  return async (probe, soFar) => withFacts(soFar, (await azure.probe(probe, target, soFar, now(), look)).facts);
}

async function appRefusal({ now, read, change, target, evidence }: LastLook): Promise<Refusal | undefined> {
  const anew = await read('app', nothingAsked(now()));
  const [before, after] = [appOf(evidence), appOf(anew)];
  if (before === undefined || after === undefined) return { guard: 'superseded', why: 'unreadable' };
  if (fingerprint(target, before) !== fingerprint(target, after)) return { guard: 'superseded', why: 'changed' };
  return change.do === 'grant' ? principalRefusal(read, change.grant, target, anew) : undefined;
}

/**
 * Whether the principal of a grant is still the one of the declared identity, and there. ARM asks the directory only where a request has no
 * `principalType`, and ours has one: the condition on our own role requires it. (Recorded refusals with `PrincipalNotFound` are all of
 * requests without it; documentation of role assignments, "principalType".)
 */
async function principalRefusal(read: Read, grant: Grant, target: Target, app: Evidence): Promise<Refusal | undefined> {
  let now = app;
  if (declaredIdentity(target, now).kind === 'cannot-tell') now = await read('environment', now);
  if (declaredResource(declaredIdentity(target, now)) !== undefined) now = await read('identity', now);
  return identityGuard({ target, evidence: now }, grant) ?? existenceGuard({ target, evidence: now });
}

/** Reads the replicas of one revision, and no others: one request. */
async function replicasRefusal({ now, read, change, target, evidence }: LastLook): Promise<Refusal | undefined> {
  const revisionName = restartedRevision(change);
  if (revisionName === undefined) return undefined;
  const revisions = valueOf(evidence.revisions)?.filter(({ name }) => name === revisionName) ?? [];
  const anew = await read('replicas', { atMs: now(), revisions: known(revisions) });
  return (
    servingRefusal(stoppedByRestart(target, anew, revisionName)) ?? pullRefusal(pullingOf(target, anew, revisionName))
  );
}

/** Whether the execution in whose place another one is started is still the newest: a person may have started the job a moment ago. */
async function executionsRefusal({ now, read, change, target }: LastLook): Promise<Refusal | undefined> {
  if (change.do !== 'start') return undefined;
  let anew = nothingAsked(now());
  for (const probe of ['revisions', 'replicas'] as const) anew = await read(probe, anew);
  const newest = newestExecution(anew);
  if (newest !== undefined && newest.name !== change.execution) return { guard: 'start-again', why: 'started-since' };
  return executionGuard(target.image, anew, change.sinceMs);
}

/** The revision whose replicas a change replaces. A new revision stands in for one, unless Azure rejected the write of the app. */
function restartedRevision(change: Change): string | undefined {
  switch (change.do) {
    case 'grant':
    case 'start':
      return undefined;
    case 'restart':
      return change.revision;
    case 'new-revision':
      return change.instead;
  }
}
