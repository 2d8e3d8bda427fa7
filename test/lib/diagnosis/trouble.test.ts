// Whether the app is failing at all, and whether it fails to pull: what ARM shows of its replicas and revisions.
import { describe, expect, it } from 'vitest';
import type { Label, Suspicion } from '../../../src/lib/classify/classify.ts';
import {
  failsOtherwise,
  isServing,
  isSomethingElse,
  servesWithoutTrouble,
  showsPullTrouble,
} from '../../../src/lib/diagnosis/trouble.ts';
import type { ContainerFacts, ReplicaFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { app, image, readyReplica, revision, roleMissing, stuckReplica, target, unauthorizedRow } from '../facts.ts';

function says(...labels: Label[]): Suspicion[] {
  return labels.map((label) => ({ label, rule: 'x', words: 'x' }));
}

const { details: _details, ...quiet } = revision;

function replica(...containers: Partial<ContainerFacts>[]): ReplicaFacts {
  const blank: ContainerFacts = { name: 'app', image, ready: false, state: 'Waiting' };
  return { ...stuckReplica, containers: containers.map((container) => ({ ...blank, ...container })) };
}

/** A revision that says nothing of itself, with these replicas. */
function running(...replicas: ReplicaFacts[]): Evidence {
  return { ...roleMissing, revisions: known([quiet]), replicas: known(replicas) };
}

const crashing = replica({ details: 'Container is waiting with reason: CrashLoopBackOff on legion.' });
const rejected: Evidence = {
  ...roleMissing,
  app: known({ ...app, provisioningState: 'Failed' }),
  revisions: known([]),
  replicas: known([]),
};

describe('what is something else', () => {
  const otherwise = (evidence: Evidence, ...labels: Label[]): boolean =>
    isSomethingElse(target, evidence, says(...(labels.length > 0 ? labels : (['not-a-pull-failure'] as const))));

  it.each<[string, Evidence]>([
    ['a container that crashes', running(crashing)],
    ['a container that was terminated', running(replica({ state: 'Terminated' }))],
    ['a container that ended by itself', running(replica({ details: 'Completed' }))],
    ['a container whose process left', running(replica({ details: "reason 'processexited'" }))],
    ['a container with an error', running(replica({ details: 'CreateContainerConfigError' }))],
    ['a container that is ready beside one that crashes', running(readyReplica, crashing)],
    [
      'a container that crashes beside a side-car that runs',
      running(replica({ details: 'CrashLoopBackOff' }, { image: 'x', ready: true, state: 'Running' })),
    ],
    ['a side-car that crashes', running(replica({ ready: true }, { image: 'x', details: 'CrashLoopBackOff' }))],
  ])('is %s, and text that does not speak of a pull', (_, evidence) => {
    expect(otherwise(evidence)).toBe(true);
  });

  it.each<[string, Evidence]>([
    ['a container that waits for its image', running(stuckReplica)],
    ['a container that says nothing', running(replica({}))],
    ['a container that waits beside one that crashes', running(crashing, stuckReplica)],
    ['two containers of which one waits', running(replica({ details: 'CrashLoopBackOff' }, {}))],
    ['an app without replicas', running()],
    ['replicas that cannot be read', { ...running(crashing), replicas: unreadable('throttled') }],
    ['logs that cannot be read', { ...running(crashing), logs: unreadable('throttled') }],
  ])('is not %s', (_, evidence) => {
    expect(otherwise(evidence)).toBe(false);
  });

  it('is never what any text calls a pull failure, and never silence', () => {
    expect(otherwise(running(crashing), 'not-a-pull-failure', 'unauthorized')).toBe(false);
    expect(otherwise(running(crashing), 'unauthorized', 'not-a-pull-failure')).toBe(false);
    expect(isSomethingElse(target, running(crashing), [])).toBe(false);
  });

  it('is not what was not asked for yet', () => {
    const { logs: _logs, ...withoutLogs } = running(crashing);
    const { replicas: _replicas, ...withoutReplicas } = running(crashing);

    expect(otherwise(withoutLogs)).toBe(false);
    expect(otherwise(withoutReplicas)).toBe(false);
  });

  it('is a write that was rejected only where its own error was read', () => {
    expect(otherwise({ ...rejected, writes: known([unauthorizedRow]) })).toBe(true);
    expect(otherwise({ ...rejected, writes: known([]) })).toBe(false);
    expect(otherwise({ ...rejected, writes: unreadable('forbidden') })).toBe(false);
    expect(otherwise(rejected)).toBe(false);
  });
});

describe('a replica whose target crashes while another container waits for its image', () => {
  const mixed = replica({ details: 'CrashLoopBackOff' }, { image: 'acrshop.azurecr.io/shop/side-car:v1' });

  it('fails otherwise for its target, and not as a whole, nor for the one that waits', () => {
    expect(failsOtherwise(mixed, image)).toBe(true);
    expect(failsOtherwise(mixed)).toBe(false);
    expect(failsOtherwise(mixed, 'acrshop.azurecr.io/shop/side-car:v1')).toBe(false);
  });
});

describe('trouble with the pull', () => {
  const trouble = (evidence: Evidence): boolean => showsPullTrouble(target, evidence);

  it.each<[string, Evidence]>([
    ['a container of the image says so', running(stuckReplica)],
    ['a container says ErrImagePull', running(replica({ details: 'reason: errimagepull' }))],
    ['a container is still pulling', running(replica({ details: 'PullingImage' }))],
    ['a container says so and ARM does not name its image', running(withoutImage({ details: 'ImagePullBackOff' }))],
    ['one of two replicas says so', running(readyReplica, stuckReplica)],
    ['a write was rejected', rejected],
    ['its only image is the one that the revision speaks of', { ...running(), revisions: known([revision]) }],
    [
      'the revision says so and nobody can read the replicas',
      {
        ...running(),
        replicas: unreadable('throttled'),
        revisions: known([{ ...revision, images: [image, 'other'] }]),
      },
    ],
    [
      'the revision has the same image twice',
      { ...running(), revisions: known([{ ...revision, images: [image, image] }]) },
    ],
    [
      'one of two revisions says so',
      {
        ...running(),
        revisions: known([
          { ...quiet, name: 'older' },
          { ...revision, details: 'errimagepull' },
        ]),
      },
    ],
  ])('shows where %s', (_, evidence) => {
    expect(trouble(evidence)).toBe(true);
  });

  it('shows in the revision also before the replicas were asked for', () => {
    const { replicas: _, ...before } = running();

    expect(trouble({ ...before, revisions: known([revision]) })).toBe(true);
    expect(trouble({ ...before, revisions: known([{ ...revision, images: [image, 'other'] }]) })).toBe(true);
  });

  it.each<[string, Evidence]>([
    ['nothing says so', running(crashing)],
    ['nothing is said at all', running(replica({}))],
    ['it is over: the container is ready', running(replica({ ready: true, details: 'ImagePullBackOff' }))],
    ['it is another image’s', running(replica({ image: 'other', details: 'ImagePullBackOff' }))],
    [
      'a revision with two images does not say which',
      { ...running(readyReplica), revisions: known([{ ...revision, images: [image, 'other'] }]) },
    ],
    ['the revision was deactivated', { ...running(), revisions: known([{ ...revision, active: false }]) }],
    ['the revision says something else', { ...running(), revisions: known([{ ...revision, details: 'Crashing' }]) }],
  ])('does not show where %s', (_, evidence) => {
    expect(trouble(evidence)).toBe(false);
  });
});

function withoutImage(more: Partial<ContainerFacts>): ReplicaFacts {
  return { ...stuckReplica, containers: [{ name: 'app', ready: false, state: 'Waiting', ...more }] };
}

describe('an app', () => {
  it('serves when every replica of the target has its image ready', () => {
    expect(isServing(target, running(readyReplica))).toBe(true);
    expect(isServing(target, running(readyReplica, stuckReplica))).toBe(false);
  });

  it('does not serve without a replica, and nobody can tell of one that cannot be read', () => {
    expect(isServing(target, running())).toBe(false);
    expect(isServing(target, { ...running(readyReplica), replicas: unreadable('throttled') })).toBe(false);
    expect(isServing(target, { ...running(readyReplica), app: unreadable('throttled') })).toBe(false);
    expect(isServing(target, { ...running(readyReplica), app: known('gone') })).toBe(false);
  });

  it('serves without trouble whatever its revision said before, but not while another revision cannot start', () => {
    const stuck = { ...revision, details: 'ImagePullBackOff' };
    const waiting = { ...stuck, name: `${revision.name}-next` };

    expect(servesWithoutTrouble(target, { ...running(readyReplica), revisions: known([stuck]) })).toBe(true);
    expect(servesWithoutTrouble(target, { ...running(readyReplica), revisions: known([stuck, waiting]) })).toBe(false);
    expect(servesWithoutTrouble(target, running(stuckReplica))).toBe(false);
  });
});
