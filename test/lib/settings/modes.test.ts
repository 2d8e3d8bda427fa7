import { describe, expect, it } from 'vitest';
import { modes } from '../../../src/lib/settings/modes.ts';

describe('the modes', () => {
  it('go from the one that may do least to the one that may do most', () => {
    expect(modes).toEqual(['observe', 'approve', 'act']);
  });
});
