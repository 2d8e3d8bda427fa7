// Whether a revision serves: one ready replica is enough, and a revision whose replicas were not read may be serving.
import { describe, expect, it } from 'vitest';
import type { ReplicaFacts, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import {
  mostRevisionsRead,
  revisionsNotRead,
  revisionsToRead,
  servingOf,
  stoppedByRestart,
} from '../../../src/lib/evidence/serving.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  groupFacts,
  groupRun,
  groupTarget,
  minute,
  nowMs,
  readyReplica,
  revision,
  roleMissing,
  stuckReplica,
  target,
  waitingContainer,
} from '../facts.ts';

/** So many active revisions of the image, the newest first: `r1`, `r2` and so on. */
function revisionsOf(count: number): RevisionFacts[] {
  return Array.from({ length: count }, (_, at) => ({
    ...revision,
    name: `r${at + 1}`,
    createdAtMs: nowMs - at * minute,
  }));
}

/** As Azure describes a revision that serves: no word of a pull that fails. */
const calm = ({ details: _none, ...one }: RevisionFacts): RevisionFacts => one;

function seen(revisions: readonly RevisionFacts[], replicas: Evidence['replicas']): Evidence {
  const { replicas: _none, ...rest } = roleMissing;
  return { ...rest, revisions: known(revisions), ...(replicas === undefined ? {} : { replicas }) };
}

const named = (evidence: Evidence): string[] | undefined => revisionsToRead(target, evidence)?.map(({ name }) => name);

function replicaOf(revisionName: string, from: ReplicaFacts, more: Partial<ReplicaFacts> = {}): ReplicaFacts {
  return { ...from, name: `${revisionName}-a`, revision: revisionName, ...more };
}

describe('the revisions whose replicas are read', () => {
  it('are the newest two, whatever the order in which Azure lists them', () => {
    expect(mostRevisionsRead).toBe(2);
    expect(named(seen(revisionsOf(2).map(calm).toReversed(), undefined))).toEqual(['r1', 'r2']);
    expect(named(seen(revisionsOf(5).map(calm).toReversed(), undefined))).toEqual(['r1', 'r2']);
  });

  it('are the newest and the newest other one of which Azure says that it cannot pull', () => {
    const stuckFrom = (first: number) => revisionsOf(5).map((one, at) => (at + 1 >= first ? one : calm(one)));

    expect(named(seen(stuckFrom(1), undefined))).toEqual(['r1', 'r2']);
    expect(named(seen(stuckFrom(4), undefined))).toEqual(['r1', 'r4']);
    expect(revisionsNotRead(target, seen(stuckFrom(4), undefined)).map(({ name }) => name)).toEqual(['r2', 'r3', 'r5']);
  });

  it('are three where an image is still being searched for', () => {
    const searched = revisionsToRead({ ...target, image: '' }, seen(revisionsOf(4), undefined));

    expect(searched?.map(({ name }) => name)).toEqual(['r1', 'r2', 'r3']);
  });

  it('are active and have the image of the target', () => {
    const [first, second, third] = revisionsOf(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three revisions');
    const evidence = seen([{ ...first, active: false }, { ...second, images: ['other'] }, third], undefined);

    expect(named(evidence)).toEqual(['r3']);
    expect(revisionsToRead({ ...target, image: '' }, evidence)?.map(({ name }) => name)).toEqual(['r2', 'r3']);
  });

  it('are unknown where the revisions could not be read', () => {
    expect(revisionsToRead(target, { ...roleMissing, revisions: unreadable('throttled') })).toBeUndefined();
    expect(revisionsToRead(target, { atMs: nowMs })).toBeUndefined();
  });
});

describe('a revision', () => {
  const serving = (evidence: Evidence, name = 'r1') => servingOf(target, evidence, name);

  it('serves where one of its replicas has all its containers ready, whatever the others do', () => {
    const ready = replicaOf('r1', readyReplica);
    const stuck = replicaOf('r1', stuckReplica);

    expect(serving(seen(revisionsOf(1), known([ready])))).toBe('serves');
    expect(serving(seen(revisionsOf(1), known([stuck, stuck, ready])))).toBe('serves');
    expect(serving(seen(revisionsOf(1), known([stuck, stuck, stuck])))).toBe('does-not-serve');
  });

  it('does not serve where each replica lacks a container', () => {
    const containers = [...readyReplica.containers, ...stuckReplica.containers];

    expect(serving(seen(revisionsOf(1), known([replicaOf('r1', readyReplica, { containers })])))).toBe(
      'does-not-serve',
    );
  });

  it('does not serve because another one does', () => {
    const replicas = known([replicaOf('r2', readyReplica), replicaOf('r1', stuckReplica)]);

    expect(serving(seen(revisionsOf(2).map(calm), replicas))).toBe('does-not-serve');
  });

  it('is not known to be idle where it is older than the two that are read', () => {
    const replicas = known([1, 2].map((at) => replicaOf(`r${at}`, readyReplica)));

    expect(serving(seen(revisionsOf(4).map(calm), known([])), 'r2')).toBe('does-not-serve');
    expect(serving(seen(revisionsOf(4).map(calm), replicas), 'r3')).toBe('unread');
    expect(serving(seen(revisionsOf(4), replicas), 'r3')).toBe('unread');
  });

  it.each<[string, Evidence]>([
    ['its replicas could not be read', seen(revisionsOf(1), unreadable('timed-out'))],
    ['its replicas were not asked for', seen(revisionsOf(1), undefined)],
    [
      'a replica comes without its containers',
      seen(revisionsOf(1), known([replicaOf('r1', stuckReplica, { containers: [] })])),
    ],
    [
      'it is not among the revisions',
      seen(
        revisionsOf(1).map((one) => ({ ...one, name: 'other' })),
        known([]),
      ),
    ],
    [
      'it is not active',
      seen(
        revisionsOf(1).map((one) => ({ ...one, active: false })),
        known([]),
      ),
    ],
  ])('is unread where %s', (_, evidence) => {
    expect(serving(evidence)).toBe('unread');
  });
});

describe('what a restart would stop', () => {
  const group = (replicas: Evidence['replicas']): Evidence => ({
    ...seen([groupRun], replicas),
    app: known(groupFacts),
  });
  const sidecar = (state: string): ReplicaFacts => ({
    ...waitingContainer,
    name: 'sidecar',
    revision: 'sidecar',
    containers: [{ name: 'sidecar', image: 'docker.io/library/redis:7', ready: true, state }],
  });
  const stopped = (replicas: Evidence['replicas']) => stoppedByRestart(groupTarget, group(replicas), 'app');

  it('of a container group is every container that runs, whatever its image', () => {
    expect(stopped(known([waitingContainer, sidecar('Running')]))).toBe('serves');
    expect(stopped(known([waitingContainer]))).toBe('does-not-serve');
  });

  it('of a container group is work that would be done again where another container, or an init container, has ended', () => {
    expect(stopped(known([waitingContainer, sidecar('Terminated')]))).toBe('worked');
    expect(stopped(known([waitingContainer, sidecar('Waiting')]))).toBe('does-not-serve');
  });

  it('is unknown where the containers were not read, or that one is not among them', () => {
    expect(stopped(unreadable('timed-out'))).toBe('unread');
    expect(stopped(known([]))).toBe('unread');
    expect(stopped(known([sidecar('Terminated')]))).toBe('unread');
  });

  it('of an app is the revision alone', () => {
    const evidence = seen([revision], known([stuckReplica, { ...readyReplica, revision: 'another' }]));
    expect(stoppedByRestart(target, evidence, revision.name)).toBe('does-not-serve');
  });
});
