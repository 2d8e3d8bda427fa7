// The runbooks of network causes: the values of the case are in the commands, for az and for Bicep, and in the undo.
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/lib/decide.ts';
import { type Cause, diagnose } from '../../src/lib/diagnose.ts';
import type { Evidence, SecurityRule } from '../../src/lib/evidence.ts';
import { known } from '../../src/lib/fact.ts';
import { incidentKey } from '../../src/lib/incident.ts';
import { runbookFor } from '../../src/lib/runbooks/index.ts';
import {
  arm,
  assignment,
  dnsUnlinked,
  endpointId,
  environmentId,
  guardInput,
  minute,
  registry,
  roleMissing,
  target,
  unauthorized,
  vnetId,
  zoneId,
} from './facts.ts';

const network = vnetId.replace('/virtualnetworks/vnet-shop', '');
const linked = (records: Record<string, string[]>): Evidence['zones'] & object =>
  known([{ id: zoneId, links: known([{ vnetId, completed: true, redirects: false }]), records: known(records) }]);

interface Said {
  readonly cause: Cause;
  readonly advice: string;
  readonly commands: string;
  readonly languages: readonly string[];
  readonly undo: string;
}

function said(evidence: Evidence): Said {
  const diagnosis = diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore: false });
  const [cause = 'unexplained'] = diagnosis.causes;
  const runbook = runbookFor({ target, cause, diagnosis, evidence });
  return {
    cause,
    advice: runbook.advice,
    commands: runbook.commands.map((command) => command.text).join('\n'),
    languages: runbook.commands.map((command) => command.language),
    undo: runbook.undo,
  };
}

function denying(destination: string): Evidence['subnet'] & object {
  const rule: SecurityRule = {
    name: 'DenyOut',
    priority: 4000,
    access: 'deny',
    protocol: '*',
    sources: ['*'],
    destinations: [destination],
    ports: ['*'],
    grouped: false,
  };
  const after = { ...rule, name: 'AllowAll', priority: 4001, access: 'allow' as const, destinations: ['*'] };
  return known({
    id: arm(`${vnetId}/subnets/snet-apps`),
    prefixes: ['10.70.0.0/23'],
    security: { nsg: arm(`${network}/networkSecurityGroups/nsg-apps`), rules: known([rule, after]) },
  });
}

const data = { fqdn: 'acrshop.westeurope.data.azurecr.io', ip: '10.70.4.4' };
const withData: Evidence = {
  ...dnsUnlinked,
  endpoints: known([{ id: endpointId, vnetId, addresses: [{ fqdn: 'acrshop.azurecr.io', ip: '10.70.4.5' }, data] }]),
};
const open: Evidence = {
  ...roleMissing,
  roles: known([assignment(24 * 60 * minute)]),
  environment: dnsUnlinked.environment ?? known('gone'),
};
const closed = { ...registry, publicAccess: false };

