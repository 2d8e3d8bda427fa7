// The network seam: a CONNECT proxy that ends TLS itself for the hosts that the simulation plays, and lets nothing else out.
// Not here: what the hosts answer, and the simulated networks of a world (`network/`).
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { contentTypeOf, type SimAnswer } from '../wire/answers.ts';
import { closed, listening } from '../wire/listening.ts';
import type { SimRequest } from '../wire/request.ts';
import type { Authority } from './certificates.ts';

/** What becomes of a request instead of its answer; `after` it took effect, or before. */
export type Spoilt =
  | { readonly do: 'answer'; readonly answer: SimAnswer }
  | { readonly do: 'reset' | 'silence'; readonly when: 'before' | 'after' };

/** A proxy that runs. */
export interface Network {
  readonly proxyUrl: string;
  stop(): Promise<void>;
}

/** What the proxy asks of the simulation. */
export interface NetworkOptions {
  readonly authority: Authority;
  /** Whether the simulation plays this host. */
  plays(host: string): boolean;
  answer(request: SimRequest): SimAnswer;
  /** Sees every request first and may spoil it; for tests of what survives that. */
  readonly spoils?: ((request: SimRequest) => Spoilt | undefined) | undefined;
  /** A host outside of the simulation was asked for; it was refused. */
  refused(host: string): void;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function write(response: ServerResponse, answer: SimAnswer): void {
  const { status, headers, body } = answer;
  response.writeHead(status, { ...contentTypeOf(answer), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function serve(options: NetworkOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const host = (request.headers.host ?? '').replace(/:443$/, '').toLowerCase();
  const asked: SimRequest = {
    method: request.method ?? 'GET',
    host,
    url: new URL(request.url ?? '/', `https://${host}`),
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    body: await bodyOf(request),
  };
  const spoilt = options.spoils?.(asked);
  if (spoilt?.do === 'answer') return write(response, spoilt.answer);
  const answer = spoilt?.when === 'before' ? undefined : options.answer(asked);
  if (spoilt?.do === 'reset') request.socket.destroy();
  if (spoilt === undefined && answer !== undefined) write(response, answer);
  return undefined;
}

/** Starts the proxy. One for each simulation, so that two worlds cannot see each other. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const sockets = new Set<Socket>();
  const tls = createTlsServer(
    {
      SNICallback: (host, done) => {
        options.authority.contextFor(host).then(
          (context) => done(null, context),
          (error: unknown) => done(error instanceof Error ? error : new Error('no certificate')),
        );
      },
    },
    (request, response) => {
      serve(options, request, response).catch(() => response.writeHead(500).end());
    },
  );
  const proxy = createServer((_request, response) => response.writeHead(403).end('Only CONNECT.'));
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    const [host = '', port] = (request.url ?? '').split(':');
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (port !== '443' || !options.plays(host.toLowerCase())) {
      options.refused(host);
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    tls.emit('connection', socket);
  });
  const port = await listening(proxy);
  return {
    proxyUrl: `http://127.0.0.1:${port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await closed(proxy);
    },
  };
}
