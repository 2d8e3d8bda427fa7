// `az login` is enough: the app names its registration, the registration names the app, and only then a token goes there.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Declined } from '../../src/cli/declined.ts';
import { deployedAt } from '../../src/cli/deployed.ts';
import { ownToken, type RunAz } from '../../src/cli/own-token.ts';

const clientId = '0f0f0f0f-1111-4222-8333-444444444444';
let server: Server | undefined;

afterEach(async () => {
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
});

async function appSaying(body: unknown): Promise<string> {
  const started = createServer((_, response) => {
    response.writeHead(401, { connection: 'close' }).end(JSON.stringify(body));
  });
  server = started;
  await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

/** An az that knows one registration with these addresses, and gives a token for it. */
function azWith(redirects: readonly string[]): { readonly az: RunAz; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    az: async (args) => {
      asked.push(args.join(' '));
      return args[0] === 'ad' ? `${redirects.join('\n')}\n` : 'the-token\n';
    },
  };
}

describe('the token of the caller', () => {
  it('is for the registration that the app names', async () => {
    const base = await appSaying({ error: 'Sign in.', clientId });
    const { az, asked } = azWith(['https://other.example/x', `${base}/.auth/login/aad/callback`]);

    expect(await ownToken(base, az)).toBe('the-token');
    expect(asked.at(-1)).toContain(`get-access-token --resource api://${clientId} `);
  });

  it.each([
    ['another address', (base: string) => [`${base}.evil.example/.auth/login/aad/callback`]],
    ['none', () => []],
  ])('is not asked for where the registration names %s: a lure could name any registration', async (_, redirects) => {
    const base = await appSaying({ error: 'Sign in.', clientId });
    const { az, asked } = azWith(redirects(base));

    await expect(ownToken(base, az)).rejects.toThrow('does not name this address');
    expect(asked.filter((one) => one.includes('get-access-token'))).toEqual([]);
  });

  it.each([{ error: 'Sign in.' }, { clientId: 'https://management.azure.com' }, 'no object'])(
    'is not asked for where the app names no registration: %j',
    async (body) => {
      const base = await appSaying(body);
      const { az, asked } = azWith([`${base}/.auth/login/aad/callback`]);

      expect(await ownToken(base, az)).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ['is not installed', Object.assign(new Error('spawn az ENOENT'), { code: 'ENOENT' }), 'is not installed'],
    ['fails', Object.assign(new Error('x'), { code: 1, stderr: 'secret-of-az' }), 'Sign in with "az login"'],
  ])('says what to do where az %s, and repeats nothing of its error', async (_, error, says) => {
    const base = await appSaying({ clientId });
    const failed = ownToken(base, () => Promise.reject(error));

    await expect(failed).rejects.toBeInstanceOf(Declined);
    await expect(failed).rejects.toThrow(says);
    await expect(failed).rejects.not.toThrow('secret-of-az');
  });
});

describe('a request to the app', () => {
  const far = 'https://func-that-is-not-there.invalid';

  it('signs in once, and not for what a key opens', async () => {
    let signedIn = 0;
    const signIn = async (): Promise<string> => {
      signedIn += 1;
      return 't';
    };
    const deployed = deployedAt(far, { PULLMEDIC_KEY: 'k' }, signIn);
    await expect(deployed.get('health')).rejects.toThrow('does not answer');
    expect(signedIn).toBe(0);
    await expect(deployed.get('remediations')).rejects.toThrow('does not answer');
    await expect(deployed.get('remediations')).rejects.toThrow('does not answer');
    expect(signedIn).toBe(1);
  });

  it.each([
    ['where a token is given', far, { PULLMEDIC_TOKEN: 't' }],
    ['on this machine, where the local host signs in', 'http://127.0.0.1:1', {}],
  ])('does not sign in %s', async (_, base, env) => {
    const refuse = (): Promise<string> => Promise.reject(new Error('signed in'));

    await expect(deployedAt(base, env, refuse).get('remediations')).rejects.toThrow('does not answer');
  });
});
