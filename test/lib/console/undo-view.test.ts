// The undo of a grant: possible once the grant is made, and ended at the instant of its outcome.
import { describe, expect, it } from 'vitest';
import { undoOf } from '../../../src/lib/console/undo-view.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { grant, granting, looked } from '../console-entries.ts';
import { history, nowMs, targetId } from '../facts.ts';

const assignment = '/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/1';
const made: Entry = { kind: 'outcome', action: 'grant', outcome: 'done', undo: assignment };
const remediation = remediationIdOf(targetId, 1);
const asked: Entry = { kind: 'undo-asked', remediation, grant, assignment, by: 'ada' };

function undo(...entries: Entry[]): ReturnType<typeof undoOf> {
  const [one] = history(looked, granting, ...entries).remediations;
  if (one === undefined) throw new Error('no remediation');
  return undoOf(one);
}

describe('the undo of a grant', () => {
  it('is possible where pullmedic made the assignment, and is none where it did not', () => {
    expect(undo(made)).toEqual({ state: 'possible', assignment, because: [] });
    expect(undo()).toBeUndefined();
  });

  it('has an end, with its instant, once there is an outcome', () => {
    expect(undo(made, asked)).toEqual({ state: 'asked', assignment, by: 'ada', because: [] });
    const ended = undo(made, asked, { kind: 'undo-outcome', remediation, outcome: 'removed' });
    expect(ended).toMatchObject({ state: 'removed', by: 'ada' });
    expect(ended?.endedAtMs).toBeLessThan(nowMs);
  });
});
