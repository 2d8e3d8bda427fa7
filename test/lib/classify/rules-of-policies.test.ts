import { describe, expect, it } from 'vitest';
import { policies } from '../../../src/lib/classify/rules-of-policies.ts';
import { readBy, rulesWithoutMessage } from './read-by.ts';

describe('the rules about policies', () => {
  it('each read a message that software wrote', () => {
    expect(rulesWithoutMessage(policies)).toEqual([]);
  });

  it('say that a policy refuses the image, which no role mends', () => {
    expect(new Set(policies.map(({ label }) => label))).toEqual(new Set(['refused-by-policy']));
  });

  it('leave alone an admission that refuses a workload for another reason', () => {
    expect(readBy('admission webhook "validate.nginx" denied the request: host already defined')).toContain(
      'not-a-pull-failure',
    );
  });
});
