import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deployRevision, revisionState } from '../../local/azure/apps/revisions.ts';
import { firstAssignments } from '../../local/azure/authorization/role-assignments.ts';
import { happen } from '../../local/azure/happenings/happenings.ts';
import { runKql } from '../../local/azure/kql/kql.ts';
import { KqlError, type Table } from '../../local/azure/kql/values.ts';
import { createSim } from '../../local/azure/model/create.ts';
import { type ManualScheduler, manualScheduler } from '../../local/azure/model/scheduler.ts';
import type { Sim } from '../../local/azure/model/sim.ts';
import { answerLogQuery } from '../../local/azure/monitor/log-analytics.ts';
import { BadScenario, parseScenario } from '../../local/scenarios/schema.ts';
import { systemLogsQuery } from '../../src/lib/azure/facts/logs.ts';

const startMs = Date.parse('2026-06-01T02:00:00Z');

const minute = 60_000;

function world(file: string): { sim: Sim; time: ManualScheduler } {
  const scenario = parseScenario(readFileSync(`local/scenarios/${file}.yaml`, 'utf8'), file);
  const time = manualScheduler(startMs);
  const sim = createSim(scenario.world, time, 1, 'test');
  sim.assignments = firstAssignments(sim);
  return { sim, time };
}

function reasons(sim: Sim): string[] {
  return [...new Set(sim.logs.map((row) => row.reason))];
}

describe('the platform', () => {
  it('tries again after 10, 20, 40, 80, 160 and then every 300 seconds', () => {
    const { sim, time } = world('missing-acrpull-user-assigned');
    for (const app of sim.apps.values()) deployRevision(sim, app);

    time.advance(20 * minute);

    const tries = [...new Set(sim.logs.filter((row) => row.reason === 'PullingImage').map((row) => row.atMs))];
    const gaps = tries.slice(1).map((atMs, index) => Math.round((atMs - (tries[index] ?? 0)) / 10_000) * 10);
    expect(gaps.slice(0, 6)).toEqual([10, 20, 40, 80, 160, 300]);
  });

  it('pulls once a role takes effect, not when it is assigned', () => {
    const { sim, time } = world('missing-acrpull-user-assigned');
    const [app] = sim.apps.values();
    if (app === undefined) throw new Error('no app');
    const revision = deployRevision(sim, app);
    happen(sim, {
      at: 0,
      do: 'assign-role',
      role: 'AcrPull',
      principal: 'id-orders',
      on: 'acrshop',
      propagation: 4 * minute,
    });

    time.advance(3 * minute);
    expect(reasons(sim)).not.toContain('PulledImage');
    time.advance(10 * minute);

    expect(reasons(sim)).toContain('PulledImage');
    expect(revisionState(sim, revision)).toMatchObject({ healthState: 'Healthy', provisioningState: 'Provisioned' });
  });

  it('logs a missing DNS link as unauthorized, with type Normal', () => {
    const { sim, time } = world('dns-link-missing-says-unauthorized');
    for (const app of sim.apps.values()) deployRevision(sim, app);

    time.advance(minute);

    expect(sim.logs.find((row) => row.reason === 'ImagePullUnauthorized')).toMatchObject({
      type: 'Normal',
      text: 'Container pull image failed with unauthorized error.',
    });
  });
});

describe('Log Analytics', () => {
  it('fails a query over a table that was never written, and answers once rows have arrived', () => {
    const { sim, time } = world('missing-acrpull-user-assigned');
    const [environment] = sim.environments.values();
    const path = `/v1/workspaces/${environment?.workspaceId ?? ''}/query`;
    const query = { query: systemLogsQuery('ca-orders', new Date(startMs)) };

    expect(answerLogQuery(sim, path, query).status).toBe(400);
    for (const app of sim.apps.values()) deployRevision(sim, app);
    time.advance(5 * minute);

    expect(JSON.stringify(answerLogQuery(sim, path, query).body)).toContain('ImagePullUnauthorized');
  });

  it('shows no row before it was ingested', () => {
    const { sim, time } = world('missing-acrpull-user-assigned');
    for (const app of sim.apps.values()) deployRevision(sim, app);

    time.advance(20_000);

    expect(sim.logs.length).toBeGreaterThan(0);
    expect(sim.logs.every((row) => row.ingestedMs > time.now())).toBe(true);
  });
});

