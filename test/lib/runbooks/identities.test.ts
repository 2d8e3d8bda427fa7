// Runbooks of declared identities: each kind of identity is assigned in its own way.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, jobTarget, roleMissing, target } from '../facts.ts';
import { bicepOf, inputFor, runnable, textOf } from './cases.ts';

const withEntry = (identity: string): Evidence => ({
  ...roleMissing,
  app: known({ ...app, registries: [{ server: target.registry, identity }] }),
});

describe('the commands for an identity', () => {
  it('assign the system identity as such, not as a user-assigned one of that name', () => {
    expect(textOf('identity-not-assigned', { evidence: withEntry('system') })).toContain('--system-assigned');
    expect(textOf('identity-not-assigned', { evidence: withEntry('system') })).not.toContain('--user-assigned');
  });

  it('assign the identity of the environment to the environment', () => {
    expect(textOf('identity-not-assigned', { evidence: withEntry('system-environment') })).toContain(
      'az containerapp env identity assign --system-assigned --name cae-shop',
    );
  });
});

describe('an identity that is gone', () => {
  const verbsOf = (more: Parameters<typeof inputFor>[1]): string[] =>
    runnable(runbookFor(inputFor('identity-gone', more))).map((text) => text.replace(/ --.*$/s, ''));

  it('is replaced by three commands: another identity, its role, its name in the entry', () => {
    expect(verbsOf({ evidence: roleMissing }).slice(0, 3)).toEqual([
      'az containerapp identity assign',
      'az role assignment create',
      'az containerapp registry set',
    ]);
    expect(bicepOf(runbookFor(inputFor('identity-gone'))).join('\n')).toContain("type: 'SystemAssigned'");
  });

  it('of a job is replaced by commands for jobs', () => {
    expect(verbsOf({ evidence: roleMissing, target: jobTarget })[0]).toBe('az containerapp job identity assign');
  });
});
