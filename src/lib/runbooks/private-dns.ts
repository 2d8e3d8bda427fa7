// Runbooks for private DNS: links of the zone, its records, the zone group that writes them, and DNS servers of one's own.
import { isOutside } from '../diagnosis/network-outside.ts';
import { ownServers } from '../diagnosis/private-path.ts';
import { rowsOfTarget } from '../diagnosis/text-claims.ts';
import { nameOf, parseArmId } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { listed, privateZoneOf, vnetOf } from './network.ts';
import type { Command, Place, RunbookInput, RunbookText } from './runbook.ts';
import { bicepString, onlyReads, optionsFor, placeOf, shellWord, verifyPull, wordOr } from './runbook.ts';

/** The zone is there, and the VNet does not ask it. */
export function privateDnsUnlinked(input: RunbookInput): RunbookText {
  const zone = zonePlace(input);
  const vnet = vnetOf(input) ?? 'VNET_ID';
  const lacks =
    input.diagnosis.detail['record'] === undefined
      ? ''
      : ` The zone has no record of the registry either: write it first (its private endpoint does, once it has a zone group for this zone), or the name will not resolve at all.`;
  const link = `pullmedic-${nameOf(parseArmId(vnet) ?? input.target.appId)}`;
  const where = `${optionsFor(zone, '--zone-name')} --name ${shellWord(link)}`;
  return {
    title: `The network of ${input.target.appName} cannot resolve ${input.target.registry} privately`,
    advice: `The registry is closed to the public network, and no link connects its private DNS zone to the VNet of the environment: the name resolves to the public address, which refuses. ${saysUnauthorized(input)}${lacks}`,
    commands: [
      {
        title: 'Link the zone to the VNet',
        language: 'az',
        text: `az network private-dns link vnet create ${where} \\\n  --virtual-network ${shellWord(vnet)} --registration-enabled false`,
      },
      { title: `Link the zone (deploy to ${zone.group})`, language: 'bicep', text: linkBicep(zone, link, vnet) },
    ],
    verify: verifyPull(input),
    undo: `az network private-dns link vnet delete ${where} --yes`,
  };
}

/** What the log calls it, where it does: a registry that is closed refuses in the words of a missing role. */
function saysUnauthorized({ diagnosis }: RunbookInput): string {
  const said = diagnosis.for.some(({ code, detail }) => code === 'log-says' && detail['label'] === 'unauthorized');
  return said ? 'The log calls this “unauthorized”; no role helps against it.' : 'No role helps against it.';
}

/** The zone is asked and lacks a record. */
export function privateDnsRecordMissing(input: RunbookInput): RunbookText {
  if (input.diagnosis.detail['fallback'] !== undefined) return fallBack(input);
  return writeRecords(input, `The private DNS record of ${input.target.registry} is missing`, false);
}

/**
 * The zone is for other registries. The endpoint of this one cannot be reached, and its public address can: the link then lets a name that the zone
 * lacks resolve publicly (Microsoft, "Fallback to internet for Azure Private DNS zones").
 */
function fallBack(input: RunbookInput): RunbookText {
  const { link, endpointVnet, vnet } = input.diagnosis.detail;
  const zone = optionsFor(zonePlace(input), '--zone-name');
  const set = (policy: string): string =>
    `az network private-dns link vnet update ${zone} --name ${wordOr(link, 'LINK')} --resolution-policy ${policy}`;
  const find: Command = {
    title: 'Find the link to this VNet; put its name in place of LINK',
    language: 'az',
    text: `az network private-dns link vnet list ${zone} --query "[].{name:name, vnet:virtualNetwork.id}" --output table`,
  };
  return {
    title: `The private zone of another registry hides ${input.target.registry} from ${input.target.appName}`,
    advice: `${input.target.registry} is open to the public network, and has a private endpoint in ${endpointVnet ?? 'another VNet'}, which ${vnet ?? 'the VNet of the environment'} does not reach. So its name leads into the private zone that the VNet is linked to, which has no record of it. Do not write the address of that endpoint there: nothing would answer. Let names that the zone lacks resolve publicly, or give the registry an endpoint of its own in a VNet that the environment reaches.`,
    commands: [
      ...(link === undefined ? [find] : []),
      { title: 'Let names that the zone lacks resolve publicly', language: 'az', text: set('NxDomainRedirect') },
    ],
    verify: verifyPull(input),
    undo: set('Default'),
  };
}

