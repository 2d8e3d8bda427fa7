// What is waited for once the cause of a job's failure is put right, and when a person is asked.
import { describe, expect, it } from 'vitest';
import { awaitCorrected, awaitExecution, isLeftBehind } from '../../../src/lib/decision/await-execution.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import type { RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { isBetweenExecutions } from '../../../src/lib/evidence/executions.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { JobTrigger } from '../../../src/lib/workloads/job/trigger.ts';
import { app, execution, jobId, jobTarget, minute, nowMs, roleMissing, waitingExecutionReplica } from '../facts.ts';
import { decisionInput } from '../situations.ts';

const over: RevisionFacts = { ...execution, runningState: 'Failed', ended: true };

function asked(trigger: JobTrigger, one: RevisionFacts, more: Partial<Evidence> = {}): DecisionInput {
  const evidence: Evidence = {
    ...roleMissing,
    app: known({ ...app, id: jobId, job: { trigger } }),
    revisions: known([one]),
    replicas: known([waitingExecutionReplica]),
    ...more,
  };
  return { ...decisionInput(evidence), target: jobTarget, evidence };
}

const week = 7 * 24 * 60 * minute;

const gone = { because: 'cause-is-gone', sinceMs: nowMs - minute } as const;

describe('a job whose cause is put right', () => {
  it.each(['manual', 'schedule', 'event', 'unknown'] as const)(
    'with the trigger %s is waited for while an execution waits',
    (trigger) => {
      const { decision } = awaitExecution(asked(trigger, execution), gone, 'cause-cleared');

      expect(decision).toEqual({ do: 'wait', because: 'cause-cleared' });
    },
  );

  it.each(['schedule', 'event'] as const)('with the trigger %s is waited for until its next execution', (trigger) => {
    const { decision, dueAtMs } = awaitExecution(asked(trigger, over), gone, 'cause-cleared');

    expect(decision).toEqual({ do: 'wait', because: 'next-execution' });
    expect(dueAtMs).toBe(nowMs + minute);
  });

  it.each(['manual', 'unknown'] as const)('with the trigger %s is handed over once no execution waits', (trigger) => {
    const { decision } = awaitExecution(asked(trigger, over), gone, 'cause-cleared');

    expect(decision).toMatchObject({ do: 'incident', cause: 'execution-ended' });
  });

  it('is not handed over before the role is expected to work: an execution that is started now would fail like the last one', () => {
    const role = { because: 'role-should-work', sinceMs: nowMs - 4 * minute } as const;
    const worked = { ...role, sinceMs: nowMs - 5 * minute };

    expect(awaitExecution(asked('manual', over), role, 'role-propagating')).toMatchObject({
      decision: { do: 'wait', because: 'role-propagating' },
      dueAtMs: nowMs + minute,
    });
    expect(awaitExecution(asked('manual', over), worked, 'role-propagating').decision).toMatchObject({
      cause: 'execution-ended',
    });
  });

  it('is looked at less often as time passes, and ends without a proof after a day and two hours', () => {
    const since = (hours: number) => ({ ...gone, sinceMs: nowMs - hours * 60 * minute });
    const after = (hours: number) => awaitExecution(asked('schedule', over), since(hours), 'cause-cleared');

    expect(after(2).dueAtMs - nowMs).toBe(30 * minute);
    expect(after(20).dueAtMs - nowMs).toBe(60 * minute);
    expect(after(25.9).decision).toMatchObject({ do: 'wait' });
    expect(after(26).decision).toEqual({ do: 'close', how: 'unproven', because: 'no-replica-asked-to-start' });
  });

  it('with a schedule that can be read says when the next execution begins, and is looked at a minute after that', () => {
    const scheduled = (schedule: string, trigger: JobTrigger = 'schedule') =>
      awaitExecution(
        asked(trigger, over, { app: known({ ...app, id: jobId, job: { trigger, schedule } }) }),
        gone,
        'cause-cleared',
      );
    const nextRunAtMs = nowMs + 30 * minute;
    const wait = { do: 'wait', because: 'next-execution' };

    expect(scheduled('30 * * * *')).toMatchObject({
      decision: { ...wait, nextRunAtMs },
      dueAtMs: nextRunAtMs + minute,
    });
    expect(scheduled('0 0 1 1 *').dueAtMs).toBe(nowMs + 60 * minute);
    expect(scheduled('60 * * * *')).toMatchObject({ decision: wait, dueAtMs: nowMs + minute });
    expect(scheduled('30 * * * *', 'event').decision).toEqual(wait);
  });

  describe('with a schedule that is rarer than daily', () => {
    // 2026-06-01, 02:00, is a Monday.
    const at = (text: string): number => Date.parse(text);
    const after = (
      schedule: string,
      since: string,
      now: string,
      because: 'cause-is-gone' | 'role-should-work' = gone.because,
    ) => {
      const job = { trigger: 'schedule' as const, schedule };
      const input = asked('schedule', over, { app: known({ ...app, id: jobId, job }) });
      return awaitExecution({ ...input, nowMs: at(now) }, { because, sinceMs: at(since) }, 'cause-cleared');
    };
    const fridays = '0 3 * * 5';
    const ended = { do: 'close', how: 'unproven', because: 'no-replica-asked-to-start' };

    it('is waited for until its next execution had its time, which the page tells', () => {
      const sunday = '2026-05-31T00:00:00Z';
      const nextRunAtMs = at('2026-06-05T03:00:00Z');

      expect(after(fridays, sunday, '2026-06-02T00:00:00Z').decision).toEqual({
        do: 'wait',
        because: 'next-execution',
        nextRunAtMs,
      });
      expect(after(fridays, sunday, '2026-06-05T04:59:59Z').decision.do).toBe('wait');
      expect(after(fridays, sunday, '2026-06-05T05:00:00Z').decision).toEqual(ended);
    });

    it('is looked at each hour on the first day, then twice a day until the execution is due, and each hour again', () => {
      const sunday = '2026-05-31T00:00:00Z';
      const pauseAt = (now: string): number => (after(fridays, sunday, now).dueAtMs - at(now)) / (60 * minute);

      expect(pauseAt('2026-06-01T01:59:59Z')).toBe(1);
      expect(pauseAt('2026-06-01T02:00:00Z')).toBe(12);
      expect(after(fridays, sunday, '2026-06-04T20:00:00Z').dueAtMs).toBe(at('2026-06-05T03:01:00Z'));
      expect(pauseAt('2026-06-05T03:30:00Z')).toBe(1);
      expect(after(fridays, sunday, '2026-06-05T04:30:00Z').dueAtMs).toBe(at('2026-06-05T05:00:00Z'));
    });

    it('is waited for 32 days at most: one that has no turn until then ends after a day', () => {
      const since = '2026-05-01T00:00:00Z';

      expect(after('0 0 2 6 *', since, '2026-05-20T00:00:00Z').decision.do).toBe('wait');
      expect(after('1 0 2 6 *', since, '2026-05-02T01:59:59Z').decision.do).toBe('wait');
      expect(after('1 0 2 6 *', since, '2026-05-02T02:00:00Z').decision).toEqual(ended);
    });

    it('has no turn before the role is expected to work', () => {
      const assigned = '2026-05-31T00:00:00Z';
      const sundays = (minutes: number) =>
        after(`${minutes} 0 * * 0`, assigned, '2026-06-02T00:00:00Z', 'role-should-work').decision;

      expect(sundays(5)).toMatchObject({ do: 'wait', nextRunAtMs: at('2026-06-07T00:05:00Z') });
      expect(sundays(6)).toEqual(ended);
    });
  });

  it('is handed over where it is suspended, whatever would start it: only a person resumes it', () => {
    for (const trigger of ['manual', 'schedule', 'event'] as const) {
      const suspended = { app: known({ ...app, id: jobId, job: { trigger, suspended: true as const } }) };
      const { decision } = awaitExecution(asked(trigger, over, suspended), gone, 'cause-cleared');

      expect(decision).toMatchObject({ do: 'incident', cause: 'execution-ended' });
    }
  });

  it('that no person starts in a week ends without a proof, and not a moment before', () => {
    const since = (ms: number) =>
      awaitExecution(asked('manual', over), { ...gone, sinceMs: nowMs - ms }, 'cause-cleared');

    expect(since(week - 1).decision).toMatchObject({ do: 'incident', cause: 'execution-ended' });
    expect(since(week).decision).toEqual({ do: 'close', how: 'unproven', because: 'no-replica-asked-to-start' });
  });

  it('is not between executions where they could not be read', () => {
    const unreadReplicas = asked('manual', over, { replicas: unreadable('timed-out') });

    expect(isBetweenExecutions(jobTarget, asked('manual', over).evidence)).toBe(true);
    expect(isBetweenExecutions(jobTarget, unreadReplicas.evidence)).toBe(false);
  });
});

