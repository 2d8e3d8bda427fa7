// Stands between a host and Azurite and spoils what it is told to: answers of the service, connections that break, silence.
import {
  Agent,
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service of the storage account. */
export type Service = 'table' | 'queue' | 'blob';

export interface Seen {
  readonly service: Service;
  readonly method: string;
  readonly path: string;
}

/** What happens to a request instead of what should. `after` it took effect, or before. */
export type Strike =
  | { readonly do: 'answer'; readonly status: number; readonly retryAfter?: number }
  /** Nobody answers; the client gives up. */
  | { readonly do: 'silence'; readonly when: 'before' | 'after' }
  | { readonly do: 'reset'; readonly when: 'before' | 'after' };

/** A fault of one request of a host to its storage, or to one service of it, and of so many tries of that request. */
export interface StorageFault {
  readonly of?: Service;
  readonly request: number;
  readonly strike: Strike;
  readonly tries: number;
}

export interface StorageProxy {
  /** The connection string that leads through the proxy. */
  through(connection: string): string;
  stop(): Promise<void>;
}

function codeOf(status: number): string {
  return status === 500 ? 'InternalError' : status === 503 ? 'ServerBusy' : 'TooManyRequests';
}

/** Tables answer in JSON, queues and blobs in XML. */
function spoil(service: Service, response: ServerResponse, { status, retryAfter }: Strike & { do: 'answer' }): void {
  const code = codeOf(status);
  const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  const [type, body] =
    service === 'table'
      ? ['application/json', JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: 'busy' } } })]
      : [
          'application/xml',
          `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>busy</Message></Error>`,
        ];
  response.writeHead(status, { 'content-type': type, 'x-ms-error-code': code, ...wait }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function pass(port: number, agent: Agent, request: IncomingMessage, body: Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = request;
    const sent = forward({ host: '127.0.0.1', port, agent, method, path: url, headers }, (answer) => {
      bodyOf(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: text }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function handle(
  service: Service,
  portOf: () => number,
  agent: Agent,
  strikes: (seen: Seen) => Strike | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const strike = strikes({ service, method: request.method ?? 'GET', path: request.url ?? '/' });
  if (strike?.do === 'answer') return spoil(service, response, strike);
  if (strike?.when === 'before') return strike.do === 'reset' ? void request.socket.destroy() : undefined;
  const answer = await pass(portOf(), agent, request, body);
  if (strike !== undefined) return strike.do === 'reset' ? void request.socket.destroy() : undefined;
  response.writeHead(answer.status, answer.headers).end(answer.body);
  return undefined;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return (server.address() as AddressInfo).port;
}

/** Starts a proxy for tables, queues and blobs. `strikes` sees every request and says what becomes of it. */
export async function startStorageProxy(strikes: (seen: Seen) => Strike | undefined): Promise<StorageProxy> {
  const agent = new Agent({ keepAlive: true });
  const behind = { table: 0, queue: 0, blob: 0 };
  const serverOf = (service: Service): Server =>
    createServer((request, response) => {
      handle(service, () => behind[service], agent, strikes, request, response).catch(() => request.socket.destroy());
    });
  const servers = { table: serverOf('table'), queue: serverOf('queue'), blob: serverOf('blob') };
  const ports = {
    table: await listen(servers.table),
    queue: await listen(servers.queue),
    blob: await listen(servers.blob),
  };
  return {
    through(connection) {
      const change = (text: string, service: Service, name: string): string =>
        text.replace(
          new RegExp(`(${name}Endpoint=http://127\\.0\\.0\\.1:)(\\d+)`),
          (_, start: string, port: string) => {
            behind[service] = Number(port);
            return `${start}${ports[service]}`;
          },
        );
      return change(change(change(connection, 'table', 'Table'), 'queue', 'Queue'), 'blob', 'Blob');
    },
    async stop() {
      agent.destroy();
      await Promise.all(
        Object.values(servers).map(
          (server: Server) =>
            new Promise<void>((resolve) => {
              server.closeAllConnections();
              server.close(() => resolve());
            }),
        ),
      );
    },
  };
}
