// HTTP triggers: turns a request into the form that the worker gets, and the worker's answer into a response.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setCookie } from './cookies.ts';
import type { RpcData, RpcHttp } from './core.ts';
import { invoke, type Runner } from './invoke.ts';
import { type Keys, mayCall } from './keys.ts';
import { findRoute, type Route } from './routes.ts';
import { signedInHeaders } from './sign-in.ts';

/** The largest body. The real host accepts 100 MB; a few MB are enough here, and a mistake shows sooner. */
const mostBytes = 10 * 1024 * 1024;

/** Reads a body; `undefined` if it is larger than the limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  // The request must survive an early end of the loop, because the caller still gets an answer that says why.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer = '',
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, headers);
  response.end(body);
}

/** Answers that a body is too large, and discards the rest of the body, so that the caller reads the answer. */
export function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  send(response, 413, '', { connection: 'close' });
}

/** The query of a request. A comma joins the values of a repeated key, as in the real host. */
function queryOf(url: URL): Record<string, string> {
  const keys = new Set(url.searchParams.keys());
  return Object.fromEntries([...keys].map((key) => [key, url.searchParams.getAll(key).join(',')]));
}

type Asked = Pick<IncomingMessage, 'method' | 'headers'>;

/** The body that the worker gets. Without streaming the host passes a body on only if the request announces its length. */
function bodyOf(request: Asked, body: Buffer): { body?: RpcData } {
  const announced = Number(request.headers['content-length'] ?? 0) > 0;
  return announced && body.length > 0 ? { body: { bytes: body } } : {};
}

/** The request as the worker gets it. */
export function rpcRequest(request: Asked, url: URL, params: Record<string, string>, body: Buffer): RpcHttp {
  return {
    url: url.href,
    method: request.method ?? 'GET',
    headers: signedInHeaders(request),
    query: queryOf(url),
    params,
    ...bodyOf(request, body),
  };
}

/** The connection is the host's own; the app cannot frame its answers. */
const ofTheConnection = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

function headersOf(http: RpcHttp): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(http.headers ?? {}))
    if (!ofTheConnection.has(name.toLowerCase())) headers[name] = value;
  const cookies = (http.cookies ?? []).map(setCookie);
  // If the headers hold several `Set-Cookie`, only the last one arrives here, as in Azure. All of `cookies` arrive.
  const single = http.headers?.['set-cookie'];
  if (cookies.length > 0) headers['set-cookie'] = single === undefined ? cookies : [single, ...cookies];
  return headers;
}

/** Sends the answer of a function. A function without a return value gives 204. */
function answer(response: ServerResponse, returned: RpcData | undefined): void {
  const http = returned?.http;
  if (http === undefined) return send(response, 204);
  const body = http.body?.bytes ?? http.body?.string ?? http.body?.json ?? '';
  return send(response, Number(http.statusCode ?? 200), Buffer.from(body), headersOf(http));
}

interface HttpHost extends Runner {
  readonly routes: readonly Route[];
  readonly prefix: string;
  readonly keys: Keys;
}

async function run(
  runner: Runner,
  route: Route,
  exchange: { request: IncomingMessage; response: ServerResponse },
  where: { url: URL; params: Record<string, string> },
): Promise<void> {
  const { request, response } = exchange;
  const body = await readBody(request);
  if (body === undefined) return refuseBody(request, response);
  try {
    const http = rpcRequest(request, where.url, where.params, body);
    return answer(response, await invoke(runner, route.fn, { data: { http } }));
  } catch {
    return send(response, 500);
  }
}

/** Splits a path into its parts. */
export function segments(path: string): string[] {
  return path.split('/').filter(Boolean);
}

/** Answers a request for a route of the app. False if no route matches (the host answers 404, never 405). */
export async function serveRoute(
  host: HttpHost,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  const path = segments(url.pathname);
  const prefix = segments(host.prefix);
  if (!prefix.every((segment, at) => path[at]?.toLowerCase() === segment.toLowerCase())) return false;
  const found = findRoute(host.routes, request.method ?? '', path.slice(prefix.length));
  if (found === undefined) return false;
  if (!mayCall(found.route.level, request, url, host.keys)) send(response, 401);
  else await run(host, found.route, { request, response }, { url, params: found.params });
  return true;
}
