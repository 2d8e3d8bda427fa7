// Whose repository an image is of, and what the advice about a missing one says for each.
import { describe, expect, it } from 'vitest';
import type { RegistryEntry } from '../../../src/lib/evidence/app-facts.ts';
import { ownerOfImage } from '../../../src/lib/runbooks/owner-of-image.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { app, appId, roleMissing } from '../facts.ts';
import { textOf } from './cases.ts';

function world(image: string, ...registries: RegistryEntry[]) {
  return {
    target: targetOf(appId, image),
    evidence: { ...roleMissing, app: known({ ...app, images: [image], registries }) },
  };
}

describe('the repository of an image', () => {
  it.each([
    ['mcr.microsoft.com/dotnet/aspnett:8.0', 'others'],
    ['redis:99', 'others'],
    ['registry.k8s.io/pause:3', 'others'],
    ['docker.io/bitnami/redis:7.2', 'perhaps'],
    ['ghcr.io/contoso/api:v1', 'perhaps'],
    ['acrshop.azurecr.io/shop/orders:v1', 'own'],
    ['harbor.contoso.example/shop/orders:v1', 'own'],
  ])('%s belongs to: %s', (image, owner) => {
    const { target, evidence } = world(image);

    expect(ownerOfImage(target, evidence)).toBe(owner);
  });

  it('that the app signs in for is its own', () => {
    const hub = { server: 'docker.io', username: 'contosoteam', secret: 'hub' };
    const { target, evidence } = world('docker.io/contosoteam/web:2', hub);

    expect(ownerOfImage(target, evidence)).toBe('own');
  });
});

describe('the advice about a missing image', () => {
  it('asks to push it again where the reader can, and never where only others can', () => {
    expect(textOf('tag-missing', world('acrshop.azurecr.io/shop/orders:v1'))).toContain('Push the tag again');
    expect(textOf('tag-missing', world('docker.io/bitnami/redis:7.2'))).toContain('only if the repository is yours');
    for (const image of ['mcr.microsoft.com/dotnet/aspnett:8.0', 'redis:99']) {
      const said = textOf('tag-missing', world(image));
      expect(said).toContain('The whole repository may be missing');
      expect(said).not.toMatch(/push (?:it|the tag) again/i);
    }
  });
});
