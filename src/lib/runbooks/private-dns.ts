// Runbooks for private DNS: the zone, its link, its records, the zone group that keeps them, and servers that Azure cannot see.
import { nameOf, parseArmId } from '../arm-id.ts';
import type { Runbook, RunbookInput } from './runbook.ts';
import { nothing, place, runbook, shellWord } from './runbook.ts';

export function unlinked(input: RunbookInput): Runbook {
  const zone = place(input.diagnosis.detail['zone']);
  const vnet = input.diagnosis.detail['vnet'] ?? '';
  const link = `pullmedic-${nameOf(parseArmId(vnet) ?? input.target.appId)}`;
  const where = `--resource-group ${shellWord(zone.group)} --zone-name ${shellWord(zone.name)} --name ${shellWord(link)}`;
  const bicep = `resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: '${zone.name}'
}
resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: '${link}'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: '${vnet}' }
  }
}`;
  return runbook(
    input,
    'network team',
    `The network of ${input.target.appName} cannot resolve ${input.target.registry} privately`,
    'The registry is closed to the public network, and no link connects its private DNS zone to the VNet of the environment: the name resolves to the public address, which refuses. The logs call this "unauthorized"; the roles are not the problem.',
    [
      {
        title: 'Link the zone to the VNet',
        language: 'az',
        text: `az network private-dns link vnet create ${where} \\\n  --virtual-network ${shellWord(vnet)} --registration-enabled false`,
      },
      { title: `Link the zone (deploy to ${zone.group})`, language: 'bicep', text: bicep },
    ],
    `az network private-dns link vnet delete ${where} --yes`,
  );
}

interface RecordLine {
  readonly name: string;
  readonly ip: string;
  readonly found: string;
}

/** The records that a person has to write, as the diagnosis lists them side by side. */
function recordLines({ diagnosis }: RunbookInput): RecordLine[] {
  const list = (name: string): string[] => (diagnosis.detail[name] ?? '').split(', ');
  const [ips, found] = [list('ip'), list('found')];
  return list('record').map((name, index) => ({ name, ip: ips[index] ?? '', found: found[index] ?? '' }));
}

function recordBicep(zone: string, lines: readonly RecordLine[]): string {
  const records = lines.map(
    ({ name, ip }, index) => `resource record${index} 'Microsoft.Network/privateDnsZones/A@2024-06-01' = {
  parent: zone
  name: '${name}'
  properties: { ttl: 10, aRecords: [{ ipv4Address: '${ip}' }] }
}`,
  );
  return [
    `resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {\n  name: '${zone}'\n}`,
    ...records,
  ].join('\n');
}

export function record(input: RunbookInput, stale: boolean): Runbook {
  const zone = place(input.diagnosis.detail['zone']);
  const lines = recordLines(input);
  const edit = (verb: string, name: string, ip: string): string =>
    `az network private-dns record-set a ${verb}-record --resource-group ${shellWord(zone.group)} --zone-name ${shellWord(zone.name)} --record-set-name ${shellWord(name)} --ipv4-address ${shellWord(ip)}`;
  const remove = lines.map(({ name, found }) => `${edit('remove', name, found)} --keep-empty-record-set`).join('\n');
  const add = lines.map(({ name, ip }) => edit('add', name, ip)).join('\n');
  const undo = lines.map(({ name, ip }) => edit('remove', name, ip)).join('\n');
  const wanted = lines.map(({ name, ip }) => `${name} must be ${ip}`).join(', ');
  return runbook(
    input,
    'network team',
    stale
      ? `The private DNS record of ${input.target.registry} points to the wrong address`
      : `The private DNS record of ${input.target.registry} is missing`,
    `The zone is linked, so its answer is final: ${wanted}, as the network interface of the private endpoint says. The login server and the data endpoint of every replica each need one: with a data record missing, the sign-in works and the layers do not come.`,
    [
      ...(stale ? [{ title: 'Remove the old address', language: 'az' as const, text: remove }] : []),
      { title: 'Write the record', language: 'az', text: add },
      { title: `Write the record (deploy to ${zone.group})`, language: 'bicep', text: recordBicep(zone.name, lines) },
    ],
    undo,
  );
}

export function zoneGroup(input: RunbookInput): Runbook {
  const { detail } = input.diagnosis;
  const endpoint = place(detail['endpoint']);
  const zone = detail['zone'] ?? '';
  const where = `--resource-group ${shellWord(endpoint.group)} --endpoint-name ${shellWord(endpoint.name)} --name default`;
  const bicep = `resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' existing = {
  name: '${endpoint.name}'
}
resource group 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [{ name: 'registry', properties: { privateDnsZoneId: '${zone}' } }]
  }
}`;
  const wanted = recordLines(input).map(({ name, ip }) => `${name} (${ip})`);
  return runbook(
    input,
    'network team',
    `The private endpoint of ${input.target.registry} keeps no DNS records of its own`,
    `The zone is linked and lacks ${wanted.join(', ')}. The endpoint has no zone group, so nobody writes these records, now or when an address changes. Add the group: it writes them all.`,
    [
      {
        title: 'Add the zone group',
        language: 'az',
        text: `az network private-endpoint dns-zone-group create ${where} \\\n  --zone-name registry --private-dns-zone ${shellWord(zone)}`,
      },
      { title: `Add the zone group (deploy to ${endpoint.group})`, language: 'bicep', text: bicep },
    ],
    `az network private-endpoint dns-zone-group delete ${where}`,
  );
}

export function customDns(input: RunbookInput): Runbook {
  const { vnet, servers } = input.diagnosis.detail;
  const suffix = input.target.registry.split('.').slice(-2).join('.');
  return runbook(
    input,
    'network team',
    `The DNS servers of the VNet decide how ${input.target.registry} resolves`,
    `Azure cannot tell from here. Ask the DNS team: do ${servers ?? 'these servers'} forward ${suffix} and privatelink.${suffix} to 168.63.129.16 from a VNet that is linked to the private zone? The environment is in ${place(vnet).name}.`,
    [
      {
        title: 'Ask the server, from a machine in that network',
        language: 'az',
        text: `nslookup ${shellWord(input.target.registry)} ${(servers ?? 'SERVER').split(', ')[0] ?? 'SERVER'}`,
      },
    ],
    nothing,
  );
}
