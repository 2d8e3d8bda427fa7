// Hosts that are nearly those of a public registry.
import { describe, expect, it } from 'vitest';
import { nearPublicHost } from '../../../src/lib/words/near-host.ts';

describe('a host that is nearly that of a public registry', () => {
  it.each([
    ['ghrc.io', 'ghcr.io'],
    ['ghcr.oi', 'ghcr.io'],
    ['dockr.io', 'docker.io'],
    ['qauy.io', 'quay.io'],
    ['mcr.micosoft.com', 'mcr.microsoft.com'],
    ['hub.docker.com', 'docker.io'],
  ])('%s was probably meant as %s', (host, meant) => {
    expect(nearPublicHost(host)).toBe(meant);
  });

  it.each([
    'ghcr.io',
    'gcr.io',
    'eu.gcr.io',
    'docker.io',
    'index.docker.io',
    'acrshop.azurecr.io',
    'harbor.contoso.com',
  ])('is not meant by %s', (host) => {
    expect(nearPublicHost(host)).toBeUndefined();
  });

  it('may differ by two letters only where the app has an entry for the public one', () => {
    expect(nearPublicHost('ghxx.io')).toBeUndefined();
    expect(nearPublicHost('ghxx.io', ['ghcr.io'])).toBe('ghcr.io');
  });

  it('is none where the app has an entry for it, which shows that it is meant', () => {
    expect(nearPublicHost('ghrc.io', ['ghrc.io', 'ghcr.io'])).toBeUndefined();
  });
});
