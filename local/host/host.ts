// The embedded Functions host: loads the deployed bundle and drives its triggers as the real host and worker do.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LoadedApp, loadApp } from './core.ts';
import { eventGridPath, serveEventGrid } from './eventgrid.ts';
import { type Keys, routesOf, send, serveRoute } from './http.ts';
import type { HostLog } from './invoke.ts';
import { listen } from './queues.ts';
import type { HostSettings } from './settings.ts';
import { startTimer } from './timers.ts';

export interface HostOptions {
  readonly file: string;
  readonly settings: HostSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly keys: Keys;
  /** 0: any free port. */
  readonly port: number;
  readonly log: HostLog;
}

export interface Host {
  readonly port: number;
  readonly functions: readonly string[];
  stop(): Promise<void>;
}

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function server(app: LoadedApp, options: HostOptions): Serve {
  const { keys, log, settings } = options;
  const routed = { app, routes: routesOf(app.functions), prefix: settings.extensions.http.routePrefix, keys, log };
  return async (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
    if (url.pathname === '/') return send(response, 200, 'The Functions host is running.');
    if (url.pathname.toLowerCase() === eventGridPath) return serveEventGrid({ app, keys, log }, request, response, url);
    if (!(await serveRoute(routed, request, response, url))) send(response, 404);
    return undefined;
  };
}

async function bind(serve: Serve, port: number, log: HostLog): Promise<Server> {
  const http = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      log('error', error instanceof Error ? error.message : String(error));
      if (!response.headersSent) send(response, 500);
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', () => resolve());
  });
  return http;
}

/** Starts everything. Rejects when the app cannot be loaded, a setting is missing or the port is taken. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { log, env, settings } = options;
  const app = await loadApp(options.file, (level, _category, message) => log(level, message));
  const http = await bind(server(app, options), options.port, log);
  const stops: (() => Promise<void>)[] = [];
  for (const fn of app.functions) {
    if (fn.trigger.type === 'queueTrigger') stops.push(await listen(app, fn, env, settings.extensions.queues, log));
    if (fn.trigger.type === 'timerTrigger') stops.push(startTimer(app, fn, env, log));
  }
  return {
    port: (http.address() as AddressInfo).port,
    functions: app.functions.map((fn) => fn.name),
    async stop() {
      http.close();
      http.closeAllConnections();
      await Promise.all(stops.map((stop) => stop()));
      await app.runHooks('appTerminate', { hookData: {}, appHookData: {} });
    },
  };
}
