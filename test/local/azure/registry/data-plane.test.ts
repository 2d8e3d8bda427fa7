import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { answerDataPlane } from '../../../../local/azure/registry/data-plane.ts';
import type { Answer } from '../../../../local/azure/wire/answers.ts';
import { minute, type Small, small } from '../registry-worlds.ts';

const host = 'acrshop.azurecr.io';

const tenant = '7e0c1d2e-0000-4000-8000-000000000002';

/** Stands for the identity endpoint: a token is the name of its audience. */
const entra = (token: string, audience: string): boolean => token === audience;

interface Sent {
  readonly method?: string;
  readonly token?: string;
  readonly form?: Readonly<Record<string, string>>;
}

function send({ sim, registry }: Small, path: string, { method = 'GET', token, form }: Sent = {}): Answer {
  const request = {
    method: form === undefined ? method : 'POST',
    host,
    url: new URL(path, `https://${host}`),
    authorization: token === undefined ? undefined : `Bearer ${token}`,
    body: form === undefined ? undefined : new URLSearchParams(form).toString(),
  };
  return answerDataPlane(sim, registry, request, entra);
}

function exchange(world: Small, audience = 'https://containerregistry.azure.net', more = {}): Answer {
  const form = { grant_type: 'access_token', service: host, tenant, access_token: audience, ...more };
  return send(world, '/oauth2/exchange', { form });
}

function refreshToken(world: Small): string {
  return (exchange(world).body as { refresh_token: string }).refresh_token;
}

function askToken(world: Small, scope: string, refresh = refreshToken(world)): Answer {
  const form = { grant_type: 'refresh_token', service: host, scope, refresh_token: refresh };
  return send(world, '/oauth2/token', { form });
}

function tokenFor(world: Small, scope: string): string {
  return (askToken(world, scope).body as { access_token: string }).access_token;
}

const readable = (): Small => small({}, { readableByPullmedic: true });

const pull = 'repository:shop/orders:pull';

const metadata = 'repository:shop/orders:metadata_read';

function codes(answer: Answer): unknown {
  return (answer.body as { errors: { code: string }[] }).errors.map((error) => error.code);
}

const required = 'authentication required, visit https://aka.ms/acr/authorization for more information.';

