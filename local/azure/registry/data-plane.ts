// A registry's data plane at its login server: the challenge, manifests, tags and the catalog, read with pullmedic's own rights.

import { manifestType, type Repository } from '../model/images.ts';
import type { Registry } from '../model/registries.ts';
import type { Sim } from '../model/sim.ts';
import { rangeHolds } from '../network/ranges.ts';
import type { Answer } from '../wire/answers.ts';
import type { SimRequest } from '../wire/request.ts';
import { fetchThroughCache } from './cache-rules.ts';
import { findImage, unknownRepository } from './find-image.ts';
import { accessToken, type Entra, exchange, type Scope, tokenCovers, unauthorized } from './registry-tokens.ts';

/** The address that pullmedic leaves by; it is outside of every VNet, so pullmedic cannot use a private endpoint. */
const pullmedicIp = '203.0.113.10';

/** How many tags or repositories a page holds unless `n` says otherwise. */
const pageSize = 100;

function refuse(reason: string): Answer {
  return {
    status: 501,
    refused: reason,
    body: { errors: [{ code: 'NOT_MODELLED', message: `The simulation does not model this: ${reason}.` }] },
  };
}

/** The registry that answers at this host. */
export function registryAt(sim: Sim, host: string): Registry | undefined {
  return [...sim.registries.values()].find((one) => one.loginServer === host.toLowerCase());
}

function isShutOut(registry: Registry): boolean {
  if (registry.publicNetworkAccess === 'Disabled') return true;
  return registry.defaultAction === 'Deny' && !registry.ipRules.some((rule) => rangeHolds(rule, pullmedicIp));
}

const denied: Answer = {
  status: 403,
  body: {
    errors: [
      {
        code: 'DENIED',
        message: `client with IP '${pullmedicIp}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`,
      },
    ],
  },
};

/** 401 with where to get a token, and for what. */
function challenge(registry: Registry, scope?: Scope): Answer {
  const wanted = scope === undefined ? '' : `,scope="${scope.type}:${scope.name}:${scope.actions.join(',')}"`;
  const host = registry.loginServer;
  return {
    ...unauthorized(scope),
    headers: { 'www-authenticate': `Bearer realm="https://${host}/oauth2/token",service="${host}"${wanted}` },
  };
}

interface Read {
  readonly sim: Sim;
  readonly registry: Registry;
  readonly query: URLSearchParams;
  readonly parts: readonly string[];
}

interface Operation {
  readonly methods: readonly string[];
  readonly pattern: RegExp;
  readonly parameters: readonly string[];
  readonly scope: (parts: readonly string[]) => Scope | undefined;
  readonly answer: (read: Read) => Answer;
}

/** Asking for an image of a cached repository makes the registry fetch it (azure/acr#862). */
function manifest({ sim, registry, parts: [repository = '', reference = ''] }: Read): Answer {
  const before = findImage(registry, { repository, reference });
  if ('missing' in before) fetchThroughCache(sim, registry, { repository, reference });
  const found = findImage(registry, { repository, reference });
  if ('missing' in found) return { status: 404, body: found.missing };
  const platform = sim.world.imagePlatforms[`${registry.loginServer}/${repository}:${reference}`];
  if (platform !== undefined) return imageList(found.digest, platform);
  return {
    status: 200,
    body: JSON.parse(found.manifest.text) as unknown,
    headers: {
      'content-type': manifestType,
      'content-length': String(Buffer.byteLength(found.manifest.text)),
      'docker-content-digest': found.digest,
      etag: `"${found.digest}"`,
      ...('missing' in before ? { 'x-azure-origin': 'upstream' } : {}),
    },
  };
}

/** A list with one platform in it, as `docker buildx build --platform` pushes it beside its attestations. */
function imageList(digest: string, platform: string): Answer {
  const [os, architecture] = platform.split('/');
  const body = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      { mediaType: manifestType, size: 1234, digest, platform: { architecture, os } },
      { mediaType: manifestType, size: 566, digest, platform: { architecture: 'unknown', os: 'unknown' } },
    ],
  };
  return { status: 200, body, headers: { 'content-type': body.mediaType } };
}

function tagEntry(repository: Repository, name: string): unknown {
  const tag = repository.tags.get(name);
  return {
    name,
    digest: tag?.digest,
    createdTime: new Date(tag?.createdMs ?? 0).toISOString(),
    lastUpdateTime: new Date(tag?.updatedMs ?? 0).toISOString(),
    signed: false,
    changeableAttributes: { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true },
  };
}

