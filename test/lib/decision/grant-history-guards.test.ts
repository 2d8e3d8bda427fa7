// What happened before speaks against a grant.
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { assignment, minute, nowMs, registryId, roleMissing, target, unauthorized } from '../facts.ts';
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

  it('is refused beyond the daily limit of the target; one whose answer was lost counts', () => {
    expect(grantRefused({ past: granted('unknown') })).toContain('target-limit: grants-per-day');
  });

  it('is refused after three recoveries that did not last a week', () => {
    const once: Entry[] = [
      {
        kind: 'decided',
        decision: { do: 'restart', revision: 'r', because: 'cause-is-gone' },
        dueAtMs: nowMs,
        refusals: [],
      },
      { kind: 'outcome', action: 'restart', outcome: 'done' },
      { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' },
    ];
    const opened: Entry = {
      kind: 'opened',
      target,
      signal: { id: 's', via: 'operator', about: { kind: 'app', id: target.appId }, atMs: nowMs },
      mode: 'act',
    };
    const past = [...once, opened, ...once, opened, ...once, opened];

    expect(grantRefused({ past })).toContain('recurrence-limit: came-back');
  });
});
