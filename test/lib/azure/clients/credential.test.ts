// The sign-in: nothing is made before a token is asked for, and one credential gives all tokens.
import type { TokenCredential } from '@azure/identity';
import { describe, expect, it } from 'vitest';
import { managedIdentity, whenNeeded } from '../../../../src/lib/azure/clients/credential.ts';

describe('a credential', () => {
  it('is made with the first token, once, and asked with what the caller said', async () => {
    const asked: unknown[] = [];
    let made = 0;
    const credential = whenNeeded(async (): Promise<TokenCredential> => {
      made += 1;
      return {
        getToken: async (...said) => {
          asked.push(said);
          return { token: `t${asked.length}`, expiresOnTimestamp: 0 };
        },
      };
    });
    expect(made).toBe(0);

    const tokens = await Promise.all([credential.getToken('a', { tenantId: 'x' }), credential.getToken(['b'])]);
    expect(tokens.map((token) => token?.token)).toEqual(['t1', 't2']);
    expect(asked).toEqual([
      ['a', { tenantId: 'x' }],
      [['b'], undefined],
    ]);
    expect(made).toBe(1);
  });

  it('that refuses says why, and is asked again the next time', async () => {
    let refuses = true;
    const credential = whenNeeded(async () => ({
      getToken: async () => {
        if (refuses) throw new Error('no identity');
        return { token: 't', expiresOnTimestamp: 0 };
      },
    }));

    await expect(credential.getToken('a')).rejects.toThrow('no identity');
    refuses = false;
    expect(await credential.getToken('a')).toMatchObject({ token: 't' });
  });

  it('looks to storage and to the pipelines like one of the library', () => {
    // The SDK takes an object with these members for a credential (`isTokenCredential` of @azure/core-auth).
    for (const credential of [managedIdentity(undefined), managedIdentity('c')])
      expect(credential).toEqual({ getToken: expect.any(Function) as unknown });
  });
});
