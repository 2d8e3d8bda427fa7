// What counts as a restart of which revision.
import { describe, expect, it } from 'vitest';
import { didRestart, restartedBy, templateName } from '../../../src/lib/history/restarted.ts';
import type { Attempt } from '../../../src/lib/history/state.ts';
import { nowMs } from '../facts.ts';

const newRevision = {
  do: 'new-revision',
  revision: 'ca--pm-1',
  suffix: 'pm-1',
  template: 'x',
  because: 'write-rejected',
} as const;

describe('what a change restarts', () => {
  it('is its revision, or the one that a new revision stands in for, or the template that was rejected', () => {
    expect(restartedBy({ do: 'restart', revision: 'a', because: 'cause-is-gone' })).toBe('a');
    expect(restartedBy({ ...newRevision, instead: 'a' })).toBe('a');
    expect(restartedBy(newRevision)).toBe(templateName('x'));
  });

  it.each<[string, Partial<Attempt>, string, boolean]>([
    ['a restart of it', { action: 'restart', revision: 'a' }, 'a', true],
    ['a restart of another one', { action: 'restart', revision: 'b' }, 'a', false],
    ['a new revision in its place', { action: 'new-revision', revision: 'b', instead: 'a', template: 'x' }, 'a', true],
    ['the making of it', { action: 'new-revision', revision: 'a', instead: 'b', template: 'x' }, 'a', true],
    [
      'a new revision of the same template',
      { action: 'new-revision', revision: 'b', template: 'x' },
      templateName('x'),
      true,
    ],
    [
      'a new revision of another template',
      { action: 'new-revision', revision: 'b', template: 'y' },
      templateName('x'),
      false,
    ],
    ['a new revision without a template', { action: 'new-revision', revision: 'b' }, 'a', false],
    ['a grant', { action: 'grant', revision: 'a' }, 'a', false],
  ])('%s', (_, attempt, subject, counts) => {
    expect(didRestart({ action: 'restart', atMs: nowMs, ...attempt }, subject)).toBe(counts);
  });
});
