// Webhook: any receiver of our own or of others. The body is a CloudEvent 1.0 in structured JSON ("CloudEvents - Version 1.0.2" and "JSON
// Event Format for CloudEvents"), signed as Standard Webhooks says (standard-webhooks specification, "Webhook Headers", "Symmetric").

import type { Secret } from '../../words/secret.ts';
import { eventOf, eventSystem, type ToldEvent } from '../incident-event.ts';
import { failureOf, type IncidentSystem, type Outside, type Told, toldUnless } from '../system.ts';

export interface WebhookOptions {
  readonly url: Secret;
  /** `whsec_` and base64. The newest first; the receiver accepts a signature of any of them. */
  readonly secrets: readonly Secret[];
}

/** The receiver keeps what it likes: it deduplicates by `webhook-id`, and knows the incident or remediation by `subject`. */
export function webhook(options: WebhookOptions, outside: Outside): IncidentSystem {
  return eventSystem((event) => deliver(options, outside, event));
}

async function deliver({ url, secrets }: WebhookOptions, outside: Outside, event: ToldEvent): Promise<Told> {
  const { telling } = event;
  const body = JSON.stringify(eventOf(event, mostBytes));
  const seconds = String(Math.floor(outside.now() / 1000));
  const signed = `${telling.delivery}.${seconds}.${body}`;
  const keys = secrets.map((secret) => secret.reveal().replace(/^whsec_/, ''));
  const answer = await outside.send({
    method: 'POST',
    url: url.reveal(),
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': telling.delivery,
      'webhook-timestamp': seconds,
      'webhook-signature': keys.map((key) => `v1,${outside.hmac(key, signed)}`).join(' '),
    },
    body,
  });
  // Standard Webhooks, "Reserved and suggested status codes": 410 asks the sender to stop for good.
  if (answer.kind === 'answer' && answer.status === 410)
    return { kind: 'failed', failure: { why: 'switched-off', detail: 'HTTP 410' } };
  return toldUnless(failureOf(answer), { id: telling.key });
}

/** Standard Webhooks asks for small payloads, "ideally" under 20 kB. Bytes of the whole event. */
const mostBytes = 20_000;
