// What the pages say about undoing: true of the commands that a person runs, and of the restarts that pullmedic made.
import { describe, expect, it } from 'vitest';
import { sayRestartsMade, sayRunbookUndo, undoByHand } from '../../../src/lib/console/undo-words.ts';
import type { ActionName, OutcomeKind } from '../../../src/lib/history/entries.ts';

function made(...actions: readonly (readonly [ActionName, OutcomeKind])[]): readonly string[] {
  return sayRestartsMade({ actions: actions.map(([action, outcome]) => ({ action, outcome, atMs: 0 })) });
}

describe('a restart', () => {
  it('that was made cannot be undone and needs no undo', () => {
    expect(made(['restart', 'done'], ['restart', 'unknown'])).toEqual([
      'pullmedic restarted a revision. A restart cannot be undone, and needs no undo.',
    ]);
  });

  it('of which Azure gave no answer is not called made', () => {
    expect(made(['restart', 'unknown'])[0]).toContain('the outcome is not known yet');
  });

  it('that was not made is not mentioned, and neither is a grant', () => {
    expect(made(['restart', 'withheld'], ['restart', 'failed'], ['grant', 'done'])).toEqual([]);
  });
});

describe('a new revision', () => {
  it('needs no undo either', () => {
    expect(made(['new-revision', 'done'])).toEqual([
      'pullmedic had a new revision made, with the same template. A new revision with the same template needs no undo.',
    ]);
  });
});

describe('the undo of a runbook', () => {
  it('is what the incident stores', () => {
    expect(sayRunbookUndo('az role assignment delete')).toBe('az role assignment delete');
  });

  it('of an older version does not claim that nothing was changed', () => {
    expect(sayRunbookUndo('Nothing was changed.')).toContain('deploy the previous one again');
  });
});

describe('a grant', () => {
  it('is taken back by hand with a command in which no id can become another command', () => {
    expect(undoByHand('/subscriptions/s/x')).toBe('az role assignment delete --ids /subscriptions/s/x');
    expect(undoByHand('/x; rm -rf /')).toMatch(/ '\/x; rm -rf \/'$/);
  });
});
