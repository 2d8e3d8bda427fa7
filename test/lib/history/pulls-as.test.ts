import { describe, expect, it } from 'vitest';
import { pullsAsOf } from '../../../src/lib/history/pulls-as.ts';
import { looked } from '../console-entries.ts';
import { history, principal } from '../facts.ts';

describe('the identity that pulls', () => {
  it('has the name of its resource', () => {
    const [remediation] = history(looked).remediations;

    expect(pullsAsOf(remediation ?? {})).toEqual({ pullsAs: { principalId: principal, name: 'id-orders' } });
  });

  it('is not named where a look could not tell, or an older version did not say', () => {
    const { pulls: _, ...older } = looked;
    const [remediation] = history(older).remediations;

    expect(pullsAsOf(remediation ?? {})).toEqual({});
    expect(pullsAsOf({})).toEqual({});
  });
});
