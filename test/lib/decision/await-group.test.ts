// What a container group waits for once the cause of its failure is put right: the platform, a restart where that is allowed, or a person.
import { describe, expect, it } from 'vitest';
import { awaitGroup } from '../../../src/lib/decision/await-group.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import type { ReplicaFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { AnnouncedRestart } from '../../../src/lib/history/restarts.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { GroupLife } from '../../../src/lib/workloads/container-group/group-life.ts';
import { config, groupFacts, groupRun, groupTarget, minute, nowMs, roleMissing, waitingContainer } from '../facts.ts';
import { decisionInput } from '../situations.ts';

const consent = { PULLMEDIC_SETTINGS: JSON.stringify({ retry: { restartGroups: true } }) };

interface Case {
  readonly allowed?: boolean;
  readonly replicas?: readonly ReplicaFacts[];
  readonly restarts?: DecisionInput['restarts'];
}

function asked(life: GroupLife, { allowed = true, replicas = [waitingContainer], restarts }: Case = {}): DecisionInput {
  const evidence: Evidence = {
    ...roleMissing,
    app: known({ ...groupFacts, group: { life } }),
    revisions: known([groupRun]),
    replicas: known(replicas),
  };
  const about = { ...decisionInput(evidence), target: groupTarget, evidence, config: config(allowed ? consent : {}) };
  return restarts === undefined ? about : { ...about, restarts };
}

const awaited = {
  cause: 'pull-role-missing',
  because: 'cause-cleared',
  shouldWork: { because: 'cause-is-gone', sinceMs: nowMs - minute },
} as const;
const role = {
  cause: 'pull-role-propagating',
  because: 'role-propagating',
  shouldWork: { because: 'role-should-work', sinceMs: nowMs - 4 * minute },
} as const;
const worked = { ...role, shouldWork: { ...role.shouldWork, sinceMs: nowMs - 5 * minute } };

function restartedAt(atMs: number): DecisionInput['restarts'] {
  const made = { revision: groupRun.name, by: 'restart', atMs } as unknown as AnnouncedRestart;
  return known([made]);
}

describe('a container group whose cause is put right', () => {
  it('is left to the platform as long as that goes on trying, restarts allowed or not', () => {
    for (const allowed of [true, false])
      expect(awaitGroup(asked('lives', { allowed }), worked).decision).toEqual({
        do: 'wait',
        because: 'role-propagating',
      });
  });

  it('is restarted once the platform has given up, where the settings allow it', () => {
    expect(awaitGroup(asked('given-up'), awaited).decision).toMatchObject({
      do: 'restart',
      revision: 'app',
      because: 'cause-is-gone',
    });
  });

  it('is handed over where the settings do not allow a restart, which is the default', () => {
    expect(awaitGroup(asked('given-up', { allowed: false }), awaited)).toMatchObject({
      decision: { do: 'incident', cause: 'group-ended' },
      refusals: [{ guard: 'never-restarted', why: 'group-without-consent' }],
    });
  });

  it('is not restarted while another container of it runs: a restart would stop that one too', () => {
    const sidecar: ReplicaFacts = {
      ...waitingContainer,
      name: 'sidecar',
      revision: 'sidecar',
      containers: [{ name: 'sidecar', image: 'docker.io/library/redis:7', ready: true, state: 'Running' }],
    };

    expect(awaitGroup(asked('given-up', { replicas: [waitingContainer, sidecar] }), awaited)).toMatchObject({
      decision: { do: 'incident', cause: 'group-ended' },
      refusals: [{ guard: 'healthy-replicas', why: 'serving' }],
    });
  });

  it.each(['ended', 'never-created', 'unknown'] as const)(
    'is handed over where it is %s: only a deployment helps',
    (life) => {
      expect(awaitGroup(asked(life), awaited).decision).toMatchObject({ do: 'incident', cause: 'group-ended' });
    },
  );

  it.each(['ended', 'given-up'] as const)(
    'is neither restarted nor handed over before the role is expected to work (%s)',
    (life) => {
      expect(awaitGroup(asked(life), role)).toMatchObject({
        decision: { do: 'wait', because: 'role-propagating' },
        dueAtMs: nowMs + minute,
      });
      expect(awaitGroup(asked(life), worked).decision.do).not.toBe('wait');
    },
  );

  it('is restarted once: what the restart does is waited for, and then a person is told', () => {
    expect(awaitGroup(asked('given-up', { restarts: restartedAt(nowMs - 30_000) }), awaited).decision).toMatchObject({
      do: 'wait',
      because: 'restart-takes-effect',
    });
    const long = { ...awaited, shouldWork: { ...awaited.shouldWork, sinceMs: nowMs - 30 * minute } };
    expect(awaitGroup(asked('given-up', { restarts: restartedAt(nowMs - 6 * minute) }), long).decision).toMatchObject({
      do: 'incident',
      cause: 'group-ended',
    });
  });

  it('is restarted once for all of its containers: the restart for another one counts', () => {
    const forAnother = (atMs: number): DecisionInput['restarts'] =>
      known([{ revision: 'proxy', by: 'restart', atMs } as unknown as AnnouncedRestart]);

    // It came before this remediation saw that the cause was gone.
    for (const agoMs of [30_000, 2 * minute])
      expect(awaitGroup(asked('given-up', { restarts: forAnother(nowMs - agoMs) }), awaited).decision).toMatchObject({
        do: 'wait',
        because: 'restart-takes-effect',
      });
    expect(awaitGroup(asked('given-up', { restarts: forAnother(nowMs - 30 * minute) }), awaited)).toMatchObject({
      decision: { do: 'incident', cause: 'group-ended' },
      refusals: [{ guard: 'restart-limit', why: 'revision' }],
    });
    expect(awaitGroup(asked('given-up', { restarts: forAnother(nowMs - 24 * 60 * minute) }), awaited).decision.do).toBe(
      'restart',
    );
  });

  it('is looked at again before a person is told where the restarts of the group could not be read', () => {
    expect(awaitGroup(asked('given-up', { restarts: unreadable('timed-out') }), awaited)).toMatchObject({
      decision: { do: 'wait', because: 'looking-again' },
      refusals: [{ guard: 'restart-limit', why: 'unreadable' }],
    });
  });
});
