import { describe, expect, it } from 'vitest';
import { listIncidents, listRemediations } from '../../../src/lib/console/views.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { canMatter } from '../../../src/lib/signals/wake.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  arm,
  config,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  signal,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';
const registries = `${subscription}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries`;
const zones = `${subscription}/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones`;
const role = 'providers/Microsoft.Authorization/roleAssignments/b0000000-0000-4000-8000-00000000000b';

describe('a change wakes what waits for a pull from acrshop.azurecr.io', () => {
  it.each([
    ['the registry itself', `${registries}/acrshop`],
    ['its private endpoint connection', `${registries}/acrshop/privateEndpointConnections/x`],
    ['a role on it', `${registries}/acrshop/${role}`],
    ['a role on its resource group', `${subscription}/resourceGroups/rg/${role}`],
    ['a role on the subscription', `${subscription}/${role}`],
    [
      'a role on a network that nobody could read',
      `${subscription}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/${role}`,
    ],
    ['a link of its private zone', `${zones}/privatelink.azurecr.io/virtualNetworkLinks/l`],
    ['its record', `${zones}/privatelink.azurecr.io/A/acrshop`],
    ['the record of its data endpoint', `${zones}/privatelink.azurecr.io/A/acrshop.westeurope.data`],
    ['a record of the zone that has no readable name', `${zones}/privatelink.azurecr.io/A`],
    ['the zone of the storage that serves layers', `${zones}/privatelink.blob.core.windows.net/virtualNetworkLinks/l`],
    ['a zone that is no private link', `${zones}/azurecr.io/A/acrshop`],
    ['a security group', `${subscription}/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg`],
    ['what nobody here knows', `${subscription}/resourceGroups/rg/providers/Contoso.New/things/x`],
  ])('%s', (_what, resource) => {
    expect(canMatter(arm(resource), 'acrshop.azurecr.io')).toBe(true);
  });

  it.each([
    ['another registry', `${registries}/acrshop2`],
    ['a role on another registry', `${registries}/acrother/${role}`],
    ['the record of another registry', `${zones}/privatelink.azurecr.io/A/acrother`],
    ['the private zone of another service', `${zones}/privatelink.vaultcore.azure.net/virtualNetworkLinks/l`],
  ])('and not %s', (_what, resource) => {
    expect(canMatter(arm(resource), 'acrshop.azurecr.io')).toBe(false);
  });

  it('a registry with a unique label in its name is known by its own name', () => {
    expect(canMatter(arm(`${registries}/acrshop`), 'acrshop-a1b2c3d4.azurecr.io')).toBe(true);
  });

  it('and any change matters to a host that is no registry of Azure: who knows what is behind it', () => {
    expect(canMatter(arm(`${registries}/acrother`), 'images.contoso.example')).toBe(true);
  });
});

function change(resource: string): Signal {
  return {
    id: `event|${resource}`,
    via: 'resource-event',
    about: { kind: 'change', resource: arm(resource) },
    atMs: nowMs,
  };
}

async function looks(running: Memory): Promise<number> {
  const [row] = running.rows.values();
  if (row === undefined) throw new Error('there is no remediation');
  return (await running.ports.history.read(row.targetId)).filter(({ entry }) => entry.kind === 'looked').length;
}

describe('what waits for a person', () => {
  it('is left in peace by the change of another registry', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.nowMs += minute;
    await running.deliver(change(`${registries}/acrother`));

    expect(await looks(running)).toBe(1);
  });

  it('looks at once, and again: lists of Azure lag behind a change', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    // The 2 and 5 minutes of the slow schedule are over.
    await running.pass(6 * minute);
    const before = await looks(running);
    await running.deliver(change(`${zones}/privatelink.azurecr.io/virtualNetworkLinks/l`));
    expect(await looks(running)).toBe(before + 1);
    running.world.evidence = { ...dnsLinked, atMs: running.world.nowMs };
    await running.pass(2.5 * minute);

    expect((await listRemediations(running.ports))[0]?.state).not.toBe('needs-person');
  });

  it('sees a change that happened while it was looking', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    await running.pass(6 * minute);
    const row = [...running.rows.values()][0];
    await running.deliver(change(`${zones}/privatelink.azurecr.io/virtualNetworkLinks/l`));
    // A look of that very moment, with the row of before it: the wake is taken for one that was served.
    if (row !== undefined) running.rows.set(row.remediation, row);
    running.world.evidence = { ...dnsLinked, atMs: running.world.nowMs };
    await running.deliver(change(`${zones}/privatelink.azurecr.io/virtualNetworkLinks/m`));
    expect((await listRemediations(running.ports))[0]?.state).toBe('needs-person');
    await running.pass(2.5 * minute);

    expect((await listRemediations(running.ports))[0]?.state).not.toBe('needs-person');
  });

  it('recovers and closes its incident without an event too: the slow schedule looks', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.evidence = {
      ...dnsLinked,
      logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + minute }]),
      replicas: known([readyReplica]),
    };
    await running.pass(20 * minute);

    expect((await listIncidents(running.ports))[0]?.state).toBe('resolved');
  });
});
