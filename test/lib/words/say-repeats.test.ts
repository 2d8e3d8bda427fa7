import { describe, expect, it } from 'vitest';
import { sayRepeats } from '../../../src/lib/words/say-repeats.ts';

describe('what happened several times in a row', () => {
  it('is said once, with how often', () => {
    expect(sayRepeats(['grant', 'restart', 'restart', 'restart'])).toEqual(['grant', 'restart (3 times)']);
    expect(sayRepeats(['restart', 'restart'])).toEqual(['restart (twice)']);
  });

  it('stays apart where something else happened in between', () => {
    expect(sayRepeats(['restart', 'grant', 'restart'])).toEqual(['restart', 'grant', 'restart']);
    expect(sayRepeats([])).toEqual([]);
  });
});
