// What a pair of registry and principal is remembered for: a no binds until a person says otherwise, and the last word counts.
import { describe, expect, it } from 'vitest';
import { repositoryReaderRole } from '../../../src/lib/diagnosis/access.ts';
import {
  type AccessEntry,
  type AccessMemory,
  foldAccess,
  lastRefusal,
  nothingRemembered,
} from '../../../src/lib/history/access-memory.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { acrPull, appId, minute, nowMs, principal, registryId } from '../facts.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const remediation = `t${'0'.repeat(24)}.1` as RemediationId;
const refused: AccessEntry = { kind: 'grant-refused', grant, how: 'rejected', by: 'ada', remediation, app: appId };
const approved: AccessEntry = { kind: 'grant-approved', grant, by: 'bob', remediation };
const forgotten: AccessEntry = {
  kind: 'refusal-forgotten',
  registryId,
  principalId: principal,
  by: 'bob',
  why: 'the app was reviewed',
};
const made: AccessEntry = { kind: 'grant-made', grant, remediation, app: appId };

/** The memory after these entries, one a minute. */
function after(...entries: AccessEntry[]): AccessMemory {
  return foldAccess(entries.map((entry, index) => ({ seq: index + 1, atMs: nowMs + index * minute, entry })));
}

describe('a refusal', () => {
  it('binds, and says who said no and when', () => {
    expect(lastRefusal(after(refused), grant)).toMatchObject({ how: 'rejected', by: 'ada', atMs: nowMs });
  });

  it('binds the role of the other mode too, because a new mode of the registry is no yes', () => {
    const reader = { ...grant, roleId: repositoryReaderRole, repository: 'shop/orders' };

    expect(lastRefusal(after(refused), reader)).toMatchObject({ by: 'ada' });
  });

  it('is outweighed by an approval of this very grant that came later, and by no other', () => {
    const reader = { ...grant, roleId: repositoryReaderRole, repository: 'shop/orders' };

    expect(lastRefusal(after(refused, approved), grant)).toBeUndefined();
    expect(lastRefusal(after(refused, approved), reader)).toMatchObject({ by: 'ada' });
    expect(lastRefusal(after(approved, refused), grant)).toMatchObject({ by: 'ada' });
  });

  it('of the very instant of an approval binds', () => {
    expect(lastRefusal(after(refused), grant, nowMs)).toMatchObject({ by: 'ada' });
    expect(lastRefusal(after(refused), grant, nowMs + 1)).toBeUndefined();
  });

  it('that came after an approval binds although its host has a slower clock, and so does the yes that came after it', () => {
    const said = (second: AccessEntry, ...first: AccessEntry[]): AccessMemory =>
      foldAccess([
        ...first.map((entry, index) => ({ seq: index + 1, atMs: nowMs + minute, entry })),
        { seq: first.length + 1, atMs: nowMs, entry: second },
      ]);

    expect(lastRefusal(said(refused, approved), grant)).toMatchObject({ by: 'ada', atMs: nowMs });
    expect(lastRefusal(said(approved, refused), grant)).toBeUndefined();
  });

  it('is gone once a person had it forgotten, and a later one binds again', () => {
    expect(lastRefusal(after(refused, refused, forgotten), grant)).toBeUndefined();
    expect(lastRefusal(after(refused, forgotten, refused), grant)).toMatchObject({ atMs: nowMs + 2 * minute });
  });
});

describe('a grant that was announced', () => {
  it('counts as made until its remediation says that it was not', () => {
    const not: AccessEntry = { kind: 'grant-not-made', remediation, because: 'failed' };
    const other = `t${'0'.repeat(24)}.2` as RemediationId;

    expect(after(made).made).toMatchObject([{ grant, remediation, app: appId, atMs: nowMs }]);
    expect(after(made, not).made).toEqual([]);
    expect(after(made, { ...not, remediation: other }).made).toHaveLength(1);
    expect(after(made, made, not).made).toMatchObject([{ atMs: nowMs }]);
  });
});

describe('sightings and removals', () => {
  const sighted: AccessEntry = {
    kind: 'access-sighted',
    registryId,
    principalId: principal,
    app: appId,
    assignment: 'one',
    roleMode: 'legacy',
  };
  const removal: AccessEntry = {
    kind: 'role-removal-seen',
    registryId,
    principalId: principal,
    removedAtMs: nowMs,
    by: 'mallory',
    scope: registryId,
    whose: 'named',
  };

  it('are remembered by the last one of each kind', () => {
    const memory = after(
      sighted,
      { ...sighted, assignment: 'two' },
      removal,
      { ...removal, by: 'eve' },
      { ...removal, whose: 'cannot-tell' },
    );

    expect(memory.sighted).toMatchObject({ assignment: 'two', atMs: nowMs + minute });
    expect(memory.removals.map(({ by, whose }) => [by, whose])).toEqual([
      ['eve', 'named'],
      ['mallory', 'cannot-tell'],
    ]);
  });

  it('an empty memory holds nothing', () => {
    expect(after()).toEqual(nothingRemembered);
  });
});
