// The catalogue of causes: what follows from the records as a whole, and what a version reads that does not know a stored cause.
import { describe, expect, it } from 'vitest';
import { type CauseSpec, causeCatalogue, causes, storedCause } from '../../../src/lib/causes/causes.ts';

const namesOf = (holds: (spec: CauseSpec) => boolean): readonly string[] =>
  causes.filter((cause) => holds(causeCatalogue[cause]));

describe('the catalogue', () => {
  it('lets a role be granted for three causes only', () => {
    expect(namesOf(({ answer }) => answer === 'grant')).toEqual([
      'pull-role-missing',
      'pull-role-removed',
      'registry-became-abac',
    ]);
  });

  it('calls no confirmed cause unexplained but the one that says so', () => {
    expect(namesOf(({ family }) => family === 'unexplained')).toEqual(['unexplained']);
  });

  it('waits for a registry only where the registry is in trouble', () => {
    for (const cause of namesOf(({ answer }) => answer === 'wait-for-registry'))
      expect(causeCatalogue[cause as keyof typeof causeCatalogue].family).toBe('registry');
  });

  it('has sentences that stand after a colon and before a full stop, each of them once', () => {
    const sentences = causes.map((cause) => causeCatalogue[cause].sentence);

    for (const sentence of sentences) expect(sentence).toMatch(/^(?:[a-z]|Azure ).*[^.]$/);
    expect(new Set(sentences).size).toBe(causes.length);
  });
});

describe('a stored cause', () => {
  it('has the record that the catalogue has', () => {
    for (const cause of causes) expect(storedCause(cause)).toBe(causeCatalogue[cause]);
  });

  it.each(['cause-of-a-newer-version', 'toString', ''])('that is not known has none: %s', (cause) => {
    expect(storedCause(cause)).toBeUndefined();
  });
});
