// The pages and forms of the app over HTTP, on ports in memory: for tests in a browser that need no simulated Azure. The sign-in is the worst
// that a platform could have: a browser that chose nobody to play is signed in as an operator, also where a page of another site sends for it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { serveSignIn } from '../../local/host/sign-in-page.ts';
import type { Desk } from '../functions/forms.ts';
import { people } from '../functions/forms.ts';

export interface DeskServer {
  readonly url: string;
  /** Shows another desk from now on. */
  show(desk: Desk): void;
  stop(): Promise<void>;
}

export async function serveDesk(): Promise<DeskServer> {
  let desk: Desk | undefined;
  const server = createServer((request, response) => {
    void answer(desk, request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    show: (next) => void (desk = next),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(desk: Desk | undefined, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  if (serveSignIn(request, response, url)) return;
  const found = desk?.names
    .map((name) => ({ name, params: paramsOf(desk.options(name), request.method ?? '', url.pathname) }))
    .find(({ params }) => params !== undefined);
  if (desk === undefined || found?.params === undefined) return void response.writeHead(404).end('Not found');
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const handler = desk.options(found.name)['handler'] as (
    input: unknown,
    context: InvocationContext,
  ) => Promise<Answer>;
  const {
    status = 200,
    headers = {},
    body,
    jsonBody,
  } = await handler(
    new HttpRequest({
      method: request.method ?? 'GET',
      url: url.href,
      headers: headersOf(request),
      query: Object.fromEntries(url.searchParams),
      params: found.params,
      ...(request.method === 'POST' ? { body: { string: Buffer.concat(chunks).toString() } } : {}),
    }),
    new InvocationContext(),
  );
  response.writeHead(status, headers);
  response.end(jsonBody === undefined ? body : JSON.stringify(jsonBody));
}

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly jsonBody?: unknown;
}

/** The parts of the path that the function's route names; `undefined` where the route is another one. */
function paramsOf(
  options: Readonly<Record<string, unknown>>,
  method: string,
  path: string,
): Record<string, string> | undefined {
  if (!(options['methods'] as readonly string[]).includes(method)) return undefined;
  const pattern = String(options['route']).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const match = new RegExp(`^/api/${pattern}$`).exec(path);
  return match === null ? undefined : { ...match.groups };
}

const parts = { operator: people.ada, reader: people.rita, guest: people.gus, nobody: people.nobody } as const;

/** The headers that the app gets: those of the browser, and the principal of whom it plays. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const part = /local-sign-in=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? 'operator';
  const played = part in parts ? parts[part as keyof typeof parts] : parts.nobody;
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const principal = played['x-ms-client-principal'];
  return { ...Object.fromEntries(sent), ...(principal === undefined ? {} : { 'x-ms-client-principal': principal }) };
}
