// What a question is about, and how long it and its answer hold: each at its boundary.
import { describe, expect, it } from 'vitest';
import {
  type Approval,
  approvalLastsMs,
  askedOfChange,
  covers,
  isLive,
  isOpen,
  usedOnce,
} from '../../../src/lib/history/approval.ts';
import { acrPull, nowMs, principal, registryId } from '../facts.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const question: Approval = {
  question: 3,
  about: { grant },
  cause: 'pull-role-missing',
  doubts: [{ guard: 'mode', why: 'approval-needed' }],
  askedAtMs: nowMs,
  expiresAtMs: nowMs + 10,
};
const approved: Approval = { ...question, answer: { answer: 'approved', by: 'anna', atMs: nowMs } };

describe('a question', () => {
  it('is open until the instant at which it expires', () => {
    expect(isOpen(question, nowMs + 9)).toBe(true);
    expect(isOpen(question, nowMs + 10)).toBe(false);
    expect(isOpen(approved, nowMs)).toBe(false);
  });

  it.each<[string, Partial<Approval>, boolean]>([
    ['the same', {}, true],
    ['fewer doubts', { doubts: [] }, true],
    ['one more doubt', { doubts: [...question.doubts, { guard: 'network', why: 'cannot-tell' }] }, false],
    ['another reason of the same guard', { doubts: [{ guard: 'mode', why: 'observe' }] }, false],
    ['another cause', { cause: 'pull-role-removed' }, false],
    ['another role', { about: { grant: { ...grant, roleId: 'x' } } }, false],
    ['a restart', { about: { restart: 'ca--1' } }, false],
  ])('showed %s: %s', (_what, more, shown) => {
    expect(covers(question, { ...question, ...more })).toBe(shown);
  });
});

describe('an approval', () => {
  it('lasts for its time, to the millisecond', () => {
    expect(isLive(approved, nowMs + approvalLastsMs - 1)).toBe(true);
    expect(isLive(approved, nowMs + approvalLastsMs)).toBe(false);
  });

  it('allows one change', () => {
    expect(isLive({ ...approved, usedAtMs: nowMs }, nowMs)).toBe(false);
  });

  it('allows as many restarts as its question named, and no longer than another approval', () => {
    const three: Approval = { ...approved, about: { restart: 'ca--1', upTo: 3 } };
    const twice = usedOnce(usedOnce(three, nowMs + 1), nowMs + 2);

    expect(twice).toMatchObject({ uses: 2 });
    expect(isLive(twice, nowMs + approvalLastsMs - 1)).toBe(true);
    expect(isLive(twice, nowMs + approvalLastsMs)).toBe(false);
    expect(usedOnce(twice, nowMs + 3)).toMatchObject({ usedAtMs: nowMs + 3 });
    expect(isLive(usedOnce(twice, nowMs + 3), nowMs + 3)).toBe(false);
  });

  it.each<[string, Approval['about']]>([
    ['a grant', { grant }],
    ['a restart, as older versions asked', { restart: 'ca--1' }],
    ['a new revision', { newRevision: 't' }],
  ])('of %s is used up by one change', (_what, about) => {
    expect(usedOnce({ ...approved, about }, nowMs)).toMatchObject({ usedAtMs: nowMs });
  });

  it('is a yes', () => {
    expect(isLive({ ...question, answer: { answer: 'rejected', by: 'anna', atMs: nowMs } }, nowMs)).toBe(false);
    expect(isLive(question, nowMs)).toBe(false);
  });
});

describe('what a change is', () => {
  it('is told as a question would name it', () => {
    expect(askedOfChange({ do: 'grant', grant, because: 'pull-role-missing' })).toEqual({ grant });
    expect(askedOfChange({ do: 'restart', revision: 'a', because: 'cause-is-gone' })).toEqual({ restart: 'a' });
    expect(
      askedOfChange({ do: 'new-revision', revision: 'x', suffix: 's', template: 'a', because: 'restart-refused' }),
    ).toEqual({ newRevision: 'a' });
  });
});
