// The guard restart-limit, at each boundary: exactly the limit, exactly a day, and whose restarts count.
import { describe, expect, it } from 'vitest';
import {
  type RestartLimitInput,
  restartLimitGuard,
  restartTakesMs,
  restartUnderWay,
} from '../../../src/lib/decision/restart-limit.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { AnnouncedRestart, RestartAction } from '../../../src/lib/history/restarts.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { assignment, config, groupRun, groupTarget, minute, nowMs, revision, roleMissing, target } from '../facts.ts';
import { decideOn, decisionInput, type Story } from '../situations.ts';

const day = 24 * 60 * minute;
const other = `t${'9'.repeat(24)}.1` as RemediationId;

function restarted(agoMs: number, more: Partial<AnnouncedRestart> = {}): AnnouncedRestart {
  return { revision: revision.name, by: 'restart', remediation: other, atMs: nowMs - agoMs, ...more };
}

function limits(more: object): Story {
  return { config: config({ PULLMEDIC_SETTINGS: JSON.stringify({ limits: more }) }) };
}

function refused(
  restarts: readonly AnnouncedRestart[],
  story: Story = {},
  by: RestartAction = 'restart',
): string | undefined {
  const input: RestartLimitInput = decisionInput(roleMissing, { restarts: known(restarts), ...story });
  const refusal = restartLimitGuard(input, revision.name, by);
  return refusal === undefined ? undefined : `${refusal.guard}: ${refusal.why}`;
}

describe('a restart', () => {
  it('is free where nothing of the app was restarted', () => {
    expect(refused([])).toBeUndefined();
  });

  it('is refused where the restarts of the app cannot be read', () => {
    expect(refused([], { restarts: unreadable('unavailable') })).toBe('restart-limit: unreadable');
  });

  it('is refused where any remediation of the app restarted this revision within a day', () => {
    expect(refused([restarted(day - 1)])).toBe('restart-limit: revision');
    expect(refused([restarted(day)])).toBeUndefined();
  });

  it('is refused exactly at the limit of the revision, and not one before it', () => {
    const two = limits({ restartsPerRevisionPerDay: 2 });

    expect(refused([restarted(60 * minute)], two)).toBeUndefined();
    expect(refused([restarted(120 * minute), restarted(60 * minute)], two)).toBe('restart-limit: revision');
    expect(refused([], limits({ restartsPerRevisionPerDay: 0 }))).toBe('restart-limit: revision');
  });

  it('is refused exactly at the limit of the app, whichever of its revisions were restarted', () => {
    const others = ['a', 'b', 'c'].map((name) => restarted(60 * minute, { revision: name }));

    expect(refused(others.slice(1))).toBeUndefined();
    expect(refused(others)).toBe('restart-limit: app');
    expect(refused([...others.slice(1), restarted(day, { revision: 'a' })])).toBeUndefined();
  });

  it('is refused of a revision that pullmedic asked for in place of another one, and of the one that was replaced', () => {
    const asked = { by: 'new-revision', revision: 'old', made: revision.name } as const;

    expect(refused([restarted(60 * minute, asked)])).toBe('restart-limit: revision');
    expect(refused([restarted(60 * minute, { ...asked, revision: revision.name, made: 'new' })])).toBe(
      'restart-limit: revision',
    );
    expect(refused([restarted(60 * minute, { ...asked, made: 'new' })])).toBeUndefined();
  });

  it('counts one that only the history of the target knows, as earlier versions recorded it', () => {
    const past = (name: string): Entry[] => [
      {
        kind: 'decided',
        decision: { do: 'restart', revision: name, because: 'cause-is-gone' },
        dueAtMs: nowMs,
        refusals: [],
      },
      { kind: 'outcome', action: 'restart', outcome: 'done' },
    ];

    const anHourAgo = (name: string): Story => ({
      openedAgoMs: 70 * minute,
      past: past(name).map((entry) => ({ agoMs: 60 * minute, entry })),
    });
    expect(refused([], anHourAgo(revision.name))).toBe('restart-limit: revision');
    expect(refused([], anHourAgo('another'))).toBeUndefined();
  });
});

describe('a restart that only the history of the target knows', () => {
  it.each(['restart', 'new-revision'] as const)('by a %s counts for a day, and not at the end of it', (action) => {
    const because = 'cause-is-gone';
    const restart = { do: 'restart', revision: revision.name, because } as const;
    const another = { do: 'new-revision', revision: revision.name, suffix: 's', template: 't' } as const;
    const decision = action === 'restart' ? restart : ({ ...another, because: 'restart-refused' } as const);
    const entries: Entry[] = [
      { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] },
      { kind: 'outcome', action, outcome: 'done' },
    ];
    const after = (agoMs: number) =>
      refused([], { openedAgoMs: 2 * day, past: entries.map((entry) => ({ agoMs, entry })) });

    expect(after(day - 1)).toBe('restart-limit: revision');
    expect(after(day)).toBeUndefined();
  });
});

