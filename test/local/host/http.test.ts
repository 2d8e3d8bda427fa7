import { type IncomingHttpHeaders, request as nodeRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys, type Running, run } from './harness.ts';

interface Echo {
  readonly url: string;
  readonly params: Record<string, string>;
  readonly q: [string | null, number, string | null];
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly metadata: string;
  readonly retry: string;
}

let running: Running;

beforeAll(async () => {
  running = await run('http');
});
afterAll(() => running.host.stop());

function get(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${running.base}${path}`, init);
}

async function echo(path: string, init?: RequestInit): Promise<Echo> {
  return (await (await get(path, init)).json()) as Echo;
}

interface Raw {
  readonly path: string;
  readonly method?: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** For what `fetch` does not let a caller send. */
interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

function raw({ path, method = 'GET', headers, body }: Raw): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = nodeRequest({ port: running.host.port, host: '127.0.0.1', path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString(),
          headers: response.headers,
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

describe('requests', () => {
  it('12. repeated query keys arrive joined, empty ones as empty', async () => {
    expect((await echo('/api/echo?q=1&q=2&empty=')).q).toEqual(['1,2', 1, '']);
  });

  it('13. a chunked upload, which announces no length, arrives empty', async () => {
    const body = new Blob(['chunked']).stream();
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };

    expect((await echo('/api/echo', init)).body).toBe('');
    expect((await echo('/api/echo', { method: 'POST', body: 'whole' })).body).toBe('whole');
  });

  it('14. a body on GET is dropped, with a warning', async () => {
    const answer = await raw({
      path: '/api/echo',
      headers: { host: 'localhost', 'content-length': '4' },
      body: 'body',
    });

    expect(JSON.parse(answer.text)).toMatchObject({ body: '' });
    expect(running.lines.map((line) => line.message).join()).toContain(
      'Discarding the body of the incoming GET request',
    );
  });

  it('21. trigger metadata is undefined; 36. so is the retry context', async () => {
    expect(await echo('/api/echo')).toMatchObject({ metadata: 'none', retry: 'none' });
  });

  it('22. header names are lower case, empty values kept, and the address is the whole one', async () => {
    const { headers, url } = await echo('/api/echo?x=1', { headers: { 'X-Mixed-Case': '', 'X-Other': 'v' } });

    expect(headers).toMatchObject({ 'x-mixed-case': '', 'x-other': 'v' });
    expect(url).toBe(`${running.base}/api/echo?x=1`);
  });

  it.each([
    ['/api/echo/a%20b%2Fc', { name: 'a b/c' }],
    ['/api/echo/100%25', { name: '100%' }],
    ['/api/echo/%zz', { name: '%zz' }],
    ['/api/echo', {}],
    ['/API/ECHO/', {}],
  ])('22. parameters are decoded, an absent optional one is absent: %s', async (path, params) => {
    expect((await echo(path)).params).toEqual(params);
  });

  it('a body above the limit is refused, announced or not', async () => {
    const large = Buffer.alloc(10 * 1024 * 1024 + 1);
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: new Blob([large]).stream(), duplex: 'half' };

    expect((await get('/api/echo', { method: 'POST', body: large })).status).toBe(413);
    expect((await get('/api/echo', init)).status).toBe(413);
  });
});

describe('routes', () => {
  it.each([
    ['a method that no route has', '/api/keyed', 404],
    ['a path without the prefix', '/echo', 404],
    ['a path that is longer than the route', '/api/echo/a/b', 404],
    ['a value that does not meet its constraint', '/api/numbered/seven', 404],
    ['a value that meets its constraint', '/api/numbered/7', 200],
    ['the page of the host itself', '/', 200],
    ['a path that cannot be decoded', '/api/%', 404],
    ['a path that looks like another host', '//api/echo', 200],
  ])('23. %s', async (_what, path, status) => {
    expect((await raw({ path, headers: { host: 'localhost' } })).status).toBe(status);
  });

  it('23. a literal route wins over a parameter', async () => {
    expect(await (await get('/api/echo/special')).text()).toBe('the literal one');
  });

  it('23. the rest of a path is one parameter', async () => {
    expect(await (await get('/api/files/a/b%20c')).json()).toEqual({ path: 'a/b c' });
  });

  it('23. the prefix comes from host.json and may be empty', async () => {
    const other = await run('late', { extensions: { http: { routePrefix: '' } } });

    expect((await fetch(`${other.base}/registers-late`)).status).toBe(200);
    expect((await fetch(`${other.base}/api/registers-late`)).status).toBe(404);
    await other.host.stop();
  });
});

describe('keys', () => {
  it.each([
    ['no key', '', {}, 401],
    ['a wrong key', '?code=wrong', {}, 401],
    ['the function key', `?code=${keys.function}`, {}, 202],
    ['the function key as a header', '', { 'x-functions-key': keys.function }, 202],
    ['the master key', '', { 'x-functions-key': keys.master }, 202],
    ['the key of Event Grid', `?code=${keys.eventgrid}`, {}, 401],
  ])('a route of level function with %s', async (_what, suffix, headers, status) => {
    expect((await get(`/api/keyed${suffix}`, { method: 'POST', headers })).status).toBe(status);
  });

  it.each(['/api/admin-only', '/admin/host/status'])('%s wants the master key', async (path) => {
    expect((await get(path)).status).toBe(401);
    expect((await get(`${path}?code=${keys.function}`)).status).toBe(401);
    expect((await get(`${path}?code=${keys.master}`)).status).toBe(200);
  });

  it('the status says that the host runs', async () => {
    expect(await (await get(`/admin/host/status?code=${keys.master}`)).json()).toMatchObject({ state: 'Running' });
  });

  it('are in no line of the log', () => {
    const log = JSON.stringify(running.lines);

    for (const key of Object.values(keys)) expect(log).not.toContain(key);
  });
});

describe('the sign-in of the platform', () => {
  const principalOf = (headers: Record<string, string>): unknown =>
    JSON.parse(Buffer.from(headers['x-ms-client-principal'] ?? 'bnVsbA==', 'base64').toString()) as unknown;

  it('signs everybody on loopback in as the local operator', async () => {
    const { headers } = await echo('/api/echo');

    expect(headers['x-ms-client-principal-name']).toBe('local operator');
    expect(principalOf(headers)).toMatchObject({
      claims: [
        { typ: 'name', val: 'local operator' },
        {
          typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier',
          val: headers['x-ms-client-principal-id'],
        },
        { typ: 'roles', val: 'Operator' },
      ],
    });
  });

  it('strips what a caller claims to be', async () => {
    const claims = {
      'X-MS-CLIENT-PRINCIPAL': 'e30=',
      'x-ms-client-principal-name': 'root',
      'x-ms-client-principal-zone': 'x',
      'x-ms-token-aad-id-token': 'x',
    };
    const { headers } = await echo('/api/echo', { headers: claims });

    expect(headers['x-ms-client-principal-name']).toBe('local operator');
    expect(headers).not.toHaveProperty('x-ms-client-principal-zone');
    expect(headers).not.toHaveProperty('x-ms-token-aad-id-token');
    expect(principalOf(headers)).not.toEqual({});
  });

  it.each([
    ['a name that somebody else pointed to loopback', { host: 'attacker.example' }, 'GET'],
    ['a form on a page of another site', { host: '127.0.0.1', 'sec-fetch-site': 'cross-site' }, 'POST'],
  ])('signs nobody in who comes through %s', async (_what, headers, method) => {
    const claimed = { ...headers, 'x-ms-client-principal-name': 'root' };
    const { text } = await raw({ path: '/api/echo', method, headers: claimed });

    expect(Object.keys((JSON.parse(text) as Echo).headers).filter((name) => name.includes('principal'))).toEqual([]);
  });
});

describe('answers', () => {
  it.each([
    ['15. no result is 204', 'nothing', 204, '', null],
    ['15. null is 204', 'null', 204, '', null],
    ['15. an empty object is 200 without a type', 'object', 200, '', null],
    ['16. a number fails', 'number', 500, '', null],
    ['16. a text fails', 'text', 500, '', null],
    ['16. a native response works', 'native', 201, 'native', 'text/plain;charset=UTF-8'],
    ['17. an object as body is its name', 'object-body', 200, '[object Object]', 'text/plain;charset=UTF-8'],
    ['17. a JSON body of null is empty', 'json-null', 200, '', null],
    ['17. a text has a type', 'text-body', 200, 'words', 'text/plain;charset=UTF-8'],
    ['17. bytes have none', 'buffer-body', 200, 'bytes', null],
    ['17. 204 drops the body', 'no-content', 204, '', null],
    ['17. a stream is one body', 'stream', 200, 'one two', null],
    ['18. a status that is none fails', 'status-99', 500, '', null],
    ['18. a header that is none fails', 'bad-header', 500, '', null],
    ["18. the framing is the host's own", 'framed', 200, 'longer', 'text/plain;charset=UTF-8'],
    ['a throw is 500 without the reason', 'throws', 500, '', null],
    ['32. throw null counts as success without a result', 'throws-null', 204, '', null],
  ])('%s', async (_rule, path, status, text, type) => {
    const response = await get(`/api/${path}`);

    expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([
      status,
      text,
      type,
    ]);
  });

  it('a HEAD has no body', async () => {
    expect(await (await get('/api/echo', { method: 'HEAD' })).text()).toBe('');
  });

  it('19. of several Set-Cookie headers the last one survives; other headers are joined', async () => {
    const { headers } = await get('/api/set-cookies');

    expect(headers.getSetCookie()).toEqual(['b=2']);
    expect(headers.get('x-many')).toBe('1, 2');
  });

  it('20. a cookie that expired in 1970 does not expire; an age of 0 and SameSite None are written', async () => {
    expect((await get('/api/cookies')).headers.getSetCookie()).toEqual([
      'gone=; path=/',
      'dropped=x%20y; max-age=0; path=/api; secure; samesite=none; httponly',
      'dated=1; expires=Tue, 01 Jan 2030 00:00:00 GMT; domain=example.com; path=/; samesite=lax',
    ]);
  });

  it('the reason of a failure is in the log, with the function', async () => {
    await get('/api/throws');

    expect(running.lines).toContainEqual({
      level: 'error',
      message: expect.stringContaining('a reason') as string,
      fields: { function: 'throws' },
    });
  });
});

describe('the page of the sign-in', () => {
  const withPart = async (part: string): Promise<Record<string, string>> =>
    (await echo('/api/echo', { headers: { cookie: `other=1; local-sign-in=${part}` } })).headers;
  const login = (query: string) =>
    raw({ path: `/.auth/login/aad${query}`, method: 'GET', headers: { host: '127.0.0.1' } });

  it('lets a person choose whom to play, and leads back', async () => {
    expect((await login('?post_login_redirect_uri=%2Fapi%2Fx')).text).toContain(
      'as=reader&amp;post_login_redirect_uri=%2Fapi%2Fx',
    );
    expect(await login('?as=reader&post_login_redirect_uri=%2Fapi%2Fx')).toMatchObject({
      status: 302,
      headers: { location: '/api/x', 'set-cookie': [expect.stringContaining('local-sign-in=reader') as string] },
    });
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:x', ''])(
    'leads to no other host: %s',
    async (uri) => {
      const answer = await login(`?as=reader&post_login_redirect_uri=${encodeURIComponent(uri)}`);

      expect(answer.headers).toMatchObject({ location: '/api/now' });
    },
  );

  it('gives each part its roles, and a part that is not known none', async () => {
    const rolesOf = (headers: Record<string, string>): readonly string[] => {
      const text = Buffer.from(headers['x-ms-client-principal'] ?? 'e30=', 'base64').toString();
      const { claims = [] } = JSON.parse(text) as { claims?: { typ: string; val: string }[] };
      return claims.filter(({ typ }) => typ === 'roles').map(({ val }) => val);
    };

    expect(rolesOf(await withPart('operator'))).toEqual(['Operator']);
    expect(rolesOf(await withPart('reader'))).toEqual(['Reader']);
    expect(await withPart('guest')).toHaveProperty('x-ms-client-principal-name', 'local guest');
    expect(rolesOf(await withPart('guest'))).toEqual([]);
    for (const part of ['nobody', 'constructor', 'root'])
      expect(await withPart(part)).not.toHaveProperty('x-ms-client-principal');
  });
});