describe('KQL', () => {
  const people: Table = {
    columns: ['name', 'age', 'born'],
    rows: [
      { name: 'Ada', age: 36, born: new Date('1815-12-10T00:00:00Z') },
      { name: 'Bob', age: 20, born: new Date('2000-01-01T00:00:00Z') },
      { name: 'ada', age: 5, born: new Date('2020-01-01T00:00:00Z') },
    ],
  };
  const ask = (query: string): unknown[] =>
    runKql(query, { table: (name) => (name === 'people' ? people : undefined), nowMs: startMs }).rows as unknown[];

  it.each<[string, unknown[]]>([
    ["people | where name == 'Ada' | project name", [{ name: 'Ada' }]],
    ["people | where name =~ 'ADA' | summarize n = count() by lower = tolower(name)", [{ lower: 'ada', n: 2 }]],
    ['people | where born > datetime(1999-01-01T00:00:00Z) and age >= 20 | project name', [{ name: 'Bob' }]],
    ['let least = 20; people | where not(age < least) | order by age desc | take 1 | project name', [{ name: 'Ada' }]],
    ['people | extend old = iff(age > 10, "yes", "no") | distinct old', [{ old: 'yes' }, { old: 'no' }]],
    ['union isfuzzy=true (nobody | project name), (people | where age < 10 | project name)', [{ name: 'ada' }]],
    ['people | where name has "ad" | project name', []],
    ['people | extend x = column_ifexists("none", "-") | take 1 | project x', [{ x: '-' }]],
  ])('%s', (query, rows) => {
    expect(ask(query)).toEqual(rows);
  });

  it.each([
    'people | where salary > 1',
    'nobody',
    'people | join x',
    'people | where magic(name)',
    'people | where name == "',
    'people extra',
  ])('refuses what it does not know: %s', (query) => {
    expect(() => ask(query)).toThrow(KqlError);
  });
});

describe('a scenario file', () => {
  const minimal = readFileSync('local/scenarios/missing-acrpull-user-assigned.yaml', 'utf8');

  it.each(readdirSync('local/scenarios').filter((file) => file.endsWith('.yaml')))(
    'that is built in is valid: %s',
    (file) => {
      expect(parseScenario(readFileSync(`local/scenarios/${file}`, 'utf8'), file).name).toBe(file.replace('.yaml', ''));
    },
  );

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'an unknown member',
      (text) => text.replace('pullIdentity:', 'pulIdentity:'),
      /x\.yaml:16: world\.apps\.0\.pulIdentity is not known; did you mean "pullIdentity"\?/,
    ],
    [
      'a name that nothing has',
      (text) => text.replace('environment: cae-shop', 'environment: cae-other'),
      /x\.yaml:15: there is no environment named "cae-other"/,
    ],
    ['a bad duration', (text) => `${text}\nuntil: soon\n`, /"soon" is not a duration like 90s, 10m or 1h30m/],
    ['broken YAML', (text) => `${text}\n  - ]`, /x\.yaml:\d+: /],
    ['a mode that does not exist', (text) => text.replace('mode: act', 'mode: yolo'), /x\.yaml:\d+: pullmedic\.mode/],
  ])('with %s is refused with its line', (_, spoil, message) => {
    expect(() => parseScenario(spoil(minimal), 'x.yaml')).toThrow(BadScenario);
    expect(() => parseScenario(spoil(minimal), 'x.yaml')).toThrow(message);
  });
});
