// What the security rules and routes of a subnet say about one destination on port 443.
import { describe, expect, it } from 'vitest';
import { type Destination, deniesPlatformDns, type Passage, passage } from '../../../src/lib/diagnosis/egress.ts';

import type { Route, SecurityRule, SubnetFacts } from '../../../src/lib/evidence/network-facts.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { arm, vnetId } from '../facts.ts';

const network = vnetId.replace('/virtualnetworks/vnet-shop', '');
const nsg = arm(`${network}/networkSecurityGroups/nsg-apps`);
const table = arm(`${network}/routeTables/rt-apps`);
const plain: SubnetFacts = { id: arm(`${vnetId}/subnets/snet-apps`), prefixes: ['10.70.0.0/23'] };

const registries: Destination = { kind: 'service', tag: 'AzureContainerRegistry', region: 'westeurope' };
const storage: Destination = { kind: 'service', tag: 'Storage', region: 'westeurope' };
const tokens: Destination = { kind: 'service', tag: 'AzureActiveDirectory', region: undefined };
const endpoint: Destination = { kind: 'address', ip: '10.70.4.5' };

function rule(priority: number, access: 'allow' | 'deny', more: Partial<SecurityRule> = {}): SecurityRule {
  const everything = { protocol: '*', sources: ['*'], destinations: ['*'], ports: ['*'], grouped: false };
  return { name: `${access}-${priority}`, priority, access, ...everything, ...more };
}

function deny(...destinations: string[]): SecurityRule {
  return rule(200, 'deny', { destinations });
}

const open = rule(4000, 'allow');

function withRules(...rules: SecurityRule[]): SubnetFacts {
  return { ...plain, security: { nsg, rules: known(rules) } };
}

function withRoutes(...routes: Route[]): SubnetFacts {
  return { ...plain, routing: { table, routes: known(routes) } };
}

function route(prefix: string, nextHop: string): Route {
  return { name: `${prefix} to ${nextHop}`, prefix, nextHop };
}

function said(found: Passage): string {
  return found.answer === 'cannot-tell' ? found.why : found.answer;
}

/** What a rule that denies does, before one that allows everything. */
function denied(more: Partial<SecurityRule>, to: Destination = registries, subnet: SubnetFacts = plain): string {
  return said(passage({ ...subnet, ...withRules(rule(200, 'deny', more), open), prefixes: subnet.prefixes }, to));
}

describe('a subnet without rules and routes', () => {
  it('lets everything out', () => {
    expect(passage(plain, registries)).toEqual({ answer: 'allows' });
    expect(passage(plain, endpoint)).toEqual({ answer: 'allows' });
  });
});

describe('a rule for a service', () => {
  it.each(['*', '0.0.0.0/0', 'Internet', 'AzureCloud', 'AzureContainerRegistry', 'azurecontainerregistry.westeurope'])(
    'means registries: %s',
    (tag) => {
      expect(denied({ destinations: [tag] })).toBe('blocks');
    },
  );

  it.each([
    'AzureContainerRegistry.NorthEurope',
    'AzureCloud.WestEurope',
    'SqlManagement',
    'SomethingNew',
    '20.0.0.0/8',
  ])('may mean registries: %s', (tag) => {
    expect(denied({ destinations: [tag] })).toBe('security-rules-unclear');
  });

  it.each([
    'ActionGroup',
    'ApiManagement',
    'AppConfiguration',
    'AppService',
    'AzureActiveDirectory',
    'AzureBackup',
    'AzureConnectors',
    'AzureCosmosDB',
    'AzureDatabricks',
    'AzureKeyVault',
    'AzureLoadBalancer',
    'AzureMonitor',
    'AzurePlatformDNS',
    'AzurePlatformIMDS',
    'AzurePlatformLKM',
    'AzureResourceManager',
    'AzureSiteRecovery',
    'AzureFrontDoor.Backend',
    'AzureFrontDoor.FirstParty',
    'AzureFrontDoor.Frontend',
    'DataFactory',
    'EventHub',
    'GatewayManager',
    'LogicApps',
    'MicrosoftContainerRegistry',
    'ServiceBus',
    'Sql',
    'Storage',
    'Storage.WestEurope',
    'VirtualNetwork',
    '10.0.0.0/8',
    'fd00::/8',
    '::/0',
  ])('does not mean registries: %s', (tag) => {
    expect(denied({ destinations: [tag] })).toBe('allows');
  });

  it('for registries does not mean storage, and a region means nothing for a service that has none', () => {
    expect(denied({ destinations: ['AzureContainerRegistry'] }, storage)).toBe('allows');
    expect(denied({ destinations: ['AzureActiveDirectory'] }, tokens)).toBe('blocks');
    expect(denied({ destinations: ['AzureActiveDirectory.WestEurope'] }, tokens)).toBe('security-rules-unclear');
  });

  it('“virtual network” may mean it where a route takes everything somewhere', () => {
    const routed = { ...plain, ...withRoutes(route('0.0.0.0/0', 'internet')) };
    const elsewhere = { ...plain, ...withRoutes(route('10.9.0.0/16', 'internet')) };
    const unread = { ...plain, routing: { table, routes: unreadable<never>('forbidden') } };

    expect(denied({ destinations: ['VirtualNetwork'] }, registries, routed)).toBe('security-rules-unclear');
    expect(denied({ destinations: ['VirtualNetwork'] }, registries, elsewhere)).toBe('allows');
    expect(denied({ destinations: ['VirtualNetwork'] }, registries, unread)).toBe('subnet-unreadable');
  });
});

