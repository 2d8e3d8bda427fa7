import { describe, expect, it } from 'vitest';
import { countsOf, type Outcome, outcomeOf, outcomes, shareOf } from '../../../src/lib/console/outcomes.ts';
import type { CloseHow, CloseReason } from '../../../src/lib/history/closing.ts';
import type { Figures } from '../../../src/lib/history/figures.ts';
import { nowMs } from '../facts.ts';
import { figures } from '../figures.ts';

const ended = (how: CloseHow, because: CloseReason, more: Partial<Figures> = {}): Figures =>
  figures({ closed: { how, because, atMs: nowMs }, ...more });
const recovered = (more: Partial<Figures> = {}): Figures => ended('recovered', 'pulled-and-ready', more);

const cases: readonly (readonly [Outcome, string, Figures])[] = [
  ['repaired', 'it recovered after a change', recovered({ actedAtMs: nowMs })],
  ['recovered-by-itself', 'it recovered without one', recovered()],
  ['asked', 'it recovered after a person was asked', recovered({ actedAtMs: nowMs, askedAtMs: nowMs })],
  ['asked', 'a person was asked and it goes on', figures({ askedAtMs: nowMs })],
  ['asked', 'a person was asked about what was no failed pull', ended('withdrawn', 'app-gone', { askedAtMs: nowMs })],
  ['unproven', 'a replica is ready without a row', ended('unproven', 'ready-without-a-row')],
  ['stood-down', 'it was no failed pull', ended('withdrawn', 'not-a-pull-failure')],
  ['stood-down', 'the app is gone', ended('withdrawn', 'app-gone')],
  ['open', 'it goes on', figures()],
];

describe('what became of a remediation', () => {
  it.each(cases)('is %s where %s', (outcome, _where, one) => {
    expect(outcomeOf(one)).toBe(outcome);
  });

  it('is counted, each remediation once', () => {
    const counts = countsOf(cases.map(([, , one]) => one));

    expect(counts).toEqual({
      repaired: 1,
      'recovered-by-itself': 1,
      asked: 3,
      unproven: 1,
      'stood-down': 2,
      open: 1,
    });
    expect(Object.keys(counts)).toEqual(outcomes);
  });
});

describe('the share that was handled without a person', () => {
  it('counts failed pulls that ended or needed a person: not what goes on, and not what was none', () => {
    expect(shareOf(cases.map(([, , one]) => one))).toEqual({ handled: 2, of: 6 });
  });

  it('is not known where there are none of them, rather than 0', () => {
    expect(shareOf([])).toBeUndefined();
    expect(shareOf([figures(), ended('withdrawn', 'nothing-failing')])).toBeUndefined();
    expect(shareOf([figures({ askedAtMs: nowMs })])).toEqual({ handled: 0, of: 1 });
  });
});
