// Which alert may be set: the one that Azure itself says fired for this app, by the rule that was named, about pulls. Every refusal refuses.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlertFacts,
  type AlertQuestion,
  alertRefusal,
  firedFor,
  readAlertFacts,
  wantedState,
} from '../../../src/lib/decision/alert-state.ts';
import { alertRefusals } from '../../../src/lib/decision/request-guards.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { guardNames, reasons } from '../../../src/lib/history/refusals.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { readAlert } from '../../../src/lib/signals/alert.ts';
import { readQueuedSignal } from '../../../src/lib/signals/queued.ts';
import { parseAlertId } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  alert,
  appId,
  arm,
  config,
  environmentId,
  firedAlert,
  history,
  minute,
  nowMs,
  signal,
  target,
} from '../facts.ts';

const otherApp = arm(appId.replace('ca-orders', 'ca-stock'));
const workspace = arm(
  `${appId.slice(0, appId.indexOf('/providers'))}/providers/Microsoft.OperationalInsights/workspaces/log-shop`,
);
const otherId = parseAlertId(alert.id.replace(/1$/, '2'));
if (otherId === undefined) throw new Error('no alert id');

function ask(facts: Partial<AlertFacts>, more: Partial<AlertQuestion> = {}): string | undefined {
  return alertRefusal({
    named: alert,
    wanted: 'Acknowledged',
    appId,
    facts: known({ ...firedAlert, ...facts }),
    tries: [],
    shared: false,
    ...more,
  })?.why;
}

const named = { kind: 'app-name', name: 'ca-orders', environment: 'cae-shop' } as const;
const ofWorkspace = { target: workspace, names: [named] };
const found = { apps: known([appId]) };
const closing = { wanted: 'Closed' } as const;
const tried = { alert: alert.id, state: 'Acknowledged', atMs: nowMs, refusals: [], outcome: 'done' } as const;

describe('an alert is set', () => {
  it.each([
    ['that fired for the app itself', {}, {}],
    ['of a workspace whose dimensions name this app, where only one app has the name', ofWorkspace, found],
    ['of its environment', { target: environmentId, names: [{ ...named, environment: undefined }] } as never, found],
    [
      'of a workspace whose dimensions hold the id of this app',
      { target: workspace, names: [{ kind: 'app', id: appId }] },
      {},
    ],
    ['to closed though another alert was acknowledged', {}, { ...closing, tries: [{ ...tried, alert: otherId }] }],
    ['about a failed write of the app', { trouble: 'failed-write' }, {}],
    ['to closed where it was acknowledged', { state: 'Acknowledged' }, closing],
    ['to closed where it was never acknowledged', {}, closing],
    ['to closed where its condition has cleared by itself', { state: 'Acknowledged', condition: 'Resolved' }, closing],
  ] as [string, Partial<AlertFacts>, Partial<AlertQuestion>][])('%s', (_, facts, more) => {
    expect(ask(facts, more)).toBeUndefined();
  });
});

describe('an alert whose id Azure scopes to its target', () => {
  const guid = '/providers/microsoft.alertsmanagement/alerts/a1e70000-0000-4000-8000-000000000001';

  it('is the one that was named where GUID and subscription are the same', () => {
    const scoped = parseAlertId(`${appId}${guid}`);
    const elsewhere = parseAlertId(`${appId.replace('5f0c1d2e', '5f0c1d2f')}${guid}`);
    if (scoped === undefined || elsewhere === undefined) throw new Error('no alert ids');
    expect(scoped.slice(scoped.lastIndexOf('/'))).toBe(alert.id.slice(alert.id.lastIndexOf('/')));

    expect(ask({ id: scoped })).toBeUndefined();
    expect(ask({ id: elsewhere })).toBe('another-alert');
  });
});