describe('a rule for an address', () => {
  it.each(['*', '0.0.0.0/0', 'VirtualNetwork', '10.70.4.5', '10.70.4.0/24'])('means the endpoint: %s', (prefix) => {
    expect(denied({ destinations: [prefix] }, endpoint)).toBe('blocks');
  });

  it.each(['Internet', 'AzureContainerRegistry', 'Tag2', '10.70.4.6', '10.70.5.0/24', 'fd00::/8'])(
    'does not mean the endpoint: %s',
    (prefix) => {
      expect(denied({ destinations: [prefix] }, endpoint)).toBe('allows');
    },
  );

  it('that cannot be read may mean it, and an endpoint whose address cannot be read may be meant', () => {
    expect(denied({ destinations: ['10.70.4.1-10.70.4.9'] }, endpoint)).toBe('security-rules-unclear');
    expect(denied({ destinations: ['10.70.4.0/24'] }, { kind: 'address', ip: '' })).toBe('security-rules-unclear');
  });
});

describe('a rule', () => {
  it.each(['*', '443', '80-443', '443-500', '1-65535'])('is about port 443: %s', (port) => {
    expect(denied({ ports: ['80', port] })).toBe('blocks');
  });

  it.each(['443,80', '', 'https', '80-', '-443', '1-2-3', '443 - 500', 'NaN'])(
    'may be about port 443 where it cannot be read: “%s”',
    (port) => {
      expect(denied({ ports: [port] })).toBe('security-rules-unclear');
      expect(denied({ ports: [port, '80'] })).toBe('security-rules-unclear');
      expect(denied({ ports: [port, '443'] })).toBe('blocks');
    },
  );

  it.each(['80', '442', '444', '1-442', '444-500', '4430', '43'])('is not about port 443: %s', (port) => {
    expect(denied({ ports: ['22', port] })).toBe('allows');
  });

  it.each([
    ['*', 'blocks'],
    ['TCP', 'blocks'],
    ['Tcp', 'blocks'],
    ['Udp', 'allows'],
    ['Icmp', 'allows'],
  ])('of protocol %s %s', (protocol, expected) => {
    expect(denied({ protocol })).toBe(expected);
  });

  it.each([
    ['*', 'blocks'],
    ['0.0.0.0/0', 'blocks'],
    ['VirtualNetwork', 'blocks'],
    ['10.70.0.0/16', 'blocks'],
    ['10.70.0.0/24', 'security-rules-unclear'],
    ['10.80.0.0/16', 'allows'],
    ['AzureLoadBalancer', 'allows'],
    ['Internet', 'allows'],
  ])('from %s %s', (source, expected) => {
    expect(denied({ sources: [source] })).toBe(expected);
    expect(denied({ sources: ['10.99.0.0/16', source] })).toBe(expected);
  });

  it.each<[string, readonly string[], string]>([
    ['all of which it names', ['10.70.0.0/24', '10.70.1.0/24'], 'blocks'],
    ['one of which it names', ['10.70.0.0/24', '10.80.1.0/24'], 'security-rules-unclear'],
    ['none of which it names', ['10.80.0.0/24', '10.81.1.0/24'], 'allows'],
    ['one of which cannot be read', ['10.70.0.0/24', 'fd00::/64'], 'security-rules-unclear'],
    ['of which none is known', [], 'security-rules-unclear'],
  ])('counts for a subnet with prefixes %s', (_, prefixes, expected) => {
    expect(denied({ sources: ['10.70.0.0/16'] }, registries, { ...plain, prefixes })).toBe(expected);
  });

  it('for all addresses counts for any subnet', () => {
    expect(denied({ sources: ['0.0.0.0/0'] }, registries, { ...plain, prefixes: [] })).toBe('blocks');
  });

  it('of application security groups may mean everything on its ports, whatever else it says', () => {
    expect(denied({ grouped: true, sources: [], destinations: [] })).toBe('security-rules-unclear');
    expect(denied({ grouped: true, ports: ['80'] })).toBe('allows');
    expect(denied({ grouped: true, protocol: 'Udp' })).toBe('allows');
  });

  it('counts by any of its destinations, and the surest of them', () => {
    expect(denied({ destinations: ['Sql', 'SomethingNew', 'Internet'] })).toBe('blocks');
    expect(denied({ destinations: ['Sql', 'SomethingNew'] })).toBe('security-rules-unclear');
    expect(denied({ destinations: [] })).toBe('allows');
  });

  it('that may mean the destination from what may be our subnet is no surer than either', () => {
    expect(denied({ destinations: ['SomethingNew'], sources: ['10.80.0.0/16'] })).toBe('allows');
    expect(denied({ destinations: ['Sql'], sources: ['10.70.0.0/24'] })).toBe('allows');
  });
});

