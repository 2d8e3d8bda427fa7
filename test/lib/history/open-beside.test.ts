// What another open remediation of a workload says of its cause: whether a start or a restart for all images would be wasted.
import { describe, expect, it } from 'vitest';
import { openBeside } from '../../../src/lib/history/open-beside.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { assignment, image, minute, nowMs, roleMissing } from '../facts.ts';
import { decisionInput, provedAlone } from '../situations.ts';

const failing = decisionInput(roleMissing).remediation;
const cause = (more: Partial<Remediation> = {}) => openBeside({ ...failing, ...more }).cause;
const sees = (diagnosis: Partial<ReturnType<typeof provedAlone>>): Partial<Remediation> => ({
  look: { ...failing.look, diagnosis: { ...provedAlone('pull-role-propagating'), ...diagnosis } },
});

describe('another open remediation of the same workload', () => {
  it('has a name and an image', () => {
    expect(openBeside(failing)).toMatchObject({ remediation: failing.id, image });
  });

  it('has a cause that is there as long as nothing shows that it is put right', () => {
    expect(cause()).toEqual({ reads: 'there' });
  });

  it('has a cause that is there before its first look', () => {
    const { look: _look, ...notLooked } = failing;

    expect(openBeside(notLooked).cause).toEqual({ reads: 'there' });
  });

  it('has a cause that is put right since it no longer reads true, and once its image was pulled', () => {
    expect(cause({ clearedAtMs: nowMs })).toEqual({ reads: 'right' });
    expect(cause({ provenAtMs: nowMs })).toEqual({ reads: 'right' });
  });

  it('has a young role where that is proved to be all, with the time of its assignment', () => {
    const roles = known([assignment(2 * minute)]);

    expect(openBeside(decisionInput({ ...roleMissing, roles }).remediation).cause).toEqual({
      reads: 'role-young',
      sinceMs: nowMs - 2 * minute,
    });
  });

  it.each([
    ['is only suspected', { sure: 'suspected' as const }],
    ['comes through a group', { roleOfGroup: true }],
    ['is not all that is wrong', { causes: ['pull-role-propagating', 'registry-firewall'] as const }],
  ])('has a cause that is there where a young role %s', (_, more) => {
    expect(cause(sees(more))).toEqual({ reads: 'there' });
  });
});
