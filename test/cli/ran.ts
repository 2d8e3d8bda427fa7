// Runs the command line inside of the test, keeps what it prints, and stands in for the deployed app: a server that answers with given values.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { WriteStream } from 'node:tty';
import { onTestFinished, vi } from 'vitest';
import { commandLine } from '../../src/cli/command-line.ts';

export interface Printed {
  readonly out: () => string;
  readonly error: () => string;
}

/** Keeps what is printed from now on until the test ends. `columns`: as a terminal of this width, which reads these variables alone for its colours. */
export function keepPrinted(columns?: number, env: NodeJS.ProcessEnv = {}): Printed {
  const kept = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = process[name];
    const before = Object.getOwnPropertyDescriptors(stream);
    const getColorDepth = (): number => WriteStream.prototype.getColorDepth.call(stream, env);
    Object.assign(stream, { isTTY: columns !== undefined, columns, getColorDepth });
    const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      kept[name] += String(chunk);
      return true;
    });
    onTestFinished(() => {
      spy.mockRestore();
      for (const member of ['isTTY', 'columns', 'getColorDepth'] as const) {
        const own = before[member];
        if (own === undefined) Reflect.deleteProperty(stream, member);
        else Object.defineProperty(stream, member, own);
      }
    });
  }
  return { out: () => kept.stdout, error: () => kept.stderr };
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

interface Around {
  readonly columns?: number;
  /** Variables of the environment. Those of the machine that runs the test say nothing of an app. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `pullmedic` with these arguments. */
export async function ran(args: readonly string[], { columns, env = {} }: Around = {}): Promise<Ran> {
  const own = [
    'PULLMEDIC_URL',
    'PULLMEDIC_TOKEN',
    'PULLMEDIC_KEY',
    'XDG_CONFIG_HOME',
    'HOME',
    'APPDATA',
    'NO_COLOR',
    'FORCE_COLOR',
  ];
  for (const name of own) vi.stubEnv(name, env[name]);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const printed = keepPrinted(columns, env);
  try {
    const code = await commandLine(args);
    return { code, out: printed.out(), error: printed.error() };
  } finally {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  }
}

/** What a stand-in app answers to a path below /api/, or to a method and a path: `POST signals`. */
type Answers = Readonly<Record<string, unknown>>;

/** An answer with a status of its own. */
export class Answer {
  readonly status: number;
  readonly body: unknown;
  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}

export interface StandIn {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** The methods and paths that were asked for, in order. */
  readonly paths: () => readonly string[];
  /** Runs a command against it. */
  readonly ran: (args: readonly string[], around?: Around) => Promise<Ran>;
}

/** Starts a stand-in app on this machine; it ends with the test. A path without an answer is 404. */
export async function appAnswering(answers: Answers): Promise<StandIn> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const path = url.replace(/^\/api\//, '');
      asked.push({ method, path, body: body === '' ? undefined : JSON.parse(body), headers });
      const found = answers[`${method} ${path}`] ?? answers[path] ?? new Answer(404, { error: 'There is none.' });
      const answer = found instanceof Answer ? found : new Answer(200, found);
      response.writeHead(answer.status, { connection: 'close' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    paths: () => asked.map(({ method, path }) => `${method} ${path}`),
    ran: (args, around) => ran([...args, '--url', url], around),
  };
}
