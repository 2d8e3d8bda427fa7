// From the facts of a network to its incident: what the verdict names stands in the commands, and two causes are one question.
import { describe, expect, it } from 'vitest';
import { type Cause } from '../../../src/lib/causes/causes.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { SecurityRule } from '../../../src/lib/evidence/network-facts.ts';
import type { RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { incidentKey } from '../../../src/lib/incidents/incident.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  arm,
  assignment,
  dnsUnlinked,
  endpointId,
  environmentId,
  minute,
  registry,
  roleMissing,
  target,
  unauthorized,
  vnetId,
  zoneId,
} from '../facts.ts';
import { decideOn } from '../situations.ts';

const network = vnetId.replace('/virtualnetworks/vnet-shop', '');
const linked = (records: Record<string, string[]>): Evidence['zones'] & object =>
  known([{ id: zoneId, links: known([{ vnetId, completed: true, redirects: false }]), records: known(records) }]);

interface Said {
  readonly cause: Cause;
  readonly advice: string;
  readonly commands: string;
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
const closed: RegistryFacts = { ...registry, publicAccess: 'closed' };

describe('the runbook', () => {
  it('of a missing link says that the record is missing too, where it is', () => {
    const unlinkedZone = (records: Record<string, string[]>): Evidence => ({
      ...withData,
      zones: known([{ id: zoneId, links: known([]), records: known(records) }]),
    });

    expect(said(unlinkedZone({})).cause).toBe('private-dns-unlinked');
    expect(said(unlinkedZone({})).advice).toContain('has no record of the registry either');
    expect(said(unlinkedZone({ acrshop: ['10.70.4.5'] })).advice).not.toContain('no record');
  });

  it('of missing records writes each of them with the address of its own name', () => {
    const { cause, commands } = said({ ...withData, zones: linked({}) });

    expect(cause).toBe('private-dns-record-missing');
    expect(commands).toMatch(/add-record .+--record-set-name acrshop --ipv4-address 10\.70\.4\.5$/m);
    expect(commands).toMatch(/add-record .+--record-set-name acrshop\.westeurope\.data --ipv4-address 10\.70\.4\.4$/m);
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
    const { commands } = said({ ...withData, zones: linked({}), zoneGroups: known([]) });

    expect(commands).toContain('--endpoint-name pe-acrshop');
    expect(commands).toContain(`--private-dns-zone ${zoneId}`);
    expect(commands).toContain(`privateDnsZoneId: '${zoneId}'`);
  });

  it('of a closed registry in a lower tier says that private endpoints need Premium', () => {
    const { advice, commands } = said({ ...open, registry: known({ ...closed, sku: 'Standard' }) });

    expect(advice).toContain('Private endpoints need the Premium tier; this registry is Standard.');
    expect(commands).toMatch(/az acr update --name acrshop .*--sku Premium/);
  });

  it('of a closed registry in the Premium tier does not speak of tiers', () => {
    const { advice, commands } = said({ ...open, registry: known(closed) });

    expect(advice).not.toContain('Premium');
    expect(commands).not.toContain('az acr update');
  });

  it('of an environment without a VNet says that an endpoint does not help it', () => {
    const alone = { ...open, environment: known({ id: environmentId, logs: { kind: 'none' as const } }) };

    expect(said({ ...alone, registry: known(closed) }).advice).toContain('no private endpoint can help it');
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
    expect(commands).toMatch(new RegExp(`peering create .*--vnet-name vnet-shop .*\\\\\n  --remote-vnet ${hub} `));
    expect(commands).toMatch(new RegExp(`peering create .*--vnet-name vnet-hub .*\\\\\n  --remote-vnet ${vnetId} `));
  });

  it('of a denied connection writes one rule for each service tag, before the rule that denies', () => {
    const { cause, advice, commands, undo } = said({ ...open, subnet: denying('Internet') });

    expect(cause).toBe('egress-blocked');
    expect(advice).toContain('The rule DenyOut of nsg-apps denies port 443');
    const rules = commands.matchAll(/--priority (\d+) [^]+?prefixes (\S+) --dest/g);
    expect([...rules].map(([, priority, tag]) => [priority, tag])).toEqual([
      ['3999', 'AzureContainerRegistry'],
      ['3998', 'Storage'],
      ['3997', 'AzureActiveDirectory'],
      ['3996', 'MicrosoftContainerRegistry'],
      ['3995', 'AzureFrontDoor.FirstParty'],
    ]);
    expect(undo.match(/az network nsg rule delete --nsg-name nsg-apps /g)).toHaveLength(5);
  });

  it('of denied private addresses lets out each of them', () => {
    const found = { acrshop: ['10.70.4.5'], 'acrshop.westeurope.data': ['10.70.4.4'] };
    const { commands } = said({ ...withData, zones: linked(found), subnet: denying('10.70.4.0/24') });

    expect(commands).toContain('--destination-address-prefixes 10.70.4.5');
    expect(commands).toContain('--destination-address-prefixes 10.70.4.4');
  });

  it('of denied tokens names their service tag', () => {
    const { cause, advice } = said({ ...open, subnet: denying('AzureActiveDirectory') });

    expect(cause).toBe('identity-egress-blocked');
    expect(advice).toContain('denies port 443 to AzureActiveDirectory.');
  });

  it('of custom DNS asks about these servers', () => {
    const custom = { id: vnetId, dnsServers: ['10.1.0.4', '10.1.0.5'], peerings: [], gateway: false };
    const { advice, commands } = said({ ...dnsUnlinked, vnet: known(custom) });

    expect(advice).toContain('do 10.1.0.4, 10.1.0.5 forward');
    expect(commands).toContain(vnetId);
  });
});

describe('a suspicion', () => {
  const timedOut = { label: 'network', rule: 'timeout', words: 'i/o timeout' } as const;
  const advice = (subnet: Evidence['subnet'] & object): string => {
    const evidence = { ...open, subnet };
    const diagnosis = diagnose({ target, evidence, suspicions: [timedOut], pulledBefore: false });
    return runbookFor({ target, cause: 'egress-blocked', diagnosis, evidence }).advice;
  };
  const id = arm(`${vnetId}/subnets/snet-apps`);
  const route = { name: 'default', prefix: '0.0.0.0/0', nextHop: 'virtualappliance' };

  it('names the appliance where one is on the way, and not where the rules are unclear', () => {
    const table = arm(`${network}/routeTables/rt-apps`);

    expect(advice(known({ id, prefixes: [], routing: { table, routes: known([route]) } }))).toContain(
      'to an appliance',
    );
    expect(advice(denying('20.0.0.0/8'))).not.toContain('to an appliance');
  });
});

describe('two causes at once', () => {
  const both: Evidence = { ...dnsUnlinked, roles: known([]) };
  const diagnosis = diagnose({ target, evidence: both, suspicions: [unauthorized], pulledBefore: false });

  it('ask a person about the network, because the role is ours to give afterwards', () => {
    expect(decideOn(both, { diagnosis }).decision).toEqual({
      do: 'incident',
      cause: 'private-dns-unlinked',
      because: 'needs-a-person',
    });
  });

  it('are both named in the incident', () => {
    const { advice } = runbookFor({ target, cause: 'private-dns-unlinked', diagnosis, evidence: both });

    expect(advice).toMatch(/Also found: pull-role-missing\. Fix it next\.$/);
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
