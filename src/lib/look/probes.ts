// Chooses the facts to ask for next: the cheapest first, and only facts that can change the diagnosis.

import { accessOf } from '../diagnosis/access.ts';
import { cacheRuleFor } from '../diagnosis/artifact-cache.ts';
import { credentialFaults, isBroken, signsInAs } from '../diagnosis/credentials.ts';
import { entriesToRead, networkOfEntries, otherEntries } from '../diagnosis/entries.ts';
import { networkProbes } from '../diagnosis/network.ts';
import { probesOutside } from '../diagnosis/network-outside.ts';
import { claimOfRow } from '../diagnosis/read-row.ts';
import { rowsOfTarget } from '../diagnosis/text-claims.ts';
import { vaultReference } from '../diagnosis/vault-reference.ts';
import type { Evidence, Probe } from '../evidence/evidence.ts';
import {
  appOf,
  declaredIdentity,
  declaredResource,
  outboundVnet,
  registryOf,
  repositoryOf,
} from '../evidence/evidence.ts';
import { isNeverCreated } from '../evidence/over.ts';
import { revisionsToRead } from '../evidence/serving.ts';
import { valueOf } from '../words/fact.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';

/** The probes to ask next, given the known facts. Empty if no further fact can change the diagnosis. */
export function nextProbes(target: Target, evidence: Evidence): Probe[] {
  if (evidence.app === undefined) return ['app', 'revisions'];
  const app = appOf(evidence);
  if (app === undefined) return [];
  const wanted: Probe[] = ['replicas', 'environment'];
  // The app says itself why its write failed, except where its answer has no such text.
  if (app.provisioningState === 'Failed' && app.writeError === undefined) wanted.push('writes');
  if (evidence.environment !== undefined) wanted.push('logs');
  // Which registry is to be asked about, a text may tell.
  if (evidence.logs === undefined && otherEntries(target, app).length > 0)
    return wanted.filter((probe) => evidence[probe] === undefined);
  // A rejected write that names no registry can mean that of any entry: what is read of each tells which registry is to be asked about.
  if (evidence.entries === undefined && entriesToRead(target, evidence).length > 0)
    return [...wanted, 'entries' as const].filter((probe) => evidence[probe] === undefined);
  // The rules of the network may stop the way to the registry of one entry and not of another.
  const around = evidence.registry === undefined ? networkOfEntries(target, evidence) : [];
  if (around.length > 0) return [...wanted, ...around].filter((probe) => evidence[probe] === undefined);
  if (isAzureRegistry(target.registry)) wanted.push('registry');
  if (registryOf(evidence) !== undefined && declaredIdentity(target, evidence).kind === 'identity')
    wanted.push('roles');
  wanted.push(...roleProbes(target, evidence), ...credentialProbes(target, evidence), ...nearProbes(target, evidence));
  if (isNeverCreated(evidence) && registryOf(evidence) !== undefined) wanted.push(...imageProbes(target, evidence));
  wanted.push(...networkProbes(evidence), ...probesOutside(target, evidence), ...nameProbes(target, evidence));
  wanted.push(...changeProbes(target, evidence));
  return wanted.filter((probe) => evidence[probe] === undefined);
}

/** A text says that a name did not resolve: which servers the VNet names, and whether the subnet reaches them. */
function nameProbes(target: Target, evidence: Evidence): Probe[] {
  const vnet = outboundVnet(evidence);
  const said = vnet !== undefined && rowsOfTarget(target, evidence).some((row) => claimOfRow(row).label === 'dns');
  return said ? ['vnet', 'subnet'] : [];
}

/** No registry has this host: the roles of the identity tell whether a registry with a near name was meant. */
function nearProbes(target: Target, evidence: Evidence): Probe[] {
  const unknown = valueOf(evidence.registry) === 'not-found';
  return unknown && declaredIdentity(target, evidence).kind === 'identity' ? ['elsewhere'] : [];
}

/**
 * Probes about the pull role. Who removed the role, and which identity has it instead, matter only if the role is missing. If the role is
 * there, the image comes first, because a missing image explains everything. The identity is asked for too: a deleted identity leaves its
 * roles and its entry on the app behind.
 */
