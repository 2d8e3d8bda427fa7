// Runbooks for connections that cannot leave the subnet: the rule, route or appliance that stops them, and how to open the way.
import { platformDns } from '../diagnosis/egress.ts';
import { unreachedLayers } from '../diagnosis/layers.ts';
import { isOutside } from '../diagnosis/network-outside.ts';
import { outboundSubnet } from '../evidence/evidence.ts';
import { microsoftRegistry } from '../words/registry-host.ts';
import { listed } from './network.ts';
import { keepCopy, pullFromCopy, undoOfCopy } from './own-copy.ts';
import type { Command, Place, RunbookInput, RunbookText } from './runbook.ts';
import { bicepString, onlyReads, optionsFor, placeOf, shellWord, verifyPull } from './runbook.ts';

/** The subnet does not let the app reach the registry. */
export function egressBlocked(input: RunbookInput): RunbookText {
  const { target } = input;
  if (input.diagnosis.detail['missing'] === platformDns) return resolverBlocked(input);
  if (isOutside(target)) return outsideBlocked(input);
  if (onlyLayersAreShut(input)) return layersBlocked(input);
  return letOut(input, {
    title: `${target.appName} cannot reach ${target.registry}`,
    advice: `Let the subnet reach ${target.registry} on port 443: the addresses of its private endpoint, or the service tags AzureContainerRegistry and, where the registry has no data endpoints of its own, Storage (by name *.blob.core.windows.net). AzureActiveDirectory, MicrosoftContainerRegistry and AzureFrontDoor.FirstParty are needed as well.`,
    always: ['AzureContainerRegistry', 'AzureActiveDirectory', 'MicrosoftContainerRegistry'],
  });
}

/** Whether only the text tells, and it names the storage that the layers lie in: the registry itself was reached then. */
function onlyLayersAreShut({ target, evidence, diagnosis }: RunbookInput): boolean {
  const { rule, route } = diagnosis.detail;
  return !rule && !route && unreachedLayers(target, evidence);
}

/** The registry answers, and the storage that it sends the platform to does not. */
function layersBlocked(input: RunbookInput): RunbookText {
  const { appName, registry } = input.target;
  return letOut(input, {
    title: `${appName} reaches ${registry}, and not the storage that its layers lie in`,
    advice: `The log names a host of that storage, so the registry itself answered. Let the subnet reach the service tag Storage on port 443 (by name *.blob.core.windows.net). Where nobody wants to open all storage accounts: a Premium registry can have data endpoints of its own (az acr update --data-endpoint-enabled), which are under its own name and the tag AzureContainerRegistry.`,
    always: ['Storage'],
  });
}

/** The subnet does not let the app reach the resolver of Azure, and the VNet names no other. */
function resolverBlocked(input: RunbookInput): RunbookText {
  return letOut(input, {
    title: `${input.target.appName} cannot resolve any name: a rule of its subnet denies the resolver of Azure`,
    advice:
      'The VNet names no DNS servers of its own, so every name is resolved by 168.63.129.16, and a rule that names the service tag AzurePlatformDNS denies it. Take that rule away, or let the subnet reach the tag on port 53 before it.',
    always: [platformDns],
  });
}

/** The subnet does not let the app reach the service that issues tokens. */
export function identityEgressBlocked(input: RunbookInput): RunbookText {
  return letOut(input, {
    title: `${input.target.appName} cannot reach the service that issues its tokens`,
    advice:
      'The role is right, and the app gets no token. Let the subnet reach the service tag AzureActiveDirectory on port 443; by name login.microsoftonline.com, *.login.microsoftonline.com, *.login.microsoft.com and *.identity.azure.net. A private registry needs this too.',
    always: ['AzureActiveDirectory'],
  });
}

/**
 * The same for a registry outside of Azure. Security rules and routes know addresses and service tags and no names, so opening the whole
 * Internet is not the first advice: a copy in an Azure registry needs no new opening.
 */
function outsideBlocked(input: RunbookInput): RunbookText {
  const { target } = input;
  const title = `${target.appName} cannot reach ${target.registry}`;
  if (target.registry === microsoftRegistry) {
    const advice =
      'Let the subnet reach Microsoft’s registry on port 443: the service tags MicrosoftContainerRegistry and AzureFrontDoor.FirstParty; by name mcr.microsoft.com and *.data.mcr.microsoft.com. The platform’s own images come from there too.';
    return letOut(input, { title, advice, always: ['MicrosoftContainerRegistry', 'AzureFrontDoor.FirstParty'] });
  }
  const advice = `Copy the image into an Azure registry that the subnet reaches, or let the subnet reach ${target.registry} on port 443, with the hosts that its layers come from. A security rule knows no names: a rule for Internet opens port 443 to everything, and a firewall that filters by name does not.`;
  const { commands, ...text } = letOut(input, { title, advice, always: ['Internet'] });
  const way = wayOut(input);
  return {
    ...text,
    commands: [...keepCopy(input), ...pullFromCopy(input), ...(way === 'route' || way === 'open' ? [] : commands)],
    undo: way === 'rule' ? `${undoOfCopy} For the rule: ${text.undo.replaceAll('\n', '; ')}` : undoOfCopy,
  };
}

interface Blocked {
  readonly title: string;
  readonly advice: string;
  /** What the pull needs in any case; opened where the diagnosis names nothing. */
  readonly always: readonly string[];
}