describe('the challenge of a registry', () => {
  it('names the token endpoint, the service, and for a read its scope', () => {
    const world = readable();

    expect(send(world, '/v2/')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="https://${host}/oauth2/token",service="${host}"` },
      body: {
        errors: [{ code: 'UNAUTHORIZED', message: required, detail: null }],
      },
    });
    expect(send(world, '/v2/shop/orders/manifests/v1').headers).toHaveProperty(
      'www-authenticate',
      `Bearer realm="https://${host}/oauth2/token",service="${host}",scope="${pull}"`,
    );
    expect(send(world, '/acr/v1/_catalog')).toMatchObject({
      body: { errors: [{ detail: [{ Type: 'registry', Name: 'catalog', Action: '*' }] }] },
    });
  });

  it('is over with a token of this registry', () => {
    const world = readable();

    expect(send(world, '/v2/', { token: tokenFor(world, pull) }).status).toBe(200);
  });
});

describe('a token of a registry', () => {
  it.each([
    ['https://containerregistry.azure.net', 'enabled', 200],
    ['https://management.azure.com', 'enabled', 200],
    ['https://containerregistry.azure.net', 'disabled', 200],
    ['https://management.azure.com', 'disabled', 401],
    ['https://api.loganalytics.io', 'enabled', 401],
  ] as const)('from an Entra token for %s, ARM audience %s: %i', (audience, armAudience, status) => {
    expect(exchange(small({}, { armAudience }), audience).status).toBe(status);
  });

  it('is not given to another tenant', () => {
    const other = { tenant: '00000000-0000-4000-8000-00000000000f' };

    expect(exchange(readable(), 'https://containerregistry.azure.net', other).status).toBe(401);
  });

  it('is refused to pullmedic without a role of its own', () => {
    const answer = askToken(small(), pull);

    expect(answer).toMatchObject({
      status: 401,
      body: {
        errors: [
          {
            code: 'UNAUTHORIZED',
            message: required,
            detail: [{ Name: 'shop/orders' }],
          },
        ],
      },
    });
  });

  it('lists the catalog with AcrPull and not with Repository Reader', () => {
    const abac = small({}, { readableByPullmedic: true, roleMode: 'AbacRepositoryPermissions' });

    expect(askToken(readable(), 'registry:catalog:*').status).toBe(200);
    expect(askToken(abac, 'registry:catalog:*').status).toBe(401);
    expect(askToken(abac, pull).status).toBe(200);
  });

  it('is good for the scope that it was asked for and for no other', () => {
    const world = readable();

    expect(send(world, '/v2/shop/orders/manifests/v1', { token: tokenFor(world, metadata) }).status).toBe(401);
    expect(send(world, '/v2/shop/other/manifests/v1', { token: tokenFor(world, pull) }).status).toBe(401);
    expect(send(world, '/acr/v1/shop/orders/_tags', { token: tokenFor(world, `${pull},metadata_read`) }).status).toBe(
      200,
    );
  });

  it('ends: access after 75 minutes, refresh after three hours', () => {
    const world = readable();
    const refresh = refreshToken(world);
    const token = tokenFor(world, pull);

    world.time.advance(74 * minute);
    expect(send(world, '/v2/', { token }).status).toBe(200);
    world.time.advance(2 * minute);
    expect(send(world, '/v2/', { token }).status).toBe(401);
    expect(askToken(world, pull, refresh).status).toBe(200);
    world.time.advance(104 * minute);
    expect(askToken(world, pull, refresh).status).toBe(401);
  });

  it('of another registry or made by somebody else is worth nothing', () => {
    const world = readable();
    const two = small(
      { registries: [{ name: 'acrshop', readableByPullmedic: true }, { name: 'acrother' }] },
      { readableByPullmedic: true },
    );
    const other = two.sim.registries.get('acrother');
    if (other === undefined) throw new Error('no registry');
    const [head, , signature] = tokenFor(world, metadata).split('.');
    const forged = `${head}.${tokenFor(world, pull).split('.')[1]}.${signature}`;

    expect(send({ ...two, registry: other }, '/v2/', { token: tokenFor(two, pull) }).status).toBe(401);
    expect(send(world, '/v2/', { token: forged }).status).toBe(401);
    expect(send(world, '/v2/', { token: refreshToken(world) }).status).toBe(401);
  });

  it.each([
    ['a password', '/oauth2/token', { grant_type: 'password', service: host, scope: pull, refresh_token: 'x' }],
    [
      'an unknown field',
      '/oauth2/exchange',
      { grant_type: 'access_token', service: host, access_token: 'x', client: 'y' },
    ],
    ['no scope', '/oauth2/token', { grant_type: 'refresh_token', service: host, refresh_token: 'x' }],
    ['another service', '/oauth2/exchange', { grant_type: 'access_token', service: 'else', access_token: 'x' }],
  ])('is refused with the reason for a request with %s', (_, path, form) => {
    const answer = send(readable(), path, { form });

    expect(answer.status).toBe(501);
    expect(answer.refused).toMatch(/is not modelled$/);
  });

  it('is not modelled for a push', () => {
    expect(askToken(readable(), 'repository:shop/orders:pull,push')).toMatchObject({ status: 501 });
  });
});

describe('an image in a registry', () => {
  it('is found by tag and by digest, and the digest is the one of its bytes', () => {
    const world = readable();
    const token = tokenFor(world, pull);
    const byTag = send(world, '/v2/shop/orders/manifests/v1', { token });
    const digest = byTag.headers?.['docker-content-digest'] ?? '';
    const bytes = JSON.stringify(byTag.body);

    expect(digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    expect(byTag.headers).toMatchObject({
      'content-type': 'application/vnd.docker.distribution.manifest.v2+json',
      'content-length': String(bytes.length),
    });
    expect(send(world, `/v2/shop/orders/manifests/${digest}`, { token, method: 'HEAD' })).toMatchObject({
      status: 200,
      headers: { 'docker-content-digest': digest },
    });
  });

  it('that is missing is told apart from a repository that is missing', () => {
    const world = readable();
    const token = tokenFor(world, `${pull} repository:shop/none:pull`);
    const digest = `sha256:${'0'.repeat(64)}`;

    expect(send(world, '/v2/shop/orders/manifests/v9', { token })).toMatchObject({
      status: 404,
      body: {
        errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest tagged by "v9" is not found', detail: { Tag: 'v9' } }],
      },
    });
    expect(send(world, `/v2/shop/orders/manifests/${digest}`, { token })).toMatchObject({
      body: { errors: [{ code: 'MANIFEST_UNKNOWN', message: `manifest ${digest} is not found` }] },
    });
    // Two public reports show this code for a repository that was never pushed.
    expect(codes(send(world, '/v2/shop/none/manifests/v1', { token }))).toEqual(['MANIFEST_UNKNOWN']);
  });

  it('that is pushed again under its tag is another one; the old one is there by its digest', () => {
    const world = readable();
    const token = tokenFor(world, pull);
    const digest = (): string =>
      send(world, '/v2/shop/orders/manifests/v1', { token }).headers?.['docker-content-digest'] ?? '';
    const before = digest();
    world.time.advance(minute);
    happen(world.sim, { at: 0, do: 'push-tag', registry: 'acrshop', repository: 'shop/orders', tag: 'v1' });

    expect(digest()).not.toBe(before);
    expect(send(world, `/v2/shop/orders/manifests/${before}`, { token }).status).toBe(200);
  });

  it('takes its repository with it when it is the last one that is deleted', () => {
    const world = readable();
    for (const tag of ['v1', 'v2'])
      happen(world.sim, { at: 0, do: 'delete-tag', registry: 'acrshop', repository: 'shop/orders', tag });

    const token = tokenFor(world, 'repository:shop/orders:metadata_read');
    expect(codes(send(world, '/acr/v1/shop/orders/_tags', { token }))).toEqual(['NAME_UNKNOWN']);
  });
});

describe('the tags of a repository', () => {
  const many = { readableByPullmedic: true, repositories: { 'shop/orders': ['v2', 'v10', 'v1'], 'shop/a': ['x'] } };

  function names(answer: Answer): string[] {
    return (answer.body as { tags: { name: string }[] }).tags.map((tag) => tag.name);
  }

  it('are listed newest first, a page at a time', () => {
    const world = small({}, many);
    const token = tokenFor(world, metadata);
    const first = send(world, '/acr/v1/shop/orders/_tags?orderby=timedesc&n=2', { token });
    const next = /^<(.+)>; rel="next"$/.exec(first.headers?.['link'] ?? '')?.[1] ?? '';
    const second = send(world, next, { token });

    expect(names(first)).toEqual(['v1', 'v10']);
    expect(names(second)).toEqual(['v2']);
    expect(second.headers).not.toHaveProperty('link');
  });

  it('are all on some page, once, however large the pages are', () => {
    const orders = fc.constantFrom('timedesc', 'timeasc', '');
    const lists = fc.uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,5}$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lists, orders, fc.integer({ min: 1, max: 15 }), (list, order, n) => {
        const world = small({}, { readableByPullmedic: true, repositories: { 'shop/orders': list } });
        const token = tokenFor(world, metadata);
        const seen: string[] = [];
        let path: string | undefined = `/acr/v1/shop/orders/_tags?orderby=${order}&n=${n}`;
        while (path !== undefined) {
          const page: Answer = send(world, path, { token });
          seen.push(...names(page));
          path = /^<(.+)>; rel="next"$/.exec(page.headers?.['link'] ?? '')?.[1];
        }
        expect(seen.toSorted((a, b) => a.localeCompare(b))).toEqual(list.toSorted((a, b) => a.localeCompare(b)));
      }),
    );
  });

  it('are in the order of their names unless a time is asked for', () => {
    const world = small({}, many);

    expect(names(send(world, '/acr/v1/shop/orders/_tags', { token: tokenFor(world, metadata) }))).toEqual([
      'v1',
      'v10',
      'v2',
    ]);
  });

  it('say their digest and when they last moved', () => {
    const world = small({}, many);
    const token = tokenFor(world, metadata);
    world.time.advance(minute);
    happen(world.sim, { at: 0, do: 'push-tag', registry: 'acrshop', repository: 'shop/orders', tag: 'v2' });

    expect(send(world, '/acr/v1/shop/orders/_tags/v2', { token })).toMatchObject({
      status: 200,
      body: {
        registry: host,
        imageName: 'shop/orders',
        tag: {
          name: 'v2',
          digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown,
          createdTime: '2026-06-01T01:57:00.000Z',
          lastUpdateTime: '2026-06-01T02:01:00.000Z',
        },
      },
    });
    expect(codes(send(world, '/acr/v1/shop/orders/_tags/v9', { token }))).toEqual(['TAG_UNKNOWN']);
  });

  it('of a repository that is not there are a 404', () => {
    const world = small({}, many);
    const token = tokenFor(world, 'repository:shop/none:metadata_read');

    expect(codes(send(world, '/acr/v1/shop/none/_tags', { token }))).toEqual(['NAME_UNKNOWN']);
  });

  it('belong to repositories that the catalog lists', () => {
    const world = small({}, many);

    expect(send(world, '/acr/v1/_catalog', { token: tokenFor(world, 'registry:catalog:*') }).body).toEqual({
      repositories: ['shop/a', 'shop/orders'],
    });
  });
});

describe('the firewall of a registry', () => {
  it.each([
    ['lets everybody in without rules', {}, 401],
    ['shuts pullmedic out without public access', { publicNetworkAccess: 'Disabled' }, 403],
    ['shuts pullmedic out by default', { defaultAction: 'Deny', ipRules: ['20.50.60.70'] }, 403],
    ['lets pullmedic in by its address', { defaultAction: 'Deny', ipRules: ['203.0.113.10'] }, 401],
    ['lets pullmedic in by its network', { defaultAction: 'Deny', ipRules: ['10.0.0.0/8', '203.0.113.0/24'] }, 401],
  ] as const)('%s', (_, rules, status) => {
    const world = small(
      {},
      { readableByPullmedic: true, ...rules, ipRules: 'ipRules' in rules ? [...rules.ipRules] : [] },
    );

    expect(send(world, '/v2/').status).toBe(status);
  });

  it('names the address that it does not know, on the token endpoints too', () => {
    const message =
      "client with IP '203.0.113.10' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";

    expect(exchange(small({}, { defaultAction: 'Deny' })).body).toEqual({ errors: [{ code: 'DENIED', message }] });
  });
});

describe('what the data plane does not model', () => {
  it.each([
    ['GET', '/v2/_catalog'],
    ['GET', '/v2/shop/orders/tags/list'],
    ['GET', '/v2/shop/orders/blobs/sha256:0'],
    ['PUT', '/v2/shop/orders/manifests/v1'],
    ['DELETE', '/acr/v1/shop/orders/_tags/v1'],
    ['GET', '/acr/v1/shop/orders/_manifests'],
    ['GET', '/acr/v1/shop/orders/_tags?digest=sha256:0'],
    ['GET', '/acr/v1/shop/orders/_tags?orderby=size'],
    ['GET', '/acr/v1/shop/orders/_tags?n=many'],
    ['GET', '/acr/v1/shop/orders/_tags?last=gone'],
  ])('is refused with the reason: %s %s', (method, path) => {
    const world = readable();
    const answer = send(world, path, { method, token: tokenFor(world, metadata) });

    expect(answer.status).toBe(501);
    expect(answer.refused).toBeTruthy();
  });
});