/** The zone is asked and answers with an address that the endpoint does not have. */
export function privateDnsRecordStale(input: RunbookInput): RunbookText {
  return writeRecords(input, `The private DNS record of ${input.target.registry} points to the wrong address`, true);
}

/** The endpoint has no zone group, so its records are written by hand or not at all. */
export function privateDnsZoneGroupMissing(input: RunbookInput): RunbookText {
  const endpoint = placeOf(input.diagnosis.detail['endpoint'], 'ENDPOINT');
  const zoneId = input.diagnosis.detail['zone'] || 'ZONE_ID';
  const where = `${optionsFor(endpoint, '--endpoint-name')} --name default`;
  return {
    title: `The private endpoint of ${input.target.registry} keeps no DNS records of its own`,
    advice: `${lacking(input)}The endpoint has no zone group, so no zone gets its records, now or when an address changes. Add one that names ${privateZoneOf(input)}: it writes them all.`,
    commands: [
      {
        title: 'Add the zone group',
        language: 'az',
        text: `az network private-endpoint dns-zone-group create ${where} \\\n  --zone-name registry --private-dns-zone ${shellWord(zoneId)}`,
      },
      {
        title: `Add the zone group (deploy to ${endpoint.group})`,
        language: 'bicep',
        text: zoneGroupBicep(endpoint, zoneId),
      },
    ],
    verify: verifyPull(input),
    undo: `az network private-endpoint dns-zone-group delete ${where}`,
  };
}

/** Servers that Azure cannot see into decide, so the runbook asks the DNS team. */
export function customDns(input: RunbookInput): RunbookText {
  const vnet = vnetOf(input);
  const facts = valueOf(input.evidence.vnet);
  const own = facts === undefined ? '' : ownServers(facts).join(', ');
  const servers = input.diagnosis.detail['servers'] || own || 'these servers';
  const silent = isUnanswered(input)
    ? 'The log says that the name server did not answer in time: is it up, and does the subnet reach it on port 53? If it answers by now, ask the DNS team'
    : 'pullmedic cannot see this in Azure. Ask the DNS team';
  return {
    title: `The DNS servers of the VNet decide how ${input.target.registry} resolves`,
    advice: `${silent}: do ${servers} ${asked(input)}? (${vnet ?? 'the environment’s VNet'})`,
    commands: [
      {
        title: 'Which DNS servers the VNet names',
        language: 'az',
        text: `az network vnet show --ids ${wordOr(vnet, 'VNET_ID')} --query dhcpOptions.dnsServers --output tsv`,
      },
    ],
    verify: verifyPull(input),
    undo: onlyReads,
  };
}

/** Whether the latest text about a name says that nothing answered, in the words of the resolver of Go (`net`). */
function isUnanswered({ target, evidence }: RunbookInput): boolean {
  const latest = rowsOfTarget(target, evidence).findLast(({ text }) => /\blookup /.test(text));
  return /\blookup [^ ]{1,255} on [^ ]{1,60}: .{0,120}(?:i\/o timeout|connection refused)/i.test(latest?.text ?? '');
}

/** A name of the public Internet needs servers that answer for it; a private one needs Azure's own resolver. */
function asked(input: RunbookInput): string {
  return isOutside(input.target)
    ? `answer for ${input.target.registry}, by themselves or by forwarding it to 168.63.129.16`
    : `forward the names of registries and ${privateZoneOf(input)} to 168.63.129.16 from a VNet that is linked to the private zone`;
}

