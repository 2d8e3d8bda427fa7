// Runbooks of declared identities: each kind of identity is assigned in its own way.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, roleMissing, target } from '../facts.ts';
import { textOf } from './cases.ts';

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
