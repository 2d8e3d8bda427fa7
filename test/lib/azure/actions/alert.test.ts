// How an alert is read and set: against the simulated Alerts Management, with the clients that run in Azure.

import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import type { ManagedAlert } from '../../../../local/azure/model/records.ts';
import { startAlertRules } from '../../../../local/azure/monitor/log-alerts.ts';
import { readAlert, setAlertState } from '../../../../src/lib/azure/actions/actions.ts';
import { type Clients, connectWith } from '../../../../src/lib/azure/clients/clients.ts';
import { readAlert as readPayload } from '../../../../src/lib/signals/alert.ts';
import type { AlertId } from '../../../../src/lib/words/arm-id.ts';
import { addressesOf } from '../../../../src/lib/words/cloud.ts';
import { minute, orders, type Small, small } from '../../../local/azure/worlds.ts';

const letPass = async (): Promise<undefined> => undefined;

interface World {
  readonly shop: Small;
  readonly clients: Clients;
  /** The id that the payload named. */
  readonly id: AlertId;
  readonly fired: ManagedAlert;
  readonly sent: string[];
  /** Answers this status instead of asking; -1 loses the request. */
  instead: (method: string) => number | undefined;
}

function world(more: Record<string, unknown>, happens: (shop: Small) => void): World {
  const shop = small(more);
  const payloads: unknown[] = [];
  startAlertRules(shop.sim, 'http://127.0.0.1:9/never-called');
  shop.sim.onAlert = (body) => payloads.push(body);
  happens(shop);
  const read = readPayload(payloads[0]);
  const id = read.ok ? read.signals[0]?.alert?.id : undefined;
  const [fired] = shop.sim.managedAlerts;
  if (id === undefined || fired === undefined) throw new Error('no alert');
  const sent: string[] = [];
  const made: Pick<World, 'instead'> = { instead: () => undefined };
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const url = new URL(request.url);
      sent.push(`${request.method} ${url.search}`);
      const instead = made.instead(request.method);
      if (instead === -1) throw new Error('socket hang up');
      const query = Object.fromEntries(url.searchParams);
      const answer =
        instead === undefined
          ? shop.arm(request.method, decodeURIComponent(url.pathname), query)
          : { status: instead, body: {} };
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      return { request, status: answer.status, headers, bodyAsText: JSON.stringify(answer.body) };
    },
  };
  const credential = { getToken: async () => ({ token: 'x', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const clients = connectWith(credential, addressesOf('public'), undefined, httpClient);
  return Object.assign(made, { shop, clients, id, fired, sent });
}

const ofLogs = (): World => world({}, (shop) => shop.now({ do: 'fire-alert', app: 'ca-orders' }));

const ofWrites = (): World =>
  world(
    { alertRules: [{ kind: 'activity-log' }], apps: [{ ...orders, validated: true, deployed: 'later' }] },
    (shop) => {
      shop.now({ do: 'deploy', app: 'ca-orders' });
      shop.time.advance(5 * minute);
    },
  );

describe('an alert that fired', () => {
  it('of a log alert rule is read with the app that its dimensions name', async () => {
    const { clients, id } = ofLogs();

    expect(await readAlert(clients, id)).toMatchObject({
      read: true,
      value: {
        id,
        state: 'New',
        condition: 'Fired',
        trouble: 'system-log',
        target: expect.stringContaining('/microsoft.operationalinsights/workspaces/') as unknown,
        names: [{ kind: 'app-name', name: 'ca-orders', environment: 'proudmushroom-c9364c7e' }],
      },
    });
  });

  it('of an activity-log alert rule is read with the app whose write failed', async () => {
    const { clients, id, shop } = ofWrites();

    expect(await readAlert(clients, id)).toMatchObject({
      value: { trouble: 'failed-write', target: shop.app.id.toLowerCase(), names: [] },
    });
  });

  it('is set once, to the state that was asked for, and its condition stays', async () => {
    const { clients, id, fired, sent } = ofLogs();

    expect(await setAlertState(clients, id, 'Acknowledged', letPass)).toEqual({ outcome: 'done' });
    expect(fired.state).toBe('Acknowledged');
    expect(await setAlertState(clients, id, 'Closed', letPass)).toEqual({ outcome: 'done' });
    expect(sent).toEqual([
      'POST ?api-version=2019-03-01&newState=Acknowledged',
      'POST ?api-version=2019-03-01&newState=Closed',
    ]);
    expect(await readAlert(clients, id)).toMatchObject({ value: { state: 'Closed', condition: 'Fired' } });
  });

  it('that is not there is gone, and cannot be set', async () => {
    const { clients, id } = ofLogs();
    const other = id.replace(/.$/, 'f').replace(/-.{4}-/, '-0000-') as AlertId;

    expect(await readAlert(clients, other)).toEqual({ read: true, value: 'gone' });
    expect(await setAlertState(clients, other, 'Closed', letPass)).toEqual({
      outcome: 'failed',
      because: 'refused',
      detail: '404',
    });
  });

  it.each([
    [403, 'forbidden'],
    [400, 'unexpected-answer'],
    [204, 'unexpected-answer'],
    [200, 'unexpected-answer'],
  ])('is unreadable, never absent, where Azure answers %i without one', async (status, why) => {
    const made = ofLogs();
    made.instead = () => status;

    expect(await readAlert(made.clients, made.id)).toEqual({ read: false, why });
  });

  it.each([
    [-1, { outcome: 'unknown', because: 'no-answer' }],
    [500, { outcome: 'unknown', because: 'no-answer' }],
    [503, { outcome: 'unknown', because: 'no-answer' }],
    [408, { outcome: 'unknown', because: 'no-answer' }],
    [202, { outcome: 'unknown', because: 'accepted' }],
    [429, { outcome: 'failed', because: 'throttled', detail: '429' }],
    [403, { outcome: 'failed', because: 'refused', detail: '403' }],
  ])('is not set a second time where the answer is %i', async (status, answer) => {
    const made = ofLogs();
    made.instead = () => status;

    expect(await setAlertState(made.clients, made.id, 'Closed', letPass)).toEqual(answer);
    expect(made.sent).toHaveLength(1);
  });
});
