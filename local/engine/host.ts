// The Functions host of the engine: the same routes, keys, hand-over of events and messages and timers as the embedded host, without
// sockets. The embedded host learns of work by polling; the engine tells this host of it.
import type { IncomingHttpHeaders } from 'node:http';
import { deliver, type Event, eventGridPath } from '../host/eventgrid.ts';
import { rpcRequest, segments } from '../host/http.ts';
import { type HostLog, invoke, type Runner } from '../host/invoke.ts';
import { type Keys, mayCall, showsKey } from '../host/keys.ts';
import type { LoadedApp, RegisteredFunction } from '../host/load.ts';
import { type Listener, receive, settled } from '../host/queues.ts';
import { findRoute, routesOf } from '../host/routes.ts';
import { type HostSettings, resolveSettings } from '../host/settings.ts';
import { startTimer } from '../host/timers.ts';
import type { MemoryQueue, MemoryQueues } from './memory-queues.ts';

export interface HostOptions {
  readonly app: LoadedApp;
  readonly settings: HostSettings;
  readonly env: Readonly<Record<string, string>>;
  readonly keys: Keys;
  readonly queues: Pick<MemoryQueues, 'queue'>;
  readonly log: HostLog;
  /** Hears of each function that runs, by its name. */
  readonly invoked?: Runner['invoked'];
}

export interface EngineHost {
  /** Answers a request as the host's port would. */
  fetch(url: URL, init: RequestInit): Promise<Response>;
  /** Hears of no message any more, as a process that died. */
  disconnect(): void;
}

/**
 * Hands messages over when they are due. A message waits for half of the longest pause between two polls, which is the mean. What a poll left
 * behind because its batch was full is fetched as soon as there is room for it.
 */
function listen(runner: Runner, fn: RegisteredFunction, options: HostOptions): () => void {
  const settings = options.settings.extensions.queues;
  const name = resolveSettings(String(fn.trigger['queueName']), options.env, fn.name).toLowerCase();
  const queue: MemoryQueue = options.queues.queue(name);
  const poison = options.queues.queue(`${name}-poison`).client;
  const listener: Listener = { ...runner, fn, queue: queue.client, poison, settings };
  const threshold = settings.newBatchThreshold ?? Math.floor(settings.batchSize / 2);
  const pollMs = settings.maxPollingInterval / 2;
  let running = 0;
  let fullAtMs = Number.NEGATIVE_INFINITY;
  let poll: { readonly atMs: number; readonly timer: NodeJS.Timeout } | undefined;

  async function work(message: Awaited<ReturnType<typeof receive>>[number]): Promise<void> {
    running += 1;
    await settled(listener, message);
    running -= 1;
    arm();
  }
  async function look(): Promise<void> {
    poll = undefined;
    const messages = await receive(listener);
    if (messages.length >= settings.batchSize) fullAtMs = Date.now();
    for (const message of messages) void work(message);
    arm();
  }
  function arm(): void {
    const visibleMs = queue.nextVisibleMs();
    if (visibleMs === undefined || running > threshold) return;
    const atMs = visibleMs <= fullAtMs ? Date.now() : Math.max(visibleMs, Date.now()) + pollMs;
    if (poll !== undefined && poll.atMs <= atMs) return;
    clearTimeout(poll?.timer);
    poll = { atMs, timer: setTimeout(() => void look(), atMs - Date.now()) };
  }
  queue.onChange = arm;
  arm();
  return () => {
    queue.onChange = hearsNothing;
  };
}

/** Of this module alone: a function that is made where a listener runs would keep all that the listener knows. */
function hearsNothing(): void {
  return undefined;
}

function headersOf(url: URL, init: RequestInit, length: number): IncomingHttpHeaders {
  const given = Object.fromEntries(new Headers(init.headers));
  return { host: url.host, 'content-length': String(length), ...given };
}

async function receiveEvents(runner: Runner, url: URL, body: Buffer): Promise<Response> {
  const name = url.searchParams.get('functionName');
  const fn = runner.app.functions.find((one) => one.trigger.type === 'eventGridTrigger' && one.name === name);
  if (fn === undefined) return new Response(null, { status: 404 });
  const sent = JSON.parse(body.toString('utf8')) as Event | Event[];
  const events = Array.isArray(sent) ? sent : [sent];
  return new Response(null, { status: (await deliver(runner, fn, events)) ? 202 : 500 });
}

function responseOf(returned: Awaited<ReturnType<typeof invoke>>): Response {
  const http = returned?.http;
  if (http === undefined) return new Response(null, { status: 204 });
  const body = http.body?.bytes ?? http.body?.string ?? http.body?.json ?? '';
  return new Response(Buffer.from(body), { status: Number(http.statusCode ?? 200), headers: { ...http.headers } });
}

/** Starts every trigger of the app. */
export function startHost(options: HostOptions): EngineHost {
  const { app, settings, env, keys, log, invoked } = options;
  const runner: Runner = { app, log, invoked };
  const routes = routesOf(app.functions);
  const prefix = segments(settings.extensions.http.routePrefix).length;
  const disconnects: (() => void)[] = [];
  for (const fn of app.functions) {
    if (fn.trigger.type === 'queueTrigger') disconnects.push(listen(runner, fn, options));
    if (fn.trigger.type === 'timerTrigger') startTimer(runner, fn, env);
  }
  return {
    async fetch(url, init) {
      const body = Buffer.from(typeof init.body === 'string' ? init.body : '');
      const request = { method: init.method ?? 'GET', headers: headersOf(url, init, body.length) };
      if (url.pathname === eventGridPath)
        return showsKey(request, url, [keys.eventgrid])
          ? receiveEvents(runner, url, body)
          : new Response(null, { status: 401 });
      const found = findRoute(routes, request.method, segments(url.pathname).slice(prefix));
      if (found === undefined) return new Response(null, { status: 404 });
      if (!mayCall(found.route.level, request, url, keys)) return new Response(null, { status: 401 });
      try {
        const http = rpcRequest(request, url, found.params, body);
        return responseOf(await invoke(runner, found.route.fn, { data: { http } }));
      } catch {
        return new Response(null, { status: 500 });
      }
    },
    disconnect() {
      for (const end of disconnects) end();
    },
  };
}