describe('the id in Azure’s answer', () => {
  const guid = 'a1e70000-0000-4000-8000-000000000001';
  const scoped = (target: string): unknown => ({
    ...(wire() as object),
    id: `/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/${target}providers/Microsoft.AlertsManagement/alerts/${guid}`,
  });

  it.each([
    '',
    'resourceGroups/rg/providers/a.b/c/d/',
    'resourceGroups/rg/providers/microsoft.insights/x/CPU Alert | $1/',
  ])('is that of the alert with “%s” in front of its provider', (target) => {
    expect(readAlertFacts(scoped(target))?.id).toBe(
      `/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/providers/microsoft.alertsmanagement/alerts/${guid}`,
    );
  });
});

describe('what an alert fired for', () => {
  const label = 'victoriousmushroom-d79e9f76';
  const byLabel = { ...named, environment: label };

  it('is a name with the label of the environment’s domain, and its revision', () => {
    const facts = { ...firedAlert, target: workspace, names: [byLabel], revision: 'ca-orders--two' };

    expect(firedFor(facts, appId)).toEqual({ name: 'ca-orders', environment: label, revision: 'ca-orders--two' });
  });

  it('is looked up by the environment itself where the alert fired for that, whatever its label is', () => {
    expect(firedFor({ ...firedAlert, target: environmentId, names: [byLabel] }, appId)).toEqual({
      name: 'ca-orders',
      environment: 'cae-shop',
    });
  });

  it('has no revision where its dimensions name several', () => {
    const dimensions = (revision: string): object[] => [
      { name: 'App', value: 'ca-orders' },
      { name: 'Revision', value: revision },
    ];
    const read = (...revisions: string[]): string | undefined =>
      readAlertFacts(
        wire({}, { condition: { allOf: revisions.map((one) => condition({ dimensions: dimensions(one) })) } }),
      )?.revision;

    expect(read('ca-orders--two', 'ca-orders--two')).toBe('ca-orders--two');
    expect(read('ca-orders--one', 'ca-orders--two')).toBeUndefined();
  });
});

