// What goes over the wire between pullmedic and the simulated Azure, as exchanges that can be held against recordings of the real one.
// Not here: where exchanges are kept (`tools/capture.ts`).
import type { HttpClient } from '@azure/core-rest-pipeline';

/** One request with its answer. A file of exchanges holds one of them a line, as JSON. */
export interface Exchange {
  readonly request: { readonly method: string; readonly url: string };
  readonly response: {
    readonly status: number;
    /** Names are in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** Null where the body is empty; text where it is no JSON. */
    readonly body: unknown;
  };
}

export type OnExchange = (exchange: Exchange) => void;

/** Tells of every answer that the clients get. The clients get it unchanged. */
export function captured(transport: HttpClient, onExchange: OnExchange): HttpClient {
  return {
    async sendRequest(request) {
      const response = await transport.sendRequest(request);
      onExchange({
        request: { method: request.method, url: request.url },
        response: {
          status: response.status,
          headers: response.headers.toJSON(),
          body: withoutTokens(response.bodyAsText ?? ''),
        },
      });
      return response;
    },
  };
}

/** Tells of what Azure delivers to pullmedic: each alert and each event is the body of an exchange with a made-up address. */
export function capturedDelivery(init: RequestInit, onExchange: OnExchange): void {
  const { method, body } = init;
  if (method !== 'POST' || typeof body !== 'string') return;
  const sent = withoutTokens(body);
  for (const one of Array.isArray(sent) ? sent : [sent]) {
    const kind = kindOf(one);
    if (kind === undefined) continue;
    onExchange({
      request: { method, url: `https://delivered/${kind}` },
      response: { status: 200, headers: {}, body: one },
    });
  }
}

/** Tokens of the simulation are worth nothing, and a file that holds some looks like a leak. */
const secret = new Set(['access_token', 'refresh_token']);

function withoutTokens(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text, (name, value: unknown) => (secret.has(name) ? `<${name}>` : value)) as unknown;
  } catch {
    return text;
  }
}

/** What was delivered: `undefined` for a call of a person, which is none of Azure's business. */
function kindOf(body: unknown): 'log-alert' | 'activity-alert' | 'event' | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if ('eventType' in body || 'specversion' in body) return 'event';
  if (!('schemaId' in body) || body.schemaId !== 'azureMonitorCommonAlertSchema') return undefined;
  return JSON.stringify(body).includes('"monitoringService":"Activity Log') ? 'activity-alert' : 'log-alert';
}
