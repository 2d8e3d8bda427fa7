// What happened before speaks against a grant.
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { nothingRemembered } from '../../../src/lib/history/access-memory.ts';
import type { CloseHow } from '../../../src/lib/history/closing.ts';
import type { Entry, OutcomeKind } from '../../../src/lib/history/entries.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { assignment, minute, nowMs, registryId, roleMissing, target, unauthorized } from '../facts.ts';
import type { Earlier } from '../situations.ts';
import { grant, granted, grantRefused, type Told } from './told.ts';

describe('a grant', () => {
  it('is refused when the role was taken away', () => {
    const diagnosis = diagnose({ target, evidence: roleMissing, suspicions: [unauthorized], pulledBefore: true });

    expect(grantRefused({ diagnosis })).toContain('role-removed: taken-away');
  });

  it('is refused while removals cannot be read, and while one does not say whose role it was', () => {
    const nameless = known([{ atMs: nowMs, by: 'Ada', scope: registryId }]);

    expect(grantRefused({ evidence: { ...roleMissing, removals: unreadable('forbidden') } })).toContain(
      'role-removed: unreadable',
    );
    expect(grantRefused({ evidence: { ...roleMissing, removals: nameless } })).toContain(
      'role-removed: cannot-tell-whose',
    );
  });

  it('is refused a short time after a role was seen: the log of its removal lags by twenty minutes', () => {
    const seen = (agoMs: number): Told => ({
      openedAgoMs: 40 * minute,
      past: [{ agoMs, saw: { ...roleMissing, roles: known([assignment(60 * minute)]) } }],
    });

    expect(grantRefused(seen(20 * minute - 1))).toContain('role-removed: too-young');
    expect(grantRefused(seen(20 * minute))).not.toContain('role-removed: too-young');
  });

  it('is refused after a person took this very grant back, and not after another one', () => {
    const undone = (one: typeof grant): Told => ({ undone: known([{ grant: one, atMs: nowMs }]) });

    expect(grantRefused(undone(grant))).toContain('role-removed: undone');
    expect(grantRefused(undone({ ...grant, repository: 'shop/other' }))).not.toContain('role-removed: undone');
    expect(grantRefused({ undone: unreadable('unavailable') })).toContain('role-removed: undone-unreadable');
  });

  it('is refused when the same grant was made before: it did not last', () => {
    expect(grantRefused({ past: granted('done') })).toContain('did-not-last: granted-before');
    expect(grantRefused({ past: granted('withheld') })).toEqual([]);
  });

  it('did not last only where it was this very grant: another role, or another repository, is another grant', () => {
    const other = { ...grant, repository: 'shop/other' };
    const past = granted('done').map(
      (entry): Entry =>
        (entry.kind === 'decided' ? { ...entry, decision: { ...entry.decision, grant: other } } : entry) as Entry,
    );
    const ofAnotherApp = (one: typeof grant): Told => ({
      access: known({
        ...nothingRemembered,
        made: [
          {
            grant: one,
            remediation: `t${'1'.repeat(24)}.1` as RemediationId,
            app: target.appId,
            atMs: nowMs - 48 * 60 * minute,
          },
        ],
      }),
    });

    expect(grantRefused({ past })).not.toContain('did-not-last: granted-before');
    expect(grantRefused(ofAnotherApp(other))).toEqual([]);
    expect(grantRefused(ofAnotherApp(grant))).toEqual(['did-not-last: granted-before']);
  });

  it('is refused beyond the daily limit of the target; one whose answer was lost counts', () => {
    expect(grantRefused({ past: granted('unknown') })).toContain('target-limit: grants-per-day');
  });
});

describe('a failure that came back after recoveries', () => {
  const day = 24 * 60 * minute;
  const opened: Entry = {
    kind: 'opened',
    target,
    signal: { id: 's', via: 'operator', about: { kind: 'app', id: target.appId }, atMs: nowMs },
    mode: 'act',
  };

  /** One remediation that a restart with this outcome ended in this way, and the opening of the next. */
  function ended(agoMs: number, how: CloseHow = 'recovered', outcome: OutcomeKind = 'done'): Earlier[] {
    const decision = { do: 'restart', revision: 'r', because: 'cause-is-gone' } as const;
    const entries: Entry[] = [
      { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] },
      { kind: 'outcome', action: 'restart', outcome },
      { kind: 'closed', how, because: 'pulled-and-ready' },
      opened,
    ];
    return entries.map((entry) => ({ agoMs, entry }));
  }

  const refused = (...past: Earlier[][]): boolean =>
    grantRefused({ openedAgoMs: 30 * day, past: past.flat() }).includes('recurrence-limit: came-back');

  it('three times in a week gets no grant, and two times it does', () => {
    expect(refused(ended(6 * day), ended(4 * day), ended(2 * day))).toBe(true);
    expect(refused(ended(4 * day), ended(2 * day))).toBe(false);
  });

  it('counts for seven days, and not for the instant after', () => {
    expect(refused(ended(7 * day - 1), ended(4 * day), ended(2 * day))).toBe(true);
    expect(refused(ended(7 * day), ended(4 * day), ended(2 * day))).toBe(false);
  });

  it('does not count where it ended without a recovery, or recovered without a change of ours', () => {
    expect(refused(ended(6 * day, 'unproven'), ended(4 * day), ended(2 * day))).toBe(false);
    expect(refused(ended(6 * day, 'recovered', 'failed'), ended(4 * day), ended(2 * day))).toBe(false);
  });

  it('counts where only one of several changes was made', () => {
    const twice = [...ended(6 * day, 'recovered', 'failed').slice(0, 2), ...ended(6 * day)];

    expect(refused(twice, ended(4 * day), ended(2 * day))).toBe(true);
  });
});