describe('a restart and a new revision that only the history of the target knows', () => {
  it('are one attempt, which ends half an hour after the first of them', () => {
    const renewed = { do: 'new-revision', revision: revision.name, suffix: 's', template: 't' } as const;
    const restart = { do: 'restart', revision: revision.name, because: 'cause-is-gone' } as const;
    const made = (agoMs: number, decision: typeof restart | (typeof renewed & { because: 'restart-refused' })) =>
      [
        { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] },
        { kind: 'outcome', action: decision.do, outcome: 'done' },
      ].map((entry) => ({ agoMs, entry: entry as Entry }));
    const after = (agoMs: number) =>
      refused([], {
        openedAgoMs: 60 * minute,
        past: [...made(agoMs, { ...renewed, because: 'restart-refused' }), ...made(20 * minute, restart)],
      });

    expect(after(30 * minute - 1)).toBeUndefined();
    expect(after(30 * minute)).toBe('restart-limit: revision');
  });
});

describe('a restart of a container group', () => {
  const ofGroup = (restarts: readonly AnnouncedRestart[], about = groupTarget): string | undefined => {
    const input = { ...decisionInput(roleMissing, { restarts: known(restarts) }), target: about };
    const refusal = restartLimitGuard(input, groupRun.name, 'restart');
    return refusal === undefined ? undefined : `${refusal.guard}: ${refusal.why}`;
  };
  const forAnother = (agoMs: number): AnnouncedRestart => restarted(agoMs, { revision: 'proxy' });

  it('counts for each of its containers, because it restarts them all', () => {
    expect(ofGroup([forAnother(day - 1)])).toBe('restart-limit: revision');
    expect(ofGroup([forAnother(day)])).toBeUndefined();
  });

  it('is one attempt for two containers, where both are restarted within half an hour', () => {
    const input = {
      ...decisionInput(roleMissing, { ...limits({ restartsPerAppPerDay: 1, restartsPerRevisionPerDay: 1 }) }),
      target: groupTarget,
      restarts: known([forAnother(2 * minute), restarted(minute, { revision: groupRun.name })]),
    };
    expect(restartLimitGuard(input, 'third', 'restart')).toBeUndefined();
  });

  it('is told apart from one of a container app, of which another revision was restarted', () => {
    expect(ofGroup([forAnother(60 * minute)], target)).toBeUndefined();
  });
});

describe('the retries of one attempt', () => {
  const atMost = (most: number): Story => ({
    config: config({ PULLMEDIC_SETTINGS: JSON.stringify({ retry: { atMost: most } }) }),
  });
  const three = [restarted(29 * minute), restarted(20 * minute), restarted(minute)];

  it('count as one against the limits of the day', () => {
    expect(refused(three)).toBeUndefined();
    expect(refused(three, limits({ restartsPerAppPerDay: 1 }))).toBeUndefined();
  });

  it('have a limit of their own: exactly that many, by whichever remediations', () => {
    expect(refused(three, atMost(4))).toBeUndefined();
    expect(refused(three, atMost(3))).toBe('restart-limit: retries');
    expect(refused([], atMost(0))).toBe('restart-limit: retries');
    expect(refused([], atMost(1))).toBeUndefined();
  });

  it('are six unless the settings say otherwise', () => {
    const times = (count: number) => Array.from({ length: count }, (_, at) => restarted((20 - at) * minute));

    expect(refused(times(5))).toBeUndefined();
    expect(refused(times(6))).toBe('restart-limit: retries');
  });

  it('end half an hour after the first of them: then the day has had its attempt', () => {
    expect(refused([restarted(30 * minute - 1)])).toBeUndefined();
    expect(refused([restarted(30 * minute)])).toBe('restart-limit: revision');
    expect(refused([restarted(30 * minute), restarted(minute)])).toBe('restart-limit: revision');
  });

  it('are two attempts where the second begins half an hour after the first, and one where it comes before that', () => {
    const two = limits({ restartsPerRevisionPerDay: 2 });

    expect(refused([restarted(90 * minute), restarted(60 * minute)], two)).toBe('restart-limit: revision');
    expect(refused([restarted(90 * minute), restarted(60 * minute + 1)], two)).toBeUndefined();
  });

  it('are refused where the day allows no attempt at all', () => {
    expect(refused([restarted(minute)], limits({ restartsPerRevisionPerDay: 0 }))).toBe('restart-limit: revision');
  });

  it('of another revision leave this one its own', () => {
    const others = Array.from({ length: 6 }, (_, at) => restarted((20 - at) * minute, { revision: 'another' }));

    expect(refused(others)).toBeUndefined();
    expect(refused(others, limits({ restartsPerAppPerDay: 1 }))).toBe('restart-limit: app');
  });

  it('have no new revision among them: that is an attempt by itself', () => {
    expect(refused([restarted(minute)], {}, 'new-revision')).toBe('restart-limit: revision');
    expect(refused([], {}, 'new-revision')).toBeUndefined();
  });
});

