// Queue: a signal that was accepted. Finds what it is about, and joins or opens remediations.
import { app, type InvocationContext } from '@azure/functions';
import type { App } from '../app.ts';
import { handleSignal } from '../lib/intake.ts';
import { readQueuedSignal } from '../lib/signal.ts';

async function onSignal(pullmedic: App, message: unknown, context: InvocationContext): Promise<void> {
  const signal = readQueuedSignal(message);
  if (signal === undefined) {
    context.warn('A message on the signal queue is no signal and was dropped.');
    return;
  }
  await handleSignal(pullmedic.ports, pullmedic.config, signal);
}

export function registerOnSignal(pullmedic: App): void {
  app.storageQueue('on-signal', {
    queueName: 'pullmedic-signals',
    connection: 'AzureWebJobsStorage',
    handler: (message, context) => onSignal(pullmedic, message, context),
  });
}