/** One or several records: each wrong address is taken out, each right one is written. */
function writeRecords(input: RunbookInput, title: string, stale: boolean): RunbookText {
  const zone = zonePlace(input);
  const records = wantedRecords(input.diagnosis, stale);
  const commands = records.flatMap(({ name, ip, wrong }): Command[] => [
    ...wrong.map(
      (address): Command => ({
        title: `Remove the wrong address ${address}`,
        language: 'az',
        text: `${changeRecord(zone, 'remove', name, address)} --keep-empty-record-set`,
      }),
    ),
    { title: `Write the record ${name}`, language: 'az', text: changeRecord(zone, 'add', name, ip) },
  ]);
  const undo = records.flatMap(({ name, ip, wrong }) => [
    changeRecord(zone, 'remove', name, ip),
    ...wrong.map((address) => changeRecord(zone, 'add', name, address)),
  ]);
  const right = records.map(({ name, ip }) => `${name} must be ${ip}`).join(', ');
  return {
    title,
    advice: `The zone is linked, so its answer is final: ${right}, as the private endpoint says. Without a data record the sign-in works, and the download of the layers fails. A zone group on the endpoint keeps such records right by itself.`,
    commands: [
      ...commands,
      { title: `Write them (deploy to ${zone.group})`, language: 'bicep', text: recordsBicep(zone, records) },
    ],
    verify: verifyPull(input),
    undo: undo.join('\n'),
  };
}

/** One record to write: its name, the right address, and the wrong ones that it has. */
interface WantedRecord {
  readonly name: string;
  readonly ip: string;
  readonly wrong: readonly string[];
}

/** Records and addresses come as lists in the same order. Of a single record, every address that was found is listed. */
function wantedRecords({ detail }: RunbookInput['diagnosis'], stale: boolean): WantedRecord[] {
  const names = listed(detail['record'] || 'RECORD');
  const ips = listed(detail['ip']);
  const found = listed(detail['found'] || 'OLD_ADDRESS');
  return names.map((name, index) => {
    const ip = ips[index] ?? 'ADDRESS';
    const there = names.length === 1 ? found : found.slice(index, index + 1);
    return { name, ip, wrong: stale ? there.filter((address) => address !== ip) : [] };
  });
}

function changeRecord(zone: Place, verb: 'add' | 'remove', name: string, ip: string): string {
  const where = `${optionsFor(zone, '--zone-name')} --record-set-name ${shellWord(name)}`;
  return `az network private-dns record-set a ${verb}-record ${where} --ipv4-address ${shellWord(ip)}`;
}

/** The records that the zone does not have, where the diagnosis lists them. */
function lacking({ diagnosis }: RunbookInput): string {
  if (!diagnosis.detail['record']) return '';
  const records = wantedRecords(diagnosis, false).map(({ name, ip }) => `${name} (${ip})`);
  return `The zone is linked and lacks ${records.join(', ')}. `;
}

function zonePlace(input: RunbookInput): Place {
  return placeOf(input.diagnosis.detail['zone'], privateZoneOf(input));
}

function existingZone(zone: Place): string {
  return `resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: ${bicepString(zone.name)}
}`;
}

function linkBicep(zone: Place, link: string, vnet: string): string {
  return `${existingZone(zone)}
resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: ${bicepString(link)}
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: ${bicepString(vnet)} }
  }
}`;
}

function recordsBicep(zone: Place, records: readonly WantedRecord[]): string {
  const resources = records.map(
    (
      { name, ip },
      index,
    ) => `resource record${index === 0 ? '' : index + 1} 'Microsoft.Network/privateDnsZones/A@2024-06-01' = {
  parent: zone
  name: ${bicepString(name)}
  properties: {
    ttl: 300
    aRecords: [
      { ipv4Address: ${bicepString(ip)} }
    ]
  }
}`,
  );
  return [existingZone(zone), ...resources].join('\n');
}

function zoneGroupBicep(endpoint: Place, zoneId: string): string {
  return `resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' existing = {
  name: ${bicepString(endpoint.name)}
}
resource group 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'registry'
        properties: { privateDnsZoneId: ${bicepString(zoneId)} }
      }
    ]
  }
}`;
}
