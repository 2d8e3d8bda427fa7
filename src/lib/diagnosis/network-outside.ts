// The way to a registry outside of Azure Container Registry: the name servers of the VNet, and the rules and routes of the subnet.

import type { Evidence, Probe } from '../evidence/evidence.ts';
import { environmentOf, outboundSubnet } from '../evidence/evidence.ts';
import type { VnetFacts } from '../evidence/network-facts.ts';
import type { Fact } from '../words/fact.ts';
import { valueOf } from '../words/fact.ts';
import { isAzureRegistry, isPublicRegistry, microsoftRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';
import { unknownRegistry } from '../words/target.ts';
import type { Need } from './network.ts';
import { judgeSubnet, withoutNames } from './network.ts';
import type { NetworkVerdict } from './network-verdict.ts';
import { ownServers } from './private-path.ts';
import type { Verdict } from './verdict.ts';

/** Whether a registry is outside of Azure, and its reference can be read. */
export function isOutside({ registry }: Target): boolean {
  return !isAzureRegistry(registry) && registry !== unknownRegistry;
}

/**
 * Whether this is a registry of Azure that no readable subscription has. Its own settings cannot be seen, and perhaps a private endpoint leads to
 * it; the name servers and the rules of the app's own network can be seen all the same.
 */
export function isUnseen({ registry }: Target, evidence: Evidence): boolean {
  return isAzureRegistry(registry) && valueOf(evidence.registry) === 'not-found';
}

/** The network's answer for such a registry: never that it lets the pull through, and never a proof that it does not. */
export function networkUnseen(target: Target, evidence: Evidence): NetworkVerdict {
  const network = networkOutside(target, evidence);
  const named = network.answer === 'cannot-tell' && network.why !== 'security-rules-unclear';
  return named ? network : { answer: 'cannot-tell', why: 'registry-unreadable', detail: {} };
}

/**
 * The network's answer for a registry outside of Azure. Its own firewall and its addresses cannot be seen from ARM, so only what the subnet
 * surely stops is a proof.
 */
export function networkOutside({ registry }: Target, evidence: Evidence): NetworkVerdict {
  if (environmentOf(evidence) === undefined)
    return { answer: 'cannot-tell', why: 'environment-unreadable', detail: {} };
  const subnet = outboundSubnet(evidence);
  if (subnet === undefined) return { answer: 'allows', why: 'public' };
  if (subnet === 'cannot-tell') return { answer: 'cannot-tell', why: 'subnet-unknown', detail: {} };
  const rules = valueOf(evidence.subnet);
  const judged: NetworkVerdict | undefined =
    rules === undefined
      ? { answer: 'cannot-tell', why: 'subnet-unreadable', detail: {} }
      : (withoutNames(rules, evidence) ?? judgeSubnet(rules, needsOf(registry)));
  if (judged?.answer === 'blocks') return judged;
  return doubtOfNames(evidence.vnet) ?? judged ?? { answer: 'allows', why: 'public' };
}

/** The facts that this answer needs. */
export function probesOutside(target: Target, evidence: Evidence): Probe[] {
  const subnet = outboundSubnet(evidence);
  const inNetwork = environmentOf(evidence) !== undefined && subnet !== undefined && subnet !== 'cannot-tell';
  return inNetwork && (isOutside(target) || isUnseen(target, evidence)) ? ['vnet', 'subnet'] : [];
}

/** Microsoft documents the service tags of its own registry (Container Apps, "Securing a virtual network with security groups"). */
function needsOf(registry: string): Need[] {
  if (isAzureRegistry(registry))
    return [{ for: 'perhaps', destination: { kind: 'service', tag: 'AzureContainerRegistry', region: undefined } }];
  if (registry !== microsoftRegistry)
    return [{ for: 'registry', destination: { kind: 'host', known: isPublicRegistry(registry) } }];
  return ['MicrosoftContainerRegistry', 'AzureFrontDoor.FirstParty'].map((tag) => ({
    for: 'registry',
    destination: { kind: 'service', tag, region: undefined },
  }));
}

function doubtOfNames(fact: Fact<VnetFacts> | undefined): NetworkVerdict | undefined {
  const vnet = valueOf(fact);
  if (vnet === undefined) return { answer: 'cannot-tell', why: 'vnet-unreadable', detail: {} };
  const servers = ownServers(vnet);
  return servers.length === 0
    ? undefined
    : { answer: 'cannot-tell', why: 'custom-dns', detail: { vnet: vnet.id, servers: servers.join(', ') } };
}

/** An appliance that all traffic goes through is suspected where nothing else explains the failure. */
export function orSuspectedAppliance(said: Verdict, network: NetworkVerdict): Verdict {
  const routed = network.answer === 'cannot-tell' && network.why === 'routed-to-appliance';
  return routed && said.sure === 'unexplained' ? { causes: ['egress-blocked'], sure: 'suspected' } : said;
}
