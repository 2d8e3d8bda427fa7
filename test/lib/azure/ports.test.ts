// The ports of a running app: where they look, and within which subscriptions.
import { describe, expect, it } from 'vitest';
import type { RequestBudget } from '../../../src/lib/azure/clients/budget.ts';
import { azurePorts } from '../../../src/lib/azure/ports.ts';
import { connectQueues } from '../../../src/lib/azure/store/queue.ts';
import { storageConnection } from '../../../src/lib/azure/store/storage-connection.ts';
import { connectTables } from '../../../src/lib/azure/store/store.ts';
import { unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { alert, appId, config, nowMs } from '../facts.ts';
import { type AzureAnswer, clientsOver } from './clients-over.ts';

const scope = '5f0c1d2e-0000-4000-8000-000000000001';
const hub = '5f0c1d2e-0000-4000-8000-000000000009';

const enough: RequestBudget = { take: async () => true, heard: async () => undefined, scarce: () => true };

function running(answer: AzureAnswer, budget = enough) {
  const world = clientsOver(() => answer, budget);
  const storage = storageConnection({ S: 'UseDevelopmentStorage=true' }, 'S');
  const ports = azurePorts(config({ PULLMEDIC_SETTINGS: JSON.stringify({ alsoRead: [hub] }) }), {
    clients: world.clients,
    tables: connectTables(storage),
    queues: connectQueues(storage),
    budget,
    log: () => undefined,
    valueOf: () => undefined,
  });
  return { ports, asked: world.asked };
}

const nothing = { body: { totalRecords: 0, count: 0, resultTruncated: 'false', data: [], value: [] } };
const subscriptionsOf = (body: string | undefined): unknown =>
  (JSON.parse(body ?? '{}') as { subscriptions?: unknown }).subscriptions;

describe('the ports of a running app', () => {
  it('find apps in the subscriptions of the scopes only', async () => {
    const { ports, asked } = running(nothing);
    await ports.azure.findApps('ca-orders', undefined);

    expect(asked.map(({ body }) => subscriptionsOf(body))).toEqual([[scope]]);
  });

  it('find a registry also in the subscriptions that are only read', async () => {
    const { ports, asked } = running(nothing);
    await ports.azure.probe('registry', targetOf(appId, 'acrhub.azurecr.io/a:v1'), { atMs: nowMs }, nowMs);

    expect(asked.filter(({ method }) => method === 'POST').map(({ body }) => subscriptionsOf(body))).toEqual([
      [scope, hub],
    ]);
  });

  it('list an app of the scopes, and never read a refusal as an empty list', async () => {
    expect(await running({ status: 403, body: {} }).ports.azure.listApps()).toEqual(unreadable('forbidden'));
  });

  it('say that requests are scarce when the budget does', () => {
    expect(running(nothing).ports.azure.scarce()).toBe(true);
  });
});

describe('an alert', () => {
  it('is read behind looks that have begun, and behind what belongs to a signal: nothing waits for it', async () => {
    const takers: unknown[] = [];
    const noting: RequestBudget = {
      take: async (_key, look) => takers.push(look) > 0,
      heard: async () => undefined,
      scarce: () => false,
    };
    const { ports } = running({ status: 404, body: { error: { code: 'NotFound' } } }, noting);
    await ports.actions.readAlert(alert.id);
    await ports.actions.readAlert(alert.id);

    expect(takers).not.toContain(undefined);
    expect(new Set(takers).size).toBe(2);
  });
});
