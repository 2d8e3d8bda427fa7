// Queue: an incident system is to be told of an incident.
import { app } from '@azure/functions';
import type { App } from './app.ts';

/**
 * A message that fails is not delivered again by the queue: the outbox says what is due, and the schedule sends it again. So a system or a
 * store that is down fills no poison queue.
 */
async function onTell({ ports, config }: App, message: unknown): Promise<void> {
  const { readTell, deliver } = await import('./work.ts');
  const tell = readTell(message);
  if (tell === undefined) return;
  try {
    const dueAtMs = await deliver(ports, config, tell);
    if (dueAtMs !== undefined && dueAtMs - ports.now() < soonMs) await ports.queue.sendTell(tell, dueAtMs);
  } catch (error) {
    ports.log('tell-failed', { ...tell, error: error instanceof Error ? error.name : 'unknown' });
  }
}

/** What is due sooner than the schedule comes round gets a message of its own. Milliseconds. */
const soonMs = 60_000;

/** Without incident systems there is no message to wait for, so that no queue is asked for one all day. */
export function registerOnTell(pullmedic: App): void {
  if (Object.keys(pullmedic.config.settings.incidents.systems).length === 0) return;
  app.storageQueue('on-tell', {
    queueName: 'pullmedic-tells',
    connection: 'AzureWebJobsStorage',
    handler: (message) => onTell(pullmedic, message),
  });
}
