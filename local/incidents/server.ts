// An incident system for tests and scenarios: the parts that all of them share, and a server on the loopback interface. Each system has a
// file of its own that answers as the real one does.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the system holds for one incident, as a person sees it there. */
export interface Seen {
  readonly state: 'open' | 'resolved';
  /** All that a person reads: the title, the text, the comments. */
  readonly text: string;
  /** Not an incident but a remediation: what was heard of it, in this order. */
  readonly said?: readonly string[];
}

/** How the system misbehaves with the next request that would change something. */
export type Trouble =
  /** It does what it is asked, and the connection breaks before it answers. */
  'answer-lost' | 'throttled' | 'key-refused' | 'message-refused' | 'down';

export interface LocalSystem {
  /** The address that it listens on, without a path. */
  readonly url: string;
  /** Everything that people see there, the oldest first. */
  seen(): readonly Seen[];
  /** The next request that would change something meets this trouble; the ones after it do not. */
  strike(trouble: Trouble): void;
  /** How many changing requests it accepted. */
  changes(): number;
  /** Every request that it got, to look for what must not be there. */
  requests(): readonly LocalRequest[];
  reset(): void;
  /** Lets its time pass: what it does later, or shows late, is done then. Milliseconds. */
  pass?(ms: number): void;
  stop(): Promise<void>;
}

export interface LocalRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LocalAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is text. */
  readonly body?: unknown;
}

/** What one kind of system does. */
export interface Behaviour {
  /** Answers a request. */
  answer(request: LocalRequest): LocalAnswer;
  /** True if the request would change something. By default every request that is no GET. */
  isChange?(request: LocalRequest): boolean;
  /** How it answers in trouble, where that differs from {@link usualTrouble}. */
  trouble?(trouble: Exclude<Trouble, 'answer-lost'>): LocalAnswer;
  seen(): readonly Seen[];
  reset(): void;
  pass?(ms: number): void;
}

export function usualTrouble(trouble: Exclude<Trouble, 'answer-lost'>): LocalAnswer {
  switch (trouble) {
    case 'throttled':
      return { status: 429, headers: { 'retry-after': '30' } };
    case 'key-refused':
      return { status: 401 };
    case 'message-refused':
      return { status: 400 };
    case 'down':
      return { status: 503 };
  }
}

/** Brings a system to a place where it can be reached. */
export type Start = (behaviour: Behaviour) => Promise<LocalSystem>;

/** Starts a system on a free port. */
export async function startSystem(behaviour: Behaviour): Promise<LocalSystem> {
  const { take, ...system } = systemOf(behaviour);
  const server = createServer((incoming, outgoing) => {
    void bodyOf(incoming).then((body) => {
      const answer = take(requestOf(incoming, body));
      return answer === 'lost' ? void incoming.socket.destroy() : send(outgoing, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...system,
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A system without a place: `take` is what its place does with a request. */
export interface PlacelessSystem extends Omit<LocalSystem, 'url' | 'stop'> {
  /** `lost`: the connection breaks before the answer. */
  readonly take: (request: LocalRequest) => LocalAnswer | 'lost';
}

/** The system of this behaviour, with its record of requests and its troubles. */
export function systemOf(behaviour: Behaviour): PlacelessSystem {
  let struck: Trouble | undefined;
  let changes = 0;
  const requests: LocalRequest[] = [];
  return {
    take(request) {
      requests.push(request);
      const changing = behaviour.isChange?.(request) ?? request.method !== 'GET';
      const trouble = changing ? struck : undefined;
      if (trouble !== undefined) struck = undefined;
      if (trouble !== undefined && trouble !== 'answer-lost')
        return behaviour.trouble?.(trouble) ?? usualTrouble(trouble);
      const answer = behaviour.answer(request);
      if (changing && answer.status < 300) changes += 1;
      return trouble === 'answer-lost' ? 'lost' : answer;
    },
    seen: () => behaviour.seen(),
    strike(trouble) {
      struck = trouble;
    },
    changes: () => changes,
    requests: () => requests,
    reset() {
      struck = undefined;
      changes = 0;
      requests.splice(0);
      behaviour.reset();
    },
    pass: (ms) => behaviour.pass?.(ms),
  };
}

/** The body of a request as JSON; `undefined` where it is none. */
export function jsonIn({ body }: LocalRequest): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): LocalRequest {
  const plain = Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')] as const);
  return { method, url, headers: Object.fromEntries(plain), body };
}

function send(outgoing: ServerResponse, answer: LocalAnswer): void {
  const { status, headers = {} } = answer;
  const text = textOf(answer);
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

/** The body of an answer, as it is sent. */
export function textOf({ body = '' }: LocalAnswer): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
