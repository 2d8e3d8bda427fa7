// Sends signals and steps. A step waits by the visibility time-out of its message, at most seven days.

import type { Ports } from '../../ports/ports.ts';
import type { Queue, StorageConnection } from './storage-later.ts';

export const signalQueue = 'pullmedic-signals';
export const stepQueue = 'pullmedic-steps';
export const tellQueue = 'pullmedic-tells';

/** The service hides a message for at most seven days. If a step is due later, it finds itself early and sends itself again. */
const longestDelaySeconds = 7 * 24 * 3600 - 60;

export interface Queues extends Readonly<Ports['queue']> {
  /** The host moves messages that failed five times to these queues. */
  readonly poison: { readonly signals: Queue; readonly steps: Queue };
  create(): Promise<void>;
}

export function connectQueues(connection: StorageConnection, now: () => number = Date.now): Queues {
  const { answerMs } = connection.patience;
  const service = connection.queues();
  const signals = service.getQueueClient(signalQueue);
  const steps = service.getQueueClient(stepQueue);
  const tells = service.getQueueClient(tellQueue);
  const poison = {
    signals: service.getQueueClient(`${signalQueue}-poison`),
    steps: service.getQueueClient(`${stepQueue}-poison`),
  };
  return {
    poison,
    sendSignal: (signal, dueAtMs) => send(signals, signal, dueAtMs - now(), answerMs),
    sendStep: (step, dueAtMs) => send(steps, step, dueAtMs - now(), answerMs),
    sendTell: (tell, dueAtMs) => send(tells, tell, dueAtMs - now(), answerMs),
    async create() {
      await Promise.all(
        [signals, steps, tells, poison.signals, poison.steps].map((queue) => queue.createIfNotExists()),
      );
    },
  };
}

async function send(queue: Queue, body: unknown, delayMs: number, answerMs: number): Promise<void> {
  const seconds = Math.ceil(delayMs / 1000);
  const visibilityTimeout = Math.min(Math.max(seconds, 0), longestDelaySeconds);
  // The host reads base64 (host.json). A message never expires, because a lost step would be a lost remediation.
  const text = Buffer.from(JSON.stringify(body), 'utf8').toString('base64');
  const abortSignal = AbortSignal.timeout(answerMs);
  await queue.sendMessage(text, { visibilityTimeout, messageTimeToLive: -1, abortSignal });
}
