// How many replicas are wanted, and how many of them run the image: as many as Azure shows, and at least as many as the scale rule wants.
import { describe, expect, it } from 'vitest';
import { countReplicas } from '../../../src/lib/diagnosis/wanted-replicas.ts';
import type { ReplicaFacts, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { minute, nowMs, readyReplica, revision, roleMissing, stuckReplica, target } from '../facts.ts';

function replicas(from: ReplicaFacts, count: number, of: string = revision.name): ReplicaFacts[] {
  return Array.from({ length: count }, (_, at) => ({
    ...from,
    name: `${of}-${at}-${from.containers[0]?.state}`,
    revision: of,
  }));
}

function stuckWith(state: string, details: string): ReplicaFacts {
  return { ...stuckReplica, containers: stuckReplica.containers.map((one) => ({ ...one, state, details })) };
}

function count(shown: readonly ReplicaFacts[], ...revisions: RevisionFacts[]): string | undefined {
  const evidence = {
    ...roleMissing,
    revisions: known(revisions.length === 0 ? [revision] : revisions),
    replicas: known(shown),
  };
  const counted = countReplicas(target, evidence);
  return counted === undefined ? undefined : `${counted.ready} of ${counted.wanted}`;
}

describe('the replicas that an app wants', () => {
  it('are all that Azure shows', () => {
    expect(count([...replicas(readyReplica, 1), ...replicas(stuckReplica, 9)])).toBe('1 of 10');
    expect(count([...replicas(readyReplica, 9), ...replicas(stuckReplica, 1)])).toBe('9 of 10');
    expect(count(replicas(readyReplica, 10))).toBe('10 of 10');
    expect(count([])).toBe('0 of 0');
  });

  it('are at least as many as the scale rule wants, also where Azure does not show them yet', () => {
    const shown = replicas(readyReplica, 2);

    expect(count(shown, { ...revision, minReplicas: 3 })).toBe('2 of 3');
    expect(count(shown, { ...revision, minReplicas: 2 })).toBe('2 of 2');
    expect(count(shown, { ...revision, minReplicas: 0 })).toBe('2 of 2');
  });

  it.each([
    ['Waiting', 'Container is waiting with reason: CrashLoopBackOff on legion.'],
    ['Terminated', ''],
  ])('are without one that fails for another stated reason: %s %s', (state, details) => {
    expect(count([...replicas(readyReplica, 9), stuckWith(state, details)])).toBe('9 of 9');
  });

  it.each([
    ['Waiting', 'Container is waiting with reason: ContainerCreating on legion.'],
    ['Waiting', 'ErrImagePull: rpc error: code = Unknown'],
    ['Terminated', "reason 'ImagePullFailure'"],
    ['Waiting', ''],
    ['Running', ''],
  ])('are with one that states no other reason: %s %s', (state, details) => {
    expect(count([...replicas(readyReplica, 9), stuckWith(state, details)])).toBe('9 of 10');
  });

  it('are with one that lists no container', () => {
    expect(count([...replicas(readyReplica, 1), { ...stuckReplica, containers: [] }])).toBe('1 of 2');
  });

  it('do not wait for a container with another image', () => {
    const sidecar = {
      name: 'sidecar',
      image: 'acrshop.azurecr.io/shop/proxy:v1',
      ready: false,
      state: 'Waiting',
      details: 'ImagePullBackOff',
    };
    const [ready] = replicas(readyReplica, 1);

    expect(count([{ ...readyReplica, ...ready, containers: [...readyReplica.containers, sidecar] }])).toBe('1 of 1');
  });
});

describe('several active revisions', () => {
  const older = (at: number, more: Partial<RevisionFacts> = {}): RevisionFacts => ({
    ...revision,
    name: `r${at}`,
    createdAtMs: nowMs - at * minute,
    ...more,
  });

  it('want their replicas together', () => {
    const shown = [...replicas(readyReplica, 2, 'r1'), ...replicas(stuckReplica, 1, 'r2')];

    expect(count(shown, older(1), older(2))).toBe('2 of 3');
  });

  it('count without their replicas, where those are not read, as one that is missing if Azure says that they cannot pull', () => {
    const shown = [1, 2].flatMap((at) => replicas(readyReplica, 1, `r${at}`));
    const quiet = { details: 'Running' };

    expect(count(shown, older(1), older(2), older(3))).toBe('2 of 3');
    expect(count(shown, older(1), older(2), older(3, quiet))).toBe('2 of 2');
  });
});

describe('facts that could not be read', () => {
  it('give no count', () => {
    expect(countReplicas(target, { ...roleMissing, replicas: unreadable('throttled') })).toBeUndefined();
    expect(countReplicas(target, { ...roleMissing, revisions: unreadable('throttled') })).toBeUndefined();
  });
});
