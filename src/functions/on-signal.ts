// Queue: handles an accepted signal. Finds the targets that it is about, and joins or opens their remediations.
import { app, type InvocationContext } from '@azure/functions';
import type { App } from './app.ts';
import { deliveriesOf, lastDelivery, textOf } from './message.ts';

async function onSignal({ ports, config, upkeep }: App, message: unknown, context: InvocationContext): Promise<void> {
  const { readQueuedSignal, keepUnreadable, handleSignal, noteFailure } = await import('./work.ts');
  const signal = readQueuedSignal(message);
  if (signal === undefined) return keepUnreadable(upkeep, ports, 'signals', textOf(message));
  try {
    await handleSignal(ports, config, signal);
  } catch (error) {
    if (deliveriesOf(context) >= lastDelivery)
      await noteFailure(upkeep, ports, { queue: 'signals', body: message, error });
    throw error;
  }
}

export function registerOnSignal(pullmedic: App): void {
  app.storageQueue('on-signal', {
    queueName: 'pullmedic-signals',
    connection: 'AzureWebJobsStorage',
    handler: (message, context) => onSignal(pullmedic, message, context),
  });
}