describe('the rules together', () => {
  it('go by priority, and the first that surely matches decides', () => {
    expect(said(passage(withRules(open, deny('*')), registries))).toBe('blocks');
    expect(said(passage(withRules(deny('*'), rule(100, 'allow')), registries))).toBe('allows');
  });

  it('agree where those that may match say the same', () => {
    expect(said(passage(withRules(deny('SomethingNew'), rule(300, 'deny')), registries))).toBe('blocks');
    expect(said(passage(withRules(rule(200, 'allow', { destinations: ['SomethingNew'] }), open), registries))).toBe(
      'allows',
    );
  });

  it('say nothing where none matches', () => {
    expect(passage(withRules(), registries)).toEqual({ answer: 'cannot-tell', why: 'security-rules-unclear' });
  });

  it('that cannot be read say nothing', () => {
    const unread = { ...plain, security: { nsg, rules: unreadable<never>('forbidden') } };

    expect(passage(unread, registries)).toEqual({ answer: 'cannot-tell', why: 'subnet-unreadable' });
  });

  it.each<[string, readonly SecurityRule[], string, string]>([
    ['just before', [deny('*')], 'deny-200', '199'],
    ['before those that are taken', [deny('*'), rule(199, 'allow', { ports: ['80'] })], 'deny-200', '198'],
    ['the first', [rule(101, 'deny')], 'deny-101', '100'],
    ['none before the first', [rule(100, 'deny')], 'deny-100', ''],
    ['the last that people may use, before a default rule', [rule(65_500, 'deny')], 'deny-65500', '4096'],
  ])('that block name the rule and a free priority: %s', (_, rules, name, priority) => {
    expect(passage(withRules(...rules), registries)).toEqual({
      answer: 'blocks',
      by: { nsg, rule: name, priority },
    });
  });
});

