import { describe, expect, it } from 'vitest';
import { canMatter } from '../../../src/lib/signals/wake.ts';
import { arm } from '../facts.ts';

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
