// The Event Grid endpoint of the extension: both handshakes, both schemas, and one invocation per event.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readBody, refuseBody, send } from './http.ts';
import { invoke, type Runner } from './invoke.ts';
import { type Keys, showsKey } from './keys.ts';
import type { RegisteredFunction } from './load.ts';

export const eventGridPath = '/runtime/webhooks/eventgrid';

interface EventGridHost extends Runner {
  readonly keys: Keys;
}

const eventSchema = z.looseObject({ data: z.unknown().optional() });
const bodySchema = z.union([z.array(eventSchema), eventSchema.transform((event) => [event])]);
const validationSchema = z.tuple([z.looseObject({ data: z.looseObject({ validationCode: z.string() }) })]);

export type Event = z.infer<typeof eventSchema>;

function functionNamed(runner: Runner, name: string | null): RegisteredFunction | undefined {
  const wanted = name?.toLowerCase();
  return runner.app.functions.find((fn) => fn.trigger.type === 'eventGridTrigger' && fn.name.toLowerCase() === wanted);
}

/** The abuse-protection handshake of CloudEvents: every sender that asks for permission gets it. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const origin = request.headers['webhook-request-origin'];
  send(response, 200, '', {
    'webhook-allowed-origin': typeof origin === 'string' ? origin : '*',
    'webhook-allowed-rate': '*',
    allow: 'POST',
  });
}

function validate(response: ServerResponse, events: readonly Event[]): void {
  const validation = validationSchema.safeParse(events);
  if (!validation.success) return send(response, 400, 'This is not a validation event.');
  const body = JSON.stringify({ validationResponse: validation.data[0].data.validationCode });
  return send(response, 200, body, { 'content-type': 'application/json; charset=utf-8' });
}

/** Runs the function for each event. False if one of them failed. */
export async function deliver(runner: Runner, fn: RegisteredFunction, events: readonly Event[]): Promise<boolean> {
  const results = await Promise.allSettled(
    events.map((event) =>
      invoke(runner, fn, {
        data: { json: JSON.stringify(event) },
        triggerMetadata: event.data === undefined ? {} : { data: { json: JSON.stringify(event.data) } },
      }),
    ),
  );
  return results.every((result) => result.status === 'fulfilled');
}

function parse(body: Buffer): Event[] | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(body.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

async function post(
  runner: Runner,
  fn: RegisteredFunction,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return refuseBody(request, response);
  const events = parse(body);
  if (events === undefined) return send(response, 400, 'The body is neither an event nor an array of events.');
  const kind = request.headers['aeg-event-type'];
  switch (String(kind ?? '').toLowerCase()) {
    case 'subscriptionvalidation':
      return validate(response, events);
    case 'notification':
      // A failed handler answers 500; Event Grid then delivers the whole request again.
      return send(response, (await deliver(runner, fn, events)) ? 202 : 500);
    case 'unsubscribe':
    case 'subscriptiondeletion':
      return send(response, 202);
    default:
      return send(response, 400, 'The header aeg-event-type is missing or unknown.');
  }
}

/** Answers a request to the extension's endpoint. */
export async function serveEventGrid(
  host: EventGridHost,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  if (!showsKey(request, url, [host.keys.eventgrid, host.keys.master])) return send(response, 401);
  const fn = functionNamed(host, url.searchParams.get('functionName'));
  if (fn === undefined) return send(response, 404, 'There is no function of that name with an Event Grid trigger.');
  if (request.method === 'OPTIONS') return allowOrigin(request, response);
  return request.method === 'POST' ? post(host, fn, request, response) : send(response, 405);
}
