// The embedded Functions host: loads the deployed bundle and drives its triggers as the real host and worker do.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventGridPath, serveEventGrid } from './eventgrid.ts';
import { send, serveRoute } from './http.ts';
import { type HostLog, type Runner, textOf } from './invoke.ts';
import { type Keys, showsKey } from './keys.ts';
import { loadApp } from './load.ts';
import { listen } from './queues.ts';
import { routesOf } from './routes.ts';
import { type Environment, type HostSettings, isDisabled } from './settings.ts';
import { serveSignIn } from './sign-in-page.ts';
import { startTimer } from './timers.ts';

export interface HostOptions {
  /** The files to load, as `main` of package.json names them. */
  readonly files: readonly string[];
  readonly settings: HostSettings;
  readonly env: Environment;
  readonly keys: Keys;
  /** The port to listen on; 0 means any free port. */
  readonly port: number;
  readonly log: HostLog;
}

export interface Host {
  readonly port: number;
  readonly functions: readonly string[];
  /** Accepts no new work, waits for running functions, and runs the app's terminate hooks. */
  stop(): Promise<void>;
}

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
type Stop = () => Promise<void>;

/** How long a stopping host waits for running functions before it gives up. Real time, because it guards against hanging functions. */
const drainMs = 30_000;
const statusPath = '/admin/host/status';

/** The address of a request; `undefined` if it cannot be parsed. */
function urlOf(request: IncomingMessage): URL | undefined {
  const host = request.headers.host ?? 'localhost';
  return URL.canParse(`http://${host}${request.url}`) ? new URL(`http://${host}${request.url}`) : undefined;
}

function sendStatus(response: ServerResponse): void {
  const status = { id: 'local', state: 'Running', version: '4.1037.0', processUptime: Math.round(performance.now()) };
  send(response, 200, JSON.stringify(status), { 'content-type': 'application/json; charset=utf-8' });
}

function server(runner: Runner, options: HostOptions): Serve {
  const { keys, settings } = options;
  const routes = routesOf(runner.app.functions);
  const routed = { ...runner, routes, prefix: settings.extensions.http.routePrefix, keys };
  return async (request, response) => {
    const url = urlOf(request);
    if (url === undefined) return send(response, 400);
    if (serveSignIn(request, response, url)) return undefined;
    if (url.pathname === '/') return send(response, 200, 'The Functions host is running.');
    if (url.pathname.toLowerCase() === statusPath)
      return showsKey(request, url, [keys.master]) ? sendStatus(response) : send(response, 401);
    if (url.pathname.toLowerCase() === eventGridPath)
      return serveEventGrid({ ...runner, keys }, request, response, url);
    if (!(await serveRoute(routed, request, response, url))) send(response, 404);
    return undefined;
  };
}

async function bind(serve: Serve, port: number, log: HostLog): Promise<Server> {
  const http = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      log('error', textOf(error));
      if (response.headersSent) response.destroy();
      else send(response, 500);
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', () => resolve());
  });
  return http;
}

function portOf(http: Server): number {
  const address: AddressInfo | string | null = http.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Closes the server and lets running requests end. */
async function close(http: Server): Promise<void> {
  // When a running request ends, its connection becomes idle and would be kept alive.
  const idle = setInterval(() => http.closeIdleConnections(), 20);
  await new Promise<void>((resolve) => {
    http.close(() => resolve());
  });
  clearInterval(idle);
}

/** Starts timers and queue listeners. If one of them cannot start, the others are stopped. */
async function startTriggers(runner: Runner, options: HostOptions): Promise<Stop[]> {
  const { env, settings } = options;
  const stops: Stop[] = [];
  try {
    for (const fn of runner.app.functions) {
      if (fn.trigger.type === 'queueTrigger') stops.push(await listen(runner, fn, env, settings.extensions.queues));
      if (fn.trigger.type === 'timerTrigger') stops.push(startTimer(runner, fn, env));
    }
    return stops;
  } catch (error) {
    await Promise.all(stops.map((stop) => stop()));
    throw error;
  }
}

async function drained(stops: readonly Stop[], log: HostLog): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), drainMs);
  });
  const all = Promise.all(stops.map((stop) => stop())).then(() => 'drained' as const);
  if ((await Promise.race([all, patience])) === 'late')
    log('warning', 'A function is still running; the host does not wait any longer.');
  clearTimeout(timer);
}

/** Starts the host. Rejects if the app cannot be loaded, a setting is missing or the port is taken. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { log, settings } = options;
  const loaded = await loadApp(options.files, (level, _category, message) => log(level, message));
  const app = { ...loaded, functions: loaded.functions.filter((fn) => !isDisabled(fn.name, options.env)) };
  const runner: Runner = { app, log, timeoutMs: settings.functionTimeout };
  const serve = server(runner, options);
  await app.runAppHooks('appStart');
  const http = await bind(serve, options.port, log);
  let stops: Stop[];
  try {
    stops = await startTriggers(runner, options);
  } catch (error) {
    await close(http);
    throw error;
  }
  return {
    port: portOf(http),
    functions: app.functions.map((fn) => fn.name),
    async stop() {
      await drained([() => close(http), ...stops], log);
      http.closeAllConnections();
      await app.runAppHooks('appTerminate');
    },
  };
}
