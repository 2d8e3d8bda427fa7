// From evidence to cause. The text of the logs is a hypothesis; the control plane decides, and says when it cannot.
// The room diagnosis/ holds from evidence to cause: roles, denials, credentials, the network, and whether the app has
// recovered. Not here: what to do about a cause.

import type { DeclaredIdentity } from '../evidence/evidence.ts';
import { declaredIdentity, registryOf, repositoryOf } from '../evidence/evidence.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import { valueOf } from '../words/fact.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import { kindOf } from '../workloads/workloads.ts';
import { pullAccess } from './access.ts';
import { cacheFindings } from './artifact-cache.ts';
import { credentialFindings, entryFindings, verdictOfCredential, verdictWithoutEntry } from './credential-causes.ts';
import { pullDenied } from './denials.ts';
import {
  accessFinding,
  assemble,
  denialFindings,
  elsewhereFindings,
  finding,
  networkFinding,
  otherFindings,
} from './findings.ts';
import { removalOf, verdictOfFacts, verdictOfUnknownRegistry, verdictWithoutPrincipal } from './identity-causes.ts';
import { networkVerdict } from './network.ts';
import { networkOfGroup } from './network-of-group.ts';
import { isOutside, isUnseen, networkOutside, networkUnseen, probesOutside } from './network-outside.ts';
import type { NetworkVerdict } from './network-verdict.ts';
import { orNoPull } from './no-pull.ts';
import { orPolicy } from './policy-refusal.ts';
import { orDoubtedReference, verdictOfReference } from './reference.ts';
import { findingsWithoutEntries, verdictWithoutEntries } from './refused-create.ts';
import { refusedAddress } from './text-claims.ts';
import { asFarAsTold } from './told-of-entry.ts';
import type { DiagnosisInput } from './verdict.ts';
import { confirmed, networkCauses } from './verdict.ts';

/**
 * Names the cause or causes, how sure that is, and what speaks for and against. Two causes at once are both named: a grant while
 * the network blocks would prove nothing.
 */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const reference = verdictOfReference(input);
  if (reference !== undefined) return assemble(input, reference.verdict, networkOf(input), [reference.found]);
  const found = diagnoseByIdentity(input, declaredIdentity(input.target, input.evidence));
  return orPolicy(input, orNoPull(input, orDoubtedReference(input, asFarAsTold(input, found))));
}

function diagnoseByIdentity(input: DiagnosisInput, identity: DeclaredIdentity): Diagnosis {
  const network = networkOf(input);
  const looked = isAzureRegistry(input.target.registry) || probesOutside(input.target, input.evidence).length > 0;
  const seen = looked ? [networkFinding(network)] : [];
  switch (identity.kind) {
    case 'identity':
      return diagnoseIdentity(input, identity);
    case 'not-assigned':
      return assemble(input, confirmed('identity-not-assigned', ...networkCauses(network)), network, [
        finding('identity-not-assigned', { identity: identity.name }),
        ...seen,
      ]);
    case 'no-principal': {
      const gone = isGone(input, identity);
      const verdict = gone ? confirmed('identity-gone', ...networkCauses(network)) : verdictWithoutPrincipal(input);
      const code = verdict.causes[0] === 'identity-gone' ? 'identity-gone' : 'identity-cannot-tell';
      return assemble(input, verdict, network, [finding(code, { identity: identity.name }), ...seen]);
    }
    case 'credential':
      return assemble(input, verdictOfCredential(input, network), network, [
        ...credentialFindings(input),
        ...cacheFindings(input),
        ...seen,
        ...otherFindings(input, undefined),
      ]);
    case 'not-configured':
      return assemble(input, verdictWithoutEntry(input, network), network, [...entryFindings(input), ...seen]);
    case 'cannot-tell':
      return assemble(input, verdictWithoutEntries(input, network), network, [
        finding('identity-cannot-tell'),
        ...seen,
        ...findingsWithoutEntries(input),
      ]);
  }
}

/** The app pulls with an identity that exists by its own account: role, denials, network and image decide. */
function diagnoseIdentity(input: DiagnosisInput, identity: DeclaredIdentity & { kind: 'identity' }): Diagnosis {
  const registry = registryOf(input.evidence);
  const network = networkOf(input);
  if (registry === undefined) {
    const facts = [
      finding(input.evidence.registry?.read ? 'registry-not-found' : 'role-cannot-tell', {
        host: input.target.registry,
      }),
    ];
    return assemble(input, verdictOfUnknownRegistry(input), network, facts);
  }
  const { roles, denials } = input.evidence;
  const access = pullAccess(roles, registry, identity.principalId, repositoryOf(input.target));
  const denied = pullDenied(denials, roles, registry, identity.principalId);
  const removal = removalOf(input.evidence, registry, identity.principalId);
  const facts = [
    finding('identity-declared', { identity: identity.name }),
    accessFinding(access, identity.name),
    ...elsewhereFindings(input, access),
    ...(denials === undefined ? [] : denialFindings(denied)),
    networkFinding(network),
    ...cacheFindings(input),
    ...otherFindings(input, removal),
  ];
  if (!registry.armAudience) facts.push(finding('arm-audience-disabled'));
  const gone = isGone(input, identity);
  if (gone) facts.push(finding('identity-gone', { identity: identity.name }));
  const takenAway = removal !== undefined ? 'removal-named' : input.pulledBefore ? 'pulled-before' : undefined;
  const verdict = verdictOfFacts(input, {
    access,
    denied,
    gone,
    audience: registry.armAudience,
    network,
    ...(takenAway === undefined ? {} : { takenAway }),
  });
  return assemble(input, verdict, network, facts);
}

function networkOf(input: DiagnosisInput): NetworkVerdict {
  if (isOutside(input.target)) return networkOutside(input.target, input.evidence);
  if (isUnseen(input.target, input.evidence)) return networkUnseen(input.target, input.evidence);
  const refusedIp = refusedAddress(input.suspicions);
  switch (kindOf(input.target.appId).pullsFrom) {
    case 'its-network':
      return networkVerdict(input.evidence, refusedIp);
    case 'platform':
      return networkOfGroup(input.target, input.evidence, refusedIp);
  }
}

/** The resource is not there, or the directory knows no such principal and nothing says that the resource is there. */
function isGone({ evidence, unknownPrincipal }: DiagnosisInput, identity: DeclaredIdentity): boolean {
  const resource = valueOf(evidence.identity);
  if (resource !== undefined) return resource === 'gone';
  return identity.kind === 'identity' && identity.principalId === unknownPrincipal;
}
