// Hosts of registries: which are Azure Container Registry, and which login server stands behind a regional endpoint.
import { describe, expect, it } from 'vitest';
import {
  isAzureRegistry,
  isPublicRegistry,
  isSameRegistry,
  loginServerOf,
} from '../../../src/lib/words/registry-host.ts';

describe('a host', () => {
  it.each(['acrshop.azurecr.io', 'acrshop.azurecr.cn', 'acrshop.azurecr.us'])('of Azure is known: %s', (host) => {
    expect(isAzureRegistry(host)).toBe(true);
  });

  it.each(['docker.io', 'acrshop.azurecr.io.evil.example', 'acrshop.azurecr.de', 'azurecr.io'])(
    'of another registry is not: %s',
    (host) => {
      expect(isAzureRegistry(host)).toBe(false);
    },
  );

  it('of a region leads to the login server of its registry', () => {
    expect(loginServerOf('acrshop.westeurope.geo.azurecr.io')).toBe('acrshop.azurecr.io');
    expect(loginServerOf('acr-shop.chinaeast2.geo.azurecr.cn')).toBe('acr-shop.azurecr.cn');
  });

  it.each(['acrshop.azurecr.io', 'ghcr.io', 'a.b.westeurope.geo.azurecr.io', 'acrshop.westeurope.geo.azurecr.io.evil'])(
    'that is no regional endpoint stays as it is: %s',
    (host) => {
      expect(loginServerOf(host)).toBe(host);
    },
  );

  it.each([
    'mcr.microsoft.com',
    'docker.io',
    'index.docker.io',
    'ghcr.io',
    'eu.gcr.io',
    'europe-docker.pkg.dev',
    'quay.io',
  ])('of the public Internet is known: %s', (host) => {
    expect(isPublicRegistry(host)).toBe(true);
  });

  it.each([
    'mcr.microsoft.com.evil.example',
    'mcr.microsoft.co',
    'acrshop.azurecr.io',
    'ghcr.io:8443',
    'harbor.example',
    '',
  ])('that may be private or misspelt is not: %s', (host) => {
    expect(isPublicRegistry(host)).toBe(false);
  });
});

describe('two hosts', () => {
  it.each(['acrshop.azurecr.io', 'acrshop.westeurope.geo.azurecr.io', 'acrshop.privatelink.azurecr.io'])(
    'of one registry of Azure begin with its name: %s',
    (host) => {
      expect(isSameRegistry(host, 'acrshop.azurecr.io')).toBe(true);
      expect(isSameRegistry('acrshop.azurecr.io', host)).toBe(true);
    },
  );

  it.each([
    ['acrshop-a1b2c3d4e5f6.azurecr.io', 'acrshop.azurecr.io'],
    ['acrshop.example', 'acrshop.azurecr.io'],
    ['acrshop.azurecr.cn', 'acrshop.azurecr.io'],
    ['quay.example.com', 'quay.io'],
  ])('of two registries are told apart: %s and %s', (host, other) => {
    expect(isSameRegistry(host, other)).toBe(false);
  });

  it('of another registry are the same only where they are equal', () => {
    expect(isSameRegistry('ghcr.io', 'ghcr.io')).toBe(true);
  });
});
