// Event Grid for the subscription: resource events in either schema, delivered at least once.
import { claimsOf, correlationOf, statusOf } from './activity-log.ts';
import type { ResourceEvent, Sim } from './model.ts';
import { guidFor, note } from './model.ts';

/** The first gaps of the documented retry schedule; later ones are longer than any scenario. */
const retryMs = [10_000, 30_000, 60_000, 300_000];
/** Events take a moment to arrive. */
const latencyMs = 2000;

function dataOf(sim: Sim, event: ResourceEvent): unknown {
  return {
    authorization: { scope: event.resource, action: event.operation, evidence: { role: 'Subscription Admin' } },
    claims: claimsOf(sim, event),
    correlationId: correlationOf(sim, event),
    resourceProvider: event.operation.split('/')[0],
    resourceUri: event.resource,
    operationName: event.operation,
    status: statusOf(event),
    subscriptionId: sim.world.subscription,
    tenantId: sim.world.tenant,
  };
}

/** One event as the subscription's schema writes it. */
export function wireEvent(sim: Sim, event: ResourceEvent): unknown {
  const id = guidFor(`event|${sim.seed}|${event.resource}|${event.operation}|${sim.scheduler.now()}`);
  const type = `Microsoft.Resources.${event.type}`;
  const time = new Date(sim.scheduler.now()).toISOString();
  const data = dataOf(sim, event);
  if (sim.world.eventGrid === 'cloud-events') {
    return {
      id,
      source: `/subscriptions/${sim.world.subscription}`,
      specversion: '1.0',
      type,
      subject: event.resource,
      time,
      data,
    };
  }
  return {
    id,
    topic: `/subscriptions/${sim.world.subscription}`,
    subject: event.resource,
    eventType: type,
    eventTime: time,
    data,
    dataVersion: '2',
    metadataVersion: '1',
  };
}

async function post(sim: Sim, url: string, event: unknown): Promise<boolean> {
  const cloud = sim.world.eventGrid === 'cloud-events';
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': cloud ? 'application/cloudevents+json' : 'application/json',
        'aeg-event-type': 'Notification',
      },
      body: JSON.stringify(cloud ? event : [event]),
      signal: AbortSignal.timeout(30_000),
    });
    return response.status >= 200 && response.status <= 204;
  } catch {
    return false;
  }
}

function deliver(sim: Sim, url: string, event: unknown, attempt: number): void {
  const delay = attempt === 0 ? latencyMs : retryMs[attempt - 1];
  if (delay === undefined) return note(sim, 'Event Grid gave up on an event');
  sim.scheduler.at(sim.scheduler.now() + delay, () => {
    void post(sim, url, event).then((delivered) => {
      if (!delivered) deliver(sim, url, event, attempt + 1);
    });
  });
}

/** Connects the subscription's events to an endpoint. */
export function subscribe(sim: Sim, url: string): void {
  if (sim.world.eventGrid === 'off') return;
  sim.onResourceEvent = (event) => deliver(sim, url, wireEvent(sim, event), 0);
}
