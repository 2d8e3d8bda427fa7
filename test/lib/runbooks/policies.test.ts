// Runbooks of policies: which rule refused, and what it allows.
import { describe, expect, it } from 'vitest';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { target } from '../facts.ts';
import { diagnosisOf, inputFor, textOf } from './cases.ts';

const corp = '/providers/Microsoft.Management/managementGroups/lz-corp';
const byId = {
  diagnosis: diagnosisOf('refused-by-policy', { refusedWrite: 'yes', policy: 'allowed-images', policyScope: corp }),
};
const byReason = { diagnosis: diagnosisOf('refused-by-policy', { refusedWrite: 'yes' }) };

describe('the runbook of an image that Azure Policy does not allow', () => {
  it('names the assignment and shows what it allows', () => {
    expect(textOf('refused-by-policy', byId)).toContain('(assignment allowed-images)');
    expect(textOf('refused-by-policy', byId)).toContain(
      `az policy assignment show --name allowed-images --scope ${corp} `,
    );
  });

  it('lists the policies of the app where the refusal names none by its id', () => {
    expect(textOf('refused-by-policy', byReason)).toContain(`az policy assignment list --scope ${target.appId} `);
    expect(textOf('refused-by-policy', byReason)).not.toContain('(assignment');
  });

  it('is for the team of the app, which deploys another image', () => {
    expect(runbookFor(inputFor('refused-by-policy', byId)).owner).toBe('app team');
    expect(runbookFor(inputFor('refused-by-policy')).owner).toBe('registry owner');
  });

  it('speaks of signatures and scans where Azure Policy did not refuse a write', () => {
    expect(textOf('refused-by-policy')).toContain('az acr manifest list-referrers');
    expect(textOf('refused-by-policy', byId)).not.toContain('signature');
  });
});
