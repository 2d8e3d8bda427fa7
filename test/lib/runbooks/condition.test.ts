// The runbook for a condition that leaves the repository out: the assignment that is there is extended, and what it names stays.
import { describe, expect, it } from 'vitest';
import { repositoryCondition, repositoryReaderRole } from '../../../src/lib/diagnosis/access.ts';
import type { AssignmentFacts } from '../../../src/lib/evidence/role-facts.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { arm, assignment, minute, principalId, registry, roleMissing } from '../facts.ts';
import { bicepOf, inputFor, runnable } from './cases.ts';

const name = 'b0000000-0000-4000-8000-00000000000b';
const reads = [
  {
    actions: [],
    notActions: [],
    dataActions: ['Microsoft.ContainerRegistry/registries/repositories/content/read'],
    notDataActions: [],
  },
];

function runbookOf(more: Partial<AssignmentFacts> = {}) {
  const held = assignment(60 * minute, {
    roleId: repositoryReaderRole,
    condition: repositoryCondition('shop/web'),
    permissions: known(reads),
    ...more,
  });
  const evidence = {
    ...roleMissing,
    registry: known({ ...registry, roleMode: 'abac' as const }),
    roles: known([held]),
  };
  return runbookFor(inputFor('repository-condition', { evidence }));
}

describe('a condition that leaves the repository out', () => {
  it('is extended in the assignment that is there: no second one is made', () => {
    const runbook = runbookOf();

    expect(runbook.advice).toContain(`roleassignments/${name}`);
    expect(runnable(runbook).join('\n')).not.toMatch(/role assignment (?:create|delete)/);
    const change = runbook.commands.findLast(({ language }) => language === 'az')?.text;
    expect(change).toMatch(/az role assignment update --role-assignment assignment\.json$/);
    expect(bicepOf(runbook).join('\n')).toContain(`name: '${name}'`);
    expect(bicepOf(runbook).join('\n')).not.toContain('guid(');
  });

  it('keeps each repository that it names', () => {
    const [bicep = ''] = bicepOf(runbookOf());

    expect(bicep).toContain("StringEqualsIgnoreCase \\'shop/web\\' OR ");
    expect(bicep).toContain("StringEqualsIgnoreCase \\'shop/orders\\'))");
  });

  it('is said to be replaced in the title of each command that replaces it', () => {
    const writes = runbookOf().commands.filter(({ text, language }) => language === 'bicep' || / update /.test(text));

    expect(writes).toHaveLength(2);
    for (const { title } of writes) expect(title).toMatch(/replaces? the condition/i);
  });

  it('of a group holds for every member, and that of the identity itself for no other', () => {
    const group = principalId('c0000000-0000-4000-8000-00000000000c');

    expect(runbookOf({ principalId: group }).advice).toContain('every member');
    expect(runbookOf().advice).not.toContain('every member');
  });

  it('of an assignment above the registry is not written at the registry', () => {
    const above = arm('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-registry');

    expect(bicepOf(runbookOf({ scope: above }))).toEqual([]);
    expect(runnable(runbookOf({ scope: above })).join('\n')).toContain(`--scope ${above}`);
  });
});
