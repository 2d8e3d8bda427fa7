// Runbooks for the way to the registry: endpoints, firewall, egress; DNS is in a file of its own.
import { parentOfType } from '../arm-id.ts';
import type { Cause } from '../diagnose.ts';
import { environmentOf, registryOf } from '../evidence.ts';
import { customDns, record, unlinked, zoneGroup } from './private-dns.ts';
import type { Command, Runbook, RunbookInput } from './runbook.ts';
import { nothing, place, runbook, shellWord } from './runbook.ts';

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

function registryName({ target }: RunbookInput): string {
  return shellWord(target.registry.split('.')[0] ?? '');
}

function createEndpoint(input: RunbookInput): Command {
  const registry = registryOf(input.evidence)?.id ?? 'REGISTRY';
  const subnet = environmentOf(input.evidence)?.subnetId;
  const { group, name } = place(subnet === undefined ? undefined : parentOfType(subnet, 'virtualnetworks'));
  const endpoint = shellWord(`pe-${input.target.registry.split('.')[0] ?? ''}`);
  return {
    title: 'Create a private endpoint (choose a subnet for it)',
    language: 'az',
    text: `az network private-endpoint create --resource-group ${shellWord(group)} --name ${endpoint} --vnet-name ${shellWord(name)} --subnet SUBNET \\\n  --private-connection-resource-id ${shellWord(registry)} --group-id registry --connection-name registry`,
  };
}

function noPeering(input: RunbookInput): Runbook {
  const { endpointVnet = '', vnet } = input.diagnosis.detail;
  const [near, far] = [place(vnet), place(endpointVnet)];
  const where = `--resource-group ${shellWord(near.group)} --vnet-name ${shellWord(near.name)} --name ${shellWord(`to-${far.name}`)}`;
  return runbook(
    input,
    'network team',
    `${input.target.registry} has its private endpoint in a network that ${input.target.appName} cannot reach`,
    `The name resolves to an endpoint in ${far.name}. ${near.name} has no connected peering with it, no other peering and no gateway, so the connection ends in a time-out. Peer the two networks, in both directions, or create an endpoint in ${near.name}.`,
    [
      {
        title: 'Peer the networks (and the other way round)',
        language: 'az',
        text: `az network vnet peering create ${where} \\\n  --remote-vnet ${shellWord(endpointVnet)} --allow-vnet-access`,
      },
    ],
    `az network vnet peering delete ${where}`,
  );
}

function noPath(input: RunbookInput): Runbook {
  const { lacks, sku } = input.diagnosis.detail;
  if (lacks === 'peering') return noPeering(input);
  const premium = sku === undefined ? '' : ` Private endpoints need the Premium tier, and this registry is ${sku}.`;
  const upgrade: Command = {
    title: 'Move the registry to Premium',
    language: 'az',
    text: `az acr update --name ${registryName(input)} --sku Premium`,
  };
  const inVnet = lacks !== 'vnet';
  const advice = inVnet
    ? 'Create a private endpoint for the registry in a VNet that the environment reaches, with its DNS zone linked, or open public access.'
    : 'The environment has no VNet of its own, and one cannot be given to it later: an environment in a VNet that reaches a private endpoint of the registry is needed, or public access with a rule for the address by which the environment leaves.';
  return runbook(
    input,
    'network team',
    `${input.target.registry} is closed to the public network and has no way in`,
    advice + premium,
    [...(sku === undefined ? [] : [upgrade]), ...(inVnet ? [createEndpoint(input)] : [])],
    nothing,
  );
}

/** One rule for each service tag: a rule takes only one. Addresses go into one rule together. */
function outboundRules(input: RunbookInput): Command[] {
  const { nsg, missing = '', priority = '' } = input.diagnosis.detail;
  if (nsg === undefined) return [];
  const words = missing.split(', ').map(shellWord);
  const addresses = words.filter((word) => /^\d/.test(word));
  const tags = words.filter((word) => !/^\d/.test(word));
  const { group, name } = place(nsg);
  const where = `--resource-group ${shellWord(group)} --nsg-name ${shellWord(name)}`;
  const rules = [...(addresses.length > 0 ? [addresses.join(' ')] : []), ...tags].map((destination, index) => {
    const number = priority === '' ? 'PRIORITY' : String(Number(priority) - index);
    return `az network nsg rule create ${where} --name allow-pull-${index + 1} --priority ${number} \\\n  --direction Outbound --access Allow --protocol Tcp --destination-port-ranges 443 --destination-address-prefixes ${destination}`;
  });
  return [{ title: 'Let the subnet reach what is missing', language: 'az', text: rules.join('\n') }];
}

