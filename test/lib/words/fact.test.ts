// A fact is read or unreadable, and a value that reads "empty" or "no" is still a value.
import { describe, expect, it } from 'vitest';
import {
  known,
  mapFact,
  passesByItself,
  sayUnreadable,
  unreadable,
  unreadableCodes,
  valueOf,
} from '../../../src/lib/words/fact.ts';

describe('a fact', () => {
  it.each([[false], [0], [''], [[]]])('that reads %j has this value', (value) => {
    expect(valueOf(known(value))).toBe(value);
  });

  it('that could not be read has none, and says why', () => {
    const fact = unreadable<boolean>('throttled');

    expect(fact).toEqual({ read: false, why: 'throttled' });
    expect(valueOf(fact)).toBeUndefined();
  });

  it('that follows from another one is unreadable for the same reason where that one is', () => {
    expect(mapFact(known(2), (value) => value + 1)).toEqual(known(3));
    expect(mapFact(unreadable<number>('throttled'), (value) => value + 1)).toEqual(unreadable('throttled'));
  });

  it('that was not asked for has none', () => {
    expect(valueOf(undefined)).toBeUndefined();
  });
});

describe('the reason why a fact is unreadable', () => {
  it.each(unreadableCodes)('%s: a person reads the code and what it means', (code) => {
    expect(sayUnreadable(code)).toMatch(new RegExp(`^${code}: [A-Za-z ]{15,}$`));
  });

  it('has words of its own', () => {
    expect(new Set(unreadableCodes.map((code) => sayUnreadable(code).split(': ')[1])).size).toBe(
      unreadableCodes.length,
    );
  });

  it('stands for itself where another version stored it', () => {
    expect(sayUnreadable('of-another-version' as never)).toBe('of-another-version');
  });
});

describe('a reason that passes by itself', () => {
  it('is a short trouble of Azure, a budget that fills up again, or a list that is read on', () => {
    expect(unreadableCodes.filter(passesByItself)).toEqual([
      'throttled',
      'timed-out',
      'unavailable',
      'read-on-later',
      'over-budget',
    ]);
  });
});
