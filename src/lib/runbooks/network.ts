// Runbooks for the way to the registry: endpoints, DNS, firewall, egress.

import type { Cause } from '../causes/causes.ts';
import { environmentOf, outboundSubnet, outboundVnet, registryOf } from '../evidence/evidence.ts';
import { nameOf, parseArmId } from '../words/arm-id.ts';
import type { Command, Place, Runbook, RunbookInput } from './runbook.ts';
import {
  bicepString,
  optionsFor,
  placeOf,
  registryOptions,
  registryPlace,
  shellWord,
  verifyPull,
  wordOr,
} from './runbook.ts';

type NetworkCauseName = Extract<
  Cause,
  | 'registry-firewall'
  | 'no-private-path'
  | 'private-endpoint-pending'
  | 'private-dns-unlinked'
  | 'private-dns-zone-group-missing'
  | 'private-dns-record-missing'
  | 'private-dns-record-stale'
  | 'custom-dns'
  | 'egress-blocked'
  | 'identity-egress-blocked'
>;

/** The private zone of the registry's own cloud. */
function privateZoneOf({ target }: RunbookInput): string {
  return `privatelink.azurecr.${/\.azurecr\.(cn|us)$/.exec(target.registry)?.[1] ?? 'io'}`;
}

function runbook(
  input: RunbookInput,
  owner: Runbook['owner'],
  title: string,
  advice: string,
  commands: readonly Command[],
  undo: string,
): Runbook {
  return { title, owner, advice, commands, verify: verifyPull(input), undo };
}

function zonePlace(input: RunbookInput): Place {
  return placeOf(input.diagnosis.detail['zone'], privateZoneOf(input));
}

