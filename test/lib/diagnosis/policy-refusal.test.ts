// A write that Azure Policy refused: about images it is named first, about anything else pullmedic stands down.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { brokenEntry, entriesToRead } from '../../../src/lib/diagnosis/entries.ts';
import { standsDown } from '../../../src/lib/diagnosis/no-pull.ts';
import { policyRefusal } from '../../../src/lib/diagnosis/policy-refusal.ts';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, assignment, minute, nowMs, roleMissing, target } from '../facts.ts';

const refusedBy = (policy: string): string =>
  `Resource 'ca-orders' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"${policy}"}}]'.`;
const ofImages = refusedBy('Allowed container registries');
const ofTags = refusedBy('Require a tag on resources');

function rejected(text: string, more: Partial<AppFacts> = {}): Evidence {
  return {
    ...roleMissing,
    roles: known([assignment(600 * minute)]),
    app: known({ ...app, provisioningState: 'Failed', writeError: { text, atMs: nowMs }, ...more }),
    revisions: known([]),
    replicas: known([]),
    logs: known([]),
  };
}

function diagnosed(evidence: Evidence, text: string): Diagnosis {
  return diagnose({ target, evidence, suspicions: [classify(text)], pulledBefore: false });
}

describe('a policy about images', () => {
  it('is the confirmed cause of the write that it refused, and no reason to stand down', () => {
    const evidence = rejected(ofImages);
    const found = diagnosed(evidence, ofImages);

    expect(found).toMatchObject({ causes: ['refused-by-policy'], sure: 'confirmed' });
    expect(standsDown(target, evidence, [classify(ofImages)], found)).toBe(false);
  });

  it('is told with its assignment, where the refusal has the id of it', () => {
    const scope = '/providers/Microsoft.Management/managementGroups/corp';
    const text = `${ofImages} ${scope}/providers/Microsoft.Authorization/policyAssignments/images`;

    expect(diagnosed(rejected(text), text).detail).toMatchObject({ policy: 'images', policyScope: scope });
    expect(diagnosed(rejected(ofImages), ofImages).detail).not.toHaveProperty('policy');
  });

  it('comes before a missing role, which stopped no pull yet', () => {
    expect(diagnosed({ ...rejected(ofImages), roles: known([]) }, ofImages)).toMatchObject({
      causes: ['refused-by-policy', 'pull-role-missing'],
      sure: 'confirmed',
    });
  });

  it('proves nothing where an app prints its words', () => {
    const evidence: Evidence = { ...roleMissing, roles: known([]) };

    expect(policyRefusal(target, evidence)).toBeUndefined();
    expect(diagnosed(evidence, ofImages).causes).toEqual(['pull-role-missing']);
  });

  it('is over where a later write was rejected for another reason', () => {
    const later = known([
      { atMs: nowMs + 1, revision: '', replica: '', reason: '', severity: 'Error', text: 'Operation expired.' },
    ]);

    expect(diagnosed({ ...rejected(ofImages), writes: later }, 'Operation expired.').causes).toEqual(['unexplained']);
  });
});

describe('a policy about something else', () => {
  const broken = { registries: [...app.registries, { server: 'ghcr.io', username: 'u', secret: 'gone' }], secrets: [] };
  const evidence = rejected(ofTags, broken);

  it('is no pull failure, whatever is wrong with an entry: pullmedic stands down', () => {
    expect(standsDown(target, evidence, [classify(ofTags)], diagnosed(evidence, ofTags))).toBe(true);
  });

  it('accuses no entry of the app: none was signed in to', () => {
    const other = rejected('Something is not right.', broken);

    expect(brokenEntry(target, evidence)).toBeUndefined();
    expect(brokenEntry(target, other)).toBe('ghcr.io');
    expect(entriesToRead(target, rejected(ofTags))).toEqual([]);
  });
});
