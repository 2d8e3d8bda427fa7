// Alerts at their boundaries: what Azure's answer says word by word, and for which app an alert fired.
import { describe, expect, it } from 'vitest';
import {
  type AlertFacts,
  type AlertQuestion,
  alertRefusal,
  firedFor,
  readAlertFacts,
  wantedState,
} from '../../../src/lib/decision/alert-state.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { alert, appId, arm, environmentId, firedAlert, history, minute, nowMs } from '../facts.ts';

const workspace = arm(
  `${appId.slice(0, appId.indexOf('/providers'))}/providers/Microsoft.OperationalInsights/workspaces/log-shop`,
);
const otherApp = arm(appId.replace('ca-orders', 'ca-stock'));
const named = { kind: 'app-name', name: 'ca-orders', environment: 'cae-shop' } as const;

function body(essentials: object, context: unknown): unknown {
  return {
    id: alert.id,
    properties: {
      essentials: {
        monitorService: 'Log Alerts V2',
        alertState: 'New',
        monitorCondition: 'Fired',
        targetResource: workspace,
        alertRule: 'pull-failures',
        ...essentials,
      },
      context,
    },
  };
}

const queries = (...allOf: object[]): object => ({ condition: { allOf } });
const read = (essentials: object, context: unknown = queries()) => readAlertFacts(body(essentials, context));

describe('Azure’s answer about an alert', () => {
  it('says its state and its condition in words that are taken as they are', () => {
    expect(read({ alertState: 'Acknowledged', monitorCondition: 'Resolved' })).toMatchObject({
      state: 'Acknowledged',
      condition: 'Resolved',
    });
    expect(read({ alertState: 'Closed' })).toMatchObject({ state: 'Closed', condition: 'Fired' });
  });

  it('names the alert without the resource that it fired for, whatever is around the id', () => {
    const guid = alert.id.slice(alert.id.lastIndexOf('/') + 1);
    const scoped = `${appId}/providers/Microsoft.AlertsManagement/alerts/${guid}`;
    const of = (id: string) => readAlertFacts({ ...(body({}, queries()) as object), id })?.id;

    expect(of(` ${scoped} `)).toMatch(
      /^\/subscriptions\/[^/]+\/providers\/microsoft\.alertsmanagement\/alerts\/[^/]+$/,
    );
    expect(of(`${scoped}/`)).toBeUndefined();
    expect(of(`${scoped}/history`)).toBeUndefined();
    expect(of(`/x${scoped}`)).toBeUndefined();
    expect(of(appId)).toBeUndefined();
  });

  it('names no app where its dimensions do not, and no target where it has none', () => {
    const bare = read({ targetResource: null }, queries({ searchQuery: 'x' }, { dimensions: [] }));

    expect(bare?.names).toEqual([]);
    expect(bare).not.toHaveProperty('target');
  });

  it('is about the system log in both generations of its table, and about nothing where a query is missing', () => {
    const trouble = (...allOf: object[]) => read({}, queries(...allOf))?.trouble;

    expect(trouble({ searchQuery: 'ContainerAppSystemLogs | take 1' })).toBe('system-log');
    expect(trouble({ searchQuery: 'ContainerAppSystemLogs_CL | take 1' })).toBe('system-log');
    expect(trouble({ searchQuery: 'MyContainerAppSystemLogs | take 1' })).toBe('other');
    expect(trouble({ searchQuery: null })).toBe('other');
    expect(trouble()).toBe('other');
  });

  it('is about the trouble of the service that it names word for word, and of none where it names none', () => {
    const of = (monitorService: string | null) =>
      read({ monitorService }, queries({ searchQuery: 'ContainerAppSystemLogs | take 1' }))?.trouble;
    const write = { operationName: 'Microsoft.App/containerApps/write', status: 'Failed' };
    const written = (monitorService: string) => read({ monitorService }, write)?.trouble;

    expect(['Log Alerts V2', 'log analytics'].map(of)).toEqual(['system-log', 'system-log']);
    expect(['My Log Alerts V2', 'Log Alerts V2 preview', null].map(of)).toEqual(['other', 'other', 'other']);
    expect(['Activity Log Administrative', 'ActivityLog Administrative'].map(written)).toEqual([
      'failed-write',
      'failed-write',
    ]);
    expect(['My Activity Log Administrative', 'Activity Log Administrative 2'].map(written)).toEqual([
      'other',
      'other',
    ]);
  });

  it('names no revision where its dimensions do not', () => {
    expect(read({}, queries({ dimensions: [] }))).not.toHaveProperty('revision');
  });

  it('is about a failed write only as an activity log alert that says that the write failed', () => {
    const write = { operationName: 'Microsoft.App/containerApps/write', status: 'Failed' };

    expect(read({ monitorService: 'Activity Log Administrative' }, write)?.trouble).toBe('failed-write');
    expect(read({ monitorService: 'Platform' }, write)?.trouble).toBe('other');
    expect(
      read({ monitorService: 'Activity Log Administrative' }, { operationName: write.operationName })?.trouble,
    ).toBe('other');
    expect(read({ monitorService: 'Activity Log Administrative' }, { status: 'Failed' })?.trouble).toBe('other');
  });
});

