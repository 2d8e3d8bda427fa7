// What becomes of a container group by itself, from the words of ARM.
import { describe, expect, it } from 'vitest';
import { lifeOf } from '../../../../src/lib/workloads/container-group/group-life.ts';

describe('the state of a container group', () => {
  it.each([
    ['Running', 'Succeeded', 'lives'],
    ['Running', 'Failed', 'given-up'],
    ['Pending', 'Creating', 'lives'],
    ['Pending', undefined, 'lives'],
    ['Pending', 'Failed', 'given-up'],
    ['Stopped', 'Succeeded', 'ended'],
    ['Succeeded', 'Succeeded', 'ended'],
    ['Failed', 'Failed', 'ended'],
    ['Dreaming', 'Succeeded', 'unknown'],
    [undefined, 'Succeeded', 'unknown'],
  ] as const)('%s, provisioning %s', (state, provisioning, life) => {
    expect(lifeOf(state, provisioning)).toBe(life);
  });
});
