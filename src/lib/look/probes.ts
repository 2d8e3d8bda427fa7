// Which facts are worth asking for next: cheapest first, only what can change the answer.

import { accessOf } from '../diagnosis/access.ts';
import { credentialFaults, isBroken, signsInAs } from '../diagnosis/credentials.ts';
import { networkProbes } from '../diagnosis/network.ts';
import type { Evidence, Probe } from '../evidence/evidence.ts';
import { appOf, declaredIdentity, declaredResource, registryOf } from '../evidence/evidence.ts';
import { valueOf } from '../words/fact.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';

/**
 * Who took the role away, and who has one instead, matter only where it is missing. Where it is there, the image is asked for
 * first: one that does not exist explains everything. A deleted identity leaves its roles and its place on the app behind.
 */
function roleProbes(target: Target, evidence: Evidence): Probe[] {
  const declared = declaredIdentity(target, evidence);
  if (declared.kind === 'no-principal') return ['identity'];
  const access = accessOf(target, evidence);
  if (access === undefined) return [];
  const identity: Probe[] = declaredResource(declared) === undefined ? [] : ['identity'];
  if (access.answer === 'cannot') {
    // Whoever has some role here did not get it elsewhere by mistake.
    const elsewhere: Probe[] = valueOf(evidence.roles)?.length === 0 ? ['elsewhere'] : [];
    return ['removals', ...elsewhere, 'denials', 'holders', ...identity];
  }
  if (evidence.manifest === undefined) return ['manifest'];
  if (valueOf(evidence.manifest)?.state === 'missing') return [];
  // A role that a group holds takes a day: a person is offered a direct grant.
  const offered = access.answer === 'can' && access.group !== undefined;
  return offered ? ['denials', 'holders', ...identity] : ['denials', ...identity];
}

/**
 * A user name that may be that of a token: ARM knows whether it is enabled, and when its passwords expire. Where nothing shows that the
 * credential cannot work, the image may be what is missing.
 */
function credentialProbes(target: Target, evidence: Evidence): Probe[] {
  const who = signsInAs(target, evidence);
  if (registryOf(evidence) === undefined || who === undefined) return [];
  if (who.as === 'token' && evidence.token === undefined) return ['token'];
  return isBroken(target, evidence) ? [] : ['manifest'];
}

/** A registry that is not open as it was made may have been changed, and that may be how it began. */
function changeProbes(target: Target, evidence: Evidence): Probe[] {
  const registry = registryOf(evidence);
  if (registry === undefined) return [];
  const closed = registry.publicAccess !== 'open' || registry.defaultAction === 'deny';
  const restricted = closed || !registry.armAudience || registry.roleMode === 'abac';
  const shut = credentialFaults(target, evidence).some(({ fault }) => fault === 'admin-user-disabled');
  return restricted || shut ? ['changes'] : [];
}

/** What to ask next, given what is known. Empty when nothing more can change the diagnosis. */
export function nextProbes(target: Target, evidence: Evidence): Probe[] {
  if (evidence.app === undefined) return ['app', 'revisions'];
  const app = appOf(evidence);
  if (app === undefined) return [];
  const wanted: Probe[] = ['replicas', 'environment'];
  if (app.provisioningState === 'Failed') wanted.push('writes');
  if (evidence.environment !== undefined) wanted.push('logs');
  if (isAzureRegistry(target.registry)) wanted.push('registry');
  if (registryOf(evidence) !== undefined && declaredIdentity(target, evidence).kind === 'identity')
    wanted.push('roles');
  wanted.push(...roleProbes(target, evidence), ...credentialProbes(target, evidence));
  wanted.push(...networkProbes(evidence), ...changeProbes(target, evidence));
  return wanted.filter((probe) => evidence[probe] === undefined);
}
