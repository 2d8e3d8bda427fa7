// The way to a deployed pullmedic: which addresses are taken, where key and token go, and what an answer means for the person.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Declined } from '../../src/cli/declined.ts';
import { addressOf, deployedAt } from '../../src/cli/deployed.ts';

describe('a way to the app', () => {
  it('is https, or this machine, and holds no secret', () => {
    expect(addressOf('https://func.example/')).toBe('https://func.example');
    expect(addressOf('http://localhost:7071')).toBe('http://localhost:7071');
    for (const bad of ['http://func.example', 'https://a:b@func.example', 'https://func.example/?code=x', 'func'])
      expect(() => addressOf(bad)).toThrow('--url takes');
  });

  it('is what the environment says where --url is not given', () => {
    expect(addressOf(undefined, { PULLMEDIC_URL: ' https://func.example/ ' })).toBe('https://func.example');
    expect(addressOf('https://other.example', { PULLMEDIC_URL: 'https://func.example' })).toBe('https://other.example');
  });

  it('of the environment is held to the same rules, and the refusal names the variable', () => {
    for (const bad of ['http://func.example', 'https://a:b@func.example', 'https://func.example/?code=x', 'func'])
      expect(() => addressOf(undefined, { PULLMEDIC_URL: bad })).toThrow('PULLMEDIC_URL takes');
  });

  it('is not guessed where neither says it, nor taken from the environment where --url is empty', () => {
    expect(() => addressOf(undefined, { PULLMEDIC_URL: '  ' })).toThrow(
      '--url takes it, or the variable PULLMEDIC_URL',
    );
    expect(() => addressOf('', { PULLMEDIC_URL: 'https://func.example' })).toThrow('--url takes');
  });
});

let server: Server | undefined;
afterEach(async () => {
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
});

/** An app that answers every request with this. */
async function answering(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ readonly base: string; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const started = createServer((request, response) => {
    asked.push(request);
    response.writeHead(status, { connection: 'close', ...headers }).end(body);
  });
  server = started;
  await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
  return { base: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, asked };
}

describe('a request to the app', () => {
  it('carries the key and the token of the environment in headers, never in the address', async () => {
    const { base, asked } = await answering(200, '{"well":true}');

    expect(await deployedAt(base, { PULLMEDIC_KEY: ' k ', PULLMEDIC_TOKEN: 't' }).get('health')).toEqual({
      well: true,
    });
    expect(asked[0]).toMatchObject({
      url: '/api/health',
      headers: { 'x-functions-key': 'k', authorization: 'Bearer t' },
    });
  });

  it('carries neither if the environment has none', async () => {
    const { base, asked } = await answering(200, '{}');
    await deployedAt(base, { PULLMEDIC_KEY: '  ' }).post('signals', {});

    expect(Object.keys(asked[0]?.headers ?? {})).not.toContain('x-functions-key');
    expect(Object.keys(asked[0]?.headers ?? {})).not.toContain('authorization');
  });

  it.each([
    ['the function key', { PULLMEDIC_KEY: 'k' }, 'health'],
    ['the sign-in, where there is no key', { PULLMEDIC_TOKEN: 't' }, 'health/signed'],
    ['the sign-in, where the key is empty', { PULLMEDIC_KEY: ' ' }, 'health/signed'],
  ])('for health goes to the route that is opened by %s', (_, env, path) => {
    expect(deployedAt('http://127.0.0.1:9', env).healthPath).toBe(path);
  });

  it('follows no redirect: the key is for this address only', async () => {
    const { base, asked } = await answering(302, '', { location: '/elsewhere' });

    await expect(deployedAt(base, { PULLMEDIC_KEY: 'k' }).get('history')).rejects.toThrow('wants a sign-in');
    expect(asked).toHaveLength(1);
  });

  it('takes the body of a health that is not well, and only of a read', async () => {
    const { base } = await answering(503, '{"well":false}');

    expect(await deployedAt(base, {}).get('health')).toEqual({ well: false });
    await expect(deployedAt(base, {}).post('alerts', {})).rejects.toThrow('The app answered 503.');
  });

  it.each([
    [409, '{"error":"No approval is pending\\u001b[2J here."}', 'No approval is pending [2J here.'],
    [401, '', 'signed in with "az login"'],
    [403, '{"error":"You are signed in without the app role Operator."}', 'without the app role Operator'],
    [404, 'not JSON', 'no such function'],
    [500, '<html>', 'The app answered 500.'],
  ])('that is answered with %i is declined in a sentence for the person', async (status, body, sentence) => {
    const { base } = await answering(status, body);
    const asked = deployedAt(base, {}).post('signals', {});

    await expect(asked).rejects.toThrow(Declined);
    await expect(asked).rejects.toThrow(sentence);
  });

  it('that nothing answers is declined too', async () => {
    await expect(deployedAt('http://127.0.0.1:9', {}).get('health')).rejects.toThrow('does not answer');
  });
});

describe('the sign-in of the person', () => {
  /** An app that takes only this token; what it was sent is kept. */
  function taking(token: string): string[] {
    const sent: string[] = [];
    vi.stubGlobal('fetch', async (_address: string, { headers }: { readonly headers: Record<string, string> }) => {
      sent.push(headers['authorization'] ?? '');
      return new Response('{}', { status: sent.at(-1) === `Bearer ${token}` ? 200 : 401 });
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    return sent;
  }

  function tokens(...all: readonly string[]): () => Promise<string | undefined> {
    let next = 0;
    return async () => all[next++];
  }

  it('is asked for once, and once more where the token is no longer taken, as in a long watch', async () => {
    const sent = taking('second');
    const deployed = deployedAt('https://func.example', {}, tokens('first', 'second', 'third'));

    await deployed.get('now');
    await deployed.get('now');
    expect(sent).toEqual(['Bearer first', 'Bearer second', 'Bearer second']);
  });

  it('is refused where the new token is not taken either', async () => {
    const sent = taking('none of them');

    await expect(deployedAt('https://func.example', {}, tokens('first', 'second')).get('now')).rejects.toThrow(
      Declined,
    );
    expect(sent).toHaveLength(2);
  });

  it('is not asked for beside a token of the environment, which is sent once', async () => {
    const sent = taking('none of them');
    const deployed = deployedAt('https://func.example', { PULLMEDIC_TOKEN: 'given' }, tokens('first'));

    await expect(deployed.get('now')).rejects.toThrow(Declined);
    expect(sent).toEqual(['Bearer given']);
  });

  it('is not repeated by what the app answers, and neither is the key', async () => {
    const { base } = await answering(409, '{"error":"You sent a-long-key-of-mine and a-long-token-of-mine."}');
    const env = { PULLMEDIC_KEY: 'a-long-key-of-mine', PULLMEDIC_TOKEN: 'a-long-token-of-mine' };

    await expect(deployedAt(base, env).get('now')).rejects.toThrow('You sent … and ….');
  });
});
