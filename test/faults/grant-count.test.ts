// The judge of real kills: grants are counted by what Azure was asked and did, not by the assignments that are left.
import { describe, expect, it } from 'vitest';
import { grantViolations } from './grant-count.ts';

const path = '/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/a';
const put = { method: 'PUT', path, status: 201 };
const recorded = { actions: [{ action: 'grant', outcome: 'done' }] };
const wanted = { actions: ['grant', 'restart'] };

describe('grants of a run with a kill', () => {
  it('are as they should be where Azure made what the history says, whether a person removed it later or not', () => {
    expect(grantViolations([put], [recorded], [wanted])).toEqual([]);
    expect(grantViolations([put, { ...put, status: 200 }], [recorded], [{ actions: [{ grant: 'done' }] }])).toEqual([]);
  });

  it('are wrong where Azure made one twice, although one is left', () => {
    expect(grantViolations([put, put], [recorded, recorded], [wanted])).toEqual([
      'grants in Azure: expected 1, seen 2',
    ]);
  });

  it('are wrong where the history does not say what Azure made, or says more', () => {
    expect(grantViolations([put], [{ actions: [] }], [wanted])).toEqual(['grants in the history: expected 1, seen 0']);
    expect(grantViolations([], [recorded], [{ actions: [] }])).toEqual(['grants in the history: expected 0, seen 1']);
  });
});
