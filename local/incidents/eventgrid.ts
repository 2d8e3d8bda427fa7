// A topic of Event Grid with the schema CloudEvents 1.0, and a subscriber that takes each event once by its `id` and `source` (Microsoft Learn,
// "Post to custom topic in Azure Event Grid" for the statuses and "CloudEvents v1.0 schema with Azure Event Grid"; the api-version and the
// content type are those of the official client).

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

export interface Topic extends LocalSystem {
  /** The `type` of each event that the subscriber took, in their order. */
  types(): readonly string[];
  /** The events themselves. */
  events(): readonly TopicEvent[];
}

export interface TopicEvent {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: {
    readonly incident?: { readonly state: string; readonly text: string; readonly title: string };
    readonly remediation?: { readonly state: string };
  };
}

/** `token`: the one that has the role EventGrid Data Sender on the topic. */
export async function startTopic(token: string, start: Start = startSystem): Promise<Topic> {
  const events = new Map<string, TopicEvent>();
  const behaviour: Behaviour = {
    answer: (request) => publish(events, request, token),
    seen: () => [...Map.groupBy(events.values(), ({ subject }) => subject).values()].map(seenOf),
    reset: () => events.clear(),
  };
  const system = await start(behaviour);
  return {
    ...system,
    types: () => [...events.values()].map(({ type }) => type),
    events: () => [...events.values()],
  };
}

/** An array of events, or one of them, may have 1 MB. */
const mostBytes = 1_048_576;

function publish(events: Map<string, TopicEvent>, request: LocalRequest, token: string): LocalAnswer {
  const { pathname, searchParams } = new URL(request.url, 'http://topic');
  if (pathname !== '/api/events') return { status: 404 };
  if (request.headers['authorization'] !== `Bearer ${token}`) return { status: 401 };
  if (Buffer.byteLength(request.body) > mostBytes) return { status: 413 };
  const isBatch = request.headers['content-type']?.startsWith('application/cloudevents-batch+json') === true;
  const sent = jsonIn(request);
  if (!isBatch || searchParams.get('api-version') !== '2018-01-01' || !Array.isArray(sent)) return { status: 400 };
  const taken = sent as readonly TopicEvent[];
  if (!taken.every(isComplete)) return { status: 400 };
  // Event Grid takes a repetition as another event: it is the subscriber that knows it by its id.
  for (const event of taken) {
    const name = `${event.source} ${event.id}`;
    if (!events.has(name)) events.set(name, event);
  }
  return { status: 200 };
}

/** What CloudEvents 1.0 requires, and an instant that Event Grid can read. */
function isComplete({ specversion, id, source, type, time }: TopicEvent): boolean {
  const required = [id, source, type].every((one) => typeof one === 'string' && one !== '');
  return specversion === '1.0' && required && !Number.isNaN(Date.parse(time));
}

function seenOf(events: readonly TopicEvent[]): Seen {
  const remediation = events.at(-1)?.data.remediation;
  if (remediation !== undefined) {
    const said = events.map(({ type }) => type.replace(/^pullmedic\.remediation\.(\w+)\.v1$/, '$1'));
    return { state: remediation.state === 'open' ? 'open' : 'resolved', text: '', said };
  }
  const last = events.at(-1)?.data.incident;
  return { state: last?.state === 'open' ? 'open' : 'resolved', text: `${last?.title ?? ''}\n${last?.text ?? ''}` };
}
