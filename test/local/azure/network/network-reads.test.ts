// One look at a private registry against the simulated Azure: what the network probes read on the wire, and how many calls a look takes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import type { Registry } from '../../../../local/azure/model/registries.ts';
import { type StartedAzure, source, startAzure } from '../../started-azure.ts';
import { besideHub, small } from '../registry-worlds.ts';

let started: StartedAzure;

let azure: StartedAzure['azure'];

/** Everything that can cost a call: an endpoint in a peered network, security rules, a route table, no role. */
const world = small(
  {
    ...besideHub,
    dnsZones: [
      {
        links: ['vnet-shop'],
        nxDomainRedirect: true,
        records: { acrshop: '10.70.4.5', 'acrshop.westeurope.data': '10.70.4.4' },
      },
    ],
  },
  { publicNetworkAccess: 'Disabled', privateEndpoint: { name: 'pe-acrshop', vnet: 'vnet-hub' } },
).sim.world;

beforeAll(async () => {
  started = await startAzure(world, 'network');
  azure = started.azure;
});

afterAll(() => started.stop());

interface Looked {
  readonly evidence: Record<string, unknown>;
  readonly verdict: Record<string, unknown>;
  readonly calls: Record<string, number>;
}

/** What one look of pullmedic reads, round by round. */
async function look(registries: readonly string[] = []): Promise<Looked> {
  const code = `
    const { connect } = await import('${source('azure/clients/clients.ts')}');
    const { probesOf } = await import('${source('azure/facts/evidence.ts')}');
    const { knowRegistries } = await import('${source('azure/facts/registry-facts.ts')}');
    const { withFacts } = await import('${source('evidence/evidence.ts')}');
    const { nextProbes } = await import('${source('look/probes.ts')}');
    const { networkVerdict } = await import('${source('diagnosis/network.ts')}');
    const { targetOf } = await import('${source('words/target.ts')}');
    const { parseArmId } = await import('${source('words/arm-id.ts')}');
    const clients = connect(process.env.AZURE_CLIENT_ID, 'public');
    const readProbe = probesOf({ clients, subscriptions: ['${world.subscription}'] });
    knowRegistries(clients, ${JSON.stringify(registries)}.map(parseArmId));
    const app = '/subscriptions/${world.subscription}/resourceGroups/rg-apps/providers/Microsoft.App/containerApps/ca-orders';
    const target = targetOf(parseArmId(app), 'acrshop.azurecr.io/shop/orders:v1');
    let evidence = { atMs: Date.now() };
    const calls = {};
    for (let wanted = nextProbes(target, evidence); wanted.length > 0; wanted = nextProbes(target, evidence)) {
      const before = evidence;
      const read = await Promise.all(wanted.map((probe) => readProbe(probe, target, before, 0)));
      wanted.forEach((probe, index) => { calls[probe] = read[index].calls; });
      evidence = withFacts(evidence, ...read.map((one) => one.facts));
    }
    console.log(JSON.stringify({ evidence, verdict: networkVerdict(evidence), calls }));`;
  return (await started.runs(code)) as Looked;
}

function controlPlane(calls: Looked['calls']): number {
  const { logs: _logs, manifest: _manifest, ...rest } = calls;
  return Object.values(rest).reduce((sum, count) => sum + count, 0);
}

function azureRegistry(): Registry {
  const found = azure.sim.registries.get('acrshop');
  if (found === undefined) throw new Error('no registry');
  return found;
}

const network = `/subscriptions/${world.subscription}/resourcegroups/rg-network/providers/microsoft.network`;

describe('a look at a registry in a network security perimeter', () => {
  it('cannot tell whom the perimeter lets in, and follows the private way all the same', async () => {
    azureRegistry().publicNetworkAccess = 'SecuredByPerimeter';
    const privately = await look();
    const links = azure.sim.zones[0]?.links ?? new Map();
    const linked = [...links];
    links.clear();
    const publicly = await look();
    for (const [vnet, link] of linked) links.set(vnet, link);
    azureRegistry().publicNetworkAccess = 'SomethingNew';
    const unheardOf = await look();
    azureRegistry().publicNetworkAccess = 'Disabled';

    expect(publicly.evidence['registry']).toMatchObject({
      value: { publicAccess: 'perimeter', defaultAction: 'allow' },
    });
    expect(publicly.verdict).toEqual({ answer: 'cannot-tell', why: 'network-perimeter', detail: {} });
    expect(privately.verdict).toMatchObject({ answer: 'blocks', cause: 'egress-blocked' });
    expect(unheardOf.evidence['registry']).toMatchObject({ value: { publicAccess: 'unknown' } });
  });
});

