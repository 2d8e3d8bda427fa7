// Runbooks of pull roles: the grant that was proposed, and nothing where none was.
import { describe, expect, it } from 'vitest';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, roleMissing } from '../facts.ts';
import { diagnosisOf, inputFor, textOf } from './cases.ts';

describe('the runbook of a role', () => {
  it('limits a grant to the repository where the registry has repository permissions', () => {
    const { grant } = inputFor('registry-became-abac');
    const limited = grant === undefined ? {} : { grant: { ...grant, repository: 'shop/orders' } };

    expect(textOf('registry-became-abac', limited)).toContain('--condition-version 2.0');
    expect(textOf('registry-became-abac')).not.toContain('--condition');
  });

  it('lists who may do what where there is no grant to propose, and has nothing to undo', () => {
    const { grant: _grant, ...input } = inputFor('pull-role-missing');
    const { commands, undo } = runbookFor(input);

    expect(commands.map(({ title }) => title)).toEqual(['List who may do what on the registry']);
    expect(undo).toBe('These commands only read, so there is nothing to undo.');
  });
});

describe('a missing role beside another cause', () => {
  it('is not said to be all that the pull waits for', () => {
    const both = {
      ...diagnosisOf('pull-role-missing'),
      causes: ['pull-role-missing', 'private-dns-unlinked'] as const,
    };

    expect(textOf('pull-role-missing')).toContain('the next try of the platform pulls the image');
    expect(textOf('pull-role-missing', { diagnosis: both })).toContain('once the other cause is put right too');
  });
});

describe('a missing role after a write that Azure rejected', () => {
  it('promises no next try, because Azure makes none', () => {
    const failed = { ...app, provisioningState: 'Failed' };
    const evidence = { ...roleMissing, app: known(failed), revisions: known([]), replicas: known([]) };

    for (const cause of ['pull-role-missing', 'pull-role-removed'] as const) {
      expect(textOf(cause, { evidence })).toContain('run your deployment again');
      expect(textOf(cause, { evidence })).not.toContain('the next try of the platform');
    }
    expect(textOf('pull-role-missing')).not.toContain('run your deployment again');
  });
});
