// A registry has several doors, and ARM knows it by one of them.
import { describe, expect, it } from 'vitest';
import { networkVerdict } from '../../../src/lib/diagnosis/network.ts';
import { type Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { loginServerOf } from '../../../src/lib/words/registry-host.ts';
import { app, arm, dnsUnlinked, identityId, registry, vnetId } from '../facts.ts';

describe('the login server of a host', () => {
  it.each([
    ['acrshop.azurecr.io', 'acrshop.azurecr.io'],
    ['acrshop.westeurope.geo.azurecr.io', 'acrshop.azurecr.io'],
    ['acrshop-7f3c9a2b.northeurope.geo.azurecr.io', 'acrshop-7f3c9a2b.azurecr.io'],
    ['acrshop.chinaeast2.geo.azurecr.cn', 'acrshop.azurecr.cn'],
    ['acrshop.usgovvirginia.geo.azurecr.us', 'acrshop.azurecr.us'],
    ['acrshop.westeurope.data.azurecr.io', 'acrshop.westeurope.data.azurecr.io'],
    ['acrshop.a.b.geo.azurecr.io', 'acrshop.a.b.geo.azurecr.io'],
    ['acrshop.westeurope.geo.azurecr.io.evil.example', 'acrshop.westeurope.geo.azurecr.io.evil.example'],
    ['ghcr.io', 'ghcr.io'],
  ])('%s is %s', (host, expected) => {
    expect(loginServerOf(host)).toBe(expected);
  });

  it('counts where an identity needs tokens: an entry for the host of a region is one for the registry', () => {
    const deny = {
      name: 'DenyEntra',
      priority: 100,
      access: 'deny',
      protocol: 'Tcp',
      sources: ['*'],
      destinations: ['AzureActiveDirectory'],
      ports: ['443'],
      grouped: false,
    } as const;
    const id = arm(`${vnetId}/subnets/snet-apps`);
    const nsg = arm(`${vnetId.replace('virtualnetworks/vnet-shop', 'networksecuritygroups/nsg-apps')}`);
    const evidence = (server: string): Evidence => ({
      ...dnsUnlinked,
      app: known({ ...app, registries: [{ server, identity: identityId }] }),
      registry: known(registry),
      subnet: known({ id, prefixes: ['10.70.0.0/23'], security: { nsg, rules: known([deny]) } }),
    });

    expect(networkVerdict(evidence('acrshop.westeurope.geo.azurecr.io'))).toMatchObject({
      answer: 'blocks',
      cause: 'identity-egress-blocked',
    });
    expect(networkVerdict(evidence('ghcr.io')).answer).not.toBe('blocks');
  });
});
