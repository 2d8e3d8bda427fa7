// Guards that every kind of change shares.
import { describe, expect, it } from 'vitest';
import { evidenceLifetimeMs, failedBefore, observeGuard } from '../../../src/lib/decision/change-guards.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { config, nowMs, registryId, revision, roleMissing } from '../facts.ts';
import { asked, granted, grantRefused, restartRefused, type Told } from './told.ts';

describe('the guards that every change shares', () => {
  const scopeOf = (id: string): Told => ({ config: config({ PULLMEDIC_SCOPES: JSON.stringify([id]) }) });
  const subscription = registryId.split('/resourcegroups')[0];

  it.each<[string, Told, string]>([
    ['in observe mode', { config: config({ PULLMEDIC_MODE: 'observe' }) }, 'mode: observe'],
    ['in approve mode without an approval', { config: config({ PULLMEDIC_MODE: 'approve' }) }, 'mode: approval-needed'],
    ['while the kill switch is on', { killSwitch: known(true) }, 'kill-switch: on'],
    ['while the kill switch cannot be read', { killSwitch: unreadable('unavailable') }, 'kill-switch: unreadable'],
    [
      'for an app of a group whose name only begins like that of the scope',
      scopeOf(`${subscription}/resourceGroups/rg-ap`),
      'scope: outside',
    ],
    [
      'on evidence that is too old',
      { evidence: { ...roleMissing, atMs: nowMs - evidenceLifetimeMs - 1 } },
      'evidence-too-old: minutes',
    ],
  ])('refuse %s: a grant and a restart', (_, told, refusal) => {
    expect(grantRefused(told)).toContain(refusal);
    expect(restartRefused(told)).toContain(refusal);
  });

  it('let a change pass at their boundaries: a scope that is the group of the app, evidence of three minutes', () => {
    const atTheEdge = { ...roleMissing, atMs: nowMs - evidenceLifetimeMs };

    expect(restartRefused({ ...scopeOf(`${subscription}/resourceGroups/rg-apps`), evidence: atTheEdge })).toEqual([]);
  });
});

describe('the mode of a change that a person asked for', () => {
  it('refuses only in observe: the request is the approval', () => {
    const inMode = (mode: string) => observeGuard({ config: config({ PULLMEDIC_MODE: mode }) });

    expect([inMode('observe'), inMode('approve'), inMode('act')]).toEqual([
      { guard: 'mode', why: 'observe' },
      undefined,
      undefined,
    ]);
  });
});

describe('a change that failed before', () => {
  it.each(['refused', 'throttled', 'unreadable', 'principal-not-found'])('is not tried again: %s', (because) => {
    expect(grantRefused({ past: granted('failed', because) })).toContain(`failed-before: ${because}`);
  });

  it('for a reason of another version is not tried again either', () => {
    expect(grantRefused({ past: granted('failed', 'of-another-version') })).toContain('failed-before: failed');
  });

  it('by never being made may be tried once more, and not twice', () => {
    const notMade = granted('failed', 'not-made');

    expect(failedBefore(asked({ past: notMade }), 'grant')).toBeUndefined();
    expect(failedBefore(asked({ past: [...notMade, ...notMade] }), 'grant')?.why).toBe('not-made');
  });

  it('as a restart that Azure throttled may be tried again: it has used up nothing', () => {
    const restarting: Entry[] = [
      {
        kind: 'decided',
        decision: { do: 'restart', revision: revision.name, because: 'cause-is-gone' },
        dueAtMs: nowMs,
        refusals: [],
      },
      { kind: 'outcome', action: 'restart', outcome: 'failed', because: 'throttled' },
    ];

    expect(failedBefore(asked({ past: restarting }), 'restart')).toBeUndefined();
    expect(failedBefore(asked({ past: restarting }), 'grant')).toBeUndefined();
  });
});
