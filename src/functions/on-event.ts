// Event Grid: a resource was written or deleted. Most events do not concern pullmedic; the others become signals.
import { app, type InvocationContext } from '@azure/functions';
import type { App } from './app.ts';
import { signalsOfEvent } from './event-envelope.ts';

async function onEvent(pullmedic: App, event: unknown, context: InvocationContext): Promise<void> {
  const read = await signalsOfEvent(event, pullmedic.config.clientId);
  if (!read.ok) {
    // Delivering it again would not make it readable. The event itself may hold claims and is not logged.
    context.warn('An event could not be read and was dropped.', { problem: read.problem });
    return;
  }
  for (const signal of read.signals) await pullmedic.ports.queue.sendSignal(signal, pullmedic.ports.now());
}

export function registerOnEvent(pullmedic: App): void {
  app.eventGrid('on-event', { handler: (event: unknown, context) => onEvent(pullmedic, event, context) });
}
