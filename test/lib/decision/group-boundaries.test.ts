// When a container group is waited for, restarted or handed over: the one fact, or the one instant, that turns the answer.
import { describe, expect, it } from 'vitest';
import { awaitGroup } from '../../../src/lib/decision/await-group.ts';
import { climb } from '../../../src/lib/decision/climb.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import { causePutRight } from '../../../src/lib/decision/retry-rules.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { GroupLife } from '../../../src/lib/workloads/container-group/group-life.ts';
import { config, groupFacts, groupRun, groupTarget, minute, nowMs, roleMissing, waitingContainer } from '../facts.ts';
import { decisionInput } from '../situations.ts';
import { restarted } from './retried.ts';

const consenting = config({ PULLMEDIC_SETTINGS: JSON.stringify({ retry: { restartGroups: true } }) });

/** How long a restart is waited for. */
const takesMs = 5 * minute;

/** A group whose restart the settings allow. */
function asked(
  life: GroupLife,
  more: Partial<Evidence> = {},
  restarts: DecisionInput['restarts'] = known([]),
): DecisionInput {
  const evidence: Evidence = {
    ...roleMissing,
    app: known({ ...groupFacts, group: { life } }),
    revisions: known([groupRun]),
    replicas: known([waitingContainer]),
    ...more,
  };
  return { ...decisionInput(evidence), target: groupTarget, evidence, config: consenting, restarts };
}

const goneSince = (sinceMs: number) =>
  ({
    cause: 'pull-role-missing',
    because: 'cause-cleared',
    shouldWork: { because: 'cause-is-gone', sinceMs },
  }) as const;
const roleSince = (sinceMs: number) =>
  ({
    cause: 'pull-role-propagating',
    because: 'role-propagating',
    shouldWork: { because: 'role-should-work', sinceMs },
  }) as const;
const restartedAgo = (agoMs: number): DecisionInput['restarts'] =>
  known([restarted(agoMs, { revision: groupRun.name })]);

describe('a container group that the platform goes on with', () => {
  it('is looked at when its role is checked next, in three seconds at the earliest, and each minute once that time is over', () => {
    const dueAfter = (agoMs: number): number => awaitGroup(asked('lives'), roleSince(nowMs - agoMs)).dueAtMs;

    expect(dueAfter(10 * minute)).toBe(nowMs + 2 * minute);
    expect(dueAfter(12 * minute - 1)).toBe(nowMs + 3000);
    expect(dueAfter(40 * minute)).toBe(nowMs + minute);
  });
});

describe('the one restart of a container group', () => {
  it('is decided as the first of one, at once', () => {
    expect(awaitGroup(asked('given-up'), goneSince(nowMs - minute))).toEqual({
      decision: {
        do: 'restart',
        revision: groupRun.name,
        because: 'cause-is-gone',
        retry: {
          rung: 0,
          number: 1,
          most: 1,
          sinceMs: nowMs - minute,
          afterMs: minute,
          countsFromMs: nowMs - minute,
        },
      },
      dueAtMs: nowMs + 20_000,
      refusals: [],
    });
  });

  it('is not made where none of the containers with the image is listed: nothing shows what it would be for', () => {
    const unlisted: Required<Pick<Evidence, 'revisions'>>['revisions'][] = [known([]), unreadable('timed-out')];
    for (const revisions of unlisted)
      expect(awaitGroup(asked('given-up', { revisions }), goneSince(nowMs - minute)).decision).toMatchObject({
        do: 'incident',
        cause: 'group-ended',
      });
  });

  it('is waited for until five minutes have passed, and handed over in that very instant', () => {
    const after = (agoMs: number) =>
      awaitGroup(asked('given-up', {}, restartedAgo(agoMs)), goneSince(nowMs - 30 * minute));

    expect(after(takesMs - 1)).toMatchObject({
      decision: { do: 'wait', because: 'restart-takes-effect' },
      dueAtMs: nowMs + 3000,
    });
    expect(after(takesMs).decision).toMatchObject({ do: 'incident', cause: 'group-ended' });
  });

  it('is the one that came in the very instant since which a pull should work; one before that has run out', () => {
    const restartedAt = (atMs: number) =>
      awaitGroup(asked('given-up', {}, restartedAgo(nowMs - atMs)), goneSince(nowMs - 2 * takesMs)).decision;

    expect(restartedAt(nowMs - 2 * takesMs)).toMatchObject({ do: 'incident', cause: 'group-ended' });
    expect(restartedAt(nowMs - 2 * takesMs - 1).do).toBe('restart');
    // Exactly five minutes ago, and before the pull should have worked.
    expect(awaitGroup(asked('given-up', {}, restartedAgo(takesMs)), goneSince(nowMs - minute)).decision.do).toBe(
      'restart',
    );
  });

  it('is looked at a minute later where what speaks against it could not be read', () => {
    expect(awaitGroup(asked('given-up', {}, unreadable('timed-out')), goneSince(nowMs - minute))).toMatchObject({
      decision: { do: 'wait', because: 'looking-again' },
      dueAtMs: nowMs + minute,
    });
  });
});

describe('a container group whose cause was put right twenty minutes ago', () => {
  const after = (life: GroupLife) => {
    const about = asked(life);
    const diagnosis = { ...about.diagnosis, causes: ['unexplained'], sure: 'unexplained' } as const;
    const remediation = { ...about.remediation, clearedAtMs: nowMs - 20 * minute };
    return causePutRight({ ...about, diagnosis, remediation })?.decision;
  };

  it('is no failure that nothing explains where it is over: nothing of it can tell that the cause is back', () => {
    expect(after('given-up')?.do).toBe('restart');
    expect(after('ended')).toMatchObject({ do: 'incident', cause: 'group-ended' });
    expect(after('lives')).toBeUndefined();
  });
});

describe('a container group whose cause is put right', () => {
  it('does not climb the ladder of an app: while it lives it is left alone, and the rest is a restart or a person', () => {
    // A rung of 200 seconds would be due.
    const retrying = goneSince(nowMs - 200_000);

    expect(climb(asked('lives'), retrying).decision).toEqual({ do: 'wait', because: 'cause-cleared' });
    expect(climb(asked('given-up'), retrying).decision.do).toBe('restart');
    expect(climb(asked('ended'), retrying).decision).toMatchObject({ do: 'incident', cause: 'group-ended' });
  });
});
