// Runbooks for the private way in: an endpoint to create or to approve, VNets to peer.
import { environmentOf, outboundSubnet, registryOf } from '../evidence/evidence.ts';
import { kindOf } from '../workloads/workloads.ts';
import { privateZoneOf, vnetOf } from './network.ts';
import type { Command, Place, RunbookInput, RunbookText } from './runbook.ts';
import {
  appOptions,
  bicepString,
  optionsFor,
  placeOf,
  registryOptions,
  registryPlace,
  shellWord,
  verifyPull,
  wordOr,
} from './runbook.ts';

/** No private endpoint that the environment reaches: one is created, or two VNets are peered. */
export function noPrivatePath(input: RunbookInput): RunbookText {
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
  if (hasNoVnet(input)) return openForAddress(input, upgrade);
  const registryId = registry?.id ?? 'REGISTRY_ID';
  const dead = (registry?.endpoints ?? []).filter(({ status }) => /^(?:disconnected|rejected)$/i.test(status));
  return {
    title: `${input.target.registry} is closed to the public network and has no way in`,
    advice: `${noPathAdvice(input)}${sayDead(dead)}`,
    commands: [
      ...upgrade,
      ...dead.map(deletion),
      {
        title: 'Create the private endpoint',
        language: 'az',
        text: `az network private-endpoint create --name ${shellWord(endpoint)} --resource-group GROUP --subnet SUBNET_ID \\\n  --private-connection-resource-id ${shellWord(registryId)} --group-id registry --connection-name ${shellWord(endpoint)}`,
      },
      { title: 'Create the private endpoint', language: 'bicep', text: endpointBicep(registryId, endpoint) },
    ],
    verify: verifyPull(input),
    undo: `az network private-endpoint delete --name ${shellWord(endpoint)} --resource-group GROUP`,
  };
}

interface DeadEndpoint {
  readonly id: string;
  readonly status: string;
}

/** Such a connection never works again (Microsoft, "Manage private endpoint connections"), and an endpoint of its name would only be updated. */
function sayDead(dead: readonly DeadEndpoint[]): string {
  return dead.map(({ id, status }) => ` The endpoint ${id} is ${status.toLowerCase()}: delete it first.`).join('');
}

function deletion({ id, status }: DeadEndpoint): Command {
  const place = placeOf(id, 'ENDPOINT');
  return {
    title: `Delete the ${status.toLowerCase()} endpoint ${place.name}, which lets nothing through`,
    language: 'az',
    text: `az network private-endpoint delete ${optionsFor(place)}`,
  };
}

/** An environment without a VNet reaches no private endpoint, so the registry is opened for its address and for no other. */
function openForAddress(input: RunbookInput, upgrade: readonly Command[]): RunbookText {
  const options = registryOptions(input);
  const ip = input.diagnosis.detail['refusedIp'];
  const rule = (verb: string): string => `az acr network-rule ${verb} ${options} --ip-address ${wordOr(ip, 'ADDRESS')}`;
  const open = `az acr update ${options} --default-action Deny --public-network-enabled true`;
  const title =
    ip === undefined
      ? 'Let the addresses of the environment in, and no others: one rule for each of them, in place of ADDRESS'
      : `Let ${ip} in, the address that the log names, and no other`;
  return {
    title: `${input.target.registry} is closed to the public network and has no way in`,
    advice: `${noPathAdvice(input)}${ip === undefined ? '' : ` The registry refused ${ip}; connections may leave by other addresses too.`}`,
    commands: [
      ...upgrade,
      ...(ip === undefined ? listAddresses(input) : []),
      { title, language: 'az', text: `${rule('add')}\n${open}` },
    ],
    verify: verifyPull(input),
    undo: `az acr update ${options} --public-network-enabled false\n${rule('remove')}`,
  };
}

/** The addresses stand in the resource of the app (REST specification of container apps, `outboundIpAddresses`). */
function listAddresses(input: RunbookInput): Command[] {
  if (kindOf(input.target.appId).runsIn === 'own-place') return [];
  return [
    {
      title: 'List the addresses that connections of the app leave by',
      language: 'az',
      text: `az containerapp show ${appOptions(input)} --query properties.outboundIpAddresses --output tsv`,
    },
  ];
}

function hasNoVnet({ evidence }: RunbookInput): boolean {
  return environmentOf(evidence) !== undefined && outboundSubnet(evidence) === undefined;
}

/** An endpoint exists, and its connection is not approved. */
export function privateEndpointPending(input: RunbookInput): RunbookText {
  const options = registryOptions(input, '--registry-name');
  return {
    title: `A private endpoint of ${input.target.registry} waits for approval`,
    advice:
      'The owner of the registry has to approve this endpoint. Check who requests it, then approve it. An approval is a decision and not a resource, so Bicep cannot give it.',
    commands: [
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
    verify: verifyPull(input),
    undo: `az acr private-endpoint-connection reject ${options} --name CONNECTION`,
  };
}

/** A peering connects only when both sides have it. */
function noPeering(input: RunbookInput): RunbookText {
  const vnet = vnetOf(input) ?? 'VNET_ID';
  const far = input.diagnosis.detail['endpointVnet'] || 'ENDPOINT_VNET_ID';
  const sides = [
    { name: 'to-registry', here: placeOf(vnet, 'VNET'), there: far },
    { name: 'from-registry', here: placeOf(far, 'ENDPOINT_VNET'), there: vnet },
  ];
  const options = (side: { name: string; here: Place }): string =>
    `--name ${side.name} ${optionsFor(side.here, '--vnet-name')}`;
  return {
    title: `${input.target.appName} cannot reach the private endpoint of ${input.target.registry}`,
    advice: noPathAdvice(input),
    commands: sides.flatMap((side): Command[] => [
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
    verify: verifyPull(input),
    undo: sides.map((side) => `az network vnet peering delete ${options(side)}`).join('\n'),
  };
}

function noPathAdvice(input: RunbookInput): string {
  const registry = registryOf(input.evidence);
  if (input.diagnosis.detail['lacks'] === 'peering')
    return 'The registry has a private endpoint, in a VNet that is not connected to the one of the environment. Peer the two, in both directions, or create an endpoint in the VNet of the environment.';
  const premium = registry?.sku.toLowerCase() === 'premium';
  const tier = premium
    ? ''
    : ` Private endpoints need the Premium tier${registry === undefined ? '' : `; this registry is ${registry.sku}`}.`;
  if (hasNoVnet(input))
    return `The environment has no VNet, so no private endpoint can help it: open the registry to the public network with a rule for the address of the environment, or move the app to an environment in a VNet (an environment cannot get a VNet later).${tier}`;
  return `Create a private endpoint for the registry in a VNet that the environment reaches, with a zone group for ${privateZoneOf(input)} and a link of that zone to the VNet of the environment; or open public access.${tier}`;
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
