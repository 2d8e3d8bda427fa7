// Runbooks of policies: which rule refused, and what it allows.
import { describe, expect, it } from 'vitest';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { nowMs, roleMissing, target } from '../facts.ts';
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

describe('the runbook of an image that the registry does not let anybody read', () => {
  const text =
    '405 Method Not Allowed: The operation is disallowed on this registry, repository or image. View troubleshooting steps';
  const row = { atMs: nowMs, revision: '', replica: '', reason: '', severity: '', text };
  const evidence = { ...roleMissing, logs: known([row]) };

  it('shows the lock first, and takes it away only if its owner agrees', () => {
    const said = textOf('refused-by-policy', { evidence });

    expect(said).toMatch(/acr repository show .*--image shop\/orders:v1 --query changeableAttributes/);
    expect(said).toMatch(/owner agrees.*acr repository update .*--image shop\/orders:v1 --read-enabled true/);
    expect(said).not.toContain('signature');
  });

  it('speaks of no lock of a registry that is not in Azure', () => {
    const elsewhere = { ...target, registry: 'harbor.contoso.example', image: 'harbor.contoso.example/shop/orders:v1' };

    expect(textOf('refused-by-policy', { target: elsewhere, evidence })).not.toContain('az acr');
  });
});
