// Queue: the next step of a remediation is due.
import { app, type InvocationContext } from '@azure/functions';
import type { App } from './app.ts';
import { deliveriesOf, lastDelivery, textOf } from './message.ts';

async function onStep({ ports, config, upkeep }: App, message: unknown, context: InvocationContext): Promise<void> {
  const { readStep, keepUnreadable, handleStep, noteFailure } = await import('./work.ts');
  const read = readStep(message);
  if (read === undefined) return keepUnreadable(upkeep, ports, 'steps', textOf(message));
  const deliveries = deliveriesOf(context);
  try {
    await handleStep(ports, config, read, deliveries > 1);
  } catch (error) {
    if (deliveries >= lastDelivery) await noteFailure(upkeep, ports, { queue: 'steps', body: message, error });
    throw error;
  }
}

export function registerOnStep(pullmedic: App): void {
  app.storageQueue('on-step', {
    queueName: 'pullmedic-steps',
    connection: 'AzureWebJobsStorage',
    handler: (message, context) => onStep(pullmedic, message, context),
  });
}