describe('a job whose template was corrected since its last execution began', () => {
  const corrected = (trigger: JobTrigger, one = over, agoMs = 0): DecisionInput => {
    const old = { ...one, createdAtMs: nowMs - agoMs - minute };
    const facts = { ...app, id: jobId, job: { trigger }, images: ['acrshop.azurecr.io/shop/import:v2'] };
    return asked(trigger, old, { app: known({ ...facts, lastWrite: { by: 'anna', atMs: nowMs - agoMs } }) });
  };

  it('is handed over where people start it, with a week for that', () => {
    expect(awaitCorrected(corrected('manual'))?.decision).toMatchObject({ do: 'incident', cause: 'execution-ended' });
    expect(awaitCorrected(corrected('manual', over, week - 1))?.decision.do).toBe('incident');
    expect(awaitCorrected(corrected('manual', over, week))?.decision).toEqual({
      do: 'close',
      how: 'unproven',
      because: 'no-replica-asked-to-start',
    });
  });

  it('is left behind where its next execution comes by itself: nothing asks for the image any more', () => {
    for (const trigger of ['schedule', 'event'] as const) {
      expect(awaitCorrected(corrected(trigger))).toBeUndefined();
      expect(isLeftBehind(corrected(trigger))).toBe(true);
    }
    expect(isLeftBehind(corrected('manual'))).toBe(false);
  });

  it('keeps its cause while an execution still waits for the image, and where the template asks for it', () => {
    for (const trigger of ['manual', 'schedule'] as const) {
      const waits = corrected(trigger, execution);
      expect([awaitCorrected(waits), isLeftBehind(waits)]).toEqual([undefined, false]);
      expect([awaitCorrected(asked(trigger, over)), isLeftBehind(asked(trigger, over))]).toEqual([undefined, false]);
    }
  });
});
