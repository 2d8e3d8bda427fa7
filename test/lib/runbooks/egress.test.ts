// Runbooks of what leaves the subnet: the smallest opening, in the place that denies.
import { describe, expect, it } from 'vitest';
import { vnetId } from '../facts.ts';
import { diagnosisOf, textOf } from './cases.ts';

const nsgId = vnetId.replace('virtualnetworks/vnet-shop', 'networksecuritygroups/nsg-apps');
const tableId = vnetId.replace('virtualnetworks/vnet-shop', 'routetables/rt-apps');

describe('the commands for the way out', () => {
  it('let a subnet out to what is missing, with a number below the one that denies', () => {
    const denied = { nsg: nsgId, rule: 'deny-all', priority: '399', missing: 'AzureContainerRegistry, 10.70.4.5' };
    const opened = textOf('egress-blocked', { diagnosis: diagnosisOf('egress-blocked', denied) });

    expect(opened).toContain('--nsg-name nsg-apps');
    expect(opened).toContain('--name allow-AzureContainerRegistry --priority 399');
    expect(opened).toContain('--name allow-10.70.4.5 --priority 398');
    expect(opened).not.toContain('AzureActiveDirectory --priority');
  });

  it('say that only its owner can open an appliance', () => {
    const subnet = `${vnetId}/subnets/snet-apps`;
    const routed = textOf('egress-blocked', { diagnosis: diagnosisOf('egress-blocked', { subnet }) });

    expect(routed).toContain('The team that runs the appliance');
    expect(routed).not.toContain('nsg rule create');
  });

  it('name the rule that denies', () => {
    const denied = { nsg: nsgId, rule: 'deny-all', missing: 'AzureContainerRegistry' };

    expect(textOf('egress-blocked', { diagnosis: diagnosisOf('egress-blocked', denied) })).toContain(
      'The rule deny-all of nsg-apps denies port 443 to AzureContainerRegistry.',
    );
  });

  it('add a route beside the one that drops everything, and leave that one alone', () => {
    const dropped = { table: tableId, route: 'to-nowhere', missing: 'AzureActiveDirectory' };
    const routed = textOf('identity-egress-blocked', { diagnosis: diagnosisOf('identity-egress-blocked', dropped) });

    expect(routed).toContain('--route-table-name rt-apps');
    expect(routed).toContain('--address-prefix AzureActiveDirectory --next-hop-type Internet');
    expect(routed).not.toContain('--name to-nowhere');
  });
});
