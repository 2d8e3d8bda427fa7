// Keys in the order of an end: the latest first.
import { describe, expect, it } from 'vitest';
import { aboveKey, belowKey, endedKey, idOfKey } from '../../../../src/lib/azure/store/row-keys.ts';

describe('the key of what has ended', () => {
  it('comes before the key of everything that ended earlier, whatever the ids are', () => {
    const keys = [endedKey(1_780_000_000_001, 'z'), endedKey(1_780_000_000_000, 'a'), endedKey(999, 'a')];

    expect([...keys].sort()).toEqual(keys);
    expect(keys.map(idOfKey)).toEqual(['z', 'a', 'a']);
  });

  it('is below the bound of its own instant and not below that of a later one', () => {
    const key = endedKey(1000, 't1.1');

    expect([key < belowKey(1000), key < belowKey(999), key < belowKey(1001)]).toEqual([true, true, false]);
    expect([key >= aboveKey(1001), key >= aboveKey(1000), key >= aboveKey(999)]).toEqual([true, false, false]);
  });

  it.each([Number.MAX_SAFE_INTEGER, -1])('of an impossible instant has as many digits (%s)', (atMs) => {
    expect(endedKey(atMs, 'x')).toMatch(/^\d{13}-x$/);
  });

  it('is not read from another text', () => {
    expect(idOfKey('i1')).toBeUndefined();
  });
});
