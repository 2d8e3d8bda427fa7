// Runbooks of policies: which rule refused, and what it allows.
import { describe, expect, it } from 'vitest';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, dnsUnlinked, nowMs, target } from '../facts.ts';
import { inputFor, textOf } from './cases.ts';

function refusedWith(text: string): Parameters<typeof textOf>[1] {
  return { evidence: { ...dnsUnlinked, app: known({ ...app, writeError: { text, atMs: nowMs } }) } };
}

const corp = '/providers/Microsoft.Management/managementGroups/lz-corp';
const byId = refusedWith(
  `RequestDisallowedByPolicy: Resource 'ca-orders' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"id":"${corp}/providers/Microsoft.Authorization/policyAssignments/allowed-images"}}]'.`,
);
const byReason = refusedWith(
  "Resource 'ca-orders' was disallowed by policy. Reasons: 'Only our registry is allowed.'.",
);

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
