// The private way to a registry: DNS servers, linked zone, records, endpoint, peering. Each link of it can be wrong by itself.
import { describe, expect, it } from 'vitest';
import { networkVerdict } from '../../../src/lib/diagnosis/network.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { DnsZoneFacts, VnetFacts } from '../../../src/lib/evidence/network-facts.ts';
import type { RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { arm, endpointId, vnetId, zoneId } from '../facts.ts';
import {
  answer,
  closed,
  data,
  diagnosed,
  endpoint,
  goodRecords,
  hub,
  login,
  network,
  otherRegion,
  privately,
  regional,
  spoke,
  vnet,
  without,
  zone,
} from './network-cases.ts';

describe('the records of a private registry', () => {
  it('let the pull through when login, data of every region and regional endpoints are the endpoint’s', () => {
    expect(networkVerdict(privately)).toEqual({ answer: 'allows', why: 'private-endpoint' });
  });

  it.each(['acrshop', 'acrshop.westeurope.data', 'acrshop.northeurope.data', 'acrshop.northeurope.geo'])(
    'are missing when %s is not there, and the answer names it with its address',
    (record) => {
      const verdict = networkVerdict({ ...privately, zones: known([zone(without(record))]) });

      expect(verdict).toEqual({
        answer: 'blocks',
        cause: 'private-dns-record-missing',
        detail: { zone: zoneId, record, ip: goodRecords[record]?.[0] },
      });
    },
  );

  it('are stale when the data endpoint points to an address that no endpoint has', () => {
    const records = { ...goodRecords, 'acrshop.westeurope.data': ['10.9.9.9'] };

    expect(networkVerdict({ ...privately, zones: known([zone(records)]) })).toEqual({
      answer: 'blocks',
      cause: 'private-dns-record-stale',
      detail: { zone: zoneId, record: 'acrshop.westeurope.data', ip: '10.70.4.4', found: '10.9.9.9' },
    });
  });

  it('are stale when one of two addresses is wrong, because a resolver may give either', () => {
    const records = { ...goodRecords, acrshop: ['10.70.4.5', '10.9.9.9'] };

    expect(answer({ ...privately, zones: known([zone(records)]) })).toBe('private-dns-record-stale');
  });

  it('are named with what they point to when several are stale', () => {
    const records = { ...goodRecords, acrshop: ['10.70.4.5', '10.9.9.8'], 'acrshop.westeurope.data': ['10.9.9.9'] };

    expect(networkVerdict({ ...privately, zones: known([zone(records)]) })).toMatchObject({
      detail: { record: 'acrshop, acrshop.westeurope.data', ip: '10.70.4.5, 10.70.4.4', found: '10.9.9.8, 10.9.9.9' },
    });
  });

  it('keep the whole name of a host that is not of the registry’s domain', () => {
    const strange = { fqdn: 'acrshop.azurecr.io.contoso.example', ip: '10.70.4.9' };
    const verdict = networkVerdict({
      ...privately,
      endpoints: known([{ ...endpoint, addresses: [...endpoint.addresses, strange] }]),
    });

    expect(verdict).toMatchObject({ detail: { record: strange.fqdn, ip: strange.ip } });
  });

  it('cannot be judged when the zone or the endpoints cannot be read', () => {
    const unread = { ...zone({}), records: unreadable<never>('throttled') };

    expect(answer({ ...privately, zones: known([unread]) })).toBe('cannot-tell: zone-unreadable');
    expect(answer({ ...privately, endpoints: unreadable('forbidden') })).toBe('cannot-tell: endpoint-unreadable');
    expect(answer({ ...privately, zones: unreadable('forbidden') })).toBe('cannot-tell: zone-unreadable');
  });

  it('are all named when several are missing, the login server first', () => {
    const verdict = networkVerdict({ ...privately, zones: known([zone({})]) });

    expect(verdict).toMatchObject({
      detail: {
        record: 'acrshop, acrshop.westeurope.data, acrshop.northeurope.data, acrshop.northeurope.geo',
        ip: '10.70.4.5, 10.70.4.4, 10.70.4.6, 10.70.4.7',
      },
    });
  });

  it('cannot be judged when the network interfaces do not name the login server', () => {
    expect(answer({ ...privately, endpoints: known([{ ...endpoint, addresses: [data] }]) })).toBe(
      'cannot-tell: endpoint-unreadable',
    );
  });

  it('may point to either of two endpoints, and a missing one is asked for with the near address', () => {
    const far = {
      id: arm(`${network}/privateEndpoints/pe-far`),
      vnetId: hub,
      addresses: [{ ...login, ip: '10.1.0.5' }],
    };
    const both = { ...privately, endpoints: known([far, endpoint]) };

    expect(answer(both)).toBe('allows: private-endpoint');
    expect(networkVerdict({ ...both, zones: known([zone(without('acrshop'))]) })).toMatchObject({
      detail: { ip: '10.70.4.5' },
    });
  });

  it('are asked for with the address of a peer’s endpoint before that of a network out of reach', () => {
    const at = (name: string, vnetId: typeof hub, ip: string) => ({
      id: arm(`${network}/privateEndpoints/${name}`),
      vnetId,
      addresses: [{ ...login, ip }],
    });
    const [apart, peered] = [at('pe-spoke', spoke, '10.2.0.5'), at('pe-hub', hub, '10.1.0.5')];
    const evidence = {
      ...privately,
      ...vnet({ peerings: [{ vnetId: hub, connected: true }] }),
      zones: known([zone({})]),
    };

    expect(networkVerdict({ ...evidence, endpoints: known([apart, peered]) })).toMatchObject({
      detail: { ip: '10.1.0.5' },
    });
    expect(networkVerdict({ ...evidence, endpoints: known([apart, peered, endpoint]) })).toMatchObject({
      detail: { ip: '10.70.4.5, 10.70.4.4, 10.70.4.6, 10.70.4.7' },
    });
  });

  it('that lead to two endpoints have to reach both', () => {
    const far = {
      id: arm(`${network}/privateEndpoints/pe-far`),
      vnetId: hub,
      addresses: [
        { ...login, ip: '10.1.0.5' },
        { ...data, ip: '10.1.0.4' },
      ],
    };
    const mixed = { ...goodRecords, acrshop: ['10.1.0.5'] };
    const evidence = { ...privately, endpoints: known([endpoint, far]), zones: known([zone(mixed)]) };

    expect(networkVerdict(evidence)).toEqual({
      answer: 'blocks',
      cause: 'no-private-path',
      detail: { lacks: 'peering', vnet: vnetId, endpoint: far.id, endpointVnet: hub },
    });
  });
});

describe('a record that is missing', () => {
  const far = {
    id: arm(`${network}/privateEndpoints/pe-far`),
    vnetId: spoke,
    addresses: [{ ...login, ip: '10.2.0.5' }],
  };
  const linked = { ...zone({}), links: known([{ name: 'to-apps', vnetId, completed: true, redirects: false }]) };
  const open = known({ ...closed, publicAccess: 'open' as const });
  const away: Evidence = { ...privately, registry: open, ...vnet(), endpoints: known([far]), zones: known([linked]) };

  it('falls back to the public address where no endpoint can be reached and the registry is open: its address there helps nothing', () => {
    expect(networkVerdict(away)).toMatchObject({
      answer: 'blocks',
      cause: 'private-dns-record-missing',
      detail: { fallback: 'public', link: 'to-apps', endpointVnet: spoke, vnet: vnetId },
    });
  });

  it.each<[string, RegistryFacts]>([
    ['closed to the public network', closed],
    ['open to listed addresses only', { ...closed, publicAccess: 'open', defaultAction: 'deny' }],
  ])('is not what lacks first where no endpoint can be reached and the registry is %s', (_, facts) => {
    expect(networkVerdict({ ...away, registry: known(facts) })).toMatchObject({
      cause: 'no-private-path',
      detail: { lacks: 'peering', endpointVnet: spoke },
    });
  });

  it.each<[string, Partial<Evidence>]>([
    ['an endpoint is in the same network', { endpoints: known([far, endpoint]) }],
    ['a peering leads to its network', vnet({ peerings: [{ vnetId: spoke, connected: true }] })],
    ['a gateway may lead there', vnet({ gateway: true })],
  ])('is written where %s', (_, more) => {
    const verdict = networkVerdict({ ...away, ...more });

    expect(verdict.answer === 'blocks' && verdict.cause).toMatch(/^private-dns-(?:record|zone-group)-missing$/);
    expect(JSON.stringify(verdict)).not.toContain('fallback');
  });
});

describe('the zones that can be read', () => {
  const other = arm(`${network}/privateDnsZones/another`);
  const unlinked = (id = zoneId, records: Record<string, string[]> = {}): DnsZoneFacts => ({
    id,
    links: known([{ vnetId: hub, completed: true, redirects: false }]),
    records: known(records),
  });
  const unread: DnsZoneFacts = { ...unlinked(other), links: unreadable('forbidden') };
  const judged = (...zones: DnsZoneFacts[]): string => answer({ ...privately, zones: known(zones) });

  it('prove nothing when there is none', () => {
    expect(judged()).toBe('cannot-tell: no-zone-readable');
  });

  it('are followed where one is linked to this network, whatever the others say', () => {
    expect(judged(unlinked(other), zone(goodRecords))).toBe('allows: private-endpoint');
    expect(judged(unread, zone(goodRecords))).toBe('allows: private-endpoint');
  });

  it('prove that the name leads to the public address when every link could be read and none is ours', () => {
    expect(judged(unlinked())).toBe('private-dns-unlinked');
    expect(judged(unlinked(), unread)).toBe('cannot-tell: zone-unreadable');
    expect(judged(unread, unlinked())).toBe('cannot-tell: zone-unreadable');
  });

  it('prove nothing while a link is being made', () => {
    const linking = { ...zone(goodRecords), links: known([{ vnetId, completed: false, redirects: false }]) };

    expect(judged(linking)).toBe('cannot-tell: link-in-progress');
  });

  it('name the one to link: the one that has the registry’s record, else the first', () => {
    const detail = (...zones: DnsZoneFacts[]) => networkVerdict({ ...privately, zones: known(zones) });
    const unreadRecords = { ...unlinked(zoneId), records: unreadable<never>('forbidden') };

    expect(detail(unlinked(), unlinked(other, { acrshop: ['10.70.4.5'] }))).toMatchObject({
      detail: { zone: other, vnet: vnetId },
    });
    expect(detail(unlinked(), unlinked(other, { acrstore: ['10.70.4.5'] }))).toMatchObject({
      detail: { zone: zoneId },
    });
    expect(detail(unreadRecords, unlinked(other, { acrshop: ['10.70.4.5'] }))).toMatchObject({
      detail: { zone: other },
    });
    expect(detail(unlinked(zoneId, { acrshop: [] }), unlinked(other, goodRecords))).toMatchObject({
      detail: { zone: other },
    });
  });
});

describe('a zone that is not linked and has no record of the registry', () => {
  const empty: DnsZoneFacts = { id: zoneId, links: known([]), records: known({}) };
  const elsewhere = arm(zoneId.replace('rg-network', 'rg-hub'));
  const kept = (...zones: (typeof zoneId)[]): Evidence => ({
    ...privately,
    zones: known([empty]),
    zoneGroups: known([{ endpoint: endpointId, zones }]),
  });

  it('is the one to link where the endpoint keeps its records there, or nobody keeps them', () => {
    const expected = { cause: 'private-dns-unlinked', detail: { zone: zoneId, vnet: vnetId, record: 'acrshop' } };

    expect(networkVerdict(kept(zoneId))).toMatchObject(expected);
    expect(networkVerdict(kept())).toMatchObject(expected);
  });

  it('proves nothing where the endpoint keeps its records in a zone of that name that we do not see', () => {
    const expected = { answer: 'cannot-tell', why: 'no-zone-readable', detail: { zone: elsewhere } };

    expect(networkVerdict(kept(elsewhere))).toEqual(expected);
    expect(networkVerdict(kept(zoneId, elsewhere))).toEqual(expected);
  });

  it('is not doubted where the endpoint keeps its records in another one that we see', () => {
    const second = { ...empty, id: elsewhere };

    expect(networkVerdict({ ...kept(elsewhere), zones: known([empty, second]) })).toMatchObject({
      cause: 'private-dns-unlinked',
    });
  });

  it('is not doubted for the zone of another service', () => {
    const blob = arm(elsewhere.replace('azurecr', 'blob'));

    expect(networkVerdict(kept(blob))).toMatchObject({ cause: 'private-dns-unlinked' });
  });

  it('proves nothing where it cannot be read who keeps the records', () => {
    expect(networkVerdict({ ...kept(), zoneGroups: unreadable('forbidden') })).toEqual({
      answer: 'cannot-tell',
      why: 'no-zone-readable',
      detail: {},
    });
  });

  it('is not said to lack the record where its records cannot be read', () => {
    const zones = known([{ ...empty, records: unreadable<never>('forbidden') }]);

    expect(networkVerdict({ ...kept(), zones })).toMatchObject({ detail: { zone: zoneId, vnet: vnetId } });
    expect(networkVerdict({ ...kept(), zones })).not.toHaveProperty('detail.record');
  });

  it('is no reason to doubt one that has the record', () => {
    const zones = known([{ ...empty, records: known(goodRecords) }]);

    expect(networkVerdict({ ...kept(elsewhere), zones })).toEqual({
      answer: 'blocks',
      cause: 'private-dns-unlinked',
      detail: { zone: zoneId, vnet: vnetId },
    });
  });
});

describe('the DNS servers of the network', () => {
  it('are Azure’s own also when it names them', () => {
    expect(answer({ ...privately, ...vnet({ dnsServers: ['168.63.129.16'] }) })).toBe('allows: private-endpoint');
    expect(
      networkVerdict({ ...privately, ...vnet({ dnsServers: ['168.63.129.16', '10.1.1.1', '10.1.1.2'] }) }),
    ).toEqual({
      answer: 'cannot-tell',
      why: 'custom-dns',
      detail: { vnet: vnetId, servers: '10.1.1.1, 10.1.1.2' },
    });
  });
});

describe('the zone group', () => {
  const missing = { ...privately, zones: known([zone(without('acrshop'))]) };

  it('is the cause when the record is missing and nobody keeps it', () => {
    expect(networkVerdict({ ...missing, zoneGroups: known([{ endpoint: endpointId, zones: [] }]) })).toEqual({
      answer: 'blocks',
      cause: 'private-dns-zone-group-missing',
      detail: { zone: zoneId, record: 'acrshop', ip: '10.70.4.5', endpoint: endpointId },
    });
  });

  it('is the cause when the group keeps records of another service', () => {
    const blob = arm(`${network}/privateDnsZones/privatelink.blob.core.windows.net`);

    expect(answer({ ...missing, zoneGroups: known([{ endpoint: endpointId, zones: [blob] }]) })).toBe(
      'private-dns-zone-group-missing',
    );
  });

  it('is the cause when the group belongs to another endpoint', () => {
    const elsewhere = arm(`${network}/privateEndpoints/pe-other`);
    const groups = known([{ endpoint: elsewhere, zones: [zoneId] }]);

    expect(answer({ ...missing, zoneGroups: groups })).toBe('private-dns-zone-group-missing');
  });

  it('is looked for on the endpoint that has the missing address', () => {
    const second = { ...endpoint, id: arm(`${network}/privateEndpoints/pe-second`), addresses: [login] };
    const first = { ...endpoint, addresses: [data, otherRegion, regional] };
    const both = { ...missing, endpoints: known([first, second]) };

    expect(networkVerdict({ ...both, zoneGroups: known([{ endpoint: endpointId, zones: [zoneId] }]) })).toMatchObject({
      cause: 'private-dns-zone-group-missing',
      detail: { endpoint: second.id },
    });
  });

  it.each<[string, Evidence['zoneGroups'] & object]>([
    [
      'is there beside others',
      known([
        { endpoint: arm(`${network}/privateEndpoints/pe-other`), zones: [] },
        { endpoint: endpointId, zones: [arm(`${network}/privateDnsZones/another`), zoneId] },
      ]),
    ],
    ['is there', known([{ endpoint: endpointId, zones: [zoneId] }])],
    ['cannot be read', unreadable('forbidden')],
  ])('%s: then only the record is missing', (_, zoneGroups) => {
    expect(answer({ ...missing, zoneGroups })).toBe('private-dns-record-missing');
  });

  it('is confirmed as a cause, whatever the log says', () => {
    const diagnosis = diagnosed({ ...missing, zoneGroups: known([{ endpoint: endpointId, zones: [] }]) });

    expect([diagnosis.causes, diagnosis.sure]).toEqual([['private-dns-zone-group-missing'], 'confirmed']);
  });
});

describe('an endpoint in another VNet', () => {
  const away: Evidence = { ...privately, endpoints: known([{ ...endpoint, vnetId: hub }]) };

  it.each<[string, Partial<VnetFacts>, string]>([
    [
      'is reached through a connected peering',
      { peerings: [{ vnetId: hub, connected: true }] },
      'allows: private-endpoint',
    ],
    ['is out of reach without any peering or gateway', {}, 'no-private-path'],
    [
      'is out of reach while the only peering is not connected',
      { peerings: [{ vnetId: hub, connected: false }] },
      'no-private-path',
    ],
    [
      'may be reached through another peer',
      { peerings: [{ vnetId: spoke, connected: true }] },
      'cannot-tell: no-peering',
    ],
    ['may be reached through a gateway', { gateway: true }, 'cannot-tell: no-peering'],
  ])('%s', (_, more, expected) => {
    expect(answer({ ...away, ...vnet(more) })).toBe(expected);
  });

  it('names both networks where a peering lacks', () => {
    expect(networkVerdict({ ...away, ...vnet() })).toMatchObject({
      detail: { lacks: 'peering', vnet: vnetId, endpointVnet: hub },
    });
  });
});
