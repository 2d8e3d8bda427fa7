// What a queue trigger is given: how often the message came, and its text where it is not what we send.
import type { InvocationContext } from '@azure/functions';

/** After so many deliveries the host moves a message to the poison queue (host.json, maxDequeueCount). */
export const lastDelivery = 5;

export function deliveriesOf(context: InvocationContext): number {
  return Number(context.triggerMetadata?.['dequeueCount'] ?? 1);
}

/** The host parses what is JSON and hands over bytes as they are: back to base64, as it lay in the queue. */
export function textOf(message: unknown): string {
  const bytes = Buffer.isBuffer(message)
    ? message
    : Buffer.from(typeof message === 'string' ? message : (JSON.stringify(message) ?? ''), 'utf8');
  return bytes.toString('base64');
}
