// Opens the envelope of an event of Event Grid, in either of its two schemas, with the SDK's own reading of both.
import type { EventGridDeserializer } from '@azure/eventgrid';
import { eventKinds, type OpenedEvent, readEvent } from '../lib/signals/event.ts';
import { isTooDeep, tooDeep } from '../lib/signals/payload.ts';
import type { Read } from '../lib/signals/signal.ts';

type Opened =
  /** Without an event where its type means nothing here. */
  { readonly ok: true; readonly event?: OpenedEvent } | { readonly ok: false; readonly problem: string };

/** The signals of one event as it was delivered. An event whose type means nothing here has none. */
export async function signalsOfEvent(body: unknown, ownClientId: string | undefined): Promise<Read> {
  const opened = await openEvent(body);
  if (!opened.ok) return opened;
  return opened.event === undefined ? { ok: true, signals: [] } : readEvent(opened.event, ownClientId);
}

/**
 * Opens one event; what is in it is for `readEvent` to check. Never throws, and a problem quotes nothing of the event. The SDK loads with the
 * first event (docs/decisions/0009-what-loads-when.md).
 */
async function openEvent(body: unknown): Promise<Opened> {
  if (isTooDeep(body)) return tooDeep;
  if (!isObject(body)) return { ok: false, problem: 'body: not one event' };
  const { EventGridDeserializer: Deserializer, isSystemEvent } = await import('@azure/eventgrid');
  const deserializer = new Deserializer();
  try {
    if ('specversion' in body) {
      const event = await cloudEvent(deserializer, body);
      const kind = eventKinds.find((one) => isSystemEvent(one, event));
      return kind === undefined ? { ok: true } : { ok: true, event: { ...event, kind, atMs: msOf(event.time) } };
    }
    const event = await gridEvent(deserializer, body);
    const kind = eventKinds.find((one) => isSystemEvent(one, event));
    return kind === undefined ? { ok: true } : { ok: true, event: { ...event, kind, atMs: msOf(event.eventTime) } };
  } catch (error) {
    // The SDK's own errors name a member and a type.
    return { ok: false, problem: error instanceof Error ? error.message.slice(0, 200) : 'unreadable' };
  }
}

function isObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

async function cloudEvent(deserializer: EventGridDeserializer, body: Record<string, unknown>) {
  const [event] = await deserializer.deserializeCloudEvents(body);
  if (event === undefined) throw new TypeError('event is not there');
  return event;
}

async function gridEvent(deserializer: EventGridDeserializer, body: Record<string, unknown>) {
  const [event] = await deserializer.deserializeEventGridEvents(body);
  if (event === undefined) throw new TypeError('event is not there');
  return event;
}

/** NaN where there is no time, or a text that is no instant. */
function msOf(time: Date | undefined): number {
  return time?.getTime() ?? Number.NaN;
}
