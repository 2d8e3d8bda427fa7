import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import { nowMs } from '../../facts.ts';

let server: Server;
let url: string;
const got: { method: string | undefined; authorization: string | undefined }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    got.push({ method: request.method, authorization: request.headers.authorization });
    const path = request.url ?? '/';
    if (path.startsWith('/reset')) return void request.socket.destroy();
    if (path === '/redirect') return response.writeHead(302, { location: '/elsewhere' }).end();
    if (path === '/wait') return response.writeHead(429, { 'retry-after': '7' }).end();
    if (path === '/wait-until')
      return response.writeHead(429, { 'retry-after': 'Mon, 01 Jun 2026 02:01:00 GMT' }).end();
    if (path === '/long') return response.end('x'.repeat(1_200_000));
    return response.writeHead(201, { 'x-id': '5' }).end('made');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const network = outside(
  async (scope) => `token for ${scope}`,
  () => nowMs,
);

describe('a request of an incident system', () => {
  it('has its status, its headers and its body', async () => {
    expect(await network.send({ method: 'POST', url, body: '{}' })).toMatchObject({
      kind: 'answer',
      status: 201,
      headers: { 'x-id': '5' },
      body: 'made',
    });
  });

  it('follows no redirect, which could lead a key elsewhere', async () => {
    const before = got.length;
    expect(await network.send({ method: 'GET', url: `${url}/redirect` })).toMatchObject({ status: 302 });
    expect(got.length).toBe(before + 1);
  });

  it('reads how long to wait, in seconds or as a date', async () => {
    expect(await network.send({ method: 'GET', url: `${url}/wait` })).toMatchObject({
      status: 429,
      retryAfterMs: 7000,
    });
    expect(await network.send({ method: 'GET', url: `${url}/wait-until` })).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('signs in with its own identity only where it is asked to', async () => {
    await network.send({ method: 'PUT', url, identityScope: 'https://eventgrid.azure.net/.default' });
    expect(got.at(-1)).toEqual({
      method: 'PUT',
      authorization: 'Bearer token for https://eventgrid.azure.net/.default',
    });
    await network.send({ method: 'PUT', url });
    expect(got.at(-1)?.authorization).toBeUndefined();
  });

  it('never throws, and never says the address, which may hold a key', async () => {
    const answers = [
      await network.send({ method: 'GET', url: `${url}/reset?key=s3cr3t` }),
      await network.send({ method: 'GET', url: 'http://127.0.0.1:1/?key=s3cr3t' }),
      await network.send({ method: 'GET', url: 'not an address s3cr3t' }),
    ];
    for (const answer of answers) expect(answer.kind).toBe('no-answer');
    expect(JSON.stringify(answers)).not.toContain('s3cr3t');
  });

  it('reads at most a megabyte', async () => {
    const answer = await network.send({ method: 'GET', url: `${url}/long` });
    expect(answer.kind === 'answer' ? answer.body.length : 0).toBe(1_000_000);
  });

  it('signs with the key that base64 gives', () => {
    // RFC 4231, test case 2, in base64.
    const key = Buffer.from('Jefe').toString('base64');
    expect(Buffer.from(network.hmac(key, 'what do ya want for nothing?'), 'base64').toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