describe('the runbook', () => {
  it('of missing records writes each of them, in both languages, and takes each away again', () => {
    const { cause, commands, languages, undo } = said({ ...withData, zones: linked({}) });

    expect(cause).toBe('private-dns-record-missing');
    expect(languages).toEqual(['az', 'bicep']);
    for (const [name, ip] of [
      ['acrshop', '10.70.4.5'],
      ['acrshop.westeurope.data', '10.70.4.4'],
    ] as const) {
      expect(commands).toContain(
        `add-record --resource-group rg-network --zone-name privatelink.azurecr.io --record-set-name ${name} --ipv4-address ${ip}`,
      );
      expect(commands).toContain(`name: '${name}'\n  properties: { ttl: 10, aRecords: [{ ipv4Address: '${ip}' }] }`);
      expect(undo).toContain(
        `remove-record --resource-group rg-network --zone-name privatelink.azurecr.io --record-set-name ${name} --ipv4-address ${ip}`,
      );
    }
  });

  it('of a stale record takes the old address away and writes the endpoint’s', () => {
    const { commands } = said({
      ...withData,
      zones: linked({ acrshop: ['10.70.4.5'], 'acrshop.westeurope.data': ['10.9.9.9'] }),
    });

    expect(commands).toMatch(
      /remove-record .+--record-set-name acrshop\.westeurope\.data --ipv4-address 10\.9\.9\.9 --keep-empty-record-set/,
    );
    expect(commands).toMatch(/add-record .+--record-set-name acrshop\.westeurope\.data --ipv4-address 10\.70\.4\.4/);
  });

  it('of a missing zone group gives one to that endpoint, for that zone', () => {
    const { commands, languages } = said({ ...withData, zones: linked({}), zoneGroups: known([]) });

    expect(languages).toEqual(['az', 'bicep']);
    expect(commands).toContain('--endpoint-name pe-acrshop');
    expect(commands).toContain(`--private-dns-zone ${zoneId}`);
    expect(commands).toContain(`privateDnsZoneId: '${zoneId}'`);
  });

  it('of a closed registry in a lower tier says that private endpoints need Premium', () => {
    const { advice, commands } = said({ ...open, registry: known({ ...closed, sku: 'Standard' }) });

    expect(advice).toContain('Private endpoints need the Premium tier, and this registry is Standard.');
    expect(commands).toContain('az acr update --name acrshop --sku Premium');
    expect(commands).toContain(
      'az network private-endpoint create --resource-group rg-network --name pe-acrshop --vnet-name vnet-shop',
    );
  });

  it('of a closed registry in the Premium tier does not speak of tiers', () => {
    const { advice, commands } = said({ ...open, registry: known(closed) });

    expect(advice).not.toContain('Premium');
    expect(commands).not.toContain('az acr update');
  });

  it('of an environment without a VNet does not propose an endpoint that it could not reach', () => {
    const alone = { ...open, environment: known({ id: environmentId, logs: { kind: 'none' as const } }) };
    const { advice, commands } = said({ ...alone, registry: known(closed) });

    expect(advice).toContain('no VNet of its own');
    expect(commands).toBe('');
  });

  it('of an endpoint out of reach peers the two networks', () => {
    const hub = arm(`${network}/virtualNetworks/vnet-hub`);
    const far = { id: endpointId, vnetId: hub, addresses: [{ fqdn: 'acrshop.azurecr.io', ip: '10.70.4.5' }] };
    const { cause, commands } = said({
      ...dnsUnlinked,
      zones: linked({ acrshop: ['10.70.4.5'] }),
      endpoints: known([far]),
    });

    expect(cause).toBe('no-private-path');
    expect(commands).toContain(`--vnet-name vnet-shop --name to-vnet-hub \\\n  --remote-vnet ${hub}`);
  });

  it('of a denied connection writes one rule for each service tag, before the rule that denies', () => {
    const { cause, advice, commands, undo } = said({ ...open, subnet: denying('Internet') });

    expect(cause).toBe('egress-blocked');
    expect(advice).toContain('The rule DenyOut of nsg-apps denies port 443');
    expect(
      [...commands.matchAll(/--priority (\d+)[^]+?prefixes (\S+)/g)].map(([, priority, tag]) => [priority, tag]),
    ).toEqual([
      ['3999', 'AzureContainerRegistry'],
      ['3998', 'Storage'],
      ['3997', 'AzureActiveDirectory'],
      ['3996', 'MicrosoftContainerRegistry'],
      ['3995', 'AzureFrontDoor.FirstParty'],
    ]);
    expect(undo).toContain(
      'az network nsg rule delete --resource-group rg-network --nsg-name nsg-apps --name allow-pull-1',
    );
  });

  it('of denied private addresses puts them into one rule', () => {
    const private2 = {
      ...withData,
      zones: linked({ acrshop: ['10.70.4.5'], 'acrshop.westeurope.data': ['10.70.4.4'] }),
    };

    expect(said({ ...private2, subnet: denying('10.70.4.0/24') }).commands).toContain(
      '--destination-address-prefixes 10.70.4.5 10.70.4.4',
    );
  });

  it('of denied tokens names their service tag', () => {
    const { cause, advice } = said({ ...open, subnet: denying('AzureActiveDirectory') });

    expect(cause).toBe('identity-egress-blocked');
    expect(advice).toContain('denies port 443 to AzureActiveDirectory.');
  });

  it('of custom DNS asks about these servers', () => {
    const custom = { id: vnetId, dnsServers: ['10.1.0.4', '10.1.0.5'], peerings: [], gateway: false };
    const { advice, commands } = said({ ...dnsUnlinked, vnet: known(custom) });

    expect(advice).toContain('do 10.1.0.4, 10.1.0.5 forward azurecr.io');
    expect(commands).toBe('nslookup acrshop.azurecr.io 10.1.0.4');
  });
});

describe('two causes at once', () => {
  const both: Evidence = { ...dnsUnlinked, roles: known([]) };
  const diagnosis = diagnose({ target, evidence: both, suspicions: [unauthorized], pulledBefore: false });

  it('ask a person about the network, because the role is ours to give afterwards', () => {
    expect(decide(guardInput({ evidence: both, diagnosis })).decision).toEqual({
      do: 'incident',
      cause: 'private-dns-unlinked',
      because: 'needs-a-person',
    });
  });

  it('are both named in the incident', () => {
    const { advice } = runbookFor({ target, cause: 'private-dns-unlinked', diagnosis, evidence: both });

    expect(advice).toMatch(/Also found: pull-role-missing\. Its turn comes once this is right\.$/);
  });
});

describe('the incident of a denied connection', () => {
  it('is shared by the apps of one subnet, and not by those of another in the same network', () => {
    const evidence = { ...open, subnet: denying('Internet') };
    const diagnosis = diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore: false });
    const elsewhere = { ...diagnosis, detail: { ...diagnosis.detail, subnet: `${vnetId}/subnets/snet-other` } };
    const neighbour = { ...target, appName: 'ca-other', appId: arm(target.appId.replace('ca-orders', 'ca-other')) };

    expect(incidentKey(neighbour, 'egress-blocked', diagnosis, evidence)).toBe(
      incidentKey(target, 'egress-blocked', diagnosis, evidence),
    );
    expect(incidentKey(target, 'egress-blocked', elsewhere, evidence)).not.toBe(
      incidentKey(target, 'egress-blocked', diagnosis, evidence),
    );
  });
});
