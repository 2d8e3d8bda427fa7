import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MonitorWorkspace, startMonitorWorkspace } from '../../../../local/incidents/azure-monitor-issue.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import type { External, IncidentSystem } from '../../../../src/lib/incidents/system.ts';
import { azureMonitorIssue } from '../../../../src/lib/incidents/systems/azure-monitor-issue.ts';
import { nowMs } from '../../facts.ts';
import { incidentContract } from '../incident-contract.ts';
import { appNamed, factsOf, openedIn, openIncident, resolving, telling } from '../incident-data.ts';

const token = 'token of pullmedic';
const workspace =
  '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-watch/providers/Microsoft.Monitor/accounts/amw-shop';
const network = outside(
  async () => token,
  () => nowMs,
);

incidentContract({
  name: 'Azure Monitor issue',
  start: () => startMonitorWorkspace(token, workspace),
  make: (server) => azureMonitorIssue({ arm: server.url, workspace }, network),
  afterReturn: 1,
  showsTitleOnly: true,
});

const alert = (name: string): string =>
  `/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/providers/Microsoft.AlertsManagement/alerts/${name}`;
const members = openIncident.members.map((member, at) => ({ ...member, alerts: [alert(`a-${at}`)] }));

describe('an Azure Monitor issue', () => {
  let server: MonitorWorkspace;
  let system: IncidentSystem;
  beforeAll(async () => {
    server = await startMonitorWorkspace(token, workspace);
    system = azureMonitorIssue({ arm: server.url, workspace }, network);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());
  const opened = (): Promise<External> => openedIn(system);

  it('has the name of the opening, the alerts and the apps that fail', async () => {
    expect(await system.open({ ...telling, facts: factsOf({ members }) })).toEqual({
      kind: 'told',
      external: { id: telling.key },
    });
    expect(server.issues()).toMatchObject([{ name: telling.key, severity: 'Sev1', status: 'New' }]);
    expect([...(server.issues()[0]?.alerts ?? [])]).toEqual([alert('a-0'), alert('a-1')]);
    expect([...(server.issues()[0]?.resources ?? [])]).toContain(appNamed('ca-orders'));
  });

  it('is told also where an alert cannot be attached', async () => {
    server.refusesAlerts();
    expect(await system.open({ ...telling, facts: factsOf({ members }) })).toMatchObject({ kind: 'told' });
    expect(server.issues()).toHaveLength(1);
  });

  it('keeps the status that a person set, also where its opening is repeated', async () => {
    const external = await opened();
    server.personSets(0, 'InProgress');
    await system.update(telling, external);
    await system.open({ ...telling, again: true });
    expect(server.issues()).toMatchObject([{ status: 'InProgress' }]);
  });

  it('is closed at the end, and new again when it comes back', async () => {
    const external = await opened();
    await system.resolve(resolving, external);
    expect(server.issues()).toMatchObject([{ status: 'Closed' }]);
    await system.reopen(telling, external);
    expect(server.issues()).toMatchObject([{ status: 'New' }]);
  });

  it('is another one where a person cancelled it, and gone where a person deleted it', async () => {
    const external = await opened();
    server.personSets(0, 'Canceled');
    expect(await system.reopen(telling, external)).toMatchObject({ failure: { why: 'gone', detail: 'canceled' } });
    server.personDeletes(0);
    expect(await system.update(telling, external)).toMatchObject({ failure: { why: 'gone', detail: 'HTTP 404' } });
  });

  it('signs in for ARM alone', async () => {
    const scopes: string[] = [];
    const seen = outside(
      async (scope) => {
        scopes.push(scope);
        return token;
      },
      () => nowMs,
    );
    await azureMonitorIssue({ arm: server.url, workspace }, seen).open(telling);
    expect(new Set(scopes)).toEqual(new Set([`${server.url}/.default`]));
  });
});
