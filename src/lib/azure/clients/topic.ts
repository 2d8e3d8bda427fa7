// Publishes an event to an Event Grid topic with the official client. It loads with the first event, because most deployments have no topic.

import type { HttpClient } from '@azure/core-rest-pipeline';
import { EventGridPublisherClient } from '@azure/eventgrid';
import type { CloudEvent } from '../../incidents/system.ts';

/** What the topic answered. Names of headers are in lower case. */
export interface TopicAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How long a token is taken for valid by the client; each event asks for it anew. Milliseconds. */
const tokenMs = 600_000;

/**
 * Sends one event, once: the outbox says when it is sent again. Throws when there is no token and when no answer comes within `answerMs`.
 * `httpClient`: what a test sends with.
 */
export async function publishTo(
  topic: string,
  event: CloudEvent,
  token: (scope: string) => Promise<string>,
  {
    answerMs,
    now,
    httpClient,
  }: { readonly answerMs: number; readonly now: () => number; readonly httpClient?: HttpClient },
): Promise<TopicAnswer> {
  const credential = {
    getToken: async (scopes: string | string[]) => ({
      token: await token([scopes].flat().join(' ')),
      expiresOnTimestamp: now() + tokenMs,
    }),
  };
  const client = new EventGridPublisherClient(topic, 'CloudEvent', credential, {
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    ...(httpClient === undefined ? {} : { httpClient }),
  });
  const { specversion: _version, time, ...kept } = event;
  let answer: TopicAnswer | undefined;
  try {
    await client.send([{ ...kept, time: new Date(time), data: event.data }], {
      abortSignal: AbortSignal.timeout(answerMs),
      onResponse: ({ status, headers, bodyAsText }) => {
        answer = { status, headers: headers.toJSON(), body: bodyAsText ?? '' };
      },
    });
  } catch (error) {
    // A refusal is an answer, too.
    if (answer === undefined) throw error;
  }
  if (answer === undefined) throw new Error('The topic did not answer.');
  return answer;
}
