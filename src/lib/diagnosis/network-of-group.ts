// Whether a registry lets a container group in. The platform pulls for a group, from addresses of its own, so what decides is whether the
// registry lets trusted services of Azure pass, and whether an identity pulls: an IP rule is no way in that lasts.

import type { Evidence } from '../evidence/evidence.ts';
import { declaredIdentity, registryOf } from '../evidence/evidence.ts';
import type { RegistryFacts } from '../evidence/registry-facts.ts';
import type { Target } from '../words/target.ts';
import type { NetworkDoubt, NetworkVerdict } from './network-verdict.ts';

/**
 * The network's answer for a container group. Source: documentation "Allow trusted services to securely access a network-restricted
 * container registry", which names Container Instances, and asks for a managed identity. `refusedIp`: the address that a text says the registry
 * refused.
 */
export function networkOfGroup(target: Target, evidence: Evidence, refusedIp?: string): NetworkVerdict {
  const registry = registryOf(evidence);
  if (registry === undefined) return doubt('registry-unreadable');
  if (registry.publicAccess === 'perimeter') return doubt('network-perimeter');
  if (registry.publicAccess === 'unknown') return doubt('public-access-unknown');
  if (registry.publicAccess === 'open' && registry.defaultAction === 'allow')
    return { answer: 'allows', why: 'public' };
  return judgeRestricted(target, evidence, registry, refusedIp);
}

function judgeRestricted(
  target: Target,
  evidence: Evidence,
  registry: RegistryFacts,
  refusedIp: string | undefined,
): NetworkVerdict {
  const passes = hasTrustedWay(target, evidence, registry);
  if (passes === 'trusted-services-unknown' || passes === 'pull-identity-unknown') return doubt(passes);
  if (passes === 'passes') return { answer: 'allows', why: 'trusted-service' };
  // No rule for an address is asked about: the platform has another one each time.
  return {
    answer: 'blocks',
    cause: 'registry-firewall',
    detail: { needs: passes, ...(refusedIp === undefined ? {} : { ip: refusedIp }) },
  };
}

/** What is missing before the group passes as a trusted service. */
type TrustedWay = 'passes' | 'trusted-services' | 'identity' | 'trusted-services-unknown' | 'pull-identity-unknown';

function hasTrustedWay(target: Target, evidence: Evidence, { trustedServices }: RegistryFacts): TrustedWay {
  if (trustedServices === false) return 'trusted-services';
  const { kind } = declaredIdentity(target, evidence);
  if (trustedServices === undefined) return 'trusted-services-unknown';
  if (kind === 'cannot-tell') return 'pull-identity-unknown';
  // An identity that is missing or has no principal is a cause of its own, and the way is open for one that works.
  return kind === 'credential' || kind === 'not-configured' ? 'identity' : 'passes';
}

function doubt(why: NetworkDoubt): NetworkVerdict {
  return { answer: 'cannot-tell', why, detail: {} };
}
