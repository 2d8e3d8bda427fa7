// The limits of the whole deployment: per hour, after grants that did not help, and after a start.
import { describe, expect, it } from 'vitest';
import { slowStartEndsMs } from '../../../src/lib/decision/deployment-guards.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import { config, minute, nowMs } from '../facts.ts';
import { grantRefused, type Told } from './told.ts';

const ledger = (count: number, atMs: number, proven: boolean): Told => ({
  ledger: known(Array.from({ length: count }, () => ({ remediation: 'r', atMs, proven }))),
});

describe('the hourly limit', () => {
  it('refuses the eleventh grant of an hour, and not the tenth', () => {
    expect(grantRefused(ledger(10, nowMs - 60 * minute + 1, true))).toEqual(['hourly-limit: reached']);
    expect(grantRefused(ledger(9, nowMs - minute, true))).toEqual([]);
    expect(grantRefused(ledger(10, nowMs - 60 * minute, true))).toEqual([]);
  });

  it('refuses where the ledger cannot be read', () => {
    expect(grantRefused({ ledger: unreadable('unavailable') })).toContain('hourly-limit: unreadable');
  });
});

describe('after grants that did not help', () => {
  const unproven = (...agesInMinutes: number[]): Told => ({
    ledger: known(
      agesInMinutes.map((age, at) => ({ remediation: `t.${at}`, atMs: nowMs - age * minute, proven: false })),
    ),
  });

  it('the breaker opens, and lets one through after an hour to see whether they help again', () => {
    expect(grantRefused(unproven(100, 80, 45))).toEqual(['breaker: unproven-grants']);
    expect(grantRefused(unproven(130, 100, 61))).toEqual([]);
  });

  it('the breaker opens at the limit exactly, and a grant counts as unproven after half an hour', () => {
    expect(config().settings.limits.unprovenGrants).toBe(3);
    expect(grantRefused(unproven(100, 80))).toEqual([]);
    expect(grantRefused(unproven(100, 80, 30))).toEqual([]);
    expect(grantRefused(unproven(100, 80, 30 + 1 / minute))).toEqual(['breaker: unproven-grants']);
  });

  it('a grant after a move to repository permissions has six hours to prove itself', () => {
    const slow = (...agesInMinutes: number[]): Told => ({
      ledger: known(
        agesInMinutes.map((age, at) => ({
          remediation: `t.${at}`,
          atMs: nowMs - age * minute,
          proven: false,
          slow: true as const,
        })),
      ),
    });

    expect(grantRefused(slow(100, 80, 45))).toEqual([]);
    expect(grantRefused(slow(400, 390, 360))).toEqual([]);
    expect(grantRefused(slow(400, 390, 361, 20))).toEqual(['breaker: probe-pending']);
  });

  it('the breaker lets one through exactly an hour after the last one', () => {
    expect(grantRefused(unproven(130, 100, 60))).toEqual([]);
    expect(grantRefused(unproven(130, 100, 60 - 1 / minute))).toEqual(['breaker: unproven-grants']);
  });

  it('those before one that helped do not count, those after it do', () => {
    const after = (...ages: number[]): Told => {
      const { ledger: later } = unproven(...ages);
      const helped = { remediation: 't.9', atMs: nowMs - 300 * minute, proven: true };
      const before = { remediation: 't.8', atMs: nowMs - 310 * minute, proven: false };
      return { ledger: known([before, helped, ...(valueOf(later ?? known([])) ?? [])]) };
    };

    expect(grantRefused(after(100, 45))).toEqual([]);
    expect(grantRefused(after(100, 80, 45))).toEqual(['breaker: unproven-grants']);
  });

  it('the breaker that allows none in a row lets the first one through, to see whether grants help', () => {
    const none: Told = { config: config({ PULLMEDIC_SETTINGS: '{"limits":{"unprovenGrants":0}}' }), ledger: known([]) };

    expect(grantRefused(none)).toEqual([]);
  });

  it('no other one follows while nobody knows whether that one helped', () => {
    expect(grantRefused(unproven(180, 160, 120, 5))).toEqual(['breaker: probe-pending']);
    expect(grantRefused(unproven(180, 160, 120, 40))).toEqual(['breaker: unproven-grants']);
  });

  it('one that helped closes it', () => {
    const helped = { remediation: 't.9', atMs: nowMs - 70 * minute, proven: true };
    const before = unproven(180, 160, 120).ledger;

    expect(grantRefused({ ledger: before?.read ? known([...before.value, helped]) : known([]) })).toEqual([]);
  });
});

describe('the slow start', () => {
  const awakeFor = (ms: number, grants: number): Told => ({
    ...ledger(grants, nowMs - minute, true),
    awakeSinceMs: known(nowMs - ms),
  });

  it('lets a few grants through and refuses the next, until its time is over', () => {
    const { slowStartGrants, slowStartMinutes } = config().settings.limits;

    expect(grantRefused(awakeFor(2 * minute, slowStartGrants - 1))).toEqual([]);
    expect(grantRefused(awakeFor(2 * minute, slowStartGrants))).toEqual(['slow-start: reached']);
    expect(grantRefused(awakeFor(slowStartMinutes * minute, slowStartGrants))).toEqual([]);
  });

  it('counts the grants of its own length of time, and ends at its end exactly', () => {
    const { slowStartGrants, slowStartMinutes } = config().settings.limits;
    const lengthMs = slowStartMinutes * minute;
    const awakeSinceMs = known(nowMs - lengthMs + 1);

    expect(grantRefused({ ...ledger(slowStartGrants, nowMs - lengthMs, true), awakeSinceMs })).toEqual([]);
    expect(grantRefused({ ...ledger(slowStartGrants, nowMs - lengthMs + 1, true), awakeSinceMs })).toEqual([
      'slow-start: reached',
    ]);
    expect(slowStartEndsMs({ config: config(), awakeSinceMs })).toBe(nowMs + 1);
  });

  it('refuses where the grants cannot be read', () => {
    expect(grantRefused({ ledger: unreadable('unavailable') })).toEqual([
      'hourly-limit: unreadable',
      'slow-start: unreadable',
    ]);
  });

  it('refuses where its beginning cannot be read', () => {
    expect(grantRefused({ awakeSinceMs: unreadable('unavailable') })).toEqual(['slow-start: unreadable']);
    expect(slowStartEndsMs({ config: config(), awakeSinceMs: unreadable('unavailable') })).toBeUndefined();
  });
});
