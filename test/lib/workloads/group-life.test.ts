// What a container group does by itself, from the words of ARM.
import { describe, expect, it } from 'vitest';
import { isTriedAgain, lifeOf, restartPolicyOf } from '../../../src/lib/workloads/group-life.ts';

describe('the restart policy of a container group', () => {
  it.each([
    ['Always', 'always', true],
    ['OnFailure', 'on-failure', true],
    ['Never', 'never', false],
    ['Sometimes', 'unknown', false],
    [undefined, 'unknown', false],
  ] as const)('%s', (text, policy, again) => {
    expect(restartPolicyOf(text)).toBe(policy);
    expect(isTriedAgain(policy)).toBe(again);
  });
});

describe('the state of a container group', () => {
  it.each([
    ['Running', 'lives'],
    ['Pending', 'lives'],
    ['Stopped', 'ended'],
    ['Succeeded', 'ended'],
    ['Failed', 'ended'],
    ['Dreaming', 'unknown'],
    [undefined, 'unknown'],
  ] as const)('%s', (text, life) => {
    expect(lifeOf(text)).toBe(life);
  });
});