describe('the app for which an alert fired', () => {
  const of = (facts: Partial<AlertFacts>) => firedFor({ ...firedAlert, ...facts }, appId);
  const { target: _target, ...nowhere } = firedAlert;

  it('is this app where Azure says so by id', () => {
    expect(of({ target: appId })).toBe('this-app');
    expect(of({ target: workspace, names: [{ kind: 'app', id: appId }] })).toBe('this-app');
  });

  it('has to be looked up where Azure says a name, in the environment that it says', () => {
    expect(of({ target: workspace, names: [named] })).toEqual({ name: 'ca-orders', environment: 'cae-shop' });
    expect(of({ target: environmentId, names: [{ kind: 'app-name', name: 'ca-orders' }] })).toEqual({
      name: 'ca-orders',
      environment: 'cae-shop',
    });
    expect(of({ target: workspace, names: [{ kind: 'app-name', name: 'ca-orders' }] })).toStrictEqual({
      name: 'ca-orders',
    });
    expect(of({ target: workspace, names: [{ kind: 'app', id: appId }, named] })).toEqual({
      name: 'ca-orders',
      environment: 'cae-shop',
    });
  });

  it.each<[string, AlertFacts]>([
    ['it does not say what it fired for', nowhere],
    ['it fired for another one', { ...firedAlert, target: otherApp }],
    ['it names another one', { ...firedAlert, target: workspace, names: [{ ...named, name: 'ca-stock' }] }],
    ['it names a job of this name', { ...firedAlert, target: workspace, names: [{ ...named, workload: 'job' }] }],
    ['it names none', { ...firedAlert, target: workspace }],
    [
      'it names two environments',
      { ...firedAlert, target: workspace, names: [named, { ...named, environment: 'cae-two' }] },
    ],
    ['it names something else', { ...firedAlert, names: [{ kind: 'change', resource: appId }] }],
    [
      'it names an image of this name',
      { ...firedAlert, names: [{ kind: 'pushed', registry: 'r', repository: 'ca-orders' }] },
    ],
  ])('is another app where %s', (_, facts) => {
    expect(firedFor(facts, appId)).toBe('another-app');
  });
});

describe('an alert', () => {
  const why = (facts: Partial<AlertFacts>, more: Partial<AlertQuestion> = {}) =>
    alertRefusal({
      named: alert,
      wanted: 'Acknowledged',
      appId,
      facts: known({ ...firedAlert, ...facts }),
      tries: [],
      shared: false,
      ...more,
    })?.why;

  it('whose name was not looked up is left alone', () => {
    expect(why({ target: workspace, names: [named] })).toBe('unreadable');
  });

  it('that is new is not one that a person set back, where pullmedic never acknowledged it', () => {
    const tried = { alert: alert.id, state: 'Acknowledged', atMs: nowMs, refusals: [] } as const;

    expect(why({}, { tries: [{ ...tried, outcome: 'failed' }] })).toBeUndefined();
    expect(why({}, { tries: [{ ...tried, outcome: 'done' }] })).toBe('set-back');
  });

  it('is closed for an hour after the end of its remediation, to the millisecond', () => {
    const waits = { kind: 'decided', decision: { do: 'wait', because: 'role-propagating' }, dueAtMs: 0, refusals: [] };
    const closed = { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' };
    const [one] = history(waits as unknown as Entry, closed as Entry).remediations;
    if (one?.closed === undefined) throw new Error('It has ended.');
    const endedAtMs = one.closed.atMs;

    expect(wantedState(one, endedAtMs + 60 * minute - 1)).toBe('Closed');
    expect(wantedState(one, endedAtMs + 60 * minute)).toBeUndefined();
  });
});