describe('a restart that another remediation of the app made', () => {
  /** The role was assigned so long ago. Rungs lie at 190, 400 and 680 seconds. */
  const held = (seconds: number) => ({ ...roleMissing, roles: known([assignment(seconds * 1000)]) });
  const decide = (seconds: number, ...restarts: AnnouncedRestart[]) =>
    decideOn(held(seconds), { restarts: known(restarts) });

  it('is waited for as long as its effect is to come, and the decision names it', () => {
    const restart = restarted(minute);

    expect(decide(360).decision).toMatchObject({ do: 'restart', revision: revision.name });
    expect(decide(360, restart)).toMatchObject({
      decision: { do: 'wait', because: 'restart-takes-effect', restart },
      refusals: [],
    });
  });

  it('is waited for until the next rung, whoever makes that retry', () => {
    const { dueAtMs } = decide(380, restarted(100_000));

    expect(dueAtMs).toBe(nowMs + 20_000);
    expect(decide(400, restarted(120_000)).decision).toMatchObject({ do: 'restart', retry: { rung: 4, number: 2 } });
  });

  it('is named no longer than it takes', () => {
    expect(decide(1000, restarted(restartTakesMs - 1)).decision).toMatchObject({ because: 'restart-takes-effect' });
    expect(decide(1000, restarted(restartTakesMs))).toMatchObject({
      decision: { do: 'wait', because: 'role-propagating' },
      refusals: [],
    });
  });

  it('is no reason to wait where it was of another revision, or cannot be read', () => {
    const of = (name: string) => ({ nowMs, restarts: known([restarted(minute, { revision: name })]) });

    expect(restartUnderWay(of(revision.name), revision.name)).toMatchObject({ remediation: other });
    expect(restartUnderWay(of('another'), revision.name)).toBeUndefined();
    expect(restartUnderWay({ nowMs, restarts: unreadable('unavailable') }, revision.name)).toBeUndefined();
  });

  it('is waited for also by the new revision that was made in its place', () => {
    const made = restarted(minute, { by: 'new-revision', revision: 'replaced', made: revision.name });

    expect(restartUnderWay({ nowMs, restarts: known([made]) }, revision.name)).toEqual(made);
  });

  it('is under way until it must have taken effect, to the millisecond', () => {
    const of = (agoMs: number) => restartUnderWay({ nowMs, restarts: known([restarted(agoMs)]) }, revision.name);

    expect(of(restartTakesMs - 1)).toMatchObject({ remediation: other });
    expect(of(restartTakesMs)).toBeUndefined();
  });
});

describe('new revisions in place of a restart', () => {
  const replaced = (from: string, made: string, agoMs: number): AnnouncedRestart =>
    restarted(agoMs, { revision: from, made, by: 'new-revision' });

  it('are attempts by themselves, also within one attempt of restarts', () => {
    const twice = [replaced(revision.name, 'a', 20 * minute), replaced(revision.name, 'b', 10 * minute)];

    expect(refused(twice, limits({ restartsPerRevisionPerDay: 2 }), 'new-revision')).toBe('restart-limit: revision');
    expect(refused(twice, limits({ restartsPerRevisionPerDay: 3 }), 'new-revision')).toBeUndefined();
  });

  it('count for the revision that they replace: a chain of them has the attempts of one revision', () => {
    const chain = [replaced('first', 'second', 20 * minute), replaced('second', revision.name, 10 * minute)];
    const unrelated = [replaced('first', 'other', 20 * minute), replaced('second', revision.name, 10 * minute)];

    expect(refused(chain, limits({ restartsPerRevisionPerDay: 2 }), 'new-revision')).toBe('restart-limit: revision');
    expect(refused(unrelated, limits({ restartsPerRevisionPerDay: 2 }), 'new-revision')).toBeUndefined();
  });
});
