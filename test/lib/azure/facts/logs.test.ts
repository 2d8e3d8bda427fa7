// The system log of an app: read where the environment sends it, whole, and each event once.
import { describe, expect, it } from 'vitest';
import { knowLogWorkspaces, mostRows, readLogs, systemLogsQuery } from '../../../../src/lib/azure/facts/logs.ts';
import type { EnvironmentFacts } from '../../../../src/lib/evidence/app-facts.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { workloads } from '../../../../src/lib/workloads/workloads.ts';
import { environmentId, nowMs } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';

const ofOrders = { app: 'ca-orders', since: new Date(nowMs), columns: workloads['container-app'].columns };
const inWorkspace: EnvironmentFacts = { id: environmentId, logs: { kind: 'workspace', workspaceId: 'w1' } };
const names = ['TimeGenerated', 'EventTime', 'Environment', 'Revision', 'Replica', 'Reason', 'Severity', 'Text'];

function table(rows: readonly unknown[][], columns: readonly string[] = names): object {
  return {
    tables: [{ name: 'PrimaryResult', columns: columns.map((name) => ({ name, type: 'string' })), rows }],
  };
}

const row = (at: string, text: string, event = '', environment = ''): unknown[] => [
  at,
  event,
  environment,
  'r1',
  'r1-a',
  'Failed',
  'Warning',
  text,
];

describe('the system log', () => {
  it('comes oldest first, and an event that was ingested twice comes once', async () => {
    const [one, two] = [row('2026-06-01T02:00:00Z', 'one'), row('2026-06-01T02:01:00Z', 'two')];
    const { clients, asked } = alwaysAnswering(table([two, one, one]));
    const fact = await readLogs(clients, inWorkspace, ofOrders);

    expect(fact.read && fact.value.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(asked).toMatchObject([{ host: 'api.loganalytics.io', path: '/v1/workspaces/w1/query' }]);
  });

  it('is ordered by the time of the events, not by that of the batch which carried them', async () => {
    // Both rows of a captured pull carry 2026-06-26T12:41:06.988343Z: Azure Container Apps practical guide, lab of the private endpoint.
    const batch = '2026-06-26T12:41:06.988343Z';
    const failed = row(batch, 'Container pull image failed', '2026-06-26 12:41:04 +0000 UTC');
    const pulling = row(batch, 'Pulling image', '2026-06-26T12:41:02Z');
    const fact = await readLogs(alwaysAnswering(table([failed, pulling])).clients, inWorkspace, ofOrders);

    expect(fact.read && fact.value.map(({ text, atMs }) => [text, atMs])).toEqual([
      ['Pulling image', Date.parse('2026-06-26T12:41:02Z')],
      ['Container pull image failed', Date.parse('2026-06-26T12:41:04Z')],
    ]);
  });

  it.each(['', 'yesterday', '2026-06-26 12:41:02 -0700 PDT', '2099-01-01T00:00:00Z', 7])(
    'has the time of the batch where that of the event is %j',
    async (event) => {
      const one = row('2026-06-26T12:41:06Z', 'x', event as string);
      const fact = await readLogs(alwaysAnswering(table([one])).clients, inWorkspace, ofOrders);

      expect(fact.read && fact.value.map(({ atMs }) => atMs)).toEqual([Date.parse('2026-06-26T12:41:06Z')]);
    },
  );

  it('has an event once that came in two batches, and two events of one batch that differ', async () => {
    const event = '2026-06-26 12:41:02 +0000 UTC';
    const rows = [
      row('2026-06-26T12:41:06Z', 'one', event),
      row('2026-06-26T12:43:00Z', 'one', event),
      row('2026-06-26T12:43:00Z', 'two', event),
    ];
    const fact = await readLogs(alwaysAnswering(table(rows)).clients, inWorkspace, ofOrders);

    expect(fact.read && fact.value.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  // The label of a captured row: Azure Container Apps practical guide, lab managed-identity-key-vault-failure.
  it('is that of the app’s own environment where a workspace has an app of the same name in another', async () => {
    const own = { ...inWorkspace, domainLabel: 'victoriousmushroom-d79e9f76' };
    const texts = async (...environments: string[]): Promise<unknown> => {
      const rows = environments.map((one) => row('2026-06-01T02:00:00Z', `of ${one}`, '', one));
      const fact = await readLogs(alwaysAnswering(table(rows)).clients, own, ofOrders);
      return fact.read && fact.value.map(({ text }) => text);
    };

    expect(await texts('VictoriousMushroom-d79e9f76', 'calmbay-1a2b3c4d')).toEqual(['of VictoriousMushroom-d79e9f76']);
    expect(await texts('cae-shop', '')).toEqual(['of cae-shop', 'of ']);
  });

  it('of the typed table has no severity: its column Type is the name of the table', () => {
    expect(systemLogsQuery(ofOrders)).not.toContain('= Type,');
  });

  it('of an environment without a workspace is asked of the environment where nothing is configured, as on the command line', async () => {
    const { clients, asked } = alwaysAnswering(table([]));

    expect(await readLogs(clients, { ...inWorkspace, logs: { kind: 'resource' } }, ofOrders)).toEqual(known([]));
    expect(asked[0]?.path).toBe(`/v1${environmentId}/query`);
  });

  const typed: EnvironmentFacts = { ...inWorkspace, logs: { kind: 'resource' } };

  it('of an environment without a workspace is asked of the workspaces in the settings, and is one log', async () => {
    const { clients, asked } = alwaysAnswering(table([row('2026-06-01T02:00:00Z', 'one')]));
    knowLogWorkspaces(clients, ['w2', 'w3']);
    const fact = await readLogs(clients, typed, ofOrders);

    expect(asked.map(({ path }) => path).sort()).toEqual(['/v1/workspaces/w2/query', '/v1/workspaces/w3/query']);
    expect(fact.read && fact.value.map(({ text }) => text)).toEqual(['one']);
  });

  it('of an environment without a workspace is unreadable where the settings name none, and none is guessed', async () => {
    const { clients, asked } = alwaysAnswering(table([]));
    knowLogWorkspaces(clients, []);

    expect(await readLogs(clients, typed, ofOrders)).toEqual(unreadable('no-workspace'));
    expect(asked).toEqual([]);
  });

  it('of an environment that names its workspace is asked there, whatever the settings name', async () => {
    const { clients, asked } = alwaysAnswering(table([]));
    knowLogWorkspaces(clients, ['w2']);
    await readLogs(clients, inWorkspace, ofOrders);

    expect(asked.map(({ path }) => path)).toEqual(['/v1/workspaces/w1/query']);
  });

  it('that goes nowhere is known to be empty, and is not asked for', async () => {
    const { clients, asked } = alwaysAnswering(table([]));

    expect(await readLogs(clients, { ...inWorkspace, logs: { kind: 'none' } }, ofOrders)).toEqual(known([]));
    expect(asked).toEqual([]);
  });

  it.each<[string, object]>([
    ['is partial', { ...table([]), error: { code: 'PartialError', message: 'x' } }],
    ['lacks a column', table([], names.slice(1))],
    ['has a row without a time', table([row('yesterday', 'x')])],
    ['has more rows than asked for', table(Array.from({ length: mostRows + 1 }, () => row('2026-06-01', 'x')))],
  ])('is unreadable if the answer %s', async (_, body) => {
    expect(await readLogs(alwaysAnswering(body).clients, inWorkspace, ofOrders)).toEqual(
      unreadable('unexpected-answer'),
    );
  });
});
