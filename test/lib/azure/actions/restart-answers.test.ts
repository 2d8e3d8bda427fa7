// What Azure answers to a restart, and what that means for the next try: through the real SDK, with answers made up here.
import { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { restartRevision, startJob } from '../../../../src/lib/azure/actions/actions.ts';
import type { Clients } from '../../../../src/lib/azure/clients/clients.ts';
import type { Refusal } from '../../../../src/lib/history/refusals.ts';
import type { ActionAnswer } from '../../../../src/lib/ports/ports.ts';
import { app, groupId, jobId } from '../../facts.ts';
import { clientsOver } from '../clients-over.ts';

/** Asks for a restart where it is not told otherwise. */
async function answerTo(
  status: number,
  code: string,
  ask = (clients: Clients) => restartRevision(clients, app.id, 'ca-orders--0000001', async () => undefined),
  bodyOf200 = '',
): Promise<ActionAnswer> {
  const httpClient: HttpClient = {
    sendRequest: async (request) => ({
      request,
      status,
      headers: createHttpHeaders({ 'content-type': 'application/json' }),
      bodyAsText: status === 200 ? bodyOf200 : JSON.stringify({ error: { code, message: 'x' } }),
    }),
  };
  const credential = { getToken: async () => ({ token: 'x', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const api = new ContainerAppsAPIClient(credential, 'a0000000-0000-4000-8000-00000000000a', {
    httpClient,
    retryOptions: { maxRetries: 0 },
  });
  const clients = { appsForWrites: async () => api } as unknown as Clients;
  return ask(clients);
}

it('was made after a 200, and may have been made after a 202 or an error of the server', async () => {
  expect(await answerTo(200, '')).toEqual({ outcome: 'done' });
  expect(await answerTo(202, '')).toEqual({ outcome: 'unknown', because: 'accepted' });
  expect(await answerTo(503, 'ServiceUnavailable')).toEqual({ outcome: 'unknown', because: 'no-answer' });
});

const start = (clients: Clients): Promise<ActionAnswer> => startJob(clients, jobId, async () => undefined);

it('is a start of a job after a 200 that names the execution, or a 202: the execution shows in a later look', async () => {
  expect(await answerTo(200, '', start, '{"name":"job-import-1"}')).toEqual({ outcome: 'done' });
  expect(await answerTo(200, '', start)).toEqual({ outcome: 'unknown', because: 'no-answer' });
  expect(await answerTo(202, '', start)).toEqual({ outcome: 'done' });
  expect(await answerTo(503, 'ServiceUnavailable', start)).toEqual({ outcome: 'unknown', because: 'no-answer' });
  expect(await answerTo(403, 'AuthorizationFailed', start)).toMatchObject({ outcome: 'failed', because: 'refused' });
});

it('is not asked for where nothing of the kind is started, or where the last check refuses', async () => {
  const unasked = { appsForWrites: () => Promise.reject(new Error('asked Azure')) } as unknown as Clients;

  expect(await startJob(unasked, app.id, async () => undefined)).toEqual({
    outcome: 'withheld',
    because: 'start-again: not-manual',
  });
  expect(
    await answerTo(200, '', (clients) => startJob(clients, jobId, async () => ({ guard: 'kill-switch', why: 'on' }))),
  ).toEqual({ outcome: 'withheld', because: 'kill-switch: on' });
});

it('met another operation after a 409, whatever its code is', async () => {
  expect(await answerTo(409, 'ContainerAppOperationInProgress')).toEqual({
    outcome: 'failed',
    because: 'conflict',
    detail: '409 ContainerAppOperationInProgress',
  });
});

it.each([
  [400, 'refused'],
  [403, 'refused'],
  [404, 'refused'],
  [429, 'throttled'],
])('failed after a %i, because it was %s', async (status, because) => {
  expect(await answerTo(status, 'SomeCode')).toMatchObject({ outcome: 'failed', because });
});

describe('the restart of a container group', () => {
  const over = (status: number, stopped?: Refusal) => {
    const to = clientsOver(() => ({ status, body: status < 300 ? undefined : { error: { code: 'x' } } }));
    return { ...to, answer: () => restartRevision(to.clients, groupId, 'app', async () => stopped) };
  };

  it('is one request for the whole group, in the API version in which groups are read', async () => {
    const { asked, answer } = over(204);
    expect(await answer()).toEqual({ outcome: 'done' });
    expect(asked.map(({ method, path, query, body }) => [method, path, query.get('api-version'), body])).toEqual([
      ['POST', `${groupId}/restart`, '2025-09-01', ''],
    ]);
  });

  it.each([
    [202, { outcome: 'unknown', because: 'accepted' }],
    [409, { outcome: 'failed', because: 'conflict', detail: '409' }],
    [403, { outcome: 'failed', because: 'refused', detail: '403' }],
    [429, { outcome: 'failed', because: 'throttled', detail: '429' }],
    [503, { outcome: 'unknown', because: 'no-answer' }],
  ])('answered with %i', async (status, expected) => {
    const { asked, answer } = over(status);
    expect(await answer()).toEqual(expected);
    expect(asked).toHaveLength(1);
  });

  it('is not sent where the last check refuses it', async () => {
    const { asked, answer } = over(204, { guard: 'kill-switch', why: 'on' });
    expect(await answer()).toMatchObject({ outcome: 'withheld' });
    expect(asked).toEqual([]);
  });
});
