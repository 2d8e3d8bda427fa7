// Runbooks of what leaves the subnet: the smallest opening, in the place that denies.
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { appId, nowMs, roleMissing, vnetId } from '../facts.ts';
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

  describe('where the log names the storage behind the registry', () => {
    const subnet = `${vnetId}/subnets/snet-apps`;
    const said = (host: string, detail: Readonly<Record<string, string>> = { subnet }) => {
      const text = `failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://${host}/1f0c//docker/data?se=1": dial tcp 20.60.26.4:443: i/o timeout`;
      const row = { atMs: nowMs, revision: '', replica: '', reason: 'ErrImagePull', severity: 'Warning', text };
      const evidence = { ...roleMissing, logs: known([row]) };
      return textOf('egress-blocked', { evidence, diagnosis: diagnosisOf('egress-blocked', detail) });
    };

    it('open that, and say that the registry answered', () => {
      expect(said('weumanaged12.blob.core.windows.net')).toContain('the registry itself answered');
      expect(said('weumanaged12.blob.core.windows.net')).toContain('*.blob.core.windows.net');
    });

    it('never repeat which account it was: a text can name one of a stranger', () => {
      expect(said('weumanaged12.blob.core.windows.net')).not.toContain('weumanaged12');
    });

    it('say nothing of it where the registry was asked, a name only looks like storage, or a rule is known to deny', () => {
      expect(said('acrshop.azurecr.io')).not.toContain('the registry itself answered');
      expect(said('weumanaged12.blob.core.windows.net.evil.example')).not.toContain('the registry itself answered');
      const denied = { nsg: nsgId, rule: 'deny-all', missing: 'AzureContainerRegistry' };
      expect(said('weumanaged12.blob.core.windows.net', denied)).not.toContain('the registry itself answered');
    });
  });

  it('are none where the rules and routes that were read let it out: a further rule changes nothing', () => {
    const open = { ...diagnosisOf('egress-blocked', {}), sure: 'suspected', network: 'allows' } as const;
    const quay = targetOf(appId, 'quay.io/contoso/orders:v1');

    for (const said of [
      textOf('egress-blocked', { diagnosis: open }),
      textOf('egress-blocked', { diagnosis: open, target: quay }),
      textOf('identity-egress-blocked', { diagnosis: open }),
    ]) {
      expect(said).toContain('a gateway announces a route of its own');
      expect(said).not.toMatch(/nsg rule|route-table route|For the rule/);
    }
    expect(textOf('egress-blocked', { diagnosis: open, target: quay })).toContain('az acr import');
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

  describe('to a registry outside of Azure', () => {
    const denied = { nsg: nsgId, rule: 'deny-all', priority: '399', missing: 'Internet' };
    const hub = targetOf(appId, 'docker.io/contoso/orders:v1');

    it('begin with a copy in an Azure registry, and say what a rule for the Internet opens', () => {
      const opened = textOf('egress-blocked', { target: hub, diagnosis: diagnosisOf('egress-blocked', denied) });

      expect(opened.indexOf('az acr import')).toBeGreaterThan(0);
      expect(opened.indexOf('az acr import')).toBeLessThan(opened.indexOf('allow-Internet'));
      expect(opened).toContain('a rule for Internet opens port 443 to everything');
      expect(opened).not.toContain('AzureContainerRegistry and');
    });

    it('write no route, because none knows a name', () => {
      const dropped = { table: tableId, route: 'to-nowhere', missing: 'Internet' };
      const routed = textOf('egress-blocked', { target: hub, diagnosis: diagnosisOf('egress-blocked', dropped) });

      expect(routed).not.toContain('route-table route create');
    });

    it('name the service tags of Microsoft’s registry', () => {
      const target = targetOf(appId, 'mcr.microsoft.com/dotnet/runtime:9.0');
      const missing = { ...denied, missing: 'MicrosoftContainerRegistry' };
      const opened = textOf('egress-blocked', { target, diagnosis: diagnosisOf('egress-blocked', missing) });

      expect(opened).toContain('--name allow-MicrosoftContainerRegistry --priority 399');
      expect(opened).not.toContain('az acr import');
    });

    it('ask whether the name servers answer for it', () => {
      const servers = { diagnosis: diagnosisOf('custom-dns', { servers: '10.1.0.4' }) };

      expect(textOf('custom-dns', { target: hub, ...servers })).toContain('do 10.1.0.4 answer for docker.io');
      expect(textOf('custom-dns', servers)).toContain('privatelink.azurecr.io');
    });
  });
});

describe('the resolver of Azure', () => {
  it('is let through on port 53, by every protocol', () => {
    const denied = { nsg: nsgId, rule: 'no-dns', priority: '99', missing: 'AzurePlatformDNS' };
    const said = textOf('egress-blocked', { diagnosis: diagnosisOf('egress-blocked', denied) });

    expect(said).toContain('denies port 53 to AzurePlatformDNS');
    expect(said).toContain(
      "--protocol '*' --destination-address-prefixes AzurePlatformDNS --destination-port-ranges 53",
    );
    expect(said).toContain("destinationPortRange: '53'");
  });
});

describe('a security group that is not known', () => {
  it('is found first, with the subnet that the app leaves by', () => {
    const said = textOf('egress-blocked', { diagnosis: diagnosisOf('egress-blocked', {}) });

    expect(said).toContain(
      `az network vnet subnet show --ids ${vnetId}/subnets/snet-apps --query networkSecurityGroup.id`,
    );
    expect(said).toContain('in place of NSG and GROUP');
  });
});