describe('the guard alert-state leaves an alert as it is', () => {
  const cases: [string, string, Partial<AlertFacts>, Partial<AlertQuestion>][] = [
    ['that could not be read', 'unreadable', {}, { facts: unreadable('forbidden') }],
    ['that is not there', 'gone', {}, { facts: known('gone') }],
    ['with another id than the one that was asked for', 'another-alert', { id: otherId }, {}],
    ['of a rule that the signal did not name', 'another-rule', { rule: 'cpu-high' }, {}],
    ['that fired for another app', 'another-app', { target: otherApp }, {}],
    ['that fired for this app and names another', 'another-app', { names: [{ kind: 'app', id: otherApp }] }, {}],
    ['that does not say what it fired for', 'another-app', { target: undefined as never }, {}],
    ['of a workspace that names no app', 'another-app', { target: workspace }, {}],
    [
      'of a workspace that names another app',
      'another-app',
      { target: workspace, names: [{ ...named, name: 'ca-stock' }] },
      found,
    ],
    ['of another kind of resource', 'another-app', { ...ofWorkspace, target: arm(`${workspace}/tables/x`) }, found],
    [
      'of two environments at once',
      'another-app',
      { target: workspace, names: [named, { ...named, environment: 'calmbay-1a2b3c4d' }] },
      found,
    ],
    ['whose revision no app of the name has', 'another-app', ofWorkspace, { apps: known([]) }],
    ['whose name is that of an app elsewhere', 'another-app', ofWorkspace, { apps: known([otherApp]) }],
    ['whose name two apps have', 'cannot-tell-which-app', ofWorkspace, { apps: known([appId, otherApp]) }],
    ['whose name could not be looked up', 'unreadable', ofWorkspace, { apps: unreadable('throttled') }],
    ['about something else', 'another-trouble', { trouble: 'other' }, {}],
    ['whose condition has cleared', 'not-fired', { condition: 'Resolved' }, {}],
    ['in a state that nobody knows', 'unreadable', { state: 'unknown' }, {}],
    ['in a condition that nobody knows', 'unreadable', { condition: 'unknown' }, closing],
    ['that a person has acknowledged', 'already-so', { state: 'Acknowledged' }, {}],
    ['that a person has closed, rather than to acknowledge it', 'closed', { state: 'Closed' }, {}],
    ['that a person has closed', 'already-so', { state: 'Closed' }, closing],
    ['that a person has set back to new', 'set-back', {}, { ...closing, tries: [tried] }],
    ['that another remediation still needs', 'still-needed', { state: 'Acknowledged' }, { ...closing, shared: true }],
  ];

  it.each(cases)('%s (%s)', (_, why, facts, more) => {
    expect(ask(facts, more)).toBe(why);
  });

  it('that is of a subscription nobody configured', () => {
    const elsewhere = parseAlertId(alert.id.replace('5f0c1d2e', '5f0c1d2f')) ?? alert.id;
    const input = { config: config(), target, killSwitch: known(false) };

    expect(alertRefusals({ ...input, alert: elsewhere })).toEqual([
      { guard: 'alert-state', why: 'another-subscription' },
    ]);
    expect(alertRefusals({ ...input, alert: alert.id })).toEqual([]);
    const also = JSON.stringify({ alsoRead: ['5f0c1d2f-0000-4000-8000-000000000001'] });
    expect(alertRefusals({ ...input, config: config({ PULLMEDIC_SETTINGS: also }), alert: elsewhere })).toEqual([]);
  });

  it('in the mode observe, under the kill switch, and for an app outside of the scopes', () => {
    const input = { config: config(), target, alert: alert.id, killSwitch: known(false) };
    const why = (more: object): string[] =>
      alertRefusals({ ...input, ...more }).map((one) => `${one.guard}: ${one.why}`);
    const elsewhere = { ...target, appId: arm(appId.replace('5f0c1d2e', '5f0c1d2f')) };

    expect(why({ config: config({ PULLMEDIC_MODE: 'observe' }) })).toEqual(['mode: observe']);
    expect(why({ killSwitch: known(true) })).toEqual(['kill-switch: on']);
    expect(why({ killSwitch: unreadable('timed-out') })).toEqual(['kill-switch: unreadable']);
    expect(why({ target: elsewhere })).toEqual(['scope: outside']);
    expect(why({ config: config({ PULLMEDIC_MODE: 'approve' }) })).toEqual([]);
  });

  it('for every reason that it has', () => {
    expect(guardNames).toContain('alert-state');
    expect([...new Set([...cases.map(([, why]) => why), 'another-subscription'])].toSorted()).toEqual(
      reasons['alert-state'].toSorted(),
    );
  });
});

/** Azure's answer about an alert, as we believe it to be. */
function wire(essentials: object = {}, context: unknown = { condition: { allOf: [condition()] } }): unknown {
  return {
    id: alert.id.replace('microsoft.alertsmanagement', 'Microsoft.AlertsManagement'),
    type: 'Microsoft.AlertsManagement/alerts',
    name: 'pull-failures',
    properties: {
      essentials: {
        severity: 'Sev3',
        signalType: 'Log',
        alertState: 'New',
        monitorCondition: 'Fired',
        monitorService: 'Log Alerts V2',
        targetResource: workspace,
        alertRule: '/subscriptions/s/resourceGroups/rg/providers/microsoft.insights/scheduledqueryrules/Pull-Failures',
        startDateTime: '2026-06-01T02:00:00Z',
        ...essentials,
      },
      context,
    },
  };
}

function condition(more: object = {}): object {
  return {
    searchQuery: 'ContainerAppSystemLogs_CL | where Reason_s has "ImagePull"',
    dimensions: [
      { name: 'Environment', value: 'cae-shop' },
      { name: 'App', value: 'ca-orders' },
    ],
    ...more,
  };
}

