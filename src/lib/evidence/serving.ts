// Whether a revision serves, as far as its replicas were read.

import { valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { kindOf } from '../workloads/workloads.ts';
import type { ReplicaFacts, RevisionFacts } from './app-facts.ts';
import { activeRevisions, allReady, type Evidence } from './evidence.ts';

/** A look reads the replicas of this many active revisions, one request each. */
export const mostRevisionsRead = 2;
/** A search for what fails reads more: it reads nothing else. */
const mostRevisionsSearched = 3;

/**
 * The revisions whose replicas a look reads; `undefined` while the revisions are not known. They are those that can decide: the newest, and
 * the newest other one of which Azure says that it cannot pull, else the second newest. A target that is only being searched for has no
 * image yet: every active revision counts then.
 */
export function revisionsToRead(target: Target, evidence: Evidence): RevisionFacts[] | undefined {
  if (evidence.revisions === undefined || !evidence.revisions.read) return undefined;
  if (target.image === '')
    return evidence.revisions.value.filter((revision) => revision.active).slice(0, mostRevisionsSearched);
  const [newest, ...older] = activeRevisions(target, evidence);
  if (newest === undefined) return [];
  const stuck = older.filter(({ details }) => saysImagePull(details));
  const others = older.filter((revision) => !stuck.includes(revision));
  return [newest, ...stuck, ...others].slice(0, mostRevisionsRead);
}

/** The target's active revisions whose replicas a look does not read. They may be serving. */
export function revisionsNotRead(target: Target, evidence: Evidence): RevisionFacts[] {
  const read = revisionsToRead(target, evidence) ?? [];
  return activeRevisions(target, evidence).filter((revision) => !read.includes(revision));
}

/** Whether Azure's description of a state speaks of a pull that fails. */
export function saysImagePull(details: string | undefined): boolean {
  return /ImagePull|ErrImagePull/i.test(details ?? '');
}

/**
 * `starts`: a replica has every image that it needs and is not ready yet. `unread`: the replicas of the revision were not read, so it may be
 * the revision that production runs on.
 */
export type Serving = 'serves' | 'starts' | 'does-not-serve' | 'unread';

/** Whether at least one replica of this revision has all its containers ready, or runs them all and is about to be. */
export function servingOf(target: Target, evidence: Evidence, revisionName: string): Serving {
  const own = readReplicasOf(target, evidence, revisionName);
  if (own === undefined) return 'unread';
  if (own.some(allReady)) return 'serves';
  if (own.some(runsAll)) return 'starts';
  return own.some(({ containers }) => containers.length === 0) ? 'unread' : 'does-not-serve';
}

/**
 * What a restart for this revision would stop, or do again (`worked`). Where it restarts the whole workload, everything that runs or ran of it
 * counts, whatever its image: {@link servingOf} asks only about the revision itself. A container that ended may have done its work for good,
 * and a restart would start it once more.
 */
export function stoppedByRestart(target: Target, evidence: Evidence, revisionName: string): Serving | 'worked' {
  const own = servingOf(target, evidence, revisionName);
  switch (kindOf(target.appId).pullsAgain) {
    case 'restart':
    case 'next-run':
      return own;
    case 'restart-of-all': {
      const all = valueOf(evidence.replicas);
      // What was read must show what the restart is for: else it is not known what it would stop.
      if (all === undefined || !all.some(({ revision }) => revision === revisionName)) return 'unread';
      const states = all.flatMap(({ containers }) => containers.map(({ state }) => state.toLowerCase()));
      if (states.includes('running')) return 'serves';
      return states.includes('terminated') ? 'worked' : own;
    }
  }
}

/** The replicas of this very revision; `undefined` where they were not read. */
export function readReplicasOf(
  target: Target,
  evidence: Evidence,
  revisionName: string,
): readonly ReplicaFacts[] | undefined {
  const wasRead = revisionsToRead(target, evidence)?.some(({ name }) => name === revisionName) ?? false;
  return wasRead ? valueOf(evidence.replicas)?.filter(({ revision }) => revision === revisionName) : undefined;
}

/** A replica runs each container of which it has the image: a restart would end a start that follows a good pull, and pull again. */
function runsAll({ containers }: ReplicaFacts): boolean {
  return containers.length > 0 && containers.every(({ ready, state }) => ready || /^Running$/i.test(state));
}
