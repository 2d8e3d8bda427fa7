// HTTP triggers: routes, methods, keys, and the platform's sign-in for callers on loopback.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoadedApp, RegisteredFunction, RpcData, RpcHttp } from './core.ts';
import { type HostLog, invoke } from './invoke.ts';

export interface Keys {
  readonly function: string;
  readonly master: string;
  readonly eventgrid: string;
}

interface Route {
  readonly fn: RegisteredFunction;
  readonly methods: readonly string[];
  readonly level: string;
  readonly segments: readonly string[];
}

/** The real host takes 100 MB; nothing here needs more than a few. */
const mostBytes = 10 * 1024 * 1024;

function routeOf(fn: RegisteredFunction): Route {
  const { trigger } = fn;
  const route = typeof trigger['route'] === 'string' ? trigger['route'] : fn.name;
  const methods = Array.isArray(trigger['methods'])
    ? trigger['methods'].map((method) => String(method).toUpperCase())
    : ['GET', 'POST'];
  const level = typeof trigger['authLevel'] === 'string' ? trigger['authLevel'].toLowerCase() : 'function';
  return { fn, methods, level, segments: route.split('/').filter(Boolean) };
}

/** Literal segments first, as the real router prefers them. */
export function routesOf(functions: readonly RegisteredFunction[]): Route[] {
  const routes = functions.filter((fn) => fn.trigger.type === 'httpTrigger').map(routeOf);
  const placeholders = (route: Route): number => route.segments.filter((segment) => segment.startsWith('{')).length;
  return routes.sort((a, b) => placeholders(a) - placeholders(b));
}

function matchSegment(pattern: string, segment: string | undefined): Record<string, string> | undefined {
  const name = /^\{(\w+)(\?)?\}$/.exec(pattern);
  if (name?.[1] !== undefined) {
    if (segment === undefined) return name[2] === '?' ? {} : undefined;
    return { [name[1]]: decodeURIComponent(segment) };
  }
  return segment !== undefined && pattern.toLowerCase() === segment.toLowerCase() ? {} : undefined;
}

/** Parameters of a path on a route; `undefined` when it does not match. An absent optional parameter is absent, not "". */
export function matchRoute(patterns: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, pattern] of patterns.entries()) {
    const rest = /^\{\*(\w+)\}$/.exec(pattern);
    if (rest?.[1] !== undefined) return { ...params, [rest[1]]: path.slice(index).map(decodeURIComponent).join('/') };
    const matched = matchSegment(pattern, path[index]);
    if (matched === undefined) return undefined;
    Object.assign(params, matched);
  }
  return path.length > patterns.length ? undefined : params;
}

function sameKey(given: string | null | undefined, key: string): boolean {
  if (!given) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether the caller may use a route of this level. Locally the real tools do not ask; here they do, as Azure does. */
function mayCall(level: string, request: IncomingMessage, url: URL, keys: Keys): boolean {
  if (level === 'anonymous') return true;
  const header = request.headers['x-functions-key'];
  const given = url.searchParams.get('code') ?? (typeof header === 'string' ? header : undefined);
  return sameKey(given, keys.master) || (level === 'function' && sameKey(given, keys.function));
}

/** Reads a body with a limit; `undefined` when it is larger. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const principalHeaders = [
  'x-ms-client-principal',
  'x-ms-client-principal-id',
  'x-ms-client-principal-name',
  'x-ms-client-principal-idp',
];

/** The platform's sign-in: what a caller claims to be is stripped, and everybody on loopback is the local operator. */
function signedIn(headers: Record<string, string>): Record<string, string> {
  for (const name of principalHeaders) delete headers[name];
  const claims = [
    { typ: 'name', val: 'local operator' },
    { typ: 'roles', val: 'Operator' },
  ];
  const principal = { auth_typ: 'aad', name_typ: 'name', role_typ: 'roles', claims };
  return {
    ...headers,
    'x-ms-client-principal': Buffer.from(JSON.stringify(principal)).toString('base64'),
    'x-ms-client-principal-name': 'local operator',
    'x-ms-client-principal-id': '00000000-0000-0000-0000-000000000001',
    'x-ms-client-principal-idp': 'aad',
  };
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const pairs = Object.entries(request.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const,
  );
  return signedIn(Object.fromEntries(pairs));
}

/** Repeated query keys arrive joined by a comma, as the real host sends them. */
function queryOf(url: URL): Record<string, string> {
  const query: Record<string, string> = {};
  for (const key of new Set(url.searchParams.keys())) query[key] = url.searchParams.getAll(key).join(',');
  return query;
}

/** Without streaming the host sends a body only when a length was announced. */
function bodyOf(request: IncomingMessage, body: Buffer): RpcData | undefined {
  const announced = Number(request.headers['content-length'] ?? 0) > 0;
  return announced && body.length > 0 ? { bytes: body } : undefined;
}

function rpcRequest(request: IncomingMessage, url: URL, params: Record<string, string>, body: Buffer): RpcHttp {
  const sent = bodyOf(request, body);
  return {
    url: url.href,
    method: request.method ?? 'GET',
    headers: headersOf(request),
    query: queryOf(url),
    params,
    ...(sent === undefined ? {} : { body: sent }),
  };
}

export function send(response: ServerResponse, status: number, body = '', headers: Record<string, string> = {}): void {
  response.writeHead(status, headers);
  response.end(body);
}

function bytesOf(body: RpcData | undefined): Buffer {
  if (body?.bytes !== undefined) return Buffer.from(body.bytes);
  return Buffer.from(body?.string ?? body?.json ?? '');
}

/** No return value becomes 204; 204 and 304 have no body. */
function answer(response: ServerResponse, returned: RpcData | undefined): void {
  const http = returned?.http;
  if (http === undefined) return send(response, 204);
  const status = Number(http.statusCode ?? 200);
  response.writeHead(status, http.headers ?? {});
  response.end(status === 204 || status === 304 ? undefined : bytesOf(http.body));
}

/** Answers a request for a route of the app; `false` when no route matches (the host says 404, never 405). */
export async function serveRoute(
  host: {
    readonly app: LoadedApp;
    readonly routes: readonly Route[];
    readonly prefix: string;
    readonly keys: Keys;
    readonly log: HostLog;
  },
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  const path = url.pathname.split('/').filter(Boolean);
  const prefix = host.prefix.split('/').filter(Boolean);
  if (!prefix.every((segment, index) => path[index]?.toLowerCase() === segment.toLowerCase())) return false;
  for (const route of host.routes) {
    const params = route.methods.includes(request.method ?? '')
      ? matchRoute(route.segments, path.slice(prefix.length))
      : undefined;
    if (params === undefined) continue;
    if (!mayCall(route.level, request, url, host.keys)) send(response, 401);
    else await run(host, route, request, response, url, params);
    return true;
  }
  return false;
}

async function run(
  host: { readonly app: LoadedApp; readonly log: HostLog },
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  params: Record<string, string>,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return send(response, 413);
  try {
    answer(
      response,
      await invoke(host.app, route.fn, { data: { http: rpcRequest(request, url, params, body) } }, host.log),
    );
  } catch (error) {
    host.log('error', error instanceof Error ? (error.stack ?? error.message) : String(error), {
      function: route.fn.name,
    });
    if (!response.headersSent) send(response, 500);
    else response.end();
  }
}
