// Makes the alerts of a storm, in the common alert schema, and posts them as fast as the app accepts them.

import { Agent, request } from 'node:http';
import { guidFor } from '../azure/model/ids.ts';
import type { Sim } from '../azure/model/sim.ts';
import type { StormApp } from './world.ts';

export interface StormAlert {
  readonly app: StormApp;
  readonly id: string;
  readonly body: string;
}

/** What the body of one alert says. */
interface Alert {
  readonly app: StormApp;
  readonly revision: string;
  readonly subscription: string;
  readonly id: string;
  readonly fired: string;
}

function bodyOf({ app, revision, subscription, id, fired }: Alert): string {
  const dimensions = [
    { name: 'Environment', value: app.environment },
    { name: 'App', value: app.name },
    { name: 'Revision', value: revision },
  ];
  return JSON.stringify({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: `/subscriptions/${subscription}/providers/Microsoft.AlertsManagement/alerts/${id}`,
        alertRule: 'pullmedic-pull-failures',
        severity: 'Sev2',
        signalType: 'Log',
        monitorCondition: 'Fired',
        monitoringService: 'Log Alerts V2',
        originAlertId: id,
        firedDateTime: fired,
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        condition: { windowSize: 'PT10M', allOf: [{ operator: 'GreaterThan', threshold: '0', dimensions }] },
      },
    },
  });
}

/** One alert in ten is delivered twice, as action groups do. */
const copiesEvery = 10;

/** The alerts of a storm. They all fired at the same instant. */
interface Burst {
  readonly count: number;
  readonly firedMs: number;
  readonly delivered?: 'some-twice' | 'each-once';
}

/** Makes alerts for all of these apps in turn, each about the revision that its app has now. */
export function stormAlerts(
  apps: readonly StormApp[],
  sim: Sim,
  { count, firedMs, delivered = 'some-twice' }: Burst,
): StormAlert[] {
  const { subscription } = sim.world;
  const revisions = new Map([...sim.apps.values()].map((app) => [app.name, app.revisions.at(-1)?.name ?? '']));
  const fired = new Date(firedMs).toISOString();
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / apps.length);
    const app = apps[index % apps.length] as StormApp;
    const isCopy = delivered === 'some-twice' && round > 0 && index % copiesEvery === 0;
    const copied = isCopy ? round - 1 : round;
    const id = guidFor(`storm|${app.name}|${copied}`);
    const revision = revisions.get(app.name) ?? '';
    return { app, id, body: bodyOf({ app, revision, subscription, id, fired }) };
  });
}

async function post(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { agent, method: 'POST', headers, timeout: 10_000 }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('timeout', () => sent.destroy(new Error('The app did not answer in ten seconds.')));
    sent.once('error', reject);
    sent.end(body);
  });
}

/** How many requests are under way at the same time. The alerts fired at the same instant, and nobody sends them one after the other. */
const sideBySide = 64;

/** Posts the alerts to the instances in turn and returns how many were not accepted. A failed one is posted again, as action groups do. */
export async function postAlerts(urls: readonly string[], alerts: readonly StormAlert[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: sideBySide });
  let next = 0;
  let refused = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < alerts.length; index = next++) {
      const url = urls[index % urls.length] ?? '';
      const body = alerts[index]?.body ?? '';
      const first = await post(agent, url, body).catch(() => 0);
      const status = first === 202 ? first : await post(agent, url, body).catch(() => 0);
      if (status !== 202) refused += 1;
    }
  }
  await Promise.all(Array.from({ length: sideBySide }, worker));
  agent.destroy();
  return refused;
}