describe('what Azure says of an alert', () => {
  const facts = { ...firedAlert, rule: 'pull-failures', target: workspace, names: [named] };

  it('is read with its context, as it is or one level down', () => {
    expect(readAlertFacts(wire())).toEqual(facts);
    expect(readAlertFacts(wire({}, { context: { condition: { allOf: [condition()] } } }))).toEqual(facts);
  });

  it('is about pulls only if every query asks the system log, or if a write of an app failed', () => {
    const trouble = (essentials: object, context?: unknown): string | undefined =>
      readAlertFacts(wire(essentials, context))?.trouble;
    const cpu = condition({ searchQuery: 'Perf | where CounterName == "cpu"' });
    const write = { operationName: 'Microsoft.App/containerApps/write', status: 'Failed' };

    expect(trouble({}, { condition: { allOf: [condition(), cpu] } })).toBe('other');
    const events = condition({ searchQuery: 'ContainerEvent_CL | where Reason_s == "Failed"' });
    expect(trouble({}, { condition: { allOf: [events] } })).toBe('system-log');
    expect(trouble({}, { condition: { allOf: [] } })).toBe('other');
    expect(trouble({}, null)).toBe('other');
    const activity = { signalType: 'Log', monitorService: 'ActivityLog Administrative' };
    expect(trouble({ signalType: 'Metric', monitorService: 'Platform' })).toBe('other');
    expect(trouble({ monitorService: undefined })).toBe('other');
    expect(trouble({ monitorService: 'Log Analytics' })).toBe('system-log');
    expect(trouble(activity, write)).toBe('failed-write');
    expect(trouble(activity)).toBe('other');
    expect(trouble({ monitorService: 'Log Alerts V2' }, write)).toBe('other');
    expect(trouble(activity, { ...write, status: 'Succeeded' })).toBe('other');
    expect(trouble(activity, { ...write, operationName: 'x/write' })).toBe('other');
  });

  it('that is in words we do not know is unknown, and no alert at all is none', () => {
    expect(readAlertFacts(wire({ alertState: 'Snoozed', monitorCondition: 'Odd' }))).toMatchObject({
      state: 'unknown',
      condition: 'unknown',
    });
    for (const body of [undefined, {}, { id: appId }, { ...(wire() as object), id: appId }])
      expect(readAlertFacts(body)).toBeUndefined();
  });
});

describe('an id of an alert', () => {
  it('is one of an alert that fired, of any scope', () => {
    const guid = '/providers/microsoft.alertsmanagement/alerts/a1e70000-0000-4000-8000-000000000001';
    expect(parseAlertId(`${appId}${guid}`)).toBe(`${appId}${guid}`);
    for (const text of [
      appId,
      `${appId}${guid}/history`,
      alert.id.replace('a1e70000', 'rule'),
      alert.id.replace('/alerts/', '/../alerts/'),
      `/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/../other${guid}`,
      `${alert.id}?newState=Closed`,
      alert.id.replace('/providers', '%2fproviders'),
    ])
      expect(parseAlertId(text)).toBeUndefined();
  });
});

describe('a signal names the alert that it came from', () => {
  const payload = (condition: string, more: object = {}): unknown => ({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: alert.id,
        alertRule: 'Pull-Failures',
        monitorCondition: condition,
        monitoringService: 'Log Alerts V2',
        firedDateTime: '2026-06-01T02:00:00Z',
        ...more,
      },
      alertContext: { condition: { allOf: [{ dimensions: [{ name: 'App', value: 'ca-orders' }] }] } },
    },
  });
  const alertOf = (body: unknown): unknown => {
    const read = readAlert(body);
    return read.ok ? read.signals.map((one) => one.alert) : read.problem;
  };

  it('where it fired, with its rule', () => {
    expect(alertOf(payload('Fired'))).toEqual([alert]);
  });

  it('and none where it resolved, names no rule, or has an id that is none of an alert', () => {
    for (const body of [
      payload('Resolved'),
      payload('Fired', { alertRule: undefined }),
      payload('Fired', { alertRule: 'a\u0000b' }),
      payload('Fired', { alertRule: { toString: 1 } }),
      payload('Fired', { alertId: appId }),
    ])
      expect(alertOf(body)).toEqual([undefined]);
  });

  it('and keeps it in the queue, where it is checked again', () => {
    expect(readQueuedSignal({ ...signal, alert })?.alert).toEqual(alert);
    expect(readQueuedSignal({ ...signal, alert: { ...alert, id: appId } })).toEqual(signal);
  });
});

