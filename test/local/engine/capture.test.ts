// What a capture holds: the answers of the simulated Azure as its clients get them, and what it delivers. No tokens.
import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { captured, capturedDelivery, type Exchange } from '../../../local/engine/capture.ts';
import { playInThreads } from '../../../local/engine/threads.ts';
import { fileOf } from '../../../local/scenarios/built-in.ts';
import { readScenario } from '../../../local/scenarios/schema.ts';

const url = 'https://acrshop.azurecr.io/oauth2/token?service=acrshop.azurecr.io';

function answering(status: number, bodyAsText: string): HttpClient {
  return {
    sendRequest: (request) =>
      Promise.resolve({ request, status, headers: createHttpHeaders({ 'Retry-After': '7' }), bodyAsText }),
  };
}

async function exchangeOf(status: number, bodyAsText: string): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const client = captured(answering(status, bodyAsText), (one) => exchanges.push(one));
  await client.sendRequest(createPipelineRequest({ url, method: 'POST' }));
  return exchanges;
}

describe('a captured exchange', () => {
  it('has the method, the whole URL, the status, the headers by their names in lower case, and the body', async () => {
    expect(await exchangeOf(429, '{"error":{"code":"TooManyRequests"}}')).toEqual([
      {
        request: { method: 'POST', url },
        response: { status: 429, headers: { 'retry-after': '7' }, body: { error: { code: 'TooManyRequests' } } },
      },
    ]);
  });

  it.for([
    ['an empty body as null', '', null],
    ['text that is no JSON as it is', 'no', 'no'],
    [
      'no token, wherever it is in the body',
      '{"refresh_token":"a","inside":[{"access_token":"b"}],"expires_in":"1"}',
      { refresh_token: '<refresh_token>', inside: [{ access_token: '<access_token>' }], expires_in: '1' },
    ],
  ] as const)('holds %s', async ([, text, body]) => {
    const [exchange] = await exchangeOf(200, text);

    expect(exchange?.response.body).toEqual(body);
  });

  it('leaves the answer of the clients as it is', async () => {
    const client = captured(answering(200, '{"access_token":"a"}'), () => undefined);

    expect((await client.sendRequest(createPipelineRequest({ url }))).bodyAsText).toBe('{"access_token":"a"}');
  });
});

describe('a captured delivery', () => {
  const delivered = (body: unknown): Exchange[] => {
    const exchanges: Exchange[] = [];
    capturedDelivery({ method: 'POST', body: JSON.stringify(body) }, (one) => exchanges.push(one));
    return exchanges;
  };
  const alert = (monitoringService: string) => ({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: { essentials: { monitoringService } },
  });

  it.for([
    ['log-alert', alert('Log Alerts V2')],
    ['activity-alert', alert('Activity Log - Administrative')],
    ['event', { specversion: '1.0', type: 'Microsoft.Resources.ResourceWriteSuccess' }],
  ] as const)('is named by its kind: %s', ([kind, body]) => {
    expect(delivered(body)).toEqual([
      {
        request: { method: 'POST', url: `https://delivered/${kind}` },
        response: { status: 200, headers: {}, body },
      },
    ]);
  });

  it('is one exchange for each event of a batch', () => {
    expect(delivered([{ eventType: 'a' }, { eventType: 'b' }]).map(({ response }) => response.body)).toEqual([
      { eventType: 'a' },
      { eventType: 'b' },
    ]);
  });

  it('is nothing that a person asks for', () => {
    expect(delivered({ question: 1, why: 'specversion' })).toEqual([]);
  });
});

describe('the capture of a scenario', () => {
  it('holds the answers of every host that pullmedic asked, and the alerts and events that started it', async () => {
    const exchanges: Exchange[] = [];
    const scenario = await readScenario(fileOf('missing-acrpull-user-assigned'));
    await playInThreads([scenario], 1, { onExchange: (_, exchange) => exchanges.push(exchange) });
    const hosts = new Set(exchanges.map(({ request }) => new URL(request.url).host));

    expect([...hosts].toSorted()).toEqual(
      expect.arrayContaining(['api.loganalytics.io', 'delivered', 'management.azure.com']),
    );
    expect(exchanges.map(({ request }) => new URL(request.url).pathname)).toContain('/log-alert');
    expect(JSON.stringify(exchanges)).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });
});
