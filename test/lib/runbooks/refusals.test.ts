// Runbooks of what refuses an identity that has the role.
import { describe, expect, it } from 'vitest';
import { registryId } from '../facts.ts';
import { diagnosisOf, textOf } from './cases.ts';

describe('the commands against a refusal', () => {
  it('send a token to Azure only, whatever scope a deny assignment claims', () => {
    const diagnosis = diagnosisOf('deny-assignment', { scope: '@example.org/' });

    expect(textOf('deny-assignment', { diagnosis })).toContain(
      `--url '${registryId}/providers/Microsoft.Authorization/denyAssignments`,
    );
  });

  it('switch the policy on, and say how it is switched off again', () => {
    expect(textOf('arm-audience-disabled')).toContain('--status enabled');
    expect(textOf('arm-audience-disabled')).toContain('--status disabled');
  });
});
