// Whether a revision pulls: what a container says of itself decides, and a replica that says nothing may be pulling.
import { describe, expect, it } from 'vitest';
import type { ContainerFacts, ReplicaFacts } from '../../../src/lib/evidence/app-facts.ts';
import { pullingOf, pullingReplicas } from '../../../src/lib/evidence/pulling.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { pullingReplica, readyReplica, revision, roleMissing, stuckReplica, target } from '../facts.ts';

function pulling(...replicas: readonly ReplicaFacts[]): string {
  return pullingOf(target, { ...roleMissing, replicas: known(replicas) }, revision.name);
}

/** A replica whose containers wait for these reasons, as Azure words them; `undefined` where it gives none. */
function waitingFor(...reasons: readonly (string | undefined)[]): ReplicaFacts {
  const containers = reasons.map((reason, at): ContainerFacts => {
    const details = reason === undefined ? {} : { details: `Container is waiting with reason: ${reason} on legion.` };
    return { name: `c${at}`, ready: false, state: 'Waiting', ...details };
  });
  return { ...stuckReplica, containers };
}

const running: ContainerFacts = { name: 'sidecar', ready: false, state: 'Running' };

describe('a revision', () => {
  it('pulls where one container of one replica says so, whatever the others say', () => {
    expect(pulling(pullingReplica)).toBe('pulls');
    expect(pulling(stuckReplica, pullingReplica, readyReplica)).toBe('pulls');
    expect(pulling(waitingFor('ImagePullBackOff', 'PullingImage'))).toBe('pulls');
    expect(pulling(waitingFor(undefined), pullingReplica)).toBe('pulls');
  });

  it.each(['ImagePullBackOff', 'ErrImagePull', 'CrashLoopBackOff', 'CreateContainerError', 'InvalidImageName'])(
    'does not pull while it waits with the reason %s',
    (reason) => {
      expect(pulling(waitingFor(reason))).toBe('does-not-pull');
      expect(pulling(waitingFor(reason, 'ContainerCreating'))).toBe('does-not-pull');
    },
  );

  it('does not pull where its containers run, ended or are ready, or where it has no replica', () => {
    expect(pulling(readyReplica)).toBe('does-not-pull');
    expect(pulling({ ...stuckReplica, containers: [running, { ...running, state: 'Terminated' }] })).toBe(
      'does-not-pull',
    );
    expect(pulling()).toBe('does-not-pull');
  });

  it('may be pulling where a replica states no reason that excludes it', () => {
    expect(pulling(waitingFor('ContainerCreating'))).toBe('unread');
    expect(pulling(stuckReplica, waitingFor(undefined))).toBe('unread');
    expect(pulling({ ...stuckReplica, containers: [running, ...waitingFor(undefined).containers] })).toBe('unread');
    expect(pulling({ ...stuckReplica, containers: [] })).toBe('unread');
  });

  it('may be pulling where its replicas were not read', () => {
    expect(pullingOf(target, { ...roleMissing, replicas: unreadable('throttled') }, revision.name)).toBe('unread');
    expect(pullingOf(target, { ...roleMissing, revisions: unreadable('throttled') }, revision.name)).toBe('unread');
    expect(pullingOf(target, roleMissing, 'another')).toBe('unread');
  });

  it('does not pull because a replica of another revision does', () => {
    const another = { ...pullingReplica, revision: 'another' };

    expect(pulling(stuckReplica, another)).toBe('does-not-pull');
  });

  it('names the replicas that pull', () => {
    const evidence = { ...roleMissing, replicas: known([stuckReplica, { ...pullingReplica, name: 'b' }]) };

    expect(pullingReplicas(target, evidence, revision.name).map(({ name }) => name)).toEqual(['b']);
    expect(pullingReplicas(target, { ...evidence, replicas: unreadable('throttled') }, revision.name)).toEqual([]);
  });
});
