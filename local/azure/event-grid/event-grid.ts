// Event Grid for the subscription: resource events in either schema, and what the registries say. The room delivers events.
// Not here: what leads to an event; the services make it known through the state.
import { guidFor } from '../model/ids.ts';
import type { ResourceEvent } from '../model/records.ts';
import type { Sim } from '../model/sim.ts';
import { claimsOf, correlationOf, statusOf } from '../monitor/activity-log.ts';
import { deliver, type Post } from './delivery.ts';
import { wireRegistryEvent } from './registry-events.ts';

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

function postTo(sim: Sim): Post {
  const cloud = sim.world.eventGrid === 'cloud-events';
  return async (url, event, attempt) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': cloud ? 'application/cloudevents+json' : 'application/json',
          'aeg-event-type': 'Notification',
          'aeg-delivery-count': String(attempt),
        },
        body: JSON.stringify(cloud ? event : [event]),
        signal: AbortSignal.timeout(30_000),
      });
      return response.status;
    } catch {
      return undefined;
    }
  };
}

/** Connects the events of the subscription's resources and of its registries to an endpoint. */
export function subscribe(sim: Sim, url: string, post = postTo(sim)): void {
  if (sim.world.eventGrid === 'off') return;
  let published = 0;
  const send = (event: unknown): void => deliver(sim, url, event, published++, post);
  sim.onResourceEvent = (event) => send(wireEvent(sim, event));
  sim.onRegistryEvent = (event) => send(wireRegistryEvent(sim, event));
}
