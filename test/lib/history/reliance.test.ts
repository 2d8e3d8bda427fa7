// The names of those who rely on an assignment: bounded, because they stand in a history.
import { describe, expect, it } from 'vitest';
import { namesOf } from '../../../src/lib/history/reliance.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { appId, targetId } from '../facts.ts';

describe('those who rely on an assignment', () => {
  it('are named by their ids, resources first', () => {
    const remediation = remediationIdOf(targetId, 1);

    expect(namesOf({ remediations: [remediation], resources: [appId] })).toEqual([appId, remediation]);
  });

  it('are named up to a limit', () => {
    expect(namesOf({ remediations: [], resources: Array.from({ length: 21 }, () => appId) })).toHaveLength(20);
  });
});
