// Rules for a deployment that Azure rejected, and for a cause that was put right.
import { describe, expect, it } from 'vitest';
import { deploymentRejected, ownRolePropagates } from '../../../src/lib/decision/retry-rules.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { config, dnsLinked, dnsUnlinked, minute, nowMs } from '../facts.ts';
import { decideOn, decisionInput } from '../situations.ts';
import { expectedMs, held, ownRole, redeploying, rejected as rejectedDeployment, second } from './retried.ts';

const rejected = rejectedDeployment(6 * minute);

function decided(readMsAgo: number, openedMsAgo: number): string {
  const evidence = { ...rejected, atMs: nowMs - readMsAgo };
  const settings = config({ PULLMEDIC_SETTINGS: '{"retry":{"newRevision":true}}' });
  const { decision } = decideOn(evidence, { openedAgoMs: openedMsAgo, config: settings });
  return `${decision.do}: ${decision.because}`;
}

describe('a rejected deployment whose role should work by now', () => {
  it('is driven again', () => {
    expect(decided(0, 6 * minute)).toBe('new-revision: write-rejected');
  });

  it('is looked at again where the look took too long, and nobody is woken for it', () => {
    expect(decided(4 * minute, 6 * minute)).toBe('wait: looking-again');
  });

  it('is looked at again where the memory of restarts cannot be read for a moment, and nobody is told', () => {
    const settings = config({ PULLMEDIC_SETTINGS: '{"retry":{"newRevision":true}}' });
    const { decision, refusals, dueAtMs } = decideOn(rejected, {
      config: settings,
      restarts: unreadable('unavailable'),
    });

    expect(decision).toEqual({ do: 'wait', because: 'looking-again' });
    expect(dueAtMs).toBe(nowMs + minute);
    expect(refusals).toContainEqual({ guard: 'restart-limit', why: 'unreadable' });
  });

  it('asks a person where that goes on', () => {
    expect(decided(4 * minute, 16 * minute)).toBe('incident: change-refused');
  });
});

describe('a cause that was put right', () => {
  it('gives the platform time to notice before anything is unexplained', () => {
    const past = [{ agoMs: 3 * minute, saw: dnsUnlinked }];
    const first = decideOn(dnsLinked, { openedAgoMs: 10 * minute, past });
    const later = decideOn(dnsLinked, {
      openedAgoMs: 30 * minute,
      past: [
        { agoMs: 20 * minute, saw: dnsUnlinked },
        { agoMs: 16 * minute, saw: dnsLinked },
      ],
    });

    expect([first.rule, first.decision]).toEqual(['cause-put-right', { do: 'wait', because: 'cause-cleared' }]);
    expect(later.decision.do).toBe('incident');
  });
});

describe('a deployment that Azure rejected', () => {
  it('is never driven again without the setting: a person or a pipeline deploys', () => {
    expect(decideOn(rejected, { openedAgoMs: 6 * minute }).decision).toMatchObject({
      do: 'incident',
      cause: 'write-rejected',
    });
  });
});

describe('a deployment that Azure rejected, as is suspected, for want of a role', () => {
  it('is waited for as long as the role may take to work, and then a person gets it', () => {
    const after = (ageMs: number) => {
      const diagnosis = ownRole({ sure: 'suspected', roleSinceMs: nowMs - ageMs });
      return deploymentRejected(decisionInput(rejectedDeployment(ageMs), { config: redeploying, diagnosis }));
    };

    expect(after(expectedMs - 1)?.decision).toEqual({ do: 'wait', because: 'role-propagating' });
    expect(after(expectedMs)?.decision).toMatchObject({ do: 'incident', cause: 'write-rejected' });
  });
});

describe('a young role that is only suspected', () => {
  const dueAfter = (ageMs: number) => {
    const diagnosis = ownRole({ sure: 'suspected', roleSinceMs: nowMs - ageMs });
    return (ownRolePropagates(decisionInput(held(ageMs), { diagnosis }))?.dueAtMs ?? 0) - nowMs;
  };

  it('is looked at when its next check is due, and after the last check each minute', () => {
    expect(dueAfter(20 * second)).toBe(40 * second);
    expect(dueAfter(30 * minute - 1)).toBe(1);
    expect(dueAfter(30 * minute)).toBe(minute);
  });
});

describe('a young role of an app without an active revision', () => {
  it('is waited for: that the app sleeps is not known', () => {
    const evidence = held(60 * minute, { revisions: known([]), replicas: known([]) });
    const diagnosis = ownRole({ roleSinceMs: nowMs - 60 * minute });

    expect(ownRolePropagates(decisionInput(evidence, { diagnosis }))?.decision).toEqual({
      do: 'wait',
      because: 'role-propagating',
    });
  });
});

describe('a young role of the app itself', () => {
  it('is retried where it is the one proved cause, only waited for where it is suspected, and neither beside another', () => {
    const rule = (diagnosis: ReturnType<typeof ownRole>) =>
      ownRolePropagates(decisionInput(held(32 * second), { diagnosis }));

    expect(rule(ownRole())?.decision).toMatchObject({ do: 'restart' });
    expect(rule(ownRole({ sure: 'suspected' }))?.decision).toEqual({ do: 'wait', because: 'role-propagating' });
    expect(rule(ownRole({ causes: ['pull-role-propagating', 'private-dns-unlinked'] }))).toBeUndefined();
    expect(rule(ownRole({ roleOfGroup: true }))).toBeUndefined();
  });
});
