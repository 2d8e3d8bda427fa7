// Runbooks of registry entries: what they offer depends on whose registry it is.
import { describe, expect, it } from 'vitest';
import { target } from '../facts.ts';
import { textOf } from './cases.ts';

describe('the commands for an entry', () => {
  it('offer no managed identity for a registry that is not in Azure', () => {
    const hub = { ...target, registry: 'docker.io', image: 'acme/orders:v1' };

    for (const cause of ['credential-rejected', 'registry-not-configured'] as const)
      expect(textOf(cause, { target: hub })).not.toContain('--identity');
  });
});
