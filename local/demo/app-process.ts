// Runs the deployed bundle in a host process of its own, with the environment that sends it to the simulation.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { underWay } from '../clock.ts';
import type { Member, RunClock } from '../conductor.ts';
import { visitorHeaders } from '../host/sign-in.ts';

const clockFile = new URL('../../dist/local/clock.mjs', import.meta.url).href;
const hostFile = fileURLToPath(new URL('../../dist/local/host.mjs', import.meta.url));
/** Small heaps: several of these run side by side on one machine. */
const heap = ['--max-old-space-size=192', '--max-semi-space-size=4'];
const root = fileURLToPath(new URL('../..', import.meta.url));

export interface AppProcess {
  readonly base: string;
  readonly urls: { readonly alerts: string; readonly events: string };
  /** What opens its routes; for tests that look for them in what it writes. */
  readonly keys: Readonly<Record<'function' | 'master' | 'eventgrid', string>>;
  /** Posts to one of its routes as this person, or as the local operator; answers the status. */
  post(route: string, body: unknown, by?: string): Promise<number>;
  /** Gets one of its routes with the function key, whatever the status of the answer; answers the JSON. */
  get(route: string): Promise<unknown>;
  /** SIGKILL, as a host that dies. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the same keys. */
  start(): Promise<void>;
  /** Starts it again for reading only: every function that acts by itself is switched off. */
  startToRead(): Promise<void>;
  /**
   * The count of finished pieces of work that may have changed a history, and of restarts; `undefined` if this engine does not count
   * them.
   */
  worked(): number | undefined;
  readonly pid: number | undefined;
}

export interface AppOptions {
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: RunClock;
  /** The function key that the person at the terminal chose. Without it, the process makes a random key and never prints it. */
  readonly functionKey?: string | undefined;
  /** Lines of the app's log; for `--verbose` and for tests. */
  readonly onLog: (line: string) => void;
}

/** Functions that start by themselves; the pages stay. */
const withoutTriggers = Object.fromEntries(
  ['on-signal', 'on-step', 'on-poison', 'on-schedule', 'on-sweep'].map((name) => [
    `AzureWebJobs.${name}.Disabled`,
    'true',
  ]),
);

const ready = z.object({ ready: z.literal(true), port: z.number() });

/** What of the environment a process needs to run at all; everything else is said explicitly. */
function basics(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LANG'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function lines(stream: NodeJS.ReadableStream | null, each: (line: string) => void): void {
  let rest = '';
  stream?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) each(line);
  });
}

async function started(child: ChildProcess, onLog: (line: string) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let last = '';
    lines(child.stderr, (line) => {
      last = line;
      onLog(line);
    });
    lines(child.stdout, (line) => {
      if (line.startsWith('{"ready"') && ready.safeParse(JSON.parse(line)).success) resolve();
      else onLog(line);
    });
    child.once('exit', (code) =>
      reject(new Error(last || `The host ended with code ${code ?? 'none'} before it was ready.`)),
    );
  });
}

function routesOf(base: string, key: string): Pick<AppProcess, 'post' | 'get'> {
  const ask = (route: string, more: RequestInit, headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(`${base}/api/${route}`, { headers: { ...headers }, signal: AbortSignal.timeout(10_000), ...more });
  return {
    post: async (route, body, by) =>
      (await ask(route, { method: 'POST', body: JSON.stringify(body) }, visitorHeaders(by))).status,
    get: async (route) => (await ask(route, {}, { 'x-functions-key': key })).json(),
  };
}

/** Starts the app and waits until it serves. */
export async function startApp(options: AppOptions): Promise<AppProcess> {
  const key = (): string => randomBytes(24).toString('base64url');
  const keys = { function: options.functionKey ?? key(), master: key(), eventgrid: key() };
  const base = `http://127.0.0.1:${options.port}`;
  const env = {
    ...basics(),
    ...options.env,
    PULLMEDIC_PORT: String(options.port),
    PULLMEDIC_HOST_KEYS: JSON.stringify(keys),
    FUNCTIONS_WORKER_RUNTIME: 'node',
    WEBSITE_AUTH_ENABLED: 'True',
    NODE_NO_WARNINGS: '1',
    // One arena: with several, glibc keeps tens of megabytes a process.
    MALLOC_ARENA_MAX: '1',
  };
  const host = new HostProcess(options);
  const app: AppProcess = {
    base,
    keys,
    urls: {
      alerts: `${base}/api/alerts?code=${keys.function}`,
      events: `${base}/runtime/webhooks/eventgrid?functionName=on-event&code=${keys.eventgrid}`,
    },
    ...routesOf(base, keys.function),
    get pid() {
      return host.pid;
    },
    worked: () => host.worked(),
    start: () => host.start(env),
    startToRead: () => host.start({ ...env, ...withoutTriggers }),
    kill: () => host.kill(),
  };
  await app.start();
  return app;
}

/** The process that hosts the app: one at a time, as a member of the run's clock. */
class HostProcess {
  readonly #options: AppOptions;
  #child: ChildProcess | undefined;
  #member: Member | undefined;
  /** What its processes before this one have done, and one for each start. */
  #before = 0;

  constructor(options: AppOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  worked(): number | undefined {
    const ended = this.#member?.ended();
    return ended === undefined ? undefined : this.#before + ended;
  }

  async start(env: Readonly<Record<string, string>>): Promise<void> {
    this.#before = (this.worked() ?? 0) + 1;
    const member = this.#options.clock.enter();
    const child = spawn(process.execPath, [...heap, '--import', clockFile, hostFile], {
      cwd: root,
      env: { ...env, ...member.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.once('exit', () => member.leave());
    this.#child = child;
    this.#member = member;
    await underWay(() => started(child, this.#options.onLog), false);
  }

  async kill(): Promise<void> {
    const dying = this.#child;
    this.#child = undefined;
    if (dying === undefined || dying.exitCode !== null || dying.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      dying.once('exit', () => resolve());
      dying.kill('SIGKILL');
    });
  }
}
