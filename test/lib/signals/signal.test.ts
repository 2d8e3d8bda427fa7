import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  epochMs,
  isTooDeep,
  readAlert,
  readEvent,
  readOperatorSignal,
  readQueuedSignal,
  type Signal,
} from '../../../src/lib/signals/signal.ts';

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(`test/fixtures/signals/${name}.json`, 'utf8'));
}

function signalsOf(read: ReturnType<typeof readAlert>): readonly Signal[] {
  if (!read.ok) throw new Error(read.problem);
  return read.signals;
}

/** Microsoft's own sample with dimensions of our alert rule. */
function alertFor(dimensions: { name: string; value: string }[], name = 'log-alert-v2-fired.doc'): unknown {
  const alert = fixture(name) as { data: { alertContext: { condition: { allOf: { dimensions: unknown }[] } } } };
  const [condition] = alert.data.alertContext.condition.allOf;
  if (condition !== undefined) condition.dimensions = dimensions;
  return alert;
}

const ours = [
  { name: 'Environment', value: 'cae-shop' },
  { name: 'App', value: 'CA-Orders' },
  { name: 'Revision', value: 'ca-orders--0000001' },
];

describe('an alert', () => {
  it('names an app, its environment and its revision by its dimensions', () => {
    expect(signalsOf(readAlert(alertFor(ours)))).toMatchObject([
      {
        via: 'log-alert',
        about: { kind: 'app-name', name: 'ca-orders', environment: 'cae-shop' },
        revision: 'ca-orders--0000001',
      },
    ]);
  });

  it('that resolved only joins what is going on', () => {
    expect(signalsOf(readAlert(alertFor(ours, 'log-alert-v2-resolved.derived')))[0]?.joinOnly).toBe(true);
  });

  it('fired and resolved are two signals', () => {
    const [fired] = signalsOf(readAlert(alertFor(ours)));
    const [resolved] = signalsOf(readAlert(alertFor(ours, 'log-alert-v2-resolved.derived')));

    expect(fired?.id).not.toBe(resolved?.id);
  });

  it.each(['log-alert-v2-fired.doc', 'metric-alert-resolved.doc'])('without an app is harmless: %s', (name) => {
    expect(signalsOf(readAlert(fixture(name)))).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['another schema', { schemaId: 'other', data: {} }],
    ['no essentials', { schemaId: 'azureMonitorCommonAlertSchema', data: {} }],
  ])('that is %s is refused with what is wrong', (_, body) => {
    const read = readAlert(body);

    expect(read.ok).toBe(false);
    expect(read.ok ? '' : read.problem).not.toBe('');
  });

  it('whose app name holds KQL or HTML names no app', () => {
    expect(signalsOf(readAlert(alertFor([{ name: 'App', value: 'x" | union *' }])))).toEqual([]);
    expect(signalsOf(readAlert(alertFor([{ name: 'App', value: '<script>' }])))).toEqual([]);
  });
});

describe('an event', () => {
  it('of a failed write of an app is a reason to look at the app', () => {
    expect(
      signalsOf(readEvent(fixture('resourcewritefailure-containerapp.cloudevents.derived'), undefined)),
    ).toMatchObject([{ via: 'resource-event', about: { kind: 'app' } }]);
  });

  it('of a successful write of an app only joins what is going on', () => {
    const [signal] = signalsOf(readEvent(fixture('resourcewritesuccess-containerapp.cloudevents.derived'), undefined));

    expect(signal?.joinOnly).toBe(true);
  });

  it('of a role assignment, in the other schema, wakes what waits', () => {
    const [event] = fixture('resourcewritesuccess-roleassignment.eventgridschema.derived') as unknown[];

    expect(signalsOf(readEvent(event, undefined))).toMatchObject([{ about: { kind: 'change' } }]);
  });

  it('that our own write raised is ignored', () => {
    expect(signalsOf(readEvent(fixture('resourcewritefailure-containerapp.cloudevents.derived'), '{id}'))).toEqual([]);
  });

  it('of something else says nothing', () => {
    const [event] = [fixture('resourcewritesuccess-storage.eventgridschema.doc')].flat();

    expect(signalsOf(readEvent(event, undefined))).toEqual([]);
  });
});

describe('a signal', () => {
  it('comes back from the queue as it was', () => {
    for (const signal of signalsOf(readAlert(alertFor(ours)))) {
      expect(readQueuedSignal(JSON.parse(JSON.stringify(signal)))).toEqual(signal);
    }
  });

  it('is never made of anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = readQueuedSignal(value);
        return read === undefined || typeof read.id === 'string';
      }),
    );
  });
});

describe('an instant', () => {
  it('is read as the platform reads it', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true }),
        (date) => epochMs(date.toISOString()) === date.getTime(),
      ),
    );
    expect(epochMs('2026-06-01T04:00:00+02:00')).toBe(Date.parse('2026-06-01T02:00:00Z'));
    expect(epochMs('yesterday')).toBeNaN();
  });
});

