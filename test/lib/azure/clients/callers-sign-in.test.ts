// The sign-in of the terminal's commands: nothing signs in before something is asked.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectAsCaller } from '../../../../src/lib/azure/clients/callers-sign-in.ts';
import { counted } from '../../../../src/lib/azure/clients/clients.ts';

const signIn = vi.hoisted(() => ({ made: 0 }));
vi.mock('@azure/identity', () => ({
  DefaultAzureCredential: class {
    constructor() {
      signIn.made += 1;
    }
    getToken = async (scope: string) => ({ token: `token for ${scope}`, expiresOnTimestamp: 0 });
  },
}));

afterEach(() => {
  signIn.made = 0;
});

describe('the connection of a caller', () => {
  it('makes the sign-in with the first token, once, and asks for tokens of the cloud in question', async () => {
    const clients = connectAsCaller('china');
    expect(signIn.made).toBe(0);

    const { value } = await counted(() => clients.token('https://management.chinacloudapi.cn/.default'));

    expect(value).toBe('token for https://management.chinacloudapi.cn/.default');
    await clients.token('another');
    expect(signIn.made).toBe(1);
  });
});
