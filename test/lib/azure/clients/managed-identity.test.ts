// What the function app takes from the sign-in library, and what only a caller needs.
import { describe, expect, it } from 'vitest';

describe('the sign-in of the function app', () => {
  it('is the managed identity and nothing else: a wider sign-in could act as the person who deploys', async () => {
    const library = await import('../../../../src/lib/azure/clients/managed-identity.ts');

    expect(Object.keys(library)).toEqual(['ManagedIdentityCredential']);
  });
});
