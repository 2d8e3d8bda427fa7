import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../src/lib/signals/event.ts';
import { readQueuedSignal } from '../../../src/lib/signals/queued.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { fixture, signalsOf } from './payloads.ts';

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