interface Page {
  readonly names: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** `n` names after `last`, with a link to the next page where there is one. */
function pageOf(names: readonly string[], query: URLSearchParams, path: string): Page | Answer {
  const size = query.has('n') ? Number(query.get('n')) : pageSize;
  if (!Number.isInteger(size) || size < 1) return refuse(`n=${query.get('n')} of ${path}`);
  const last = query.get('last');
  const rest = last === null ? names : names.slice(names.indexOf(last) + 1);
  if (last !== null && !names.includes(last)) return refuse(`last=${last}, which is not in the list, of ${path}`);
  const shown = rest.slice(0, size);
  if (rest.length <= size) return { names: shown, headers: {} };
  const next = new URLSearchParams([...query].filter(([key]) => key !== 'last' && key !== 'n'));
  next.set('last', shown.at(-1) ?? '');
  next.set('n', String(size));
  return { names: shown, headers: { link: `<${path}?${next.toString()}>; rel="next"` } };
}

function sortedTags(repository: Repository, order: string | null): readonly string[] | undefined {
  const byName = [...repository.tags.keys()].sort();
  const time = (name: string): number => repository.tags.get(name)?.updatedMs ?? 0;
  if (order === null || order === '') return byName;
  if (order === 'timeasc') return byName.sort((a, b) => time(a) - time(b));
  return order === 'timedesc' ? byName.sort((a, b) => time(b) - time(a)) : undefined;
}

function tags({ registry, query, parts: [name = ''] }: Read): Answer {
  const repository = registry.repositories.get(name);
  if (repository === undefined) return { status: 404, body: unknownRepository(name) };
  const sorted = sortedTags(repository, query.get('orderby'));
  if (sorted === undefined) return refuse(`orderby=${query.get('orderby')} of the tags`);
  const page = pageOf(sorted, query, `/acr/v1/${encodeURIComponent(name)}/_tags`);
  if ('status' in page) return page;
  const body = {
    registry: registry.loginServer,
    imageName: name,
    tags: page.names.map((tag) => tagEntry(repository, tag)),
  };
  return { status: 200, body, headers: page.headers };
}

function oneTag({ registry, parts: [name = '', tag = ''] }: Read): Answer {
  const repository = registry.repositories.get(name);
  if (repository === undefined) return { status: 404, body: unknownRepository(name) };
  if (!repository.tags.has(tag))
    return { status: 404, body: { errors: [{ code: 'TAG_UNKNOWN', message: 'the specified tag does not exist' }] } };
  const body = { registry: registry.loginServer, imageName: name, tag: tagEntry(repository, tag) };
  return { status: 200, body };
}

function catalog({ registry, query }: Read): Answer {
  const page = pageOf([...registry.repositories.keys()].sort(), query, '/acr/v1/_catalog');
  if ('status' in page) return page;
  return { status: 200, body: { repositories: page.names }, headers: page.headers };
}

const repository = (action: string) => {
  return ([name = '']: readonly string[]): Scope => ({ type: 'repository', name, actions: [action] });
};

const operations: readonly Operation[] = [
  {
    methods: ['GET'],
    pattern: /^\/v2\/$/,
    parameters: [],
    scope: () => undefined,
    answer: () => ({ status: 200, body: {} }),
  },
  {
    methods: ['GET', 'HEAD'],
    pattern: /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    parameters: [],
    scope: repository('pull'),
    answer: manifest,
  },
  {
    methods: ['GET'],
    pattern: /^\/acr\/v1\/_catalog$/,
    parameters: ['n', 'last'],
    scope: () => ({ type: 'registry', name: 'catalog', actions: ['*'] }),
    answer: catalog,
  },
  {
    methods: ['GET'],
    pattern: /^\/acr\/v1\/(.+)\/_tags$/,
    parameters: ['n', 'last', 'orderby'],
    scope: repository('metadata_read'),
    answer: tags,
  },
  {
    methods: ['GET'],
    pattern: /^\/acr\/v1\/(.+)\/_tags\/([^/]+)$/,
    parameters: [],
    scope: repository('metadata_read'),
    answer: oneTag,
  },
];

function read(sim: Sim, registry: Registry, request: SimRequest, path: string): Answer {
  const what = `${request.method} ${path} of a registry`;
  for (const operation of operations) {
    const match = operation.methods.includes(request.method) ? operation.pattern.exec(path) : null;
    if (match === null) continue;
    const query = request.url.searchParams;
    const unknown = [...query.keys()].find((key) => !operation.parameters.includes(key));
    if (unknown !== undefined) return refuse(`the query parameter ${unknown} of ${what}`);
    const parts = match.slice(1);
    const scope = operation.scope(parts);
    if (!tokenCovers(sim, registry, request.authorization, scope)) return challenge(registry, scope);
    return operation.answer({ sim, registry, query, parts });
  }
  return refuse(what);
}

/** Answers one request to a registry's login server. Its network rules come first: they apply to pullmedic too. */
export function answerDataPlane(sim: Sim, registry: Registry, request: SimRequest, entra: Entra): Answer {
  const path = decodeURIComponent(request.url.pathname);
  if (isShutOut(registry)) return denied;
  if (request.method === 'POST' && path === '/oauth2/exchange') return exchange(sim, registry, request.body, entra);
  if (request.method === 'POST' && path === '/oauth2/token') return accessToken(sim, registry, request.body);
  const answer = read(sim, registry, request, path);
  return { ...answer, headers: { 'docker-distribution-api-version': 'registry/2.0', ...answer.headers } };
}
