// An action group that signs in with its own identity: who is let in, and that nobody else is.
import { readFileSync } from 'node:fs';
import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import type { App } from '../../src/functions/app.ts';
import { onSignedAlert } from '../../src/functions/on-alert.ts';
import type { Signal } from '../../src/lib/signals/signal.ts';

const alert = readFileSync('test/fixtures/signals/log-alert-v2-fired.doc.json', 'utf8')
  .replaceAll('"name": "Computer"', '"name": "App"')
  .replace(/"value": "[^"]*"/g, '"value": "ca-orders"');

function header(...roles: string[]): string {
  const claims = roles.map((val) => ({ typ: 'roles', val }));
  return Buffer.from(JSON.stringify({ auth_typ: 'aad', role_typ: 'roles', claims })).toString('base64');
}

async function send(signInByPlatform: boolean, principal: string | undefined): Promise<[number | undefined, number]> {
  const sent: Signal[] = [];
  const app = {
    callers: { state: signInByPlatform ? 'on' : 'off' },
    ports: {
      now: () => 0,
      log: () => undefined,
      queue: {
        sendSignal: async (signal: Signal) => {
          sent.push(signal);
        },
      },
    },
  } as unknown as App;
  const headers: Record<string, string> = principal === undefined ? {} : { 'x-ms-client-principal': principal };
  const request = new HttpRequest({
    method: 'POST',
    url: 'https://x.example/api/alerts/signed',
    headers,
    body: { string: alert },
  });
  const { status } = await onSignedAlert(app, request);
  return [status, sent.length];
}

describe('a signed alert', () => {
  it('of Azure Monitor becomes a signal', async () => {
    expect(await send(true, header('ActionGroupsSecureWebhook'))).toEqual([202, 1]);
  });

  it.each([
    ['without a sign-in', true, undefined],
    ['of somebody who may read', true, header('Reader')],
    ['with a header that nobody can read', true, 'not base64 of JSON'],
    ['with a header longer than any sign-in', true, Buffer.alloc(60_000, 'x').toString('base64')],
    ['where the platform signs nobody in, whatever the header says', false, header('ActionGroupsSecureWebhook')],
  ])('%s is refused, and nothing is queued', async (_, signInByPlatform, principal) => {
    expect(await send(signInByPlatform, principal)).toEqual([401, 0]);
  });
});

describe('an alert that the queue does not take', () => {
  it('is asked for again with 503, the status after which an action group sends it again', async () => {
    const logged: string[] = [];
    const app = {
      callers: { state: 'on' },
      ports: {
        now: () => 0,
        log: (event: string) => logged.push(event),
        queue: {
          sendSignal: async () => {
            throw new Error('queue https://x.queue.example/?sig=secret does not answer');
          },
        },
      },
    } as unknown as App;
    const request = new HttpRequest({
      method: 'POST',
      url: 'https://x.example/api/alerts/signed',
      headers: { 'x-ms-client-principal': header('ActionGroupsSecureWebhook') },
      body: { string: alert },
    });
    const answer = await onSignedAlert(app, request);

    expect(answer.status).toBe(503);
    expect(new Headers(answer.headers).get('retry-after')).toBe('30');
    expect(JSON.stringify(answer.jsonBody)).not.toContain('secret');
    expect(logged).toEqual(['signal-not-queued']);
  });
});
