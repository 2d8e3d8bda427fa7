// A fact is read or unreadable, and a value that reads "empty" or "no" is still a value.
import { describe, expect, it } from 'vitest';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';

describe('a fact', () => {
  it.each([[false], [0], [''], [[]]])('that reads %j has this value', (value) => {
    expect(valueOf(known(value))).toBe(value);
  });

  it('that could not be read has none, and says why', () => {
    const fact = unreadable<boolean>('throttled');

    expect(fact).toEqual({ read: false, why: 'throttled' });
    expect(valueOf(fact)).toBeUndefined();
  });

  it('that was not asked for has none', () => {
    expect(valueOf(undefined)).toBeUndefined();
  });
});
