import { describe, expect, it } from 'vitest';
import { ruleNames } from '../../../src/lib/history/decision.ts';

describe('the stored names of the rules', () => {
  it('belong to one rule each, and asking a person is the last that is asked', () => {
    expect(ruleNames).toEqual([...new Set(ruleNames)]);
    expect(ruleNames.at(-1)).toBe('ask-a-person');
  });
});
