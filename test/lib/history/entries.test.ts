// Names that histories store. Older histories hold them, so that none may be renamed.
import { describe, expect, it } from 'vitest';
import { actionNames, alertStates, principalNotFound } from '../../../src/lib/history/entries.ts';
import { reasons } from '../../../src/lib/history/refusals.ts';

describe('what a history stores', () => {
  it('names the changes as it always did', () => {
    expect(actionNames).toEqual(['grant', 'restart', 'new-revision', 'start']);
  });

  it('names the two states of an alert that are ever set, in the words of Azure', () => {
    expect(alertStates).toEqual(['Acknowledged', 'Closed']);
  });

  it('calls an identity that the directory does not know by a reason that the guard against a second try has too', () => {
    expect(reasons['failed-before']).toContain(principalNotFound);
  });
});
