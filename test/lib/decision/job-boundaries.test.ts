// When a job is waited for, started again or handed over: the one fact, or the one instant, that turns the answer.
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/lib/causes/causes.ts';
import { awaitExecution } from '../../../src/lib/decision/await-execution.ts';
import { climb } from '../../../src/lib/decision/climb.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import { causePutRight } from '../../../src/lib/decision/retry-rules.ts';
import { startRefusals } from '../../../src/lib/decision/start-guards.ts';
import type { AppFacts, ReplicaFacts, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { isBetweenExecutions } from '../../../src/lib/evidence/executions.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { codeOf } from '../../../src/lib/history/refusals.ts';
import type { Attempt } from '../../../src/lib/history/state.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import type { JobTrigger } from '../../../src/lib/workloads/job/trigger.ts';
import {
  acrPull,
  app,
  config,
  execution,
  image,
  jobId,
  jobTarget,
  minute,
  nowMs,
  principal,
  registryId,
  roleMissing,
  target,
  waitingExecutionReplica,
} from '../facts.ts';
import { decisionInput } from '../situations.ts';

const starting = config({ PULLMEDIC_SETTINGS: '{"retry":{"startJobs":true}}' });
const sinceMs = nowMs - 2 * minute;
const gone = { because: 'cause-is-gone', sinceMs } as const;
const over: RevisionFacts = { ...execution, createdAtMs: nowMs - 8 * minute, runningState: 'Failed', ended: true };

const jobOf = (trigger: JobTrigger): Fact<AppFacts> => known({ ...app, id: jobId, job: { trigger } });

/** The last execution of a job that people start has ended without its image; the settings allow a start. */
function asked(more: Partial<Evidence> = {}, attempts: readonly Attempt[] = []): DecisionInput {
  const evidence: Evidence = {
    ...roleMissing,
    app: known({ ...app, id: jobId, job: { trigger: 'manual' } }),
    revisions: known([over]),
    replicas: known([waitingExecutionReplica]),
    ...more,
  };
  const about = decisionInput(evidence, { config: starting });
  return { ...about, target: jobTarget, evidence, remediation: { ...about.remediation, attempts } };
}

/** A look that never asked for the replicas. */
function withoutReplicas(input: DecisionInput): DecisionInput {
  const { replicas: _, ...evidence } = input.evidence;
  return { ...input, evidence };
}

const refused = (input: DecisionInput): string[] => startRefusals(input, sinceMs).map(codeOf);
const running: Partial<Evidence> = { revisions: known([execution]) };

describe('a job of which an execution waits for its image', () => {
  it('is looked at when its role is checked next, and each minute once that time is over', () => {
    const dueAfter = (agoMs: number): number =>
      awaitExecution(asked(running), { because: 'role-should-work', sinceMs: nowMs - agoMs }, 'role-propagating')
        .dueAtMs;

    expect(dueAfter(10 * minute)).toBe(nowMs + 2 * minute);
    expect(dueAfter(40 * minute)).toBe(nowMs + minute);
  });

  it('is not between executions where its replicas were not asked for', () => {
    const { target, evidence } = withoutReplicas(asked());

    expect(isBetweenExecutions(target, evidence)).toBe(false);
  });
});

describe('a job that nothing starts by itself', () => {
  it.each<[string, Partial<Evidence>]>([
    ['cannot be read', { app: unreadable('timed-out') }],
    ['does not say what starts it', { app: known({ ...app, id: jobId }) }],
  ])('is handed over and not started where it %s', (_, more) => {
    expect(awaitExecution(asked(more), gone, 'cause-cleared')).toMatchObject({
      decision: { do: 'incident', cause: 'execution-ended', because: 'change-refused' },
    });
  });

  it('is handed over where no execution of it is listed: nothing shows that it did no work', () => {
    expect(awaitExecution(asked({ revisions: known([]) }), gone, 'cause-cleared')).toMatchObject({
      decision: { do: 'incident', cause: 'execution-ended' },
      refusals: [{ guard: 'start-again', why: 'unreadable' }],
    });
  });

  it('is started at once, and looked at 20 seconds later', () => {
    expect(awaitExecution(asked(), gone, 'cause-cleared')).toEqual({
      decision: { do: 'start', execution: over.name, because: 'cause-is-gone', sinceMs },
      dueAtMs: nowMs + 20_000,
      refusals: [],
    });
  });

  it('is started where pullmedic granted its role a moment ago: a grant is no start', () => {
    const grant = { registryId, principalId: principal, roleId: acrPull };
    const granted: Attempt = { action: 'grant', atMs: nowMs - 3 * minute, grant, outcome: 'done' };

    expect(awaitExecution(asked({}, [granted]), gone, 'cause-cleared').decision.do).toBe('start');
  });

  it.each<[string, Attempt['outcome']]>([
    ['was made', 'done'],
    ['got no answer', 'unknown'],
    ['has no outcome yet', undefined],
  ])('is looked at a minute later where its start %s: the execution may not be listed yet', (_, outcome) => {
    const begun: Attempt = { action: 'start', atMs: nowMs - minute };
    const started = outcome === undefined ? begun : { ...begun, outcome };

    expect(awaitExecution(asked({}, [started]), gone, 'cause-cleared')).toMatchObject({
      decision: { do: 'wait', because: 'next-execution' },
      dueAtMs: nowMs + minute,
    });
  });

  it.each(['failed', 'withheld'] as const)(
    'is handed over at once where its start %s: no execution comes',
    (outcome) => {
      const started: Attempt = { action: 'start', atMs: nowMs - minute, outcome, because: 'refused' };

      expect(awaitExecution(asked({}, [started]), gone, 'cause-cleared')).toMatchObject({
        decision: { do: 'incident', cause: 'execution-ended' },
        refusals: [{ guard: 'start-again', why: 'started-before' }],
      });
    },
  );
});

describe('an execution that may have done its work', () => {
  const replicaOf = (name: string, containers: ReplicaFacts['containers']): ReplicaFacts => ({
    ...waitingExecutionReplica,
    name: `${name}-x`,
    revision: name,
    containers,
  });
  const waits = { name: 'app', image, ready: false, state: 'Waiting' } as const;

  it('is one of which no replica is shown, although those of an earlier one never ran', () => {
    const earlier = { ...over, name: 'job-import-earlier', createdAtMs: over.createdAtMs - minute };

    expect(
      refused(asked({ revisions: known([over, earlier]), replicas: known([replicaOf(earlier.name, [waits])]) })),
    ).toEqual(['start-again: may-have-run']);
  });

  it('is none where an earlier one ran: that one did its own work', () => {
    const earlier = { ...over, name: 'job-import-earlier', createdAtMs: over.createdAtMs - minute };
    const ran = replicaOf(earlier.name, [{ ...waits, ready: true, state: 'Running' }]);

    expect(
      refused(asked({ revisions: known([over, earlier]), replicas: known([replicaOf(over.name, [waits]), ran]) })),
    ).toEqual([]);
  });

  it('is one of whose replicas one ran, in whatever order Azure lists them', () => {
    const never = replicaOf(over.name, [waits]);
    const ran = replicaOf(over.name, [{ ...waits, ready: true, state: 'Running' }]);

    for (const replicas of [
      [never, ran],
      [ran, never],
    ])
      expect(refused(asked({ replicas: known(replicas) }))).toEqual(['start-again: may-have-run']);
  });

  it('is none where Azure shows each container of its template, and that none of them began', () => {
    const whole = { ...over, imageOf: { app: image, migrate: 'docker.io/library/migrate:1' } };
    const shown = replicaOf(over.name, [waits, { ...waits, name: 'migrate' }]);

    expect(refused(asked({ revisions: known([whole]), replicas: known([shown]) }))).toEqual([]);
  });

  it.each(['WaitingToStop', 'NotWaiting', 'unknown'])(
    'is one with a container in the state %s, which pullmedic does not know',
    (state) => {
      expect(refused(asked({ replicas: known([replicaOf(over.name, [{ ...waits, state }])]) }))).toEqual([
        'start-again: may-have-run',
      ]);
    },
  );

  it('is one whose replicas were not asked for', () => {
    expect(refused(withoutReplicas(asked()))).toEqual(['start-again: unreadable']);
  });
});

describe('a start', () => {
  it('is of a job that says that people start it, and of nothing else', () => {
    expect(refused(asked({ app: known({ ...app, id: jobId }) }))).toEqual(['start-again: not-manual']);
    expect(refused({ ...asked(), target })).toEqual(['start-again: not-manual']);
  });
});

describe('a job whose cause is put right', () => {
  it('waits for its next execution, and is never restarted', () => {
    const retrying = { cause: 'pull-role-missing', because: 'cause-cleared', shouldWork: gone } as const;

    expect(climb(asked({ app: jobOf('schedule') }), retrying).decision).toEqual({
      do: 'wait',
      because: 'next-execution',
    });
    expect(climb(asked({ app: jobOf('schedule'), ...running }), retrying).decision).toEqual({
      do: 'wait',
      because: 'cause-cleared',
    });
  });
});

describe('a job between two executions', () => {
  const late = nowMs - 20 * minute;
  const after = (one: RevisionFacts, causes: readonly Cause[], sure: Diagnosis['sure']): string | undefined => {
    const about = asked({ app: jobOf('schedule'), revisions: known([one]) });
    const diagnosis = { ...about.diagnosis, causes, sure };
    return causePutRight({ ...about, diagnosis, remediation: { ...about.remediation, clearedAtMs: late } })?.decision
      .because;
  };

  it('is waited for beyond the fifteen minutes of an app: nothing of it can tell that the cause is back', () => {
    expect(after(over, ['unexplained'], 'unexplained')).toBe('next-execution');
  });

  it('is left to the other rules after fifteen minutes where an execution waits, or where another cause is suspected', () => {
    expect(after(execution, ['unexplained'], 'unexplained')).toBeUndefined();
    expect(after(over, ['tls-untrusted'], 'suspected')).toBeUndefined();
  });
});
