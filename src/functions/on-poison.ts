// Queues: messages that failed five times. They are sent again later instead of lost, and every one is logged.
import { app, type InvocationContext } from '@azure/functions';
import type { App } from '../app.ts';
import { readQueuedSignal } from '../lib/signal.ts';
import { readStep } from './on-step.ts';

/** Something is down for longer than five deliveries take; try again when it may be up. */
const pauseMs = 10 * 60_000;

async function onPoisonSignal(pullmedic: App, message: unknown, context: InvocationContext): Promise<void> {
  const signal = readQueuedSignal(message);
  context.error('A signal failed five times and will be tried again.', { readable: signal !== undefined });
  if (signal !== undefined) await pullmedic.ports.queue.sendSignal(signal, pullmedic.ports.now() + pauseMs);
}

async function onPoisonStep(pullmedic: App, message: unknown, context: InvocationContext): Promise<void> {
  const step = readStep(message);
  context.error('A step failed five times and will be tried again.', { target: step?.targetId ?? 'unreadable' });
  if (step !== undefined)
    await pullmedic.ports.queue.sendStep({ ...step, wake: true }, pullmedic.ports.now() + pauseMs);
}

export function registerOnPoison(pullmedic: App): void {
  const connection = 'AzureWebJobsStorage';
  app.storageQueue('on-poison-signal', {
    queueName: 'pullmedic-signals-poison',
    connection,
    handler: (message, context) => onPoisonSignal(pullmedic, message, context),
  });
  app.storageQueue('on-poison-step', {
    queueName: 'pullmedic-steps-poison',
    connection,
    handler: (message, context) => onPoisonStep(pullmedic, message, context),
  });
}