function undoRules(input: RunbookInput): string {
  const { group, name } = place(input.diagnosis.detail['nsg']);
  return input.diagnosis.detail['nsg'] === undefined
    ? nothing
    : `az network nsg rule delete --resource-group ${shellWord(group)} --nsg-name ${shellWord(name)} --name allow-pull-1   # and the others`;
}

/** Which rule or route keeps the connection in; nothing where it is only suspected. */
function culprit({ diagnosis }: RunbookInput): string {
  const { rule, route, nsg, table, subnet, missing } = diagnosis.detail;
  if (rule !== undefined) return `The rule ${rule} of ${place(nsg).name} denies port 443 to ${missing ?? ''}. `;
  if (route !== undefined) return `The route ${route} of ${place(table).name} leads ${missing ?? ''} nowhere. `;
  return subnet === undefined
    ? ''
    : `The subnet ${place(subnet).name} sends what leaves it to an appliance, and Azure does not know its rules. `;
}

function egress(input: RunbookInput, tokens: boolean): Runbook {
  const { target } = input;
  return runbook(
    input,
    'network team',
    tokens
      ? `${target.appName} cannot reach the service that issues its tokens`
      : `${target.appName} cannot reach ${target.registry}`,
    tokens
      ? `${culprit(input)}The role is right and no token comes. Let the subnet reach the service tag AzureActiveDirectory on port 443; behind an appliance login.microsoftonline.com, *.login.microsoftonline.com, *.login.microsoft.com and *.identity.azure.net. A private registry needs this too.`
      : `${culprit(input)}Let the subnet reach ${target.registry} on port 443: the addresses of its private endpoint, or the service tags AzureContainerRegistry and, where the registry has no data endpoints of its own, Storage (behind an appliance *.blob.core.windows.net). AzureActiveDirectory, MicrosoftContainerRegistry and AzureFrontDoor.FirstParty are needed as well.`,
    outboundRules(input),
    undoRules(input),
  );
}

function firewall(input: RunbookInput): Runbook {
  const ip = input.diagnosis.detail['refusedIp'];
  const rule = (verb: string): string =>
    `az acr network-rule ${verb} --name ${registryName(input)} --ip-address ${shellWord(ip ?? 'ADDRESS')}`;
  const advice =
    ip === undefined
      ? 'The registry lets in listed addresses only. Find the address that the environment leaves by, and list it.'
      : `The registry refused ${ip}. That is the address by which the environment (or its firewall or NAT gateway) leaves.`;
  return runbook(
    input,
    'registry owner',
    `The firewall of ${input.target.registry} refuses ${input.target.appName}`,
    advice,
    ip === undefined ? [] : [{ title: `Let ${ip} in`, language: 'az', text: rule('add') }],
    ip === undefined ? 'Nothing to undo.' : rule('remove'),
  );
}

function pending(input: RunbookInput): Runbook {
  const id = input.diagnosis.detail['endpoint'] ?? '';
  return runbook(
    input,
    'registry owner',
    `A private endpoint of ${input.target.registry} waits for approval`,
    `Approve the connection of ${place(id).name} on the registry, if you know who asked for it.`,
    [
      {
        title: 'List the connections',
        language: 'az',
        text: `az acr private-endpoint-connection list --registry-name ${registryName(input)} --output table`,
      },
      {
        title: 'Approve one',
        language: 'az',
        text: `az acr private-endpoint-connection approve --registry-name ${registryName(input)} --name CONNECTION`,
      },
    ],
    `az acr private-endpoint-connection reject --registry-name ${registryName(input)} --name CONNECTION`,
  );
}

export function networkRunbook(input: RunbookInput, cause: NetworkCauseName): Runbook {
  switch (cause) {
    case 'private-dns-unlinked':
      return unlinked(input);
    case 'private-dns-record-missing':
      return record(input, false);
    case 'private-dns-record-stale':
      return record(input, true);
    case 'private-dns-zone-group-missing':
      return zoneGroup(input);
    case 'registry-firewall':
      return firewall(input);
    case 'no-private-path':
      return noPath(input);
    case 'private-endpoint-pending':
      return pending(input);
    case 'custom-dns':
      return customDns(input);
    case 'identity-egress-blocked':
      return egress(input, true);
    case 'egress-blocked':
      return egress(input, false);
  }
}
