// Guards that every kind of change shares.
import { describe, expect, it } from 'vitest';
import { evidenceLifetimeMs, failedBefore, observeGuard } from '../../../src/lib/decision/change-guards.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { config, minute, nowMs, registryId, revision, roleMissing } from '../facts.ts';
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

describe('the scope of changes', () => {
  const [group = '', other = ''] = ['rg-apps', 'rg-other'].map(
    (name) => `${registryId.split('/resourcegroups')[0]}/resourceGroups/${name}`,
  );
  const within = (...scopes: string[]) =>
    restartRefused({ config: config({ PULLMEDIC_SCOPES: JSON.stringify(scopes) }) });

  it('is any of the scopes that are configured, whichever comes first', () => {
    expect(within(other, group)).toEqual([]);
    expect(within(group, other)).toEqual([]);
    expect(within(other)).toEqual(['scope: outside']);
  });
});

describe('the evidence of a change', () => {
  it('is good for three minutes', () => {
    expect(evidenceLifetimeMs).toBe(3 * minute);
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
  it.each(['refused', 'unreadable', 'principal-not-found'])('is not tried again: %s', (because) => {
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

  it('because Azure throttled the grant is left alone for five minutes, tried once more, and then a person is asked', () => {
    const throttled = (...agoMs: number[]): string[] =>
      grantRefused({
        openedAgoMs: 30 * minute,
        past: agoMs.flatMap((ago) => granted('failed', 'throttled').map((entry) => ({ agoMs: ago, entry }))),
      });

    expect(throttled(5 * minute - 1)).toEqual(['failed-before: throttled']);
    expect(throttled(5 * minute)).toEqual([]);
    expect(throttled(20 * minute, 10 * minute)).toEqual(['failed-before: throttled']);
  });

  it.each(['not-made', 'conflict'])(
    'once by %s, and once because Azure throttled it, may be tried again',
    (because) => {
      const past = [
        ...granted('failed', because).map((entry) => ({ agoMs: 20 * minute, entry })),
        ...granted('failed', 'throttled').map((entry) => ({ agoMs: 10 * minute, entry })),
      ];

      expect(failedBefore(asked({ openedAgoMs: 30 * minute, past }), 'grant')).toBeUndefined();
    },
  );

  it('as a restart that Azure throttled a moment ago does not keep pullmedic from a grant', () => {
    const restart = { do: 'restart', revision: revision.name, because: 'cause-is-gone' } as const;
    const past: Entry[] = [
      { kind: 'decided', decision: restart, dueAtMs: nowMs, refusals: [] },
      { kind: 'outcome', action: 'restart', outcome: 'failed', because: 'throttled' },
    ];

    expect(grantRefused({ past })).toEqual([]);
  });

  it('because Azure throttled it and then refused it is not tried again', () => {
    const past = [...granted('failed', 'throttled'), ...granted('failed', 'refused')];

    expect(failedBefore(asked({ past }), 'grant')?.why).toBe('refused');
  });

  it('because another operation was under way may be asked for again, and a third such answer is the last', () => {
    const past: Entry[] = [
      {
        kind: 'decided',
        decision: { do: 'restart', revision: 'r', because: 'cause-is-gone' },
        dueAtMs: nowMs,
        refusals: [],
      },
      { kind: 'outcome', action: 'restart', outcome: 'failed', because: 'conflict' },
    ];
    const why = (...entries: Entry[]) => failedBefore(asked({ past: entries }), 'restart')?.why;

    expect([why(...past), why(...past, ...past), why(...past, ...past, ...past)]).toEqual([
      undefined,
      undefined,
      'conflict',
    ]);
    expect(failedBefore(asked({ past: [...past, ...past, ...past] }), 'new-revision')).toBeUndefined();
  });

  it('for a new revision that Azure throttled may be asked for again, and one that it refused may not', () => {
    const asking = (because: string): Entry[] => [
      {
        kind: 'decided',
        decision: { do: 'new-revision', revision: 'r', suffix: 's', template: 't', because: 'write-rejected' },
        dueAtMs: nowMs,
        refusals: [],
      },
      { kind: 'outcome', action: 'new-revision', outcome: 'failed', because },
    ];

    expect(failedBefore(asked({ past: asking('throttled') }), 'new-revision')).toBeUndefined();
    expect(failedBefore(asked({ past: asking('refused') }), 'new-revision')?.why).toBe('refused');
  });

  it('is another thing than one that was made, was withheld or got no answer', () => {
    for (const outcome of ['done', 'withheld', 'unknown'] as const)
      expect(failedBefore(asked({ past: granted(outcome, 'refused') }), 'grant')).toBeUndefined();
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
