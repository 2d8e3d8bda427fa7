import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { publishTo } from '../../../../src/lib/azure/clients/topic.ts';
import type { CloudEvent } from '../../../../src/lib/incidents/system.ts';
import { nowMs } from '../../facts.ts';

const topic = 'https://egt-ops.westeurope-1.eventgrid.azure.net/api/events';
const event: CloudEvent = {
  specversion: '1.0',
  id: 'e1',
  source: 'urn:pullmedic',
  type: 'pullmedic.incident.opened.v1',
  subject: 'i1',
  time: '2026-06-01T02:00:00Z',
  datacontenttype: 'application/json',
  data: { incident: { id: 'i1' } },
};

/** A topic that answers with this status, and what was sent to it. */
function topicThatSays(status: number, headers: Readonly<Record<string, string>> = {}) {
  const sent: { readonly url: string; readonly body: unknown; readonly authorization: string | undefined }[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const { url, body } = request;
      sent.push({ url, body: JSON.parse(String(body)), authorization: request.headers.get('authorization') });
      return { request, status, headers: createHttpHeaders({ ...headers }), bodyAsText: '' };
    },
  };
  return { sent, options: { answerMs: 1000, now: () => nowMs, httpClient } };
}

const token = async (scope: string): Promise<string> => `token for ${scope}`;

describe('an event for a topic', () => {
  it('is sent as a CloudEvent, as it is, with a token of pullmedic itself', async () => {
    const { sent, options } = topicThatSays(200);
    expect(await publishTo(topic, event, token, options)).toEqual({ status: 200, headers: {}, body: '' });
    expect(sent).toEqual([
      {
        url: `${topic}?api-version=2018-01-01`,
        body: [{ ...event, time: '2026-06-01T02:00:00.000Z' }],
        authorization: 'Bearer token for https://eventgrid.azure.net/.default',
      },
    ]);
  });

  it.each([400, 401, 413, 429, 500, 503])('is sent once where the topic answers %i', async (status) => {
    const { sent, options } = topicThatSays(status, { 'retry-after': '7' });
    expect(await publishTo(topic, event, token, options)).toMatchObject({ status, headers: { 'retry-after': '7' } });
    expect(sent).toHaveLength(1);
  });

  it('follows no redirect, which could lead a token elsewhere', async () => {
    const { sent, options } = topicThatSays(307, { location: 'https://evil.example/' });
    expect(await publishTo(topic, event, token, options)).toMatchObject({ status: 307 });
    expect(sent).toHaveLength(1);
  });

  it('is not sent without a token', async () => {
    const { sent, options } = topicThatSays(200);
    const refused = publishTo(topic, event, () => Promise.reject(new Error('no token')), options);
    await expect(refused).rejects.toThrow('no token');
    expect(sent).toEqual([]);
  });
});
