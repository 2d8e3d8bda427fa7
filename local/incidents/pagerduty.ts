// PagerDuty's Events API v2 as its documentation describes it ("Send an Alert Event", "Events API v2 Overview"): it takes events in with 202
// whether an alert comes of them or not; a trigger on the key of an open alert adds to its log; a resolve of a key that it does not know, or of another
// integration, is dropped in silence.

import {
  type Behaviour,
  jsonIn,
  type LocalAnswer,
  type LocalRequest,
  type LocalSystem,
  type Start,
  startSystem,
} from './server.ts';

export interface PagerDuty extends LocalSystem {
  /** Each alert with its key and the severity and summaries of its log. */
  alerts(): readonly Alert[];
}

interface Alert {
  readonly key: string;
  open: boolean;
  readonly log: Event[];
}

interface Event {
  readonly event_action: 'trigger' | 'resolve';
  readonly routing_key: string;
  readonly dedup_key: string;
  readonly payload?: {
    readonly summary: string;
    readonly severity: string;
    readonly source: string;
    readonly custom_details: { readonly text: string };
  };
}

/** `routingKey`: the integration that exists. Events of other well-formed keys are taken in and dropped. */
export async function startPagerDuty(routingKey: string, start: Start = startSystem): Promise<PagerDuty> {
  const alerts: Alert[] = [];
  const behaviour: Behaviour = {
    answer(request) {
      const refused = refusal(request);
      if (refused !== undefined) return refused;
      const event = jsonIn(request) as Event;
      if (event.routing_key === routingKey) happen(alerts, event);
      return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: event.dedup_key } };
    },
    trouble: (trouble) =>
      ({
        throttled: { status: 429 },
        'key-refused': invalid("Length of 'routing_key' is incorrect (should be 32 characters)"),
        'message-refused': invalid("'payload.source' is missing or blank"),
        down: { status: 500 },
      })[trouble],
    seen: () => alerts.map(({ open, log }) => ({ state: open ? 'open' : 'resolved', text: log.map(said).join('\n') })),
    reset: () => void alerts.splice(0),
  };
  return { ...(await start(behaviour)), alerts: () => alerts };
}

function happen(alerts: Alert[], event: Event): void {
  const open = alerts.find((one) => one.open && one.key === event.dedup_key);
  if (event.event_action === 'resolve') {
    if (open !== undefined) open.open = false;
  } else if (open === undefined) alerts.push({ key: event.dedup_key, open: true, log: [event] });
  else open.log.push(event);
}

function said({ payload }: Event): string {
  return `${payload?.summary ?? ''}\n${payload?.custom_details.text ?? ''}`;
}

function invalid(error: string): LocalAnswer {
  return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors: [error] } };
}

function refusal(request: LocalRequest): LocalAnswer | undefined {
  if (request.method !== 'POST' || request.url !== '/v2/enqueue') return { status: 404 };
  if (Buffer.byteLength(request.body) > 512 * 1024) return { status: 413 };
  const event = jsonIn(request) as Event | undefined;
  if (event === undefined) return invalid('JSON cannot be read');
  if (!/^\w{32}$/.test(event.routing_key))
    return invalid("Length of 'routing_key' is incorrect (should be 32 characters)");
  if (event.dedup_key.length > 255) return invalid("'dedup_key' is too long");
  if (event.event_action === 'resolve') return undefined;
  const { summary = '', source = '', severity = '' } = event.payload ?? {};
  if (summary === '' || summary.length > 1024) return invalid("'payload.summary' is missing, blank or too long");
  if (source === '') return invalid("'payload.source' is missing or blank");
  return ['critical', 'error', 'warning', 'info'].includes(severity)
    ? undefined
    : invalid("'payload.severity' is invalid");
}