/** The VNet that the app leaves by: named by the network's verdict, or read from the subnet. */
function vnetOf({ diagnosis, evidence }: RunbookInput): string | undefined {
  const named = diagnosis.detail['vnet'];
  if (named !== undefined && named !== '') return named;
  return outboundVnet(evidence);
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

function unlinked(input: RunbookInput): Runbook {
  const zone = zonePlace(input);
  const vnet = vnetOf(input) ?? 'VNET_ID';
  const lacks =
    input.diagnosis.detail['record'] === undefined
      ? ''
      : ` The zone has no record of the registry either: write it first (its private endpoint does, once it has a zone group for this zone), or the name will not resolve at all.`;
  const link = `pullmedic-${nameOf(parseArmId(vnet) ?? input.target.appId)}`;
  const where = `${optionsFor(zone, '--zone-name')} --name ${shellWord(link)}`;
  return runbook(
    input,
    'network team',
    `The network of ${input.target.appName} cannot resolve ${input.target.registry} privately`,
    `The registry is closed to the public network, and no link connects its private DNS zone to the VNet of the environment: the name resolves to the public address, which refuses. The logs call this "unauthorized"; the roles are not the problem.${lacks}`,
    [
      {
        title: 'Link the zone to the VNet',
        language: 'az',
        text: `az network private-dns link vnet create ${where} \\\n  --virtual-network ${shellWord(vnet)} --registration-enabled false`,
      },
      { title: `Link the zone (deploy to ${zone.group})`, language: 'bicep', text: linkBicep(zone, link, vnet) },
    ],
    `az network private-dns link vnet delete ${where} --yes`,
  );
}

/** One record to write: its name, the right address, and the wrong ones that it has. */
interface WantedRecord {
  readonly name: string;
  readonly ip: string;
  readonly wrong: readonly string[];
}

function listed(text: string | undefined): string[] {
  return (text ?? '').split(', ').filter((part) => part !== '');
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

function changeRecord(zone: Place, verb: 'add' | 'remove', name: string, ip: string): string {
  const where = `${optionsFor(zone, '--zone-name')} --record-set-name ${shellWord(name)}`;
  return `az network private-dns record-set a ${verb}-record ${where} --ipv4-address ${shellWord(ip)}`;
}

function record(input: RunbookInput, stale: boolean): Runbook {
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
  return runbook(
    input,
    'network team',
    stale
      ? `The private DNS record of ${input.target.registry} points to the wrong address`
      : `The private DNS record of ${input.target.registry} is missing`,
    `The zone is linked, so its answer is final: ${right}, as the private endpoint says. With a data record missing, the sign-in works and the layers do not come. A zone group on the endpoint keeps such records right by itself.`,
    [
      ...commands,
      { title: `Write them (deploy to ${zone.group})`, language: 'bicep', text: recordsBicep(zone, records) },
    ],
    undo.join('\n'),
  );
}

/** The whole list, because a deployment of the registry replaces it. */
function ipRulesBicep(input: RunbookInput, ip: string): string {
  const rules = [...new Set([...(registryOf(input.evidence)?.ipRules ?? []), ip])];
  return `// For properties.networkRuleSet.ipRules in the template of the registry: a deployment replaces the whole list.
var ipRules = [
${rules.map((rule) => `  { action: 'Allow', value: ${bicepString(rule)} }`).join('\n')}
]`;
}

function firewall(input: RunbookInput): Runbook {
  const { detail } = input.diagnosis;
  const ip = detail['ip'] || detail['refusedIp'];
  const rule = (verb: string): string =>
    `az acr network-rule ${verb} ${registryOptions(input)} --ip-address ${wordOr(ip, 'ADDRESS')}`;
  const advice =
    ip === undefined
      ? 'The registry refused the address that the environment leaves by, and the log does not name it. Add an IP rule for that address, or give the environment a private endpoint.'
      : `The registry refused the address ${ip}. Add an IP rule for it, or give the environment a private endpoint. It is the address by which the environment (or its firewall or NAT gateway) leaves.`;
  return runbook(
    input,
    'registry owner',
    `The firewall of ${input.target.registry} refuses ${input.target.appName}`,
    advice,
    ip === undefined
      ? [{ title: 'Let the address in', language: 'az', text: rule('add') }]
      : [
          { title: `Let ${ip} in`, language: 'az', text: rule('add') },
          { title: `Let ${ip} in`, language: 'bicep', text: ipRulesBicep(input, ip) },
        ],
    rule('remove'),
  );
}

function endpointBicep(registryId: string, name: string): string {
  return `param subnetId string
param location string = resourceGroup().location

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: ${bicepString(name)}
  location: location
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: ${bicepString(name)}
        properties: {
          privateLinkServiceId: ${bicepString(registryId)}
          groupIds: [ 'registry' ]
        }
      }
    ]
  }
}`;
}

function noPathAdvice(input: RunbookInput): string {
  const registry = registryOf(input.evidence);
  const environment = environmentOf(input.evidence);
  if (input.diagnosis.detail['lacks'] === 'peering')
    return 'The registry has a private endpoint, in a VNet that is not connected to the one of the environment. Peer the two, in both directions, or create an endpoint in the VNet of the environment.';
  const premium = registry?.sku.toLowerCase() === 'premium';
  const tier = premium
    ? ''
    : ` Private endpoints need the Premium tier${registry === undefined ? '' : `; this registry is ${registry.sku}`}.`;
  if (environment !== undefined && outboundSubnet(input.evidence) === undefined)
    return `The environment has no VNet, so no private endpoint can help it: open the registry to the public network with a rule for the address of the environment, or move the app to an environment in a VNet (one cannot be given to it later).${tier}`;
  return `Create a private endpoint for the registry in a VNet that the environment reaches, with a zone group for ${privateZoneOf(input)} and a link of that zone to the VNet of the environment; or open public access.${tier}`;
}

function peeringBicep(name: string, here: Place, there: string): string {
  return `resource vnet 'Microsoft.Network/virtualNetworks@2024-05-01' existing = {
  name: ${bicepString(here.name)}
}
resource peering 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-05-01' = {
  parent: vnet
  name: ${bicepString(name)}
  properties: {
    remoteVirtualNetwork: { id: ${bicepString(there)} }
    allowVirtualNetworkAccess: true
  }
}`;
}

/** A peering connects only when both sides have it. */
function noPeering(input: RunbookInput): Runbook {
  const vnet = vnetOf(input) ?? 'VNET_ID';
  const far = input.diagnosis.detail['endpointVnet'] || 'ENDPOINT_VNET_ID';
  const sides = [
    { name: 'to-registry', here: placeOf(vnet, 'VNET'), there: far },
    { name: 'from-registry', here: placeOf(far, 'ENDPOINT_VNET'), there: vnet },
  ];
  const options = (side: { name: string; here: Place }): string =>
    `--name ${side.name} ${optionsFor(side.here, '--vnet-name')}`;
  return runbook(
    input,
    'network team',
    `${input.target.appName} cannot reach the private endpoint of ${input.target.registry}`,
    noPathAdvice(input),
    sides.flatMap((side): Command[] => [
      {
        title: `Peer ${side.here.name}`,
        language: 'az',
        text: `az network vnet peering create ${options(side)} \\\n  --remote-vnet ${shellWord(side.there)} --allow-vnet-access`,
      },
      {
        title: `Peer ${side.here.name} (deploy to ${side.here.group})`,
        language: 'bicep',
        text: peeringBicep(side.name, side.here, side.there),
      },
    ]),
    sides.map((side) => `az network vnet peering delete ${options(side)}`).join('\n'),
  );
}

function noPath(input: RunbookInput): Runbook {
  if (input.diagnosis.detail['lacks'] === 'peering') return noPeering(input);
  const { name } = registryPlace(input);
  const registry = registryOf(input.evidence);
  const endpoint = `pe-${name}`;
  const premium = registry === undefined || registry.sku.toLowerCase() === 'premium';
  const upgrade: Command[] = premium
    ? []
    : [
        {
          title: 'Move the registry to Premium',
          language: 'az',
          text: `az acr update ${registryOptions(input)} --sku Premium`,
        },
      ];
  const registryId = registry?.id ?? 'REGISTRY_ID';
  return runbook(
    input,
    'network team',
    `${input.target.registry} is closed to the public network and has no way in`,
    noPathAdvice(input),
    [
      ...upgrade,
      {
        title: 'Create the private endpoint',
        language: 'az',
        text: `az network private-endpoint create --name ${shellWord(endpoint)} --resource-group GROUP --subnet SUBNET_ID \\\n  --private-connection-resource-id ${shellWord(registryId)} --group-id registry --connection-name ${shellWord(endpoint)}`,
      },
      { title: 'Create the private endpoint', language: 'bicep', text: endpointBicep(registryId, endpoint) },
    ],
    `az network private-endpoint delete --name ${shellWord(endpoint)} --resource-group GROUP`,
  );
}

function pending(input: RunbookInput): Runbook {
  const options = registryOptions(input, '--registry-name');
  return runbook(
    input,
    'registry owner',
    `A private endpoint of ${input.target.registry} waits for approval`,
    'Whoever owns the registry has to say that this endpoint may be used. Look at who asks, then approve. An approval is a decision and no resource: Bicep cannot give it.',
    [
      {
        title: 'List the connections',
        language: 'az',
        text: `az acr private-endpoint-connection list ${options} --output table`,
      },
      {
        title: 'Approve the one that is yours',
        language: 'az',
        text: `az acr private-endpoint-connection approve ${options} --name CONNECTION`,
      },
    ],
    `az acr private-endpoint-connection reject ${options} --name CONNECTION`,
  );
}

function customDns(input: RunbookInput): Runbook {
  const vnet = vnetOf(input);
  const servers = input.diagnosis.detail['servers'] || 'these servers';
  return runbook(
    input,
    'network team',
    `The DNS servers of the VNet decide how ${input.target.registry} resolves`,
    `Azure cannot tell from here. Ask the DNS team: do ${servers} forward the names of registries and ${privateZoneOf(input)} to 168.63.129.16 from a VNet that is linked to the private zone? (${vnet ?? 'the environment’s VNet'})`,
    [
      {
        title: 'Which DNS servers the VNet names',
        language: 'az',
        text: `az network vnet show --ids ${wordOr(vnet, 'VNET_ID')} --query dhcpOptions.dnsServers --output tsv`,
      },
    ],
    'Nothing was changed.',
  );
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

/** The records that the zone does not have, where the diagnosis lists them. */
function lacking({ diagnosis }: RunbookInput): string {
  if (!diagnosis.detail['record']) return '';
  const records = wantedRecords(diagnosis, false).map(({ name, ip }) => `${name} (${ip})`);
  return `The zone is linked and lacks ${records.join(', ')}. `;
}

function zoneGroup(input: RunbookInput): Runbook {
  const endpoint = placeOf(input.diagnosis.detail['endpoint'], 'ENDPOINT');
  const zoneId = input.diagnosis.detail['zone'] || 'ZONE_ID';
  const where = `${optionsFor(endpoint, '--endpoint-name')} --name default`;
  return runbook(
    input,
    'network team',
    `The private endpoint of ${input.target.registry} keeps no DNS records of its own`,
    `${lacking(input)}The endpoint has no zone group, so nobody writes its records, now or when an address changes. Add one that names ${privateZoneOf(input)}: it writes them all.`,
    [
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
    `az network private-endpoint dns-zone-group delete ${where}`,
  );
}

/** One opening for the subnet: what it has to reach, and the name of the rule or route that lets it. */
interface Opening {
  readonly to: string;
  readonly name: string;
  readonly priority: number;
}

/** The destinations that the network's verdict names, else the ones that are always needed. The values become names, so they are checked. */
function openingsOf({ diagnosis }: RunbookInput, always: readonly string[]): Opening[] {
  const named = listed(diagnosis.detail['missing']).filter((to) => /^[A-Za-z0-9.]{1,80}$/.test(to));
  const first = /^[0-9]{3,4}$/.test(diagnosis.detail['priority'] ?? '') ? Number(diagnosis.detail['priority']) : 200;
  return (named.length > 0 ? named : always).map((to, index) => ({
    to,
    name: `allow-${to}`,
    priority: Math.max(100, first - index),
  }));
}

function ruleBicep(nsg: Place, { to, name, priority }: Opening): string {
  return `resource nsg 'Microsoft.Network/networkSecurityGroups@2024-05-01' existing = {
  name: ${bicepString(nsg.name)}
}
resource rule 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: nsg
  name: ${bicepString(name)}
  properties: {
    priority: ${priority}
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: '*'
    sourcePortRange: '*'
    destinationAddressPrefix: ${bicepString(to)}
    destinationPortRange: '443'
  }
}`;
}

function routeBicep(table: Place, { to, name }: Opening): string {
  return `resource table 'Microsoft.Network/routeTables@2024-05-01' existing = {
  name: ${bicepString(table.name)}
}
resource route 'Microsoft.Network/routeTables/routes@2024-05-01' = {
  parent: table
  name: ${bicepString(name)}
  properties: {
    addressPrefix: ${bicepString(to)}
    nextHopType: 'Internet'
  }
}`;
}

function byRule(nsg: Place, opening: Opening): Command[] {
  const options = `${optionsFor(nsg, '--nsg-name')} --name ${shellWord(opening.name)}`;
  return [
    {
      title: `Let the subnet reach ${opening.to}`,
      language: 'az',
      text: `az network nsg rule create ${options} --priority ${opening.priority} \\\n  --direction Outbound --access Allow --protocol Tcp --destination-address-prefixes ${shellWord(opening.to)} --destination-port-ranges 443`,
    },
    {
      title: `Let the subnet reach ${opening.to} (deploy to ${nsg.group})`,
      language: 'bicep',
      text: ruleBicep(nsg, opening),
    },
  ];
}

/** A route that names the service beats the one for everything. */
function byRoute(table: Place, opening: Opening): Command[] {
  const options = `${optionsFor(table, '--route-table-name')} --name ${shellWord(opening.name)}`;
  return [
    {
      title: `Route ${opening.to} to the internet`,
      language: 'az',
      text: `az network route-table route create ${options} --address-prefix ${shellWord(opening.to)} --next-hop-type Internet`,
    },
    {
      title: `Route ${opening.to} to the internet (deploy to ${table.group})`,
      language: 'bicep',
      text: routeBicep(table, opening),
    },
  ];
}

/** Which rule or route keeps the connection in; nothing where it is only suspected. */
function culprit({ diagnosis }: RunbookInput): string {
  const { rule, route, nsg, table, subnet, missing } = diagnosis.detail;
  const what = missing || 'what the pull needs';
  if (rule) return `The rule ${rule} of ${placeOf(nsg, 'the security group').name} denies port 443 to ${what}. `;
  if (route) return `The route ${route} of ${placeOf(table, 'the route table').name} leads ${what} nowhere. `;
  return subnet
    ? `The subnet ${placeOf(subnet, 'of the environment').name} sends what leaves it to an appliance, and Azure does not know its rules. `
    : '';
}

/** Nothing in Azure lets the subnet out where an appliance decides: who runs it has to look. */
function byAppliance(subnet: string): Command[] {
  return [
    {
      title: 'Which routes lead to the appliance',
      language: 'az',
      text: `az network vnet subnet show --ids ${shellWord(subnet)} --query routeTable.id --output tsv`,
    },
  ];
}

/** How the subnet is let out: by a rule, by a route, or only by who runs the appliance. */
function wayOut({ diagnosis }: RunbookInput): 'rule' | 'route' | 'appliance' {
  const { nsg, table, subnet } = diagnosis.detail;
  if (table) return 'route';
  return subnet && !nsg ? 'appliance' : 'rule';
}

const howItCounts = {
  route: 'A route that names a service beats the route for everything.',
  rule: 'A rule counts only with a lower number than the one that denies.',
  appliance: 'Whoever runs the appliance has to let these names through.',
} as const;

function openBy(way: 'rule' | 'route', input: RunbookInput, openings: readonly Opening[]): [Command[], string] {
  const { nsg, table } = input.diagnosis.detail;
  const place = way === 'route' ? placeOf(table, 'ROUTE_TABLE') : placeOf(nsg, 'NSG');
  const remove =
    way === 'route'
      ? `az network route-table route delete ${optionsFor(place, '--route-table-name')}`
      : `az network nsg rule delete ${optionsFor(place, '--nsg-name')}`;
  return [
    openings.flatMap((opening) => (way === 'route' ? byRoute(place, opening) : byRule(place, opening))),
    openings.map(({ name }) => `${remove} --name ${shellWord(name)}`).join('\n'),
  ];
}

function egress(input: RunbookInput, title: string, advice: string, always: readonly string[]): Runbook {
  const way = wayOut(input);
  const [commands, undo] =
    way === 'appliance'
      ? [byAppliance(input.diagnosis.detail['subnet'] ?? ''), 'Nothing was changed.']
      : openBy(way, input, openingsOf(input, always));
  return runbook(input, 'network team', title, `${culprit(input)}${advice} ${howItCounts[way]}`, commands, undo);
}

export function networkRunbook(input: RunbookInput, cause: NetworkCauseName): Runbook {
  const { target } = input;
  switch (cause) {
    case 'private-dns-unlinked':
      return unlinked(input);
    case 'private-dns-record-missing':
      return record(input, false);
    case 'private-dns-record-stale':
      return record(input, true);
    case 'registry-firewall':
      return firewall(input);
    case 'no-private-path':
      return noPath(input);
    case 'private-endpoint-pending':
      return pending(input);
    case 'custom-dns':
      return customDns(input);
    case 'private-dns-zone-group-missing':
      return zoneGroup(input);
    case 'identity-egress-blocked':
      return egress(
        input,
        `${target.appName} cannot reach the service that issues its tokens`,
        'The role is right and no token comes. Let the subnet reach the service tag AzureActiveDirectory on port 443; by name login.microsoftonline.com, *.login.microsoftonline.com, *.login.microsoft.com and *.identity.azure.net. A private registry needs this too.',
        ['AzureActiveDirectory'],
      );
    case 'egress-blocked':
      return egress(
        input,
        `${target.appName} cannot reach ${target.registry}`,
        `Let the subnet reach ${target.registry} on port 443: the addresses of its private endpoint, or the service tags AzureContainerRegistry and, where the registry has no data endpoints of its own, Storage (by name *.blob.core.windows.net). AzureActiveDirectory, MicrosoftContainerRegistry and AzureFrontDoor.FirstParty are needed as well.`,
        ['AzureContainerRegistry', 'AzureActiveDirectory', 'MicrosoftContainerRegistry'],
      );
  }
}
