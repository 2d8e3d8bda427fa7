// A receiver of webhooks as the Standard Webhooks specification asks for one: it checks the signature and the time, takes each `webhook-id`
// once, and keeps what the CloudEvents say.

import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  type Behaviour,
  jsonIn,
  type LocalAnswer,
  type LocalRequest,
  type LocalSystem,
  type Seen,
  type Start,
  startSystem,
} from './server.ts';

export interface WebhookReceiver extends LocalSystem {
  /** Answers 410 from now on: it wants no more. */
  switchOff(): void;
  /** The `type` of each event that it took, in their order. */
  types(): readonly string[];
  /** The events themselves. */
  events(): readonly unknown[];
}

/** `secret`: `whsec_` and base64. `now`: milliseconds, by the clock of the sender. */
export async function startWebhook(
  secret: string,
  now: () => number = Date.now,
  start: Start = startSystem,
): Promise<WebhookReceiver> {
  let off = false;
  const events = new Map<string, CloudEvent>();
  const behaviour: Behaviour = {
    answer: (request) => (off ? { status: 410 } : take(events, request, secret, now())),
    seen: () => [...groupedBySubject([...events.values()].filter(isOfIncident)).values()].map(seenOf),
    reset() {
      off = false;
      events.clear();
    },
  };
  const system = await start(behaviour);
  return {
    ...system,
    switchOff() {
      off = true;
    },
    types: () => [...events.values()].map(({ type }) => type),
    events: () => [...events.values()],
  };
}

interface CloudEvent {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  /** Events of remediations have no incident. */
  readonly data: { readonly incident?: { readonly state: string; readonly text: string; readonly title: string } };
}

/** How far the time of a message may be off: the specification asks for a tolerance; its libraries have five minutes. Seconds. */
const toleranceSeconds = 300;

function take(events: Map<string, CloudEvent>, request: LocalRequest, secret: string, nowMs: number): LocalAnswer {
  const id = request.headers['webhook-id'] ?? '';
  const seconds = request.headers['webhook-timestamp'] ?? '';
  if (Math.abs(Number(seconds) - nowMs / 1000) > toleranceSeconds) return { status: 400 };
  if (!isSigned(request, `${id}.${seconds}.${request.body}`, secret)) return { status: 401 };
  const event = jsonIn(request) as CloudEvent | undefined;
  const complete = event?.specversion === '1.0' && [event.id, event.source, event.type].every((one) => one !== '');
  if (event === undefined || !complete || Buffer.byteLength(request.body) > 20_000) return { status: 400 };
  if (!events.has(id)) events.set(id, event);
  return { status: 204 };
}

function isSigned({ headers }: LocalRequest, signed: string, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update(signed).digest();
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

function isOfIncident({ data }: CloudEvent): boolean {
  return data.incident !== undefined;
}

function groupedBySubject(events: Iterable<CloudEvent>): ReadonlyMap<string, readonly CloudEvent[]> {
  return Map.groupBy(events, ({ subject }) => subject);
}

function seenOf(events: readonly CloudEvent[]): Seen {
  const last = events.at(-1)?.data.incident;
  return { state: last?.state === 'open' ? 'open' : 'resolved', text: `${last?.title ?? ''}\n${last?.text ?? ''}` };
}
