// The system log of an app: read where the environment sends it, whole, and each event once.
import { describe, expect, it } from 'vitest';
import { knowLogWorkspaces, mostRows, readLogs } from '../../../../src/lib/azure/facts/logs.ts';

import type { EnvironmentFacts } from '../../../../src/lib/evidence/app-facts.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { environmentId, nowMs } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';

const since = new Date(nowMs);
const inWorkspace: EnvironmentFacts = { id: environmentId, logs: { kind: 'workspace', workspaceId: 'w1' } };
const names = ['TimeGenerated', 'Revision', 'Replica', 'Reason', 'Severity', 'Text'];

function table(rows: readonly unknown[][], columns: readonly string[] = names): object {
  return {
    tables: [{ name: 'PrimaryResult', columns: columns.map((name) => ({ name, type: 'string' })), rows }],
  };
}

const row = (at: string, text: string): unknown[] => [at, 'r1', 'r1-a', 'Failed', 'Warning', text];

describe('the system log', () => {
  it('comes oldest first, and an event that was ingested twice comes once', async () => {
    const [one, two] = [row('2026-06-01T02:00:00Z', 'one'), row('2026-06-01T02:01:00Z', 'two')];
    const { clients, asked } = alwaysAnswering(table([two, one, one]));
    const fact = await readLogs(clients, inWorkspace, 'ca-orders', since);

    expect(fact.read && fact.value.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(asked).toMatchObject([{ host: 'api.loganalytics.io', path: '/v1/workspaces/w1/query' }]);
  });

  it('of an environment without a workspace is asked of the environment where nothing is configured, as on the command line', async () => {
    const { clients, asked } = alwaysAnswering(table([]));

    expect(await readLogs(clients, { ...inWorkspace, logs: { kind: 'resource' } }, 'ca-orders', since)).toEqual(
      known([]),
    );
    expect(asked[0]?.path).toBe(`/v1${environmentId}/query`);
  });

  const typed: EnvironmentFacts = { ...inWorkspace, logs: { kind: 'resource' } };

  it('of an environment without a workspace is asked of the workspaces in the settings, and is one log', async () => {
    const { clients, asked } = alwaysAnswering(table([row('2026-06-01T02:00:00Z', 'one')]));
    knowLogWorkspaces(clients, ['w2', 'w3']);
    const fact = await readLogs(clients, typed, 'ca-orders', since);

    expect(asked.map(({ path }) => path).sort()).toEqual(['/v1/workspaces/w2/query', '/v1/workspaces/w3/query']);
    expect(fact.read && fact.value.map(({ text }) => text)).toEqual(['one']);
  });

  it('of an environment without a workspace is unreadable where the settings name none, and none is guessed', async () => {
    const { clients, asked } = alwaysAnswering(table([]));
    knowLogWorkspaces(clients, []);

    expect(await readLogs(clients, typed, 'ca-orders', since)).toEqual(unreadable('no-workspace'));
    expect(asked).toEqual([]);
  });

  it('of an environment that names its workspace is asked there, whatever the settings name', async () => {
    const { clients, asked } = alwaysAnswering(table([]));
    knowLogWorkspaces(clients, ['w2']);
    await readLogs(clients, inWorkspace, 'ca-orders', since);

    expect(asked.map(({ path }) => path)).toEqual(['/v1/workspaces/w1/query']);
  });

  it('that goes nowhere is known to be empty, and is not asked for', async () => {
    const { clients, asked } = alwaysAnswering(table([]));

    expect(await readLogs(clients, { ...inWorkspace, logs: { kind: 'none' } }, 'ca-orders', since)).toEqual(known([]));
    expect(asked).toEqual([]);
  });

  it.each<[string, object]>([
    ['is partial', { ...table([]), error: { code: 'PartialError', message: 'x' } }],
    ['lacks a column', table([], names.slice(1))],
    ['has a row without a time', table([row('yesterday', 'x')])],
    ['has more rows than asked for', table(Array.from({ length: mostRows + 1 }, () => row('2026-06-01', 'x')))],
  ])('is unreadable if the answer %s', async (_, body) => {
    expect(await readLogs(alwaysAnswering(body).clients, inWorkspace, 'ca-orders', since)).toEqual(
      unreadable('unexpected-answer'),
    );
  });
});