describe('the routes to a service', () => {
  const everywhere = (hop: string): Route => route('0.0.0.0/0', hop);

  it.each<[string, readonly Route[], string]>([
    ['none', [], 'allows'],
    ['none for it', [route('10.0.0.0/8', 'none')], 'allows'],
    ['one for the network itself', [route('VirtualNetwork', 'none')], 'allows'],
    [
      'everything to the Internet, by two of one prefix',
      [everywhere('internet'), everywhere('none')],
      'routes-unclear',
    ],
    ['everything to the Internet', [everywhere('internet')], 'allows'],
    ['everything to nowhere', [everywhere('none')], 'blocks'],
    ['everything to an appliance', [everywhere('virtualappliance')], 'routed-to-appliance'],
    ['everything to a gateway', [everywhere('virtualnetworkgateway')], 'routes-unclear'],
    ['its own before that of everything', [everywhere('none'), route('AzureContainerRegistry', 'internet')], 'allows'],
    ['its own to nowhere', [everywhere('internet'), route('AzureContainerRegistry', 'none')], 'blocks'],
    ['one that may hold it to nowhere', [everywhere('internet'), route('20.0.0.0/8', 'none')], 'routes-unclear'],
    ['only one that may hold it to nowhere', [route('20.0.0.0/8', 'none')], 'routes-unclear'],
    ['one that may hold it to the Internet', [everywhere('none'), route('20.0.0.0/8', 'internet')], 'routes-unclear'],
    [
      'its own to the Internet and one that may hold it to an appliance',
      [route('AzureContainerRegistry', 'internet'), route('20.0.0.0/8', 'virtualappliance')],
      'routed-to-appliance',
    ],
    ['all that may hold it to the Internet', [everywhere('internet'), route('20.0.0.0/8', 'internet')], 'allows'],
  ])('%s', (_, routes, expected) => {
    expect(said(passage(withRoutes(...routes), registries))).toBe(expected);
  });

  it('that end nowhere are named, the surest first', () => {
    const routes = [route('20.0.0.0/8', 'none'), everywhere('none')];

    expect(passage(withRoutes(...routes), registries)).toEqual({
      answer: 'blocks',
      by: { table, route: '0.0.0.0/0 to none' },
    });
  });

  it('that cannot be read say nothing', () => {
    const unread = { ...plain, routing: { table, routes: unreadable<never>('forbidden') } };

    expect(passage(unread, registries)).toEqual({ answer: 'cannot-tell', why: 'subnet-unreadable' });
  });
});

describe('the routes to an endpoint', () => {
  it.each<[string, readonly Route[], string]>([
    ['of everything do not catch it', [route('0.0.0.0/0', 'none')], 'allows'],
    ['of its network may', [route('10.70.0.0/16', 'none')], 'routes-unclear'],
    ['of its network to an appliance may', [route('10.70.4.5', 'virtualappliance')], 'routed-to-appliance'],
    ['of its network that stay there do not', [route('10.70.0.0/16', 'vnetlocal')], 'allows'],
    ['of other networks do not', [route('10.71.0.0/16', 'none')], 'allows'],
    [
      'of its network, one of which leads away',
      [route('10.70.0.0/16', 'vnetlocal'), route('10.70.4.0/24', 'none')],
      'routes-unclear',
    ],
  ])('%s', (_, routes, expected) => {
    expect(said(passage(withRoutes(...routes), endpoint))).toBe(expected);
  });
});

describe('rules and routes', () => {
  it('block when one of them does, and leave a doubt when one of them does', () => {
    const blocking = { ...withRules(deny('*')), ...withRoutes(route('0.0.0.0/0', 'virtualappliance')) };
    const unclear = { ...withRules(deny('SomethingNew'), open), ...withRoutes(route('0.0.0.0/0', 'none')) };
    const doubtful = { ...withRules(open), ...withRoutes(route('0.0.0.0/0', 'virtualappliance')) };

    expect(said(passage(blocking, registries))).toBe('blocks');
    expect(said(passage(unclear, registries))).toBe('blocks');
    expect(said(passage(doubtful, registries))).toBe('routed-to-appliance');
  });
});

describe('Azure’s own resolver', () => {
  it.each<[string, SubnetFacts, boolean]>([
    ['a rule denies it by its tag', withRules(open, deny('Sql', 'AzurePlatformDNS')), true],
    ['a rule allows it', withRules(rule(100, 'allow', { destinations: ['AzurePlatformDNS'] })), false],
    [
      'a rule before the one that denies it allows it',
      withRules(
        rule(100, 'allow', { destinations: ['AzurePlatformDNS'] }),
        rule(200, 'deny', { destinations: ['AzurePlatformDNS'] }),
      ),
      false,
    ],
    [
      'a rule denies another port of it',
      withRules(rule(100, 'deny', { destinations: ['AzurePlatformDNS'], ports: ['443'] })),
      false,
    ],
    [
      'a rule denies it by TCP only',
      withRules(rule(100, 'deny', { destinations: ['AzurePlatformDNS'], protocol: 'Tcp' })),
      false,
    ],
    ['everything else is denied', withRules(deny('*')), false],
    ['there are no rules', plain, false],
    ['rules cannot be read', { ...plain, security: { nsg, rules: unreadable('forbidden') } }, false],
  ])('is denied where %s', (_, subnet, expected) => {
    expect(deniesPlatformDns(subnet)).toBe(expected);
  });
});