describe('the state that is wanted', () => {
  const of = (...entries: Entry[]): Remediation => {
    const [one] = history(...entries).remediations;
    if (one === undefined) throw new Error('no remediation');
    return one;
  };
  const decided = (decision: object): Entry => ({ kind: 'decided', decision, dueAtMs: nowMs, refusals: [] }) as Entry;
  const waits = decided({ do: 'wait', because: 'role-propagating' });
  const closed = (how: 'recovered' | 'withdrawn' | 'unproven'): Entry => ({
    kind: 'closed',
    how,
    because: 'nothing-failing',
  });

  it('is acknowledged from the first decision on, and closed once the app has recovered', () => {
    expect(wantedState(of(), nowMs)).toBeUndefined();
    expect(wantedState(of(waits), nowMs)).toBe('Acknowledged');
    expect(wantedState(of(waits, closed('recovered')), nowMs)).toBe('Closed');
  });

  it('is none for what ended otherwise, was never worked on, or ended long ago', () => {
    for (const how of ['withdrawn', 'unproven'] as const)
      expect(wantedState(of(waits, closed(how)), nowMs)).toBeUndefined();
    expect(wantedState(of(decided({ do: 'close', how: 'withdrawn' })), nowMs)).toBeUndefined();
    expect(wantedState(of(waits, closed('recovered')), nowMs + 61 * minute)).toBeUndefined();
  });
});

describe('an alert that Azure says is another one', () => {
  const word = fc.constantFrom('ca-orders', 'ca-stock', 'CA-ORDERS', 'x');
  const about = fc.oneof(
    fc.record({ kind: fc.constant('app' as const), id: fc.constantFrom(appId, otherApp) }),
    fc.record({
      kind: fc.constant('app-name' as const),
      name: word,
      environment: fc.constantFrom('cae-shop', 'cae-two'),
    }),
  );
  const facts = fc.record({
    id: fc.constantFrom(alert.id, otherId),
    state: fc.constantFrom('New', 'Acknowledged', 'Closed', 'unknown'),
    condition: fc.constantFrom('Fired', 'Resolved', 'unknown'),
    rule: fc.constantFrom(alert.rule, 'cpu-high'),
    target: fc.constantFrom(appId, otherApp, workspace, environmentId),
    names: fc.array(about, { maxLength: 3 }),
    trouble: fc.constantFrom('system-log', 'failed-write', 'other'),
  }) as fc.Arbitrary<AlertFacts>;
  const apps = fc.subarray([appId, otherApp]).map((ids) => known(ids));

  it('is never set, whatever a signal made of it', () => {
    fc.assert(
      fc.property(facts, apps, fc.constantFrom('Acknowledged', 'Closed'), (seen, ids, wanted) => {
        if (alertRefusal({ named: alert, wanted, appId, facts: known(seen), apps: ids, tries: [], shared: false }))
          return;
        expect([seen.id, seen.rule]).toEqual([alert.id, alert.rule]);
        expect([otherApp, undefined]).not.toContain(seen.target);
        expect(['Closed', 'unknown']).not.toContain(seen.state);
        expect(seen.trouble).not.toBe('other');
        for (const one of seen.names)
          expect(one.kind === 'app' ? one.id : one.kind === 'app-name' && one.name).toBe(
            one.kind === 'app' ? appId : 'ca-orders',
          );
      }),
      { numRuns: 2000 },
    );
  });
});
