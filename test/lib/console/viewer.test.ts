// A person for whom buttons would not work reads why, and what would change that.
import { describe, expect, it } from 'vitest';
import { sayWhyNot } from '../../../src/lib/console/viewer.ts';

describe('a person who may read and not answer', () => {
  it('reads under which name, what is missing, and who can give it', () => {
    expect(sayWhyNot({ mayAnswer: false, name: 'Rita', because: 'no-role' })).toMatch(
      /signed in as Rita, without the app role Operator.+can give you/,
    );
    expect(sayWhyNot({ mayAnswer: false, name: 'Rita', because: 'no-id' })).toContain('no object id');
  });
});
