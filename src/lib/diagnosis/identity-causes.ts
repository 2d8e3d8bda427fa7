// Causes that the control plane proves or suspects where the app pulls with an identity.

import type { Cause } from '../causes/causes.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { RegistryFacts } from '../evidence/registry-facts.ts';
import type { RoleRemoval } from '../evidence/role-facts.ts';
import type { PrincipalId } from '../words/arm-id.ts';
import { isAtOrAbove } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import type { Access } from './access.ts';
import { verdictOfCache } from './artifact-cache.ts';
import type { Denied } from './denials.ts';
import type { NetworkDoubt, NetworkVerdict } from './network-verdict.ts';
import { verdictOfOldToken } from './old-tokens.ts';
import { isRefused, verdictOfText } from './text-claims.ts';
import type { DiagnosisInput, Verdict } from './verdict.ts';
import { confirmed, imageCauses, networkCauses } from './verdict.ts';
import { verdictOfYoungRole } from './young-role.ts';

/**
 * Names every proved cause. A role does not help an identity whose tokens the registry refuses, that cannot reach the registry, or whose
 * image does not exist.
 */
export function verdictOfFacts(
  input: DiagnosisInput,
  { access, denied, gone, audience, network, takenAway }: Facts,
): Verdict {
  const found: Cause[] = [
    ...(gone ? (['identity-gone'] as const) : rightsCauses(access, denied, takenAway)),
    ...(audience ? [] : (['arm-audience-disabled'] as const)),
    ...networkCauses(network),
    ...imageCauses(input),
  ];
  if (found.length > 0) return confirmed(...found);
  if (access.answer !== 'can') return verdictOfText(input);
  const otherwise = (): Verdict =>
    verdictOfCache(input, 'any-refusal') ?? whenOld(input, access, network) ?? verdictOfDoubt(input, access, network);
  return verdictOfCache(input, 'text-that-names-it') ?? verdictOfYoungRole(input, access, otherwise) ?? otherwise();
}

/** What the control plane says about the declared identity and the way to the registry. */
interface Facts {
  readonly access: Access;
  readonly denied: Denied;
  readonly gone: boolean;
  /** Whether the registry takes tokens for ARM, which Container Apps pulls with. */
  readonly audience: boolean;
  readonly network: NetworkVerdict;
  /** How it is known that the role was there: a removal names the identity, or it pulled before. */
  readonly takenAway?: 'removal-named' | 'pulled-before';
}

type CanPull = Access & { answer: 'can' };

/** Causes in the rights of the identity. A denial comes first, because a role does not help against it. */
function rightsCauses(access: Access, denied: Denied, takenAway: Facts['takenAway']): Cause[] {
  const lacking = access.answer === 'cannot' ? [roleCause(access, takenAway)] : [];
  return denied.answer === 'yes' ? ['deny-assignment', ...lacking] : lacking;
}

function roleCause(access: Access & { answer: 'cannot' }, takenAway: Facts['takenAway']): Cause {
  if (access.excluded !== undefined) return 'repository-condition';
  // An AcrPull that is left over does not explain a removal: the role that worked was another one.
  if (takenAway === 'removal-named') return 'pull-role-removed';
  if (access.unusedAcrPull) return 'registry-became-abac';
  return takenAway !== undefined ? 'pull-role-removed' : 'pull-role-missing';
}

/** A removal that names this identity, on this registry or above it. */
export function removalOf(
  evidence: Evidence,
  registry: RegistryFacts,
  principalId: PrincipalId,
): RoleRemoval | undefined {
  return valueOf(evidence.removals)?.findLast(
    (removal) => removal.principalId === principalId && isAtOrAbove(removal.scope, registry.id),
  );
}

/**
 * If nothing else is wrong, the suspicion falls on what the control plane cannot see. A text that names a cause beats the suspicion of an
 * appliance. Only a text that names another cause beats the suspicion of a role of a group.
 */
function verdictOfDoubt(input: DiagnosisInput, access: CanPull, network: NetworkVerdict): Verdict {
  const said = whenOfGroup(input, access) ?? verdictOfText(input);
  const doubted = network.answer === 'cannot-tell' ? causeOfDoubt[network.why] : undefined;
  if (doubted === undefined || (doubted === 'egress-blocked' && said.sure !== 'unexplained')) return said;
  return { causes: [doubted], sure: 'suspected' };
}

/** When the identity joined a group cannot be read: an old role of a group is suspected of what a missing one looks like. */
function whenOfGroup(input: DiagnosisInput, { group }: CanPull): Verdict | undefined {
  return group !== undefined && isRefused(input)
    ? { causes: ['pull-role-propagating'], sure: 'suspected', roleOfGroup: true }
    : undefined;
}

/** An old token. A role of a group is remembered for longer, and is suspected first. */
function whenOld(input: DiagnosisInput, { group, since }: CanPull, network: NetworkVerdict): Verdict | undefined {
  return group === undefined ? verdictOfOldToken(input, network, since) : undefined;
}

const causeOfDoubt: Readonly<Partial<Record<NetworkDoubt, Cause>>> = {
  'custom-dns': 'custom-dns',
  'routed-to-appliance': 'egress-blocked',
};

/**
 * A registry that no readable subscription has: it does not exist, or it is another tenant's, where our identities cannot pull.
 * If the text names a cause, that cause stands.
 */
export function verdictOfUnknownRegistry(input: DiagnosisInput): Verdict {
  const said = verdictOfText(input);
  const notFound = valueOf(input.evidence.registry) === 'not-found';
  return notFound && said.sure === 'unexplained' ? { causes: ['name-wrong'], sure: 'suspected' } : said;
}

/** The app lists the identity without a principal: it is gone, unless it can be read and is there. */
export function verdictWithoutPrincipal(input: DiagnosisInput): Verdict {
  return input.evidence.identity?.read ? verdictOfText(input) : { causes: ['identity-gone'], sure: 'suspected' };
}
