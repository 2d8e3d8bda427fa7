// What rules and guards are asked about: one source for each fact.
import { describe, expect, it } from 'vitest';
import { decisionInputOf } from '../../../src/lib/decision/decision-input.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { history, roleMissing, target } from '../facts.ts';
import { decisionInput } from '../situations.ts';

describe('a question', () => {
  it('is about the live remediation and the look that its history records', () => {
    const asked = decisionInput(roleMissing);

    expect(asked.target).toEqual(target);
    expect(asked.evidence).toBe(roleMissing);
    expect(asked.diagnosis).toBe(asked.remediation.look.diagnosis);
    expect(asked.history.remediations.at(-1)?.id).toBe(asked.remediation.id);
  });

  it('cannot be made without a recorded look, nor about what has ended', () => {
    const standing = decisionInput();
    const ended: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };

    expect(() => decisionInputOf({ look: { evidence: roleMissing }, past: history() }, standing)).toThrow(
      'no recorded look',
    );
    expect(() => decisionInputOf({ look: { evidence: roleMissing }, past: history(ended) }, standing)).toThrow(
      'no recorded look',
    );
  });
});
