// Log Analytics: when a table and a row can be queried.
import { describe, expect, it } from 'vitest';
import { deployRevision } from '../../../../local/azure/apps/revisions.ts';
import { answerLogQuery } from '../../../../local/azure/monitor/log-analytics.ts';
import { systemLogsQuery } from '../../../../src/lib/azure/facts/logs.ts';
import { workloads } from '../../../../src/lib/workloads/workloads.ts';
import { builtInWorld, minute, startMs } from '../built-in-worlds.ts';

describe('Log Analytics', () => {
  it('fails a query over a table that was never written, and answers ours without rows until they have arrived', () => {
    const { sim, time } = builtInWorld('missing-acrpull-user-assigned');
    const [environment] = sim.environments.values();
    const path = `/v1/workspaces/${environment?.workspaceId ?? ''}/query`;
    const { columns } = workloads['container-app'];
    const query = { query: systemLogsQuery({ app: 'ca-orders', since: new Date(startMs), columns }) };

    expect(answerLogQuery(sim, path, { query: 'ContainerAppSystemLogs_CL | take 1' }).status).toBe(400);
    expect(answerLogQuery(sim, path, query)).toMatchObject({ status: 200, body: { tables: [{ rows: [] }] } });
    for (const app of sim.apps.values()) deployRevision(sim, app);
    time.advance(5 * minute);

    expect(JSON.stringify(answerLogQuery(sim, path, query).body)).toContain('ImagePullUnauthorized');
  });

  it('shows no row before it was ingested', () => {
    const { sim, time } = builtInWorld('missing-acrpull-user-assigned');
    for (const app of sim.apps.values()) deployRevision(sim, app);

    time.advance(20_000);

    expect(sim.logs.length).toBeGreaterThan(0);
    expect(sim.logs.every((row) => row.ingestedMs > time.now())).toBe(true);
  });
});
