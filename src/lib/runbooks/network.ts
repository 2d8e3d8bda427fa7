// Runbooks for the way to the registry: endpoints, DNS, firewall, egress.
import { nameOf, parseArmId, resourceGroupOf } from '../arm-id.ts';
import type { Cause } from '../diagnose.ts';
import type { Command, Runbook, RunbookInput } from './runbook.ts';
import { shellWord, verifyPull } from './runbook.ts';

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

/** Resource group and name of an id in the diagnosis; both empty where it is missing. */
function place(id: string | undefined): { group: string; name: string } {
  const parsed = parseArmId(id ?? '');
  return parsed === undefined ? { group: '', name: '' } : { group: resourceGroupOf(parsed), name: nameOf(parsed) };
}

function unlinked(input: RunbookInput): Runbook {
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

function record(input: RunbookInput, stale: boolean): Runbook {
  const { detail } = input.diagnosis;
  const zone = place(detail['zone']);
  const name = detail['record'] ?? '';
  const ip = detail['ip'] ?? '';
  const where = `--resource-group ${shellWord(zone.group)} --zone-name ${shellWord(zone.name)} --record-set-name ${shellWord(name)}`;
  const remove = stale
    ? [
        {
          title: 'Remove the old address',
          language: 'az' as const,
          text: `az network private-dns record-set a remove-record ${where} --ipv4-address ${shellWord((detail['found'] ?? '').split(', ')[0] ?? '')} --keep-empty-record-set`,
        },
      ]
    : [];
  return runbook(
    input,
    'network team',
    stale
      ? `The private DNS record of ${input.target.registry} points to the wrong address`
      : `The private DNS record of ${input.target.registry} is missing`,
    `The zone is linked, so its answer is final: the record ${name} must be ${ip}, the address of the private endpoint.`,
    [
      ...remove,
      {
        title: 'Write the record',
        language: 'az',
        text: `az network private-dns record-set a add-record ${where} --ipv4-address ${shellWord(ip)}`,
      },
    ],
    `az network private-dns record-set a remove-record ${where} --ipv4-address ${shellWord(ip)}`,
  );
}

function firewall(input: RunbookInput): Runbook {
  const ip = input.diagnosis.detail['refusedIp'];
  const registry = shellWord(input.target.registry.split('.')[0] ?? '');
  const rule = (verb: string): string =>
    `az acr network-rule ${verb} --name ${registry} --ip-address ${shellWord(ip ?? 'ADDRESS')}`;
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

export function networkRunbook(input: RunbookInput, cause: NetworkCauseName): Runbook {
  const { target, diagnosis } = input;
  const nothing = 'Nothing was changed.';
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
      return runbook(
        input,
        'network team',
        `${target.registry} is closed to the public network and has no way in`,
        'Create a private endpoint for the registry (Premium tier) in a VNet that the environment reaches, or open public access.',
        [],
        nothing,
      );
    case 'private-endpoint-pending':
      return runbook(
        input,
        'registry owner',
        `A private endpoint of ${target.registry} waits for approval`,
        'Approve the connection on the registry.',
        [
          {
            title: 'List the connections',
            language: 'az',
            text: `az acr private-endpoint-connection list --registry-name ${shellWord(target.registry.split('.')[0] ?? '')} --output table`,
          },
        ],
        nothing,
      );
    case 'custom-dns':
      return runbook(
        input,
        'network team',
        `The DNS servers of the VNet decide how ${target.registry} resolves`,
        `Azure cannot tell from here. Ask the DNS team: do these servers forward azurecr.io and privatelink.azurecr.io to 168.63.129.16 from a VNet that is linked to the private zone? (${diagnosis.detail['vnet'] ?? 'the environment’s VNet'})`,
        [],
        nothing,
      );
    case 'private-dns-zone-group-missing':
      return runbook(
        input,
        'network team',
        `The private endpoint of ${target.registry} keeps no DNS records of its own`,
        'Without a zone group nobody writes the records when an address changes. Add one that names privatelink.azurecr.io.',
        [
          {
            title: 'Add the zone group',
            language: 'az',
            text: `az network private-endpoint dns-zone-group create --resource-group ${shellWord(place(diagnosis.detail['endpoint']).group)} --endpoint-name ${shellWord(place(diagnosis.detail['endpoint']).name)} \\\n  --name default --zone-name privatelink.azurecr.io --private-dns-zone ${shellWord(diagnosis.detail['zone'] ?? 'privatelink.azurecr.io')}`,
          },
        ],
        nothing,
      );
    case 'identity-egress-blocked':
      return runbook(
        input,
        'network team',
        `${target.appName} cannot reach the service that issues its tokens`,
        'The role is right and no token comes. Let the subnet reach the service tag AzureActiveDirectory on port 443 (login.microsoftonline.com, *.identity.azure.net).',
        [],
        nothing,
      );
    case 'egress-blocked':
      return runbook(
        input,
        'network team',
        `${target.appName} cannot reach ${target.registry}`,
        'The name resolves and the connection fails. Let the subnet reach AzureContainerRegistry, AzureActiveDirectory and MicrosoftContainerRegistry on port 443.',
        [],
        nothing,
      );
  }
}