function roleProbes(target: Target, evidence: Evidence): Probe[] {
  const declared = declaredIdentity(target, evidence);
  if (declared.kind === 'no-principal') return ['identity'];
  const access = accessOf(target, evidence);
  if (access === undefined) return [];
  const identity: Probe[] = declaredResource(declared) === undefined ? [] : ['identity'];
  if (access.answer === 'cannot') {
    // The list of what else can use the identity may tell that it exists: then it is not asked for again.
    const existence = evidence.holders === undefined ? [] : identity;
    return ['removals', ...elsewhereProbes(target, evidence), 'denials', 'holders', ...existence];
  }
  const image = imageProbes(target, evidence);
  if (image.length > 0) return image;
  if (valueOf(evidence.manifest)?.state === 'missing') return [];
  // A role through a group can take a day to work, so the incident offers a direct grant: its guards need these facts.
  const offered = access.answer === 'can' && access.group !== undefined;
  return offered ? ['denials', 'holders', ...identity] : ['denials', ...identity];
}

/**
 * Who holds the role instead. An identity that has another role here did not get its role on the wrong registry by mistake. No guard rests
 * on the answer, which only helps a person: a look that has no room leaves it out, and so does one that asks who changed the registry.
 */
function elsewhereProbes(target: Target, evidence: Evidence): Probe[] {
  const hasRoom = !readsSecondRevision(target, evidence) && changeProbes(target, evidence).length === 0;
  return valueOf(evidence.roles)?.length === 0 && hasRoom ? ['elsewhere'] : [];
}

/** The replicas of a second revision take the last request that a look has for what no guard rests on, where a role is missing. */
function readsSecondRevision(target: Target, evidence: Evidence): boolean {
  return (revisionsToRead(target, evidence) ?? []).length > 1;
}

/**
 * Probes about a user name and password. If the name may be that of a token, ARM says whether the token is enabled and when its passwords
 * expire. If no fact shows that the credential cannot work, the image is asked for, because it may be missing.
 */
function credentialProbes(target: Target, evidence: Evidence): Probe[] {
  // A vault holds passwords for registries of any kind.
  if (evidence.vault === undefined && vaultReference(target, evidence)?.reader.kind === 'principal') return ['vault'];
  const who = signsInAs(target, evidence);
  if (registryOf(evidence) === undefined || who === undefined) return [];
  if (who.as === 'token' && evidence.token === undefined) return ['token'];
  return isBroken(target, evidence) ? [] : imageProbes(target, evidence);
}

/**
 * The probe of the image, after the cache rules. A registry that is asked for an image of a cached repository fetches it and stores a copy
 * (azure/acr#862), and a look changes nothing: such an image is not asked for, and neither is any if the rules cannot be read.
 */
function imageProbes(target: Target, evidence: Evidence): Probe[] {
  // Of another registry than that of the image no image is pulled.
  if (evidence.manifest !== undefined || repositoryOf(target) === '') return [];
  if (evidence.cache === undefined) return ['cache'];
  return evidence.cache.read && cacheRuleFor(target, evidence) === undefined ? ['manifest'] : [];
}

/**
 * If the registry is more closed than a new one, a person may have closed it, which may have started the trouble: asks for changes. No
 * guard rests on the answer: a look without room leaves it out, unless it is known by then that the role is not what is missing.
 */
function changeProbes(target: Target, evidence: Evidence): Probe[] {
  const registry = registryOf(evidence);
  if (registry === undefined) return [];
  const mayLackRole =
    declaredIdentity(target, evidence).kind === 'identity' && accessOf(target, evidence)?.answer !== 'can';
  if (mayLackRole && readsSecondRevision(target, evidence)) return [];
  const closed = registry.publicAccess !== 'open' || registry.defaultAction === 'deny';
  const restricted = closed || !registry.armAudience || registry.roleMode === 'abac';
  const shut = credentialFaults(target, evidence).some(({ fault }) => fault === 'admin-user-disabled');
  return restricted || shut ? ['changes'] : [];
}
