import { describe, expect, it } from 'vitest';
import { storedFigures } from '../../../../src/lib/azure/store/stored-figures.ts';
import { nowMs } from '../../facts.ts';
import { figures } from '../../figures.ts';

describe('stored figures', () => {
  it('are read with what is known, and with codes that this version does not know', () => {
    const {
      remediation: _id,
      appName: _name,
      image: _image,
      state: _state,
      ...stored
    } = figures({
      causes: ['a-cause-of-tomorrow' as never],
      closed: { how: 'recovered', because: 'pulled-and-ready', atMs: nowMs },
    });

    expect(storedFigures.partial().safeParse(JSON.parse(JSON.stringify(stored))).data).toEqual(stored);
  });

  it.each([
    ['an instant that is text', { openedAtMs: 'yesterday' }],
    ['causes that are no list', { causes: 'tag-missing' }],
    ['an end of another kind', { closed: { how: 'exploded', because: 'x', atMs: 1 } }],
  ])('with %s are not read', (_what, more) => {
    expect(storedFigures.safeParse({ ...figures(), ...more }).success).toBe(false);
  });
});