function letOut(input: RunbookInput, { title, advice, always }: Blocked): RunbookText {
  const way = wayOut(input);
  const [commands, undo] = waysOut(way, input, always);
  return {
    title,
    advice: `${culprit(input)}${advice} ${howItCounts[way]}`.trim(),
    commands,
    verify: verifyPull(input),
    undo,
  };
}

function waysOut(way: Way, input: RunbookInput, always: readonly string[]): [readonly Command[], string] {
  switch (way) {
    case 'open':
      return [[], onlyReads];
    case 'appliance':
      return [byAppliance(input.diagnosis.detail['subnet'] ?? ''), onlyReads];
    case 'rule':
    case 'route':
      return openBy(way, input, openingsOf(input, always));
  }
}

/** How the subnet is let out: by a rule, by a route, or only by who runs the appliance. `open`: ARM shows nothing that keeps it in. */
type Way = 'rule' | 'route' | 'appliance' | 'open';

function wayOut({ diagnosis }: RunbookInput): Way {
  const { nsg, table, subnet } = diagnosis.detail;
  if (diagnosis.network === 'allows') return 'open';
  if (table) return 'route';
  return subnet && !nsg ? 'appliance' : 'rule';
}

const howItCounts = {
  route: 'A route that names a service beats the route for everything.',
  rule: 'A rule counts only with a lower number than the one that denies.',
  appliance: 'The team that runs the appliance has to let these names through.',
  open: 'The security rules and routes of the subnet that were read let this out already, so a further rule changes nothing: look whether others reach that host, and whether a gateway announces a route of its own (BGP), which no route table shows.',
} as const;

/** Which rule or route keeps the connection in; nothing where it is only suspected. */
function culprit({ diagnosis }: RunbookInput): string {
  const { rule, route, nsg, table, subnet, missing } = diagnosis.detail;
  const what = missing || 'what the pull needs';
  const port = missing === platformDns ? 53 : 443;
  if (rule) return `The rule ${rule} of ${placeOf(nsg, 'the security group').name} denies port ${port} to ${what}. `;
  if (route) return `The route ${route} of ${placeOf(table, 'the route table').name} drops the traffic to ${what}. `;
  return subnet
    ? `The subnet ${placeOf(subnet, 'of the environment').name} sends its outbound traffic to an appliance, and Azure does not know its rules. `
    : '';
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

function openBy(way: 'rule' | 'route', input: RunbookInput, openings: readonly Opening[]): [Command[], string] {
  const { nsg, table } = input.diagnosis.detail;
  const place = way === 'route' ? placeOf(table, 'ROUTE_TABLE') : placeOf(nsg, 'NSG');
  const remove =
    way === 'route'
      ? `az network route-table route delete ${optionsFor(place, '--route-table-name')}`
      : `az network nsg rule delete ${optionsFor(place, '--nsg-name')}`;
  return [
    [
      ...(way === 'rule' && !nsg ? [findGroup(input)] : []),
      ...openings.flatMap((opening) => (way === 'route' ? byRoute(place, opening) : byRule(place, opening))),
    ],
    openings.map(({ name }) => `${remove} --name ${shellWord(name)}`).join('\n'),
  ];
}

/** The security group is not known where only a text speaks of a way that is shut. */
function findGroup({ evidence }: RunbookInput): Command {
  const subnet = outboundSubnet(evidence);
  const known = subnet === undefined || subnet === 'cannot-tell' ? 'SUBNET_ID' : shellWord(subnet);
  const which = known === 'SUBNET_ID' ? 'Put the id of the subnet that the app leaves by in place of SUBNET_ID. ' : '';
  return {
    title: `${which}Find the security group of the subnet, and put its name and group in place of NSG and GROUP below`,
    language: 'az',
    text: `az network vnet subnet show --ids ${known} --query networkSecurityGroup.id --output tsv`,
  };
}

function byRule(nsg: Place, opening: Opening): Command[] {
  const options = `${optionsFor(nsg, '--nsg-name')} --name ${shellWord(opening.name)}`;
  return [
    {
      title: `Let the subnet reach ${opening.to}`,
      language: 'az',
      text: `az network nsg rule create ${options} --priority ${opening.priority} \\\n  --direction Outbound --access Allow --protocol ${cliProtocol(opening)} --destination-address-prefixes ${shellWord(opening.to)} --destination-port-ranges ${portOf(opening)}`,
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

/** An appliance decides, so no change in Azure opens the way: the team that runs the appliance has to look. */
function byAppliance(subnet: string): Command[] {
  return [
    {
      title: 'Which routes lead to the appliance',
      language: 'az',
      text: `az network vnet subnet show --ids ${shellWord(subnet)} --query routeTable.id --output tsv`,
    },
  ];
}

/** Names are asked for by UDP, and by TCP where the answer is long. */
function protocolOf({ to }: Opening): string {
  return to === platformDns ? '*' : 'Tcp';
}

function cliProtocol(opening: Opening): string {
  return shellWord(protocolOf(opening));
}

function portOf({ to }: Opening): number {
  return to === platformDns ? 53 : 443;
}

function ruleBicep(nsg: Place, opening: Opening): string {
  const { to, name, priority } = opening;
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
    protocol: '${protocolOf(opening)}'
    sourceAddressPrefix: '*'
    sourcePortRange: '*'
    destinationAddressPrefix: ${bicepString(to)}
    destinationPortRange: '${portOf(opening)}'
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
