// The Event Grid endpoint of the extension: both handshakes, both schemas, one invocation an event.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoadedApp, RegisteredFunction } from './core.ts';
import { type Keys, readBody, send } from './http.ts';
import { type HostLog, invoke } from './invoke.ts';

export const eventGridPath = '/runtime/webhooks/eventgrid';

interface EventGridHost {
  readonly app: LoadedApp;
  readonly keys: Keys;
  readonly log: HostLog;
}

function functionNamed(app: LoadedApp, name: string | null): RegisteredFunction | undefined {
  return app.functions.find(
    (fn) => fn.trigger.type === 'eventGridTrigger' && fn.name.toLowerCase() === name?.toLowerCase(),
  );
}

/** The CloudEvents abuse-protection handshake. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const origin = request.headers['webhook-request-origin'];
  send(response, 200, '', {
    'webhook-allowed-origin': typeof origin === 'string' ? origin : '*',
    'webhook-allowed-rate': '*',
    allow: 'POST',
  });
}

function validationCode(event: unknown): string | undefined {
  const data = typeof event === 'object' && event !== null && 'data' in event ? event.data : undefined;
  const code = typeof data === 'object' && data !== null && 'validationCode' in data ? data.validationCode : undefined;
  return typeof code === 'string' ? code : undefined;
}

async function deliver(host: EventGridHost, fn: RegisteredFunction, events: readonly unknown[]): Promise<boolean> {
  const results = await Promise.allSettled(
    events.map((event) =>
      invoke(host.app, fn, { data: { json: JSON.stringify(event) }, triggerMetadata: metadataOf(event) }, host.log),
    ),
  );
  const failed = results.filter((result) => result.status === 'rejected');
  for (const { reason } of failed)
    host.log('error', reason instanceof Error ? (reason.stack ?? reason.message) : String(reason), {
      function: fn.name,
    });
  return failed.length === 0;
}

function metadataOf(event: unknown): Record<string, { json: string }> {
  const data = typeof event === 'object' && event !== null && 'data' in event ? event.data : undefined;
  return data === undefined ? {} : { data: { json: JSON.stringify(data) } };
}

function parse(body: Buffer): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return Array.isArray(value) ? value : [value];
  } catch {
    return undefined;
  }
}

async function post(
  host: EventGridHost,
  fn: RegisteredFunction,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const events = body === undefined ? undefined : parse(body);
  if (events === undefined) return send(response, 400);
  switch (String(request.headers['aeg-event-type'] ?? 'Notification').toLowerCase()) {
    case 'subscriptionvalidation': {
      const code = validationCode(events[0]);
      return code === undefined
        ? send(response, 400)
        : send(response, 200, JSON.stringify({ validationResponse: code }), { 'content-type': 'application/json' });
    }
    case 'subscriptiondeletion':
      return send(response, 200);
    case 'notification':
      // A failed handler answers 500; Event Grid then delivers the whole request again.
      return send(response, (await deliver(host, fn, events)) ? 202 : 500);
    default:
      return send(response, 400);
  }
}

/** Answers a request to the extension's endpoint. */
export async function serveEventGrid(
  host: EventGridHost,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const key = url.searchParams.get('code') ?? request.headers['aeg-sas-key'];
  if (key !== host.keys.eventgrid && key !== host.keys.master) return send(response, 401);
  const fn = functionNamed(host.app, url.searchParams.get('functionName'));
  if (fn === undefined) return send(response, 404);
  if (request.method === 'OPTIONS') return allowOrigin(request, response);
  return request.method === 'POST' ? post(host, fn, request, response) : send(response, 405);
}
