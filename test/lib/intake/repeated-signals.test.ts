// Which signals a history keeps, and how soon a repeated one is worth another look.
import { describe, expect, it } from 'vitest';
import { isKept, restOf } from '../../../src/lib/intake/repeated-signals.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { grant } from '../decision/told.ts';
import { alert, minute, nowMs, signal } from '../facts.ts';

const hour = 60 * minute;
const joined = (count: number, more: Partial<Signal> = {}): { signals: Signal[] } => ({
  signals: Array.from({ length: count }, (_, place) => ({ ...signal, id: `alert|${place}`, revision: 'r1', ...more })),
});
const next = (more: Partial<Signal> = {}): Signal => ({ ...signal, id: 'alert|next', revision: 'r1', ...more });

describe('a history keeps', () => {
  it('the first twenty signals, and no more that repeat them', () => {
    expect(isKept(joined(19), next(), nowMs)).toBe(true);
    expect(isKept(joined(20), next(), nowMs)).toBe(false);
  });

  it.each([
    ['another revision', { revision: 'r2' }],
    ['the first of its kind', { via: 'operator' }],
    ['with an alert', { alert }],
  ] as const)('a later one that is new: %s', (_what, more) => {
    expect(isKept(joined(99), next(more), nowMs)).toBe(true);
    expect(isKept(joined(100), next(more), nowMs)).toBe(false);
  });

  it.each([
    ['without a revision', { revision: undefined }],
    ['that reports something resolved', { joinOnly: true }],
    ['fired later', { atMs: nowMs + hour }],
  ] as const)('no later one %s', (_what, more) => {
    const { revision, ...others } = next();
    const later: Signal = 'revision' in more ? others : ({ ...others, revision, ...more } as Signal);
    expect(isKept(joined(20), later, nowMs)).toBe(false);
  });

  it('one that lets a question be asked again that expired without an answer', () => {
    const asked = {
      question: 2,
      about: { grant },
      cause: 'pull-role-missing',
      doubts: [],
      askedAtMs: nowMs - hour,
    } as const;
    const expiring = { ...joined(100), approval: { ...asked, expiresAtMs: nowMs } };

    expect(isKept(expiring, next(), nowMs)).toBe(true);
    expect(isKept(expiring, next(), nowMs - 1)).toBe(false);
    expect(isKept({ ...expiring, approval: { ...expiring.approval, askableAgain: true } }, next(), nowMs)).toBe(false);
    expect(restOf({ ...expiring, openedAtMs: nowMs - 20 * hour }, next(), nowMs)).toBe(30_000);
  });

  it('no alert beyond those that pullmedic may set', () => {
    const five = Array.from({ length: 5 }, (_, place) => ({ ...alert, id: `${alert.id}${place}` as typeof alert.id }));
    const signals = joined(20).signals.map((one, place) => {
      const named = five[place];
      return named === undefined ? one : { ...one, alert: named };
    });

    expect(isKept({ signals }, next({ alert }), nowMs)).toBe(false);
    expect(isKept({ signals: signals.slice(1).concat(next()) }, next({ alert }), nowMs)).toBe(true);
  });
});

describe('after a look, a signal that repeats what is known waits for a twentieth of the age of the remediation', () => {
  const live = { ...joined(20), openedAtMs: nowMs };

  it.each([
    ['half a minute at first', 0, 30_000],
    ['half a minute for ten minutes', 10 * minute, 30_000],
    ['three minutes after an hour', hour, 3 * minute],
    ['an hour after twenty hours', 20 * hour, hour],
    ['an hour after a month', 720 * hour, hour],
  ])('%s', (_what, ageMs, restMs) => {
    expect(restOf(live, next(), nowMs + ageMs)).toBe(restMs);
  });

  it.each([
    ['a person asks', { via: 'operator' }],
    ['something is resolved or written', { joinOnly: true }],
    ['another revision fails', { revision: 'r2' }],
  ] as const)('but half a minute after a month where %s', (_what, more) => {
    expect(restOf(live, next(more), nowMs + 720 * hour)).toBe(30_000);
  });
});
