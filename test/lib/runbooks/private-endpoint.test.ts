// Runbooks of the private way in: an endpoint, its tier, the peering to it, its approval.
import { describe, expect, it } from 'vitest';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { dnsUnlinked, endpointId, registry, roleMissing, target, vnetId } from '../facts.ts';
import { diagnosisOf, inputFor, textOf } from './cases.ts';

describe('the commands for a private endpoint', () => {
  it('move a registry to Premium first where it has no private endpoints yet', () => {
    const basic = { ...dnsUnlinked, registry: known({ ...registry, sku: 'Basic' }) };

    expect(textOf('no-private-path', { evidence: basic })).toContain('az acr update --name acrshop');
    expect(textOf('no-private-path')).not.toContain('--sku');
  });

  it('say that no endpoint helps an environment without a VNet', () => {
    const said = textOf('no-private-path', { evidence: roleMissing });

    expect(said).toContain('The environment has no VNet');
    expect(said).not.toContain('private-endpoint create');
    // The rule comes before the door is opened, and the door is open for listed addresses alone.
    const noText = { evidence: roleMissing, diagnosis: diagnosisOf('no-private-path', {}) };
    const [list, command] = runbookFor(inputFor('no-private-path', noText)).commands;
    expect(list?.text).toContain('--query properties.outboundIpAddresses');
    expect(command?.title).toContain('in place of ADDRESS');
    expect(command?.text).toMatch(
      /--ip-address ADDRESS\naz acr update .* --default-action Deny --public-network-enabled true$/,
    );
  });

  it('name the address that the registry refused, where the text names one', () => {
    const refused = { evidence: roleMissing, diagnosis: diagnosisOf('no-private-path', { refusedIp: '20.61.2.9' }) };
    const [command] = runbookFor(inputFor('no-private-path', refused)).commands;

    expect(command?.text).toContain('--ip-address 20.61.2.9\n');
    expect(textOf('no-private-path', refused)).not.toContain('ADDRESS');
  });

  it('peer both sides, because one alone connects nothing', () => {
    const far = vnetId.replace('vnet-shop', 'vnet-hub');
    const peered = textOf('no-private-path', {
      diagnosis: diagnosisOf('no-private-path', { lacks: 'peering', vnet: vnetId, endpointVnet: far }),
    });

    expect(peered).toContain(`--vnet-name vnet-shop`);
    expect(peered).toContain(`--vnet-name vnet-hub`);
    expect(peered).toContain(`--remote-vnet ${far}`);
    expect(peered).toContain(`--remote-vnet ${vnetId}`);
  });

  it('name the private zone of the cloud that the registry is in', () => {
    const china = { ...target, registry: 'acrshop.azurecr.cn' };

    expect(textOf('no-private-path', { target: china })).toContain('privatelink.azurecr.cn');
    expect(textOf('no-private-path')).toContain('privatelink.azurecr.io');
  });

  it('approve an endpoint only after a look at who asks', () => {
    const { commands } = runbookFor(inputFor('private-endpoint-pending'));

    expect(commands.map(({ text }) => text.split(' ').slice(3, 4)[0])).toEqual(['list', 'approve']);
  });
});

describe('an endpoint that is disconnected', () => {
  const verbsWith = (status: string): string[] => {
    const evidence = { ...dnsUnlinked, registry: known({ ...registry, endpoints: [{ id: endpointId, status }] }) };
    return runbookFor(inputFor('no-private-path', { evidence })).commands.map(({ text }) => text.split(' --')[0] ?? '');
  };

  it('is named and deleted before another is made, and one that works is not', () => {
    expect(verbsWith('disconnected').slice(0, 2)).toEqual([
      'az network private-endpoint delete',
      'az network private-endpoint create',
    ]);
    expect(verbsWith('approved')).not.toContain('az network private-endpoint delete');
  });
});