describe('a look at a private registry with one endpoint', () => {
  it('reads peering, redirect, endpoint, rules and routes, and finds the rule', async () => {
    const { evidence, verdict } = await look();

    expect(verdict).toEqual({
      answer: 'blocks',
      cause: 'egress-blocked',
      detail: {
        subnet: `${network}/virtualnetworks/vnet-shop/subnets/snet-apps`,
        nsg: `${network}/networksecuritygroups/nsg-snet-apps`,
        rule: 'DenyVnet',
        priority: '299',
        missing: '10.70.4.5, 10.70.4.4',
      },
    });
    expect(evidence['vnet']).toMatchObject({
      value: { gateway: false, peerings: [{ vnetId: `${network}/virtualnetworks/vnet-hub`, connected: true }] },
    });
    expect(evidence['endpoints']).toMatchObject({ value: [{ vnetId: `${network}/virtualnetworks/vnet-hub` }] });
    expect(evidence['zones']).toMatchObject({ value: [{ links: { value: [{ redirects: true, completed: true }] } }] });
    expect(evidence['subnet']).toMatchObject({
      value: {
        prefixes: ['10.70.16.0/23'],
        security: {
          rules: {
            value: [
              { name: 'DenyVnet' },
              { name: 'AllowVnetOutBound', sources: ['VirtualNetwork'], destinations: ['VirtualNetwork'] },
              { name: 'AllowInternetOutBound' },
              { name: 'DenyAllOutBound', priority: 65_500, access: 'deny', ports: ['*'] },
            ],
          },
        },
        routing: { routes: { value: [{ name: 'default', prefix: '0.0.0.0/0', nextHop: 'virtualappliance' }] } },
      },
    });
  });

  it.each([
    ['ignores', 3],
    ['refuses', 4],
  ] as const)('reads rules and routes one by one where ARM %s to send them with the subnet', async (how, calls) => {
    const whole = await look();
    azure.sim.expands = how;
    const bare = await look();
    azure.sim.expands = 'honours';

    expect(bare.evidence['subnet']).toEqual(whole.evidence['subnet']);
    expect([whole.calls['subnet'], bare.calls['subnet']]).toEqual([1, calls]);
  });

  it('finds a registry of the configuration without a search, and searches where another one lies there', async () => {
    const named = (group: string): string =>
      `/subscriptions/${world.subscription}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/acrshop`;
    const id = azure.sim.registries.get('acrshop')?.id ?? '';
    const [searched, known, moved] = [await look(), await look([id]), await look([named('rg-elsewhere')])];

    expect([searched, known, moved].map(({ calls }) => calls['registry'])).toEqual([2, 1, 3]);
    expect([known.evidence['registry'], moved.evidence['registry']]).toEqual([
      searched.evidence['registry'],
      searched.evidence['registry'],
    ]);
  });

  it('takes at most 25 calls to the control plane, also where a record is missing and its zone group is read', async () => {
    const whole = await look();
    azure.sim.zones[0]?.records.delete('acrshop.westeurope.data');
    const missing = await look();

    expect(missing.verdict).toMatchObject({ cause: 'private-dns-record-missing' });
    expect(Math.max(controlPlane(whole.calls), controlPlane(missing.calls))).toBeLessThanOrEqual(25);
    expect(whole.calls).toMatchObject({ vnet: 1, zones: 3, endpoints: 2, subnet: 1 });
    expect(missing.calls).toMatchObject({ vnet: 1, zones: 3, endpoints: 2, zoneGroups: 1 });
  });

  it('finds the missing zone group, and nothing of it once somebody adds it', async () => {
    const endpoint = azure.sim.registries.get('acrshop')?.endpoint;
    if (endpoint === undefined) throw new Error('no endpoint');
    endpoint.zoneGroup = false;
    const before = await look();
    happen(azure.sim, { at: 0, do: 'add-zone-group', registry: 'acrshop', zone: 'privatelink.azurecr.io' });
    const after = await look();

    expect([before.verdict['cause'], after.verdict['cause']]).toEqual([
      'private-dns-zone-group-missing',
      'egress-blocked',
    ]);
  });
});
