// What apps and jobs declare alike: an absent member is not an empty one.
import { describe, expect, it } from 'vitest';
import { declaredFacts, declaredWhereSaid, imagesOf } from '../../../../src/lib/azure/facts/declared.ts';
import { identityId, image, principal } from '../../facts.ts';

describe('what a resource declares', () => {
  it('has its identities, registries in lower case and images, init containers included', () => {
    const declared = declaredFacts({
      provisioningState: 'Succeeded',
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: { [identityId]: { principalId: principal }, 'not an id': {} },
      },
      configuration: { registries: [{ server: 'ACRSHOP.azurecr.io', identity: '', username: 'u' }] },
      template: {
        containers: [{ image, name: 'web' }, { image }],
        initContainers: [{ image: 'init:v1', name: 'first' }],
      },
    });

    expect(declared).toEqual({
      provisioningState: 'Succeeded',
      userIdentities: [{ id: identityId, principalId: principal }],
      registries: [{ server: 'acrshop.azurecr.io', username: 'u' }],
      images: [image, image, 'init:v1'],
      containers: [
        { name: 'web', image },
        { name: 'first', image: 'init:v1', init: true },
      ],
    });
  });

  it('tells secrets that it lists from secrets that it does not tell', () => {
    expect(declaredWhereSaid({}).secrets).toBeUndefined();
    expect(declaredWhereSaid({ configuration: { secrets: [] } }).secrets).toEqual([]);
    expect(
      declaredWhereSaid({
        configuration: { secrets: [{ name: 'p', keyVaultUrl: 'https://kv/secrets/p' }, { name: 'q' }] },
      }),
    ).toMatchObject({ secrets: ['p', 'q'], vaultSecrets: [{ name: 'p', url: 'https://kv/secrets/p' }] });
  });

  it('has no images without a template', () => {
    expect(imagesOf(undefined)).toEqual([]);
  });
});
