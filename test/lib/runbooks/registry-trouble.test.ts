// Runbooks of a registry in trouble: another tenant’s, throttled, or not trusted.
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/lib/words/fact.ts';
import { roleMissing, target } from '../facts.ts';
import { textOf } from './cases.ts';

describe('the runbook of a registry in trouble', () => {
  it('speaks of another tenant only where no subscription has the registry', () => {
    const evidence = { ...roleMissing, registry: known('not-found' as const) };

    expect(textOf('name-wrong', { evidence })).toContain('If it is another tenant’s');
    expect(textOf('name-wrong')).not.toContain('another tenant');
  });

  it('advises to sign in to Docker Hub, which counts those together who do not', () => {
    const hub = { target: { ...target, registry: 'docker.io', image: 'acme/orders:v1' } };

    expect(textOf('rate-limited', hub)).toContain('--server docker.io');
    expect(textOf('rate-limited')).not.toContain('docker.io');
  });
});
