// Trouble that comes before any pull, and what the platform says where no check explains the failure.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { revisionWithoutReplica, standsDown } from '../../../src/lib/diagnosis/no-pull.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { app, assignment, minute, nowMs, revision, roleMissing, stuckReplica, target } from '../facts.ts';

const row = (text: string, reason = 'ContainerTerminated'): LogRow => ({
  atMs: nowMs - minute,
  revision: revision.name,
  replica: '',
  reason,
  severity: 'Warning',
  text,
});
const noCores = row('0/3 nodes are available: 3 Insufficient cpu.', 'FailedScheduling');
const { details: _, ...quiet } = revision;
const wanting = { ...quiet, minReplicas: 1, createdAtMs: nowMs - 10 * minute };

/** The role is old, and Azure makes no replica of a revision that wants one. */
const none: Evidence = {
  ...roleMissing,
  roles: known([assignment(600 * minute)]),
  revisions: known([wanting]),
  replicas: known([]),
  logs: known([noCores]),
};

function diagnosed(evidence: Evidence): Diagnosis {
  const rows = evidence.logs?.read ? evidence.logs.value : [];
  const suspicions = rows.map(({ text, reason, severity }) => classify(text, { reason, type: severity }));
  return diagnose({ target, evidence, suspicions, pulledBefore: false });
}

describe('a revision that wants replicas and has none', () => {
  it('is proved by ARM, with what the platform says', () => {
    const found = diagnosed(none);

    expect(found).toMatchObject({ causes: ['no-replica-scheduled'], sure: 'confirmed' });
    expect(found.for).toContainEqual({ code: 'no-replica-made', detail: { revision: revision.name, wanted: '1' } });
    expect(found.for).toContainEqual({
      code: 'platform-says',
      detail: { says: 'no node has enough cores, memory or disk free' },
    });
  });

  it('is proved where the platform says nothing, too', () => {
    expect(diagnosed({ ...none, logs: known([]) })).toMatchObject({
      causes: ['no-replica-scheduled'],
      sure: 'confirmed',
    });
  });

  it('has a replica on a node where the platform says that a volume cannot be mounted, so cores and quota are not the trouble', () => {
    const text = 'MountVolume.MountDevice failed for volume "uploads": mount error(13): Permission denied';
    const noMount = diagnosed({ ...none, logs: known([row(text, 'FailedMount')]) });

    expect(noMount).toMatchObject({ causes: ['something-else'], sure: 'suspected' });
    expect(noMount.for).toContainEqual({ code: 'platform-says', detail: { says: 'a volume cannot be mounted' } });
  });

  it('is named before a missing role, which is true and stops no pull yet', () => {
    expect(diagnosed({ ...none, roles: known([]) })).toMatchObject({
      causes: ['no-replica-scheduled', 'pull-role-missing'],
      sure: 'confirmed',
    });
  });

  it.each<[string, Partial<Evidence>]>([
    ['is young', { revisions: known([{ ...wanting, createdAtMs: nowMs - 10 * minute + 1 }]) }],
    ['wants no replica all the time', { revisions: known([{ ...wanting, minReplicas: 0 }]) }],
    ['does not say how many it wants', { revisions: known([{ ...quiet, createdAtMs: 0 }]) }],
    ['sleeps', { revisions: known([{ ...wanting, runningState: 'ScaledToZero' }]) }],
    ['was stopped', { revisions: known([{ ...wanting, runningState: 'Stopped' }]) }],
    ['runs', { revisions: known([{ ...wanting, runningState: 'RunningAtMaxScale' }]) }],
    [
      'cannot pull, says Azure',
      { revisions: known([{ ...wanting, details: '1/1 Pending:ImagePullBackOff on legion' }]) },
    ],
    ['has a replica', { replicas: known([stuckReplica]) }],
    ['has replicas that could not be read', { replicas: unreadable('throttled') }],
  ])('is not meant where it %s', (_words, more) => {
    expect(revisionWithoutReplica(target, { ...none, ...more })).toBeUndefined();
    expect(diagnosed({ ...none, ...more }).causes).not.toContain('no-replica-scheduled');
  });

  it('is not meant where a text speaks of a failed pull', () => {
    const pull = row(`Failed to pull image "${target.image}": MANIFEST_UNKNOWN: manifest tagged by "v1" is not found`);

    expect(diagnosed({ ...none, logs: known([noCores, pull]) }).causes).toEqual(['tag-missing']);
  });
});

describe('a rejected write', () => {
  const rejected = (text: string): Evidence => ({
    ...none,
    app: known({ ...app, provisioningState: 'Failed', writeError: { text, atMs: nowMs } }),
    revisions: known([]),
    logs: known([]),
  });
  const of = (text: string): Diagnosis => {
    const evidence = rejected(text);
    return diagnose({ target, evidence, suspicions: [classify(text)], pulledBefore: false });
  };

  it('suspects what its words say of scheduling', () => {
    expect(of('Maximum allowed cores exceeded for the Managed Environment.')).toMatchObject({
      causes: ['no-replica-scheduled'],
      sure: 'suspected',
    });
  });

  it('suspects nothing of the kind in other words', () => {
    expect(of('Operation expired.').causes).toEqual(['unexplained']);
  });
});

describe('pullmedic stands down', () => {
  const rejected = (text: string): Evidence => ({
    ...none,
    app: known({ ...app, provisioningState: 'Failed', writeError: { text, atMs: nowMs } }),
    revisions: known([]),
    logs: known([]),
  });
  const expired = "Failed to provision revision for container app 'ca-orders'. Error details: Operation expired.";
  const after = (text: string, roles: Evidence['roles']): boolean => {
    const evidence: Evidence = { ...rejected(text), ...(roles === undefined ? {} : { roles }) };
    const suspicions = [classify(text)];
    return standsDown(target, evidence, suspicions, diagnose({ target, evidence, suspicions, pulledBefore: false }));
  };

  it.each<[string, boolean, boolean]>([
    ['not after an operation that expired, where a role is missing', after(expired, known([])), false],
    ['after one that expired, where every check is right', after(expired, known([assignment(600 * minute)])), true],
    [
      'after words that name another reason, although a role is missing',
      after('Invalid template: cpu.', known([])),
      true,
    ],
    ['not where no replica is scheduled', after('Maximum allowed cores exceeded', known([])), false],
  ])('%s', (_words, seen, expected) => {
    expect(seen).toBe(expected);
  });
});

describe('a container that waits for its image while every check is right', () => {
  const waiting: Evidence = { ...none, replicas: known([stuckReplica]), logs: known([row('x', 'FailedMount')]) };

  it('is said to fail for something else, where the platform speaks of it', () => {
    const found = diagnosed(waiting);

    expect(found).toMatchObject({ causes: ['something-else'], sure: 'suspected' });
    expect(found.for[0]).toEqual({ code: 'platform-says', detail: { says: 'a volume cannot be mounted' } });
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['the platform says nothing of the list', { logs: known([row('hello')]) }, 'unexplained'],
    ['a fact explains it', { roles: known([]) }, 'pull-role-missing'],
    [
      'a text speaks of a failed pull',
      {
        logs: known([
          row('x', 'FailedMount'),
          row('Failed to pull image: x509: certificate signed by unknown authority'),
        ]),
      },
      'tls-untrusted',
    ],
  ])('is not where %s', (_words, more, cause) => {
    expect(diagnosed({ ...waiting, ...more }).causes).toEqual([cause]);
  });
});
