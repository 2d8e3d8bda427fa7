// A no in the history of the target: a question that a person answered with no, or that expired without an answer.
import { describe, expect, it } from 'vitest';
import { bindingRefusal, isUnanswered } from '../../../src/lib/decision/access-guards.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import { nothingRemembered } from '../../../src/lib/history/access-memory.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { appId, arm, minute, nowMs, principalId, registryId, roleMissing } from '../facts.ts';
import { decisionInput } from '../situations.ts';
import { grant } from './told.ts';

const day = 24 * 60 * minute;
const asked = { question: 2, cause: 'pull-role-missing', doubts: [] } as const;

describe('a question that expired without an answer', () => {
  const usual = decisionInput(roleMissing).remediation;
  const approval = { ...asked, about: { grant }, askedAtMs: nowMs - day, expiresAtMs: nowMs };
  const unanswered = (more: Partial<Remediation>, atMs = nowMs): boolean =>
    isUnanswered({ ...usual, approval, ...more }, atMs);
  const madeAt = (atMs: number, outcome: 'done' | 'failed' = 'done', action: 'grant' | 'restart' = 'grant') => ({
    attempts: [{ action, atMs, grant, outcome }],
  });

  it('is a no from the instant at which it expires, and there is none where nothing was asked', () => {
    expect(unanswered({})).toBe(true);
    expect(unanswered({}, nowMs - 1)).toBe(false);
    expect(isUnanswered(usual, nowMs)).toBe(false);
  });

  it('is none where a person answered', () => {
    expect(unanswered({ approval: { ...approval, answer: { answer: 'approved', by: 'anna', atMs: nowMs } } })).toBe(
      false,
    );
  });

  it('is none where the grant was made while it was open, and is one where it was made before or after', () => {
    expect(unanswered(madeAt(approval.askedAtMs))).toBe(false);
    expect(unanswered(madeAt(approval.expiresAtMs - 1))).toBe(false);
    expect(unanswered(madeAt(approval.askedAtMs - 1))).toBe(true);
    expect(unanswered(madeAt(approval.expiresAtMs))).toBe(true);
    expect(unanswered(madeAt(nowMs - minute, 'failed'))).toBe(true);
    expect(unanswered(madeAt(nowMs - minute, 'done', 'restart'))).toBe(true);
  });

  it('is none where the remediation ended before it expired', () => {
    const closed = (atMs: number) => ({ closed: { how: 'withdrawn', because: 'app-gone', atMs } as const });

    expect(unanswered(closed(nowMs - 1))).toBe(false);
    expect(unanswered(closed(nowMs))).toBe(true);
  });
});

describe('a no in the history of the target', () => {
  const of = (more: Partial<Grant>, answer?: 'rejected'): DecisionInput => {
    const asking = decisionInput(roleMissing, {
      access: known({ ...nothingRemembered, forgottenAtMs: nowMs - day }),
    });
    const answered = answer === undefined ? {} : { answer: { answer, by: 'anna', atMs: nowMs - day + 1 } };
    const approval = {
      ...asked,
      about: { grant: { ...grant, ...more } },
      askedAtMs: nowMs - day,
      expiresAtMs: nowMs - 1,
      ...answered,
    };
    return { ...asking, history: { ...asking.history, remediations: [{ ...asking.remediation, approval }] } };
  };
  const other = principalId('c0000000-0000-4000-8000-00000000000c');

  it('names the grant, the app, the remediation and the person', () => {
    const { remediation } = decisionInput(roleMissing);
    const about = { grant, remediation: remediation.id, app: appId };

    expect(bindingRefusal(of({}, 'rejected'), grant)).toMatchObject({ ...about, how: 'rejected', by: 'anna' });
    expect(bindingRefusal(of({}), grant)).toMatchObject({ ...about, how: 'unanswered', atMs: nowMs - 1 });
  });

  it('is about this identity on this registry, and no other pair', () => {
    expect(bindingRefusal(of({ principalId: other }, 'rejected'), grant)).toBeUndefined();
    expect(bindingRefusal(of({ registryId: arm(`${registryId}two`) }, 'rejected'), grant)).toBeUndefined();
  });

  it('is forgotten with everything up to that instant, and not with what came later', () => {
    const forgotten = (forgottenAtMs: number): DecisionInput => ({
      ...of({}, 'rejected'),
      access: known({ ...nothingRemembered, forgottenAtMs }),
    });

    expect(bindingRefusal(forgotten(nowMs - day + 1), grant)).toBeUndefined();
    expect(bindingRefusal(forgotten(nowMs - day), grant)).toBeDefined();
  });
});
