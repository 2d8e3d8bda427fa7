// Reads the message of a queue trigger: how often it was delivered, and its original text when pullmedic cannot read it.
import type { InvocationContext } from '@azure/functions';

/** After this many deliveries the host moves a message to the poison queue (host.json, maxDequeueCount). */
export const lastDelivery = 5;

export function deliveriesOf(context: InvocationContext): number {
  return Number(context.triggerMetadata?.['dequeueCount'] ?? 1);
}

/** The host parses JSON messages and passes bytes unchanged. This turns either back into base64, the encoding of the queue. */
export function textOf(message: unknown): string {
  const bytes = Buffer.isBuffer(message)
    ? message
    : Buffer.from(typeof message === 'string' ? message : (JSON.stringify(message) ?? ''), 'utf8');
  return bytes.toString('base64');
}
