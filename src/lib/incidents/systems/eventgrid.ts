// An Event Grid topic: whatever subscribes to it hears of incidents and remediations. Event Grid keeps nothing that could be found again and delivers each
// event at least once, so a receiver takes each `id` once (Microsoft Learn, "Event Grid message delivery and retry").

import { eventOf, eventSystem } from '../incident-event.ts';
import { failureOf, type IncidentSystem, type Outside, type OutsideAnswer, type Told, toldUnless } from '../system.ts';

export interface EventGridOptions {
  /** The endpoint of the topic, `https://NAME.REGION-1.eventgrid.azure.net/api/events`. */
  readonly url: string;
}

/** Event Grid bills an event for each 64 KB of it (Azure Event Grid pricing), so an event stays below that. Bytes. */
const mostBytes = 60_000;

export function eventGrid({ url }: EventGridOptions, outside: Outside): IncidentSystem {
  return eventSystem(async (event): Promise<Told> => {
    const answer = await outside.publish(url, eventOf(event, mostBytes));
    return toldUnless(topicFailure(answer), { id: event.telling.key });
  });
}

/** A topic that is not there takes no event at all, so its 404 stops the system and not one message. */
function topicFailure(answer: OutsideAnswer): ReturnType<typeof failureOf> {
  const isThere = answer.kind !== 'answer' || answer.status !== 404;
  return isThere ? failureOf(answer) : { why: 'key-refused', detail: 'HTTP 404' };
}
