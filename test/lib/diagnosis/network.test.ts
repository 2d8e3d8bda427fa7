// What the network lets through, from the facts of ARM: endpoint, DNS, tier, peering, security rules and routes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { networkProbes, networkVerdict } from '../../../src/lib/diagnosis/network.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Route, SecurityRule } from '../../../src/lib/evidence/network-facts.ts';
import type { RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import { app as appFacts, arm, endpointId, environmentId, registry, roleMissing, target, vnetId } from '../facts.ts';
import {
  answer,
  closed,
  denyAll,
  diagnosed,
  endpoint,
  goodRecords,
  login,
  network,
  nsg,
  openly,
  privately,
  route,
  rule,
  subnet,
  subnetId,
  table,
  toAppliance,
  vnet,
  without,
  zone,
} from './network-cases.ts';

describe('a linked zone decides where the name leads, also for a registry that is open', () => {
  const open: Evidence = { ...privately, registry: known({ ...closed, publicAccess: 'open' }) };

  it.each<[string, Evidence, string]>([
    ['every record is right', open, 'allows: private-endpoint'],
    [
      'the data record is missing: no such host',
      { ...open, zones: known([zone(without('acrshop.westeurope.data'))]) },
      'private-dns-record-missing',
    ],
    [
      'the data record is missing and the link asks public DNS then',
      { ...open, zones: known([zone(without('acrshop.westeurope.data'), true)]) },
      'allows: public',
    ],
    [
      'no zone is linked: the public address',
      { ...open, zones: known([{ ...zone({}), links: known([]) }]) },
      'allows: public',
    ],
    ['the zones cannot be read', { ...open, zones: unreadable('forbidden') }, 'cannot-tell: zone-unreadable'],
    ['the VNet cannot be read', { ...open, vnet: unreadable('throttled') }, 'cannot-tell: vnet-unreadable'],
    [
      'a link is being made: the endpoint or the public address, both work',
      { ...open, zones: known([{ ...zone({}), links: known([{ vnetId, completed: false, redirects: false }]) }]) },
      'allows: public',
    ],
    ['no zone can be seen', { ...open, zones: known([]) }, 'allows: public'],
    [
      'its endpoint is not approved, so no zone decides anything',
      {
        ...open,
        registry: known({ ...closed, publicAccess: 'open', endpoints: [{ id: endpointId, status: 'pending' }] }),
        zones: unreadable('forbidden'),
      },
      'allows: public',
    ],
    [
      'every record is right: the public addresses do not matter',
      { ...open, ...subnet([rule(200, 'deny', 'AzureContainerRegistry')]) },
      'allows: private-endpoint',
    ],
    [
      'every record is right, and the endpoint is not let out to',
      { ...open, ...subnet([rule(200, 'deny', 'VirtualNetwork')]) },
      'egress-blocked',
    ],
    [
      'no zone is linked, and the public address is not let out to',
      {
        ...open,
        zones: known([{ ...zone({}), links: known([]) }]),
        ...subnet([rule(200, 'deny', 'AzureContainerRegistry')]),
      },
      'egress-blocked',
    ],
    [
      'no zone is linked: the endpoint’s address does not matter',
      { ...open, zones: known([{ ...zone({}), links: known([]) }]), ...subnet([rule(200, 'deny', 'VirtualNetwork')]) },
      'allows: public',
    ],
    [
      'custom DNS, and the subnet lets out to the public address only',
      { ...open, ...vnet({ dnsServers: ['10.1.1.1'] }), ...subnet([rule(200, 'deny', 'VirtualNetwork')]) },
      'cannot-tell: security-rules-unclear',
    ],
    [
      'custom DNS: the endpoint or the public address, both work',
      { ...open, ...vnet({ dnsServers: ['10.1.1.1'] }) },
      'allows: public',
    ],
    [
      'custom DNS, and the subnet lets out one of the two only',
      { ...open, ...vnet({ dnsServers: ['10.1.1.1'] }), ...subnet([rule(200, 'deny', 'AzureContainerRegistry')]) },
      'cannot-tell: security-rules-unclear',
    ],
  ])('%s', (_, evidence, expected) => {
    expect(answer(evidence)).toBe(expected);
  });

  it('and asking public DNS does not help a registry that is closed', () => {
    const redirected = { ...privately, zones: known([zone(without('acrshop.westeurope.data'), true)]) };

    expect(networkVerdict(redirected)).toMatchObject({
      cause: 'private-dns-record-missing',
      detail: { record: 'acrshop.westeurope.data' },
    });
  });

  it('with IP rules, public DNS leads to those rules', () => {
    const listed: RegistryFacts = { ...closed, publicAccess: 'open', defaultAction: 'deny' };
    const redirected = { ...privately, registry: known(listed), zones: known([zone({}, true)]) };

    expect(answer(redirected)).toBe('cannot-tell: ip-rules');
    expect(networkVerdict(redirected, '20.1.2.3')).toEqual({
      answer: 'blocks',
      cause: 'registry-firewall',
      detail: { ip: '20.1.2.3' },
    });
  });
});

describe('a registry whose public access is not ours to judge', () => {
  const as = (publicAccess: RegistryFacts['publicAccess'], more: Partial<RegistryFacts> = {}): Fact<RegistryFacts> =>
    known({ ...registry, publicAccess, ...more });

  it.each([
    ['a network security perimeter decides', 'perimeter', 'cannot-tell: network-perimeter'],
    ['the setting is new to us', 'unknown', 'cannot-tell: public-access-unknown'],
  ] as const)('%s: allowed by nothing that the registry says of itself', (_, setting, expected) => {
    const open: Evidence = { ...openly, registry: as(setting) };

    expect(answer(open)).toBe(expected);
    expect(answer({ ...roleMissing, registry: as(setting) })).toBe(expected);
    expect(answer({ ...open, registry: as(setting, { defaultAction: 'deny' }) })).toBe(expected);
    expect(networkVerdict({ ...open, registry: as(setting, { defaultAction: 'deny' }) }, '20.3.3.3')).toMatchObject({
      answer: 'cannot-tell',
    });
    expect(answer({ ...open, ...subnet([denyAll]) })).toBe('egress-blocked');
  });

  it('is named beside the cause that was found', () => {
    expect(diagnosed({ ...roleMissing, registry: as('perimeter') })).toMatchObject({
      causes: ['pull-role-missing'],
      network: 'cannot-tell',
      against: [{ code: 'identity-declared' }, { code: 'network-cannot-tell', detail: { why: 'network-perimeter' } }],
    });
  });

  it('is reached over its endpoint where the name leads there, and nowhere else for sure', () => {
    const both = { ...privately, registry: as('perimeter', { endpoints: closed.endpoints }) };

    expect(answer(both)).toBe('allows: private-endpoint');
    expect(answer({ ...both, zones: known([zone({}, true)]) })).toBe('cannot-tell: network-perimeter');
    expect(answer({ ...both, zones: known([zone({})]) })).toBe('private-dns-record-missing');
    expect(answer({ ...both, zones: unreadable('forbidden') })).toBe('cannot-tell: network-perimeter');
  });
});

describe('a registry with IP rules', () => {
  const listed = known({ ...registry, defaultAction: 'deny' as const, ipRules: ['20.1.0.0/16', '20.2.2.2'] });
  const ruled: Evidence = { ...openly, registry: listed };
  const refused = (ip: string): string => {
    const verdict = networkVerdict(ruled, ip);
    return verdict.answer === 'blocks' ? verdict.cause : verdict.answer;
  };

  it('cannot be judged from ARM, which does not tell the address that we leave by', () => {
    expect(answer(ruled)).toBe('cannot-tell: ip-rules');
  });

  it('refuses an address that the text names, unless its rules let it in or it is none', () => {
    expect(refused('20.3.3.3')).toBe('registry-firewall');
    expect(refused('20.1.3.3')).toBe('cannot-tell');
    expect(refused('20.2.2.2')).toBe('cannot-tell');
    expect(refused('20.3.3.333')).toBe('cannot-tell');
    expect(refused('2001:db8::1')).toBe('registry-firewall');
    expect(refused('2001:db8::1%eth0')).toBe('cannot-tell');
    expect(refused('')).toBe('cannot-tell');
  });

  it('stays in doubt for that reason, whatever else is unclear', () => {
    expect(answer({ ...ruled, subnet: unreadable('forbidden') })).toBe('cannot-tell: ip-rules');
    expect(answer({ ...ruled, ...subnet([], [toAppliance]) })).toBe('cannot-tell: ip-rules');
    expect(answer({ ...ruled, ...subnet([denyAll]) })).toBe('egress-blocked');
  });

  it('decides where the zones of its endpoint cannot be read', () => {
    const both = {
      ...privately,
      registry: known<RegistryFacts>({ ...closed, publicAccess: 'open', defaultAction: 'deny' }),
      zones: unreadable<never>('forbidden'),
    };

    expect(answer(both)).toBe('cannot-tell: ip-rules');
    expect(networkVerdict(both, '20.1.2.3')).toMatchObject({ cause: 'registry-firewall' });
  });
});

describe('what cannot be read', () => {
  it.each<[string, Evidence, string]>([
    ['the registry', { ...openly, registry: unreadable('forbidden') }, 'cannot-tell: registry-unreadable'],
    ['a registry that is not found', { ...openly, registry: known('not-found') }, 'cannot-tell: registry-unreadable'],
    ['the environment', { ...openly, environment: unreadable('throttled') }, 'cannot-tell: environment-unreadable'],
    ['an environment that is gone', { ...openly, environment: known('gone') }, 'cannot-tell: environment-unreadable'],
  ])('leaves the network in doubt: %s', (_, evidence, expected) => {
    expect(answer(evidence)).toBe(expected);
  });
});

describe('a closed registry without a way in', () => {
  it('says which tier it has where private endpoints need another', () => {
    const basic = { ...closed, sku: 'Basic', endpoints: [] };

    expect(networkVerdict({ ...privately, registry: known(basic) })).toEqual({
      answer: 'blocks',
      cause: 'no-private-path',
      detail: { lacks: 'endpoint', sku: 'Basic' },
    });
  });

  it('waits for the approval of the endpoint that is pending', () => {
    const asked = arm(`${network}/privateEndpoints/pe-asked`);
    const endpoints = [
      { id: endpointId, status: 'rejected' },
      { id: asked, status: 'pending' },
    ];

    expect(networkVerdict({ ...privately, registry: known({ ...closed, endpoints }) })).toEqual({
      answer: 'blocks',
      cause: 'private-endpoint-pending',
      detail: { endpoint: asked },
    });
  });

  it('lacks an endpoint where the only one was rejected', () => {
    const endpoints = [{ id: endpointId, status: 'rejected' }];

    expect(networkVerdict({ ...privately, registry: known({ ...closed, endpoints }) })).toMatchObject({
      cause: 'no-private-path',
      detail: { lacks: 'endpoint' },
    });
  });

  it('says that the environment has no network of its own', () => {
    const alone = { ...privately, environment: known({ id: environmentId, logs: { kind: 'none' as const } }) };

    expect(networkVerdict(alone)).toEqual({ answer: 'blocks', cause: 'no-private-path', detail: { lacks: 'vnet' } });
  });
});

describe('the security rules of the subnet', () => {
  it.each<[string, readonly SecurityRule[], string]>([
    ['the default rules let everything out', [], 'allows: public'],
    ['the Internet is denied', [denyAll], 'egress-blocked'],
    [
      'the Internet is denied behind rules for what a pull needs',
      [
        denyAll,
        rule(100, 'allow', 'AzureContainerRegistry'),
        rule(110, 'allow', 'Storage'),
        rule(120, 'allow', 'AzureActiveDirectory'),
      ],
      'allows: public',
    ],
    [
      'regional tags of the registry’s own region do',
      [
        denyAll,
        rule(100, 'allow', 'AzureContainerRegistry.WestEurope'),
        rule(110, 'allow', 'Storage.WestEurope'),
        rule(120, 'allow', 'AzureActiveDirectory'),
      ],
      'allows: public',
    ],
    [
      'a tag of another region may be the one of a replica',
      [
        denyAll,
        rule(100, 'allow', 'AzureContainerRegistry'),
        rule(110, 'allow', 'Storage.NorthEurope'),
        rule(120, 'allow', 'AzureActiveDirectory'),
      ],
      'cannot-tell: security-rules-unclear',
    ],
    [
      'layers come from Storage, and that is not let out',
      [denyAll, rule(100, 'allow', 'AzureContainerRegistry'), rule(120, 'allow', 'AzureActiveDirectory')],
      'egress-blocked',
    ],
    [
      'the registry is let out and the service that issues tokens is not',
      [denyAll, rule(100, 'allow', 'AzureContainerRegistry'), rule(110, 'allow', 'Storage')],
      'identity-egress-blocked',
    ],
    [
      'the allowance comes after the denial',
      [rule(100, 'deny', '*'), rule(200, 'allow', 'AzureContainerRegistry')],
      'egress-blocked',
    ],
    ['all of Azure is let out', [denyAll, rule(100, 'allow', 'AzureCloud')], 'allows: public'],
    ['another port is denied', [rule(100, 'deny', '*', { ports: ['80', '8000-9000'] })], 'allows: public'],
    [
      'a range of ports that holds 443 is denied',
      [rule(100, 'deny', '*', { ports: ['80', '400-500'] })],
      'egress-blocked',
    ],
    ['UDP is denied', [rule(100, 'deny', '*', { protocol: 'Udp' })], 'allows: public'],
    ['TCP is denied', [rule(100, 'deny', '*', { protocol: 'Tcp' })], 'egress-blocked'],
    ['another subnet is denied', [rule(100, 'deny', '*', { sources: ['10.80.0.0/16'] })], 'allows: public'],
    ['a range around our subnet is denied', [rule(100, 'deny', '*', { sources: ['10.70.0.0/16'] })], 'egress-blocked'],
    [
      'a part of our subnet is denied',
      [rule(100, 'deny', '*', { sources: ['10.70.0.0/24'] })],
      'cannot-tell: security-rules-unclear',
    ],
    ['another service is denied', [rule(100, 'deny', 'Sql.WestEurope')], 'allows: public'],
    ['a tag that we do not know is denied', [rule(100, 'deny', 'SomethingNew')], 'cannot-tell: security-rules-unclear'],
    ['addresses of the Internet are denied', [rule(100, 'deny', '20.0.0.0/8')], 'cannot-tell: security-rules-unclear'],
    [
      'a range of addresses in words that we do not know',
      [rule(100, 'deny', '20.0.0.1-20.0.0.9')],
      'cannot-tell: security-rules-unclear',
    ],
    ['private addresses are denied', [rule(100, 'deny', '10.0.0.0/8')], 'allows: public'],
    ['IPv6 is denied', [rule(100, 'deny', '::/0')], 'allows: public'],
    [
      'application security groups decide',
      [rule(100, 'deny', '*', { grouped: true })],
      'cannot-tell: security-rules-unclear',
    ],
    ['Azure’s own resolver is denied', [rule(100, 'deny', 'AzurePlatformDNS')], 'cannot-tell: platform-dns-denied'],
    ['only the platform’s own images are denied', [rule(100, 'deny', 'MicrosoftContainerRegistry')], 'allows: public'],
  ])('%s', (_, rules, expected) => {
    expect(answer({ ...openly, ...subnet(rules) })).toBe(expected);
  });

  it('name the rule, what is missing, and a priority that is free before it', () => {
    const rules = [denyAll, rule(3999, 'allow', 'AzureContainerRegistry'), rule(3998, 'allow', 'Sql')];

    expect(networkVerdict({ ...openly, ...subnet(rules) })).toEqual({
      answer: 'blocks',
      cause: 'egress-blocked',
      detail: {
        subnet: subnetId,
        nsg,
        rule: 'deny-4000',
        priority: '3997',
        missing: 'Storage, AzureActiveDirectory, MicrosoftContainerRegistry, AzureFrontDoor.FirstParty',
      },
    });
  });

  it('find no priority before the first', () => {
    expect(networkVerdict({ ...openly, ...subnet([rule(100, 'deny', '*')]) })).toMatchObject({
      detail: { rule: 'deny-100', priority: '' },
    });
  });

  it('do not need Storage where the registry has data endpoints of its own', () => {
    const rules = [denyAll, rule(100, 'allow', 'AzureContainerRegistry'), rule(120, 'allow', 'AzureActiveDirectory')];
    const registered = { ...openly, registry: known({ ...registry, dataEndpoints: true }) };

    expect(answer({ ...registered, ...subnet(rules) })).toBe('allows: public');
    expect(answer({ ...registered, ...subnet([denyAll]) })).toBe('egress-blocked');
    expect(answer({ ...registered, ...subnet([rule(100, 'deny', 'AzureContainerRegistry')]) })).toBe('egress-blocked');
  });

  it('do not need the service that issues tokens where the app pulls with a secret', () => {
    const rules = [denyAll, rule(100, 'allow', 'AzureContainerRegistry'), rule(110, 'allow', 'Storage')];
    const app = openly.app?.read && openly.app.value !== 'gone' ? openly.app.value : undefined;
    const withSecret = { ...openly, app: app && known({ ...app, registries: [{ server: registry.loginServer }] }) };

    expect(answer({ ...withSecret, ...subnet(rules) } as Evidence)).toBe('allows: public');
  });

  it('need the service that issues tokens by the entry for this registry alone', () => {
    const rules = [denyAll, rule(100, 'allow', 'AzureContainerRegistry'), rule(110, 'allow', 'Storage')];
    const entries = (...registries: { server: string; identity?: string }[]): string =>
      answer({ ...openly, app: known({ ...appFacts, registries }), ...subnet(rules) });

    expect(entries({ server: 'ghcr.io' }, { server: registry.loginServer, identity: 'system' })).toBe(
      'identity-egress-blocked',
    );
    expect(entries({ server: 'other.azurecr.io', identity: 'system' }, { server: registry.loginServer })).toBe(
      'allows: public',
    );
    expect(answer({ ...openly, app: unreadable('throttled'), ...subnet(rules) })).toBe('allows: public');
    expect(answer({ ...openly, app: known('gone'), ...subnet(rules) })).toBe('allows: public');
  });

  it('name all addresses of the endpoint where the DNS servers decide which one', () => {
    const custom = { ...privately, ...vnet({ dnsServers: ['10.1.1.1'] }) };

    expect(networkVerdict({ ...custom, ...subnet([rule(200, 'deny', 'VirtualNetwork')]) })).toMatchObject({
      cause: 'egress-blocked',
      detail: { missing: '10.70.4.5, 10.70.4.4, 10.70.4.6, 10.70.4.7' },
    });
  });

  it('miss no public service where the registry is closed to the public network', () => {
    const custom = { ...privately, ...vnet({ dnsServers: ['10.1.1.1'] }) };
    const rules = [rule(200, 'deny', 'VirtualNetwork'), rule(210, 'deny', 'AzureContainerRegistry')];

    expect(networkVerdict({ ...custom, ...subnet(rules) })).toMatchObject({
      cause: 'egress-blocked',
      detail: { missing: '10.70.4.5, 10.70.4.4, 10.70.4.6, 10.70.4.7' },
    });
  });

  it('decide nothing where the name may lead to another endpoint that they let out to', () => {
    const far = {
      ...endpoint,
      id: arm(`${network}/privateEndpoints/pe-far`),
      addresses: [{ ...login, ip: '10.70.8.5' }],
    };
    const two = { ...privately, endpoints: known([endpoint, far]), ...subnet([rule(200, 'deny', '10.70.8.0/24')]) };

    expect(answer({ ...two, ...vnet({ dnsServers: ['10.1.1.1'] }) })).toBe('cannot-tell: custom-dns');
    expect(answer(two)).toBe('allows: private-endpoint');
  });

  it('that leave a doubt name the subnet that it is about', () => {
    const detail = (rules: readonly SecurityRule[], routes?: readonly Route[]) =>
      networkVerdict({ ...openly, ...subnet(rules, routes) });

    expect(detail([], [toAppliance])).toEqual({
      answer: 'cannot-tell',
      why: 'routed-to-appliance',
      detail: { subnet: subnetId },
    });
    expect(detail([rule(100, 'deny', 'SomethingNew')])).toMatchObject({ detail: { within: subnetId } });
    expect(detail([rule(100, 'deny', 'AzurePlatformDNS')])).toMatchObject({ detail: { within: subnetId } });
  });

  it.each<[string, readonly SecurityRule[], string]>([
    [
      'the Internet is denied and tokens are let out',
      [denyAll, rule(100, 'allow', 'AzureActiveDirectory')],
      'allows: private-endpoint',
    ],
    ['the Internet is denied', [denyAll], 'identity-egress-blocked'],
    ['the network itself is denied', [rule(200, 'deny', 'VirtualNetwork')], 'egress-blocked'],
    ['the subnet of the endpoint is denied', [rule(200, 'deny', '10.70.4.0/24')], 'egress-blocked'],
    ['the address of one data endpoint is denied', [rule(200, 'deny', '10.70.4.6')], 'egress-blocked'],
    ['another subnet is denied', [rule(200, 'deny', '10.70.9.0/24')], 'allows: private-endpoint'],
    [
      'the public addresses of registries are denied',
      [rule(200, 'deny', 'AzureContainerRegistry')],
      'allows: private-endpoint',
    ],
  ])('before a private endpoint: %s', (_, rules, expected) => {
    expect(answer({ ...privately, ...subnet(rules) })).toBe(expected);
  });

  it('name the addresses of the endpoint that are denied', () => {
    expect(networkVerdict({ ...privately, ...subnet([rule(200, 'deny', '10.70.4.4/31')]) })).toMatchObject({
      cause: 'egress-blocked',
      detail: { rule: 'deny-200', missing: '10.70.4.5, 10.70.4.4' },
    });
  });

  it('block surely also where the DNS servers cannot be seen', () => {
    const custom = { ...privately, ...vnet({ dnsServers: ['10.1.1.1'] }) };

    expect(answer({ ...custom, ...subnet([rule(200, 'deny', 'VirtualNetwork')]) })).toBe('egress-blocked');
    expect(answer({ ...custom, ...subnet([]) })).toBe('cannot-tell: custom-dns');
  });

  it.each<[string, Evidence['subnet'] & object]>([
    ['the subnet', unreadable('forbidden')],
    ['its rules', known({ id: subnetId, prefixes: [], security: { nsg, rules: unreadable('throttled') } })],
    ['its routes', known({ id: subnetId, prefixes: [], routing: { table, routes: unreadable('timed-out') } })],
  ])('that cannot be read let nothing through: %s', (_, unread) => {
    expect(answer({ ...openly, subnet: unread })).toBe('cannot-tell: subnet-unreadable');
    expect(answer({ ...privately, subnet: unread })).toMatch(/^cannot-tell/);
  });
});

describe('the routes of the subnet', () => {
  it.each<[string, readonly Route[], string]>([
    ['none', [], 'allows: public'],
    ['everything to an appliance', [toAppliance], 'cannot-tell: routed-to-appliance'],
    ['everything to nowhere', [route('0.0.0.0/0', 'none')], 'egress-blocked'],
    ['everything to a gateway', [route('0.0.0.0/0', 'virtualnetworkgateway')], 'cannot-tell: routes-unclear'],
    ['everything to the Internet', [route('0.0.0.0/0', 'internet')], 'allows: public'],
    [
      'everything to an appliance but what a pull needs',
      [
        toAppliance,
        ...['AzureContainerRegistry', 'Storage', 'AzureActiveDirectory'].map((tag) => route(tag, 'internet')),
      ],
      'allows: public',
    ],
    ['the registry to nowhere', [route('AzureContainerRegistry', 'none')], 'egress-blocked'],
    ['some public addresses to nowhere', [route('20.0.0.0/8', 'none')], 'cannot-tell: routes-unclear'],
    [
      'some public addresses to an appliance',
      [route('20.0.0.0/8', 'virtualappliance')],
      'cannot-tell: routed-to-appliance',
    ],
    ['private addresses to an appliance', [route('10.0.0.0/8', 'virtualappliance')], 'allows: public'],
  ])('%s', (_, routes, expected) => {
    expect(answer({ ...openly, ...subnet([], routes) })).toBe(expected);
  });

  it('that lead everything away do not catch a private endpoint, whose own route is narrower', () => {
    const verdict = networkVerdict({ ...privately, ...subnet([], [route('0.0.0.0/0', 'none')]) });

    expect(verdict).toMatchObject({ cause: 'identity-egress-blocked', detail: { route: 'to-none', table } });
  });

  it.each([
    ['10.70.4.0/24', 'virtualappliance', 'cannot-tell: routed-to-appliance'],
    ['10.70.4.5/32', 'none', 'cannot-tell: routes-unclear'],
    ['10.70.0.0/16', 'vnetlocal', 'allows: private-endpoint'],
    ['10.71.0.0/16', 'virtualappliance', 'allows: private-endpoint'],
  ])('to the endpoint itself, %s to %s: %s', (prefix, hop, expected) => {
    expect(answer({ ...privately, ...subnet([], [route(prefix, hop)]) })).toBe(expected);
  });

  it('make “virtual network” mean more than it says, so a rule for it decides nothing about public addresses', () => {
    expect(answer({ ...openly, ...subnet([rule(100, 'deny', 'VirtualNetwork')], [toAppliance]) })).toBe(
      'cannot-tell: security-rules-unclear',
    );
    expect(answer({ ...openly, ...subnet([rule(100, 'deny', 'VirtualNetwork')]) })).toBe('allows: public');
  });

  it('to an appliance are what is suspected when nothing else is wrong and the log names nothing', () => {
    const appliance = { ...openly, ...subnet([], [toAppliance]) };
    const refused = { label: 'firewall', rule: 'firewall', words: 'denied' } as const;

    expect(diagnosed(appliance)).toMatchObject({
      causes: ['egress-blocked'],
      sure: 'suspected',
      network: 'cannot-tell',
    });
    expect(diagnose({ target, evidence: appliance, suspicions: [refused], pulledBefore: false }).causes).toEqual([
      'registry-firewall',
    ]);
  });
});

describe('a denied connection and a missing role', () => {
  it('are both named', () => {
    const both = { ...openly, roles: known([]), ...subnet([denyAll]) };

    expect(diagnosed(both)).toMatchObject({
      causes: ['pull-role-missing', 'egress-blocked'],
      sure: 'confirmed',
      network: 'blocks',
    });
  });
});

describe('what is asked about the network', () => {
  const asked = (evidence: Evidence): string[] =>
    nextProbes(target, evidence).filter((probe) =>
      ['vnet', 'zones', 'endpoints', 'zoneGroups', 'subnet'].includes(probe),
    );
  const { vnet: _v, zones: _z, endpoints: _e, zoneGroups: _g, subnet: _s, ...unasked } = privately;
  const { zoneGroups: _groups, subnet: _subnet, ...named } = privately;

  it.each<[string, Evidence, string[]]>([
    ['nothing without a VNet', roleMissing, []],
    ['the subnet before an open registry', { ...unasked, registry: known(registry) }, ['subnet']],
    ['names and endpoints of a private one first', unasked, ['vnet', 'zones', 'endpoints']],
    ['then the subnet', named, ['subnet']],
    [
      'not the subnet where the name leads nowhere',
      { ...named, zones: known([{ ...zone(goodRecords), links: known([]) }]) },
      [],
    ],
    [
      'the zone group where no zone is linked or has the record',
      { ...named, zones: known([{ ...zone({}), links: known([]) }]) },
      ['zoneGroups'],
    ],
    ['the zone group where a record is missing', { ...named, zones: known([zone({})]) }, ['zoneGroups']],
    ['nothing of a registry that cannot be read', { ...unasked, registry: unreadable('forbidden') }, []],
    ['nothing of an environment that cannot be read', { ...unasked, environment: unreadable('throttled') }, []],
    ['nothing where there is no endpoint', { ...unasked, registry: known({ ...closed, endpoints: [] }) }, []],
  ])('%s', (_, evidence, expected) => {
    expect(asked(evidence)).toEqual(expected);
  });
});

describe('whatever the network facts', () => {
  const probe = fc.constantFrom('registry', 'environment', 'vnet', 'zones', 'endpoints', 'subnet');

  it('an unreadable one never makes it allow what is private', () => {
    fc.assert(
      fc.property(fc.uniqueArray(probe, { minLength: 1 }), (lost) => {
        const spoiled = Object.fromEntries(lost.map((one) => [one, unreadable<never>('forbidden')]));
        return networkVerdict({ ...privately, ...spoiled }).answer === 'cannot-tell';
      }),
    );
  });

  it('rules that certainly deny everything on 443 never allow, whatever comes after them', () => {
    const destination = fc.constantFrom(
      'Internet',
      'AzureCloud',
      'AzureContainerRegistry',
      'Storage',
      'VirtualNetwork',
      '*',
    );
    const later = fc.array(fc.tuple(fc.integer({ min: 101, max: 4096 }), destination));
    fc.assert(
      fc.property(later, fc.constantFrom(privately, openly), (rules, evidence) => {
        const after = rules.map(([priority, to]) => rule(priority, 'allow', to));
        return networkVerdict({ ...evidence, ...subnet([rule(100, 'deny', '*'), ...after]) }).answer === 'blocks';
      }),
    );
  });
});

describe('a rule that denies the resolver of Azure', () => {
  const denied = { ...openly, ...subnet([rule(100, 'deny', 'AzurePlatformDNS')]) };

  it('blocks a network without DNS servers of its own: no name resolves there', () => {
    expect(networkVerdict({ ...denied, ...vnet() })).toMatchObject({
      answer: 'blocks',
      cause: 'egress-blocked',
      detail: { nsg, rule: 'deny-100', missing: 'AzurePlatformDNS' },
    });
  });

  it('is a doubt where the network names servers of its own, or they could not be read', () => {
    expect(answer({ ...denied, ...vnet({ dnsServers: ['10.0.0.4'] }) })).toBe('cannot-tell: platform-dns-denied');
    expect(answer({ ...denied, vnet: unreadable('forbidden') })).toBe('cannot-tell: platform-dns-denied');
  });

  it('makes pullmedic read which servers the network names', () => {
    expect(networkProbes(denied)).toContain('vnet');
    expect(networkProbes({ ...openly, ...subnet([]) })).not.toContain('vnet');
  });
});
