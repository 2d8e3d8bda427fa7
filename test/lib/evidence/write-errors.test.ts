// Why a write failed: in the words of the app, of its environment and of the Activity Log.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { writeErrors } from '../../../src/lib/evidence/write-errors.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { app, environmentId, nowMs, roleMissing } from '../facts.ts';

const row = { atMs: 1, revision: '', replica: '', reason: 'x', severity: 'Error', text: 'of the log' };
const failed: Evidence = {
  ...roleMissing,
  app: known({ ...app, provisioningState: 'Failed', writeError: { text: 'of the app', atMs: nowMs } }),
};
const texts = (evidence: Evidence): string[] => writeErrors(evidence).map(({ text }) => text);

describe('the errors of a failed write', () => {
  it('are that of the app, at the time of the write, and those of the Activity Log', () => {
    expect(writeErrors(failed)).toMatchObject([{ text: 'of the app', atMs: nowMs, revision: '' }]);
    expect(texts({ ...failed, writes: known([row]) })).toEqual(['of the app', 'of the log']);
  });

  it('are those of the log alone where the app tells nothing', () => {
    expect(texts({ ...roleMissing, writes: known([row]) })).toEqual(['of the log']);
    expect(texts({ ...roleMissing, writes: unreadable('throttled') })).toEqual([]);
  });

  it('have that of the environment beside it, and only then', () => {
    const environment = known({
      id: environmentId,
      logs: { kind: 'none' } as const,
      deploymentError: 'of the environment',
    });

    expect(texts({ ...failed, environment })).toEqual(['of the app', 'of the environment']);
    expect(texts({ ...roleMissing, environment })).toEqual([]);
  });
});