describe('an alert on the Activity Log', () => {
  const written = (context: object): unknown => {
    const alert = fixture('activity-log-administrative-test.doc') as { data: { alertContext: object } };
    return { ...alert, data: { ...alert.data, alertContext: { ...alert.data.alertContext, ...context } } };
  };
  const failed = {
    operationName: 'Microsoft.App/containerApps/write',
    status: 'Failed',
    authorization: {
      scope:
        '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.App/containerApps/ca',
    },
  };

  it('of a failed write names the app', () => {
    expect(signalsOf(readAlert(written(failed)))).toMatchObject([
      { via: 'activity-alert', about: { kind: 'app', id: expect.stringMatching(/containerapps\/ca$/) as unknown } },
    ]);
  });

  it('of two failures is two signals, although the rule is the same', () => {
    const [first] = signalsOf(readAlert(written({ ...failed, eventDataId: 'a' })));
    const [second] = signalsOf(readAlert(written({ ...failed, eventDataId: 'b' })));

    expect(first?.id).not.toBe(second?.id);
  });

  it.each([
    ['of another operation', { ...failed, operationName: 'Microsoft.App/containerApps/delete' }],
    ['of a write that succeeded', { ...failed, status: 'Succeeded' }],
    ['of a resource that is no app', { ...failed, authorization: { scope: '/subscriptions/x' } }],
    ['as the portal tests it', {}],
  ])('%s says nothing to us', (_what, context) => {
    expect(signalsOf(readAlert(written(context)))).toEqual([]);
  });
});

describe('an event of a registry', () => {
  it('that an image was pushed says which repository', () => {
    const [pushed] = fixture('acr-imagepushed.eventgridschema.derived') as unknown[];

    expect(signalsOf(readEvent(pushed, undefined))).toMatchObject([
      {
        via: 'registry-event',
        about: { kind: 'pushed', registry: 'myregistry.azurecr.io', repository: 'hello-world' },
      },
    ]);
  });

  it('that an image was deleted opens nothing: whoever needs it fails and says so', () => {
    expect(signalsOf(readEvent(fixture('acr-imagedeleted.cloudevents.derived'), undefined))).toEqual([]);
  });

  it('survives the queue', () => {
    const [pushed] = fixture('acr-imagepushed.eventgridschema.derived') as unknown[];
    const [signal] = signalsOf(readEvent(pushed, undefined));

    expect(readQueuedSignal(JSON.parse(JSON.stringify(signal)))).toEqual(signal);
  });
});

describe('a write', () => {
  const event = fixture('resourcewritefailure-containerapp.cloudevents.derived') as { type: string; data: object };
  const of = (type: string, operation = 'Microsoft.App/containerApps/write'): readonly Signal[] =>
    signalsOf(
      readEvent(
        { ...event, type: `Microsoft.Resources.${type}`, data: { ...event.data, operationName: operation } },
        undefined,
      ),
    );

  it.each([
    ['that failed opens', 'ResourceWriteFailure', undefined],
    ['that succeeded only joins', 'ResourceWriteSuccess', true],
    ['that was called off only joins', 'ResourceWriteCancel', true],
  ])('%s', (_what, type, joinOnly) => {
    expect(of(type)[0]?.joinOnly).toBe(joinOnly);
  });

  it('of a role wakes what waits, and a failed one does not', () => {
    expect(of('ResourceWriteSuccess', 'Microsoft.Authorization/roleAssignments/write')).toHaveLength(1);
    expect(of('ResourceWriteFailure', 'Microsoft.Authorization/roleAssignments/write')).toEqual([]);
  });

  it.each([
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks/write',
    'Microsoft.Network/privateDnsZones/A/write',
    'Microsoft.Network/networkSecurityGroups/securityRules/write',
    'Microsoft.ContainerRegistry/registries/write',
    'Microsoft.ContainerRegistry/registries/privateEndpointConnections/write',
    'Microsoft.ContainerRegistry/registries/tokens/write',
    'Microsoft.Network/firewallPolicies/ruleCollectionGroups/write',
  ])('%s wakes what waits', (operation) => {
    expect(of('ResourceWriteSuccess', operation)[0]?.about.kind).toBe('change');
  });

  it('of the record for every name is a change of its zone', () => {
    const zone =
      '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourcegroups/rg/providers/microsoft.network/privatednszones/privatelink.azurecr.io';
    const operationName = 'Microsoft.Network/privateDnsZones/A/write';
    const written = { ...event, type: 'Microsoft.Resources.ResourceWriteSuccess', subject: `${zone}/A/*` };
    const read = readEvent({ ...written, data: { ...event.data, operationName } }, undefined);

    expect(signalsOf(read)[0]?.about).toEqual({ kind: 'change', resource: `${zone}/a` });
  });

  it('that deactivates a revision only joins what is going on, also where it failed', () => {
    const deactivate = 'Microsoft.App/containerApps/revisions/deactivate/action';
    expect(of('ResourceActionSuccess', deactivate)[0]?.joinOnly).toBe(true);
    expect(of('ResourceActionFailure', deactivate)[0]?.joinOnly).toBe(true);
  });
});

describe('an operator', () => {
  const id =
    '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.App/containerApps/ca';

  it('may ask for an app', () => {
    expect(signalsOf(readOperatorSignal({ app: id }, 1))).toMatchObject([{ via: 'operator', about: { kind: 'app' } }]);
  });

  it.each([[{}], [{ app: 'ca' }], [{ app: id, more: 1 }], [{ app: `${id}/revisions/x` }], ['x']])(
    'may not send %j',
    (body) => {
      expect(readOperatorSignal(body, 1).ok).toBe(false);
    },
  );
});

describe('a body', () => {
  const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => [inner], 'x' as unknown);

  it('that nests too deep is refused before its members are looked at', () => {
    expect(isTooDeep(nested(24))).toBe(false);
    expect(isTooDeep(nested(25))).toBe(true);
    expect(readAlert(nested(5000))).toMatchObject({ ok: false, problem: expect.stringContaining('deeper') as unknown });
    expect(readEvent(nested(5000), undefined).ok).toBe(false);
  });
});
