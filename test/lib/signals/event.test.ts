import { describe, expect, it } from 'vitest';
import { signalsOfEvent } from '../../../src/functions/event-envelope.ts';
import { readQueuedSignal } from '../../../src/lib/signals/queued.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { fixture, signalsOf } from './payloads.ts';

describe('an event', () => {
  it('of a failed write of an app is a reason to look at the app', async () => {
    expect(
      signalsOf(await signalsOfEvent(fixture('resourcewritefailure-containerapp.cloudevents.derived'), undefined)),
    ).toMatchObject([{ via: 'resource-event', about: { kind: 'app' } }]);
  });

  it('of a successful write of an app only joins what is going on', async () => {
    const [signal] = signalsOf(
      await signalsOfEvent(fixture('resourcewritesuccess-containerapp.cloudevents.derived'), undefined),
    );

    expect(signal?.joinOnly).toBe(true);
  });

  it.each([
    ['Microsoft.App/jobs/write', 'ResourceWriteFailure', false],
    ['Microsoft.App/jobs/start/action', 'ResourceActionSuccess', true],
  ])('of %s (%s) is about the job', async (operationName, type, joinOnly) => {
    const event = fixture('resourcewritefailure-containerapp.cloudevents.derived') as {
      subject: string;
      data: Record<string, unknown>;
    };
    const subject = event.subject.replace(/containerApps/i, 'jobs');
    const of = { ...event, type: `Microsoft.Resources.${type}`, subject, data: { ...event.data, operationName } };
    const [signal] = signalsOf(await signalsOfEvent(of, undefined));

    expect(signal).toMatchObject({ about: { kind: 'app', id: subject.toLowerCase() } });
    expect(signal?.joinOnly ?? false).toBe(joinOnly);
  });

  it('of a role assignment, in the other schema, wakes what waits', async () => {
    const [event] = fixture('resourcewritesuccess-roleassignment.eventgridschema.derived') as unknown[];

    expect(signalsOf(await signalsOfEvent(event, undefined))).toMatchObject([{ about: { kind: 'change' } }]);
  });

  it('that our own write raised is ignored', async () => {
    expect(
      signalsOf(await signalsOfEvent(fixture('resourcewritefailure-containerapp.cloudevents.derived'), '{id}')),
    ).toEqual([]);
  });

  it('of something else says nothing', async () => {
    const [event] = [fixture('resourcewritesuccess-storage.eventgridschema.doc')].flat();

    expect(signalsOf(await signalsOfEvent(event, undefined))).toEqual([]);
  });
});

describe('an event of a registry', () => {
  it('that an image was pushed says which repository', async () => {
    const [pushed] = fixture('acr-imagepushed.eventgridschema.derived') as unknown[];

    expect(signalsOf(await signalsOfEvent(pushed, undefined))).toMatchObject([
      {
        via: 'registry-event',
        about: { kind: 'pushed', registry: 'myregistry.azurecr.io', repository: 'hello-world' },
      },
    ]);
  });

  it('that an image was deleted opens nothing: whoever needs it fails and says so', async () => {
    expect(signalsOf(await signalsOfEvent(fixture('acr-imagedeleted.cloudevents.derived'), undefined))).toEqual([]);
  });

  it('survives the queue', async () => {
    const [pushed] = fixture('acr-imagepushed.eventgridschema.derived') as unknown[];
    const [signal] = signalsOf(await signalsOfEvent(pushed, undefined));

    expect(readQueuedSignal(JSON.parse(JSON.stringify(signal)))).toEqual(signal);
  });
});

describe('a write', () => {
  const event = fixture('resourcewritefailure-containerapp.cloudevents.derived') as { type: string; data: object };
  const of = async (type: string, operation = 'Microsoft.App/containerApps/write'): Promise<readonly Signal[]> =>
    signalsOf(
      await signalsOfEvent(
        { ...event, type: `Microsoft.Resources.${type}`, data: { ...event.data, operationName: operation } },
        undefined,
      ),
    );

  it.each([
    ['that failed opens', 'ResourceWriteFailure', undefined],
    ['that succeeded only joins', 'ResourceWriteSuccess', true],
    ['that was called off only joins', 'ResourceWriteCancel', true],
  ])('%s', async (_what, type, joinOnly) => {
    expect((await of(type))[0]?.joinOnly).toBe(joinOnly);
  });

  it('of a role wakes what waits, and a failed one does not', async () => {
    expect(await of('ResourceWriteSuccess', 'Microsoft.Authorization/roleAssignments/write')).toHaveLength(1);
    expect(await of('ResourceWriteFailure', 'Microsoft.Authorization/roleAssignments/write')).toEqual([]);
  });

  it.each([
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks/write',
    'Microsoft.Network/privateDnsZones/A/write',
    'Microsoft.Network/networkSecurityGroups/securityRules/write',
    'Microsoft.ContainerRegistry/registries/write',
    'Microsoft.ContainerRegistry/registries/privateEndpointConnections/write',
    'Microsoft.ContainerRegistry/registries/tokens/write',
    'Microsoft.Network/firewallPolicies/ruleCollectionGroups/write',
  ])('%s wakes what waits', async (operation) => {
    expect((await of('ResourceWriteSuccess', operation))[0]?.about.kind).toBe('change');
  });

  it('of the record for every name is a change of its zone', async () => {
    const zone =
      '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourcegroups/rg/providers/microsoft.network/privatednszones/privatelink.azurecr.io';
    const operationName = 'Microsoft.Network/privateDnsZones/A/write';
    const written = { ...event, type: 'Microsoft.Resources.ResourceWriteSuccess', subject: `${zone}/A/*` };
    const read = await signalsOfEvent({ ...written, data: { ...event.data, operationName } }, undefined);

    expect(signalsOf(read)[0]?.about).toEqual({ kind: 'change', resource: `${zone}/a` });
  });

  it('that deactivates a revision only joins what is going on, also where it failed', async () => {
    const deactivate = 'Microsoft.App/containerApps/revisions/deactivate/action';
    expect((await of('ResourceActionSuccess', deactivate))[0]?.joinOnly).toBe(true);
    expect((await of('ResourceActionFailure', deactivate))[0]?.joinOnly).toBe(true);
  });
});
