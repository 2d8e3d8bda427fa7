// Finds the role that the declared identity lacks in the wrong place: on its client id, on another identity, on another registry.

import type { Evidence } from '../evidence/evidence.ts';
import { appOf, declaredIdentity, environmentOf, registryOf } from '../evidence/evidence.ts';
import type { HeldRole } from '../evidence/role-facts.ts';
import type { ArmId, PrincipalId } from '../words/arm-id.ts';
import { isOfType, isWithin, nameOf, parseArmId } from '../words/arm-id.ts';
import { distance } from '../words/distance.ts';
import { valueOf } from '../words/fact.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';
import { acrPullRole, repositoryReaderRole } from './access.ts';

/** The holder of the misplaced role, as the app sees it. */
export type RoleHolder = 'client-id' | 'another-identity' | 'environment-identity' | 'the-identity-itself';

export interface RoleElsewhere {
  readonly holder: RoleHolder;
  /** The identity's resource id, or `system`, or `system-environment`. */
  readonly identity: string;
  readonly principalId: PrincipalId;
  readonly roleId: string;
  readonly scope: ArmId;
}

/** Roles that people assign for pulling. A wider role is held for other reasons and does not show a mistake. */
const pullRoles: readonly string[] = [
  acrPullRole,
  repositoryReaderRole,
  '8311e382-0749-4cb8-b61a-304f252e45ec', // AcrPush
  '2a1e307c-b015-4ebd-883e-5b7698a07328', // Container Registry Repository Writer
  '2efddaa5-3f1f-4df3-97df-af3f13818f4c', // Container Registry Repository Contributor
];

/** The mistakes that people make, the likeliest first. */
const likeliest: Readonly<Record<RoleHolder, number>> = {
  'client-id': 0,
  'another-identity': 1,
  'environment-identity': 2,
  'the-identity-itself': 3,
};

interface Related {
  readonly holder: RoleHolder;
  readonly identity: string;
  readonly principalId: PrincipalId;
}

function present(holder: RoleHolder, identity: string, principalId: PrincipalId | undefined): Related[] {
  return principalId === undefined ? [] : [{ holder, identity, principalId }];
}

/** All principals whose role may have been meant for the declared identity, the likeliest mistake first. */
export function relatedPrincipals(target: Target, evidence: Evidence): readonly Related[] {
  const declared = declaredIdentity(target, evidence);
  const app = appOf(evidence);
  if (declared.kind !== 'identity' || app === undefined) return [];
  const users = app.userIdentities.flatMap(({ id, principalId, clientId }): Related[] => [
    ...present(id === declared.name ? 'client-id' : 'another-identity', id, clientId),
    ...present('another-identity', id, principalId),
  ]);
  const all = [
    ...users,
    ...present('another-identity', 'system', app.systemPrincipalId),
    ...present('environment-identity', 'system-environment', environmentOf(evidence)?.systemPrincipalId),
  ];
  const others = all.filter((one) => one.principalId !== declared.principalId);
  return [
    ...others.sort((a, b) => likeliest[a.holder] - likeliest[b.holder]),
    { holder: 'the-identity-itself', identity: declared.name, principalId: declared.principalId },
  ];
}

/** The scope of a misplaced role: of the declared identity on another registry, or of another principal on this one. */
function counts(held: HeldRole, { holder }: Related, registryId: ArmId): ArmId | undefined {
  const scope = parseArmId(held.scope);
  if (scope === undefined) return undefined;
  const meant =
    holder === 'the-identity-itself'
      ? isOfType(scope, 'microsoft.containerregistry/registries') && scope !== registryId
      : isWithin(registryId, scope);
  return meant ? scope : undefined;
}

/** The role that was probably meant for the declared identity here. A registry of the same name comes before any other. */
export function roleElsewhere(target: Target, evidence: Evidence): RoleElsewhere | undefined {
  const registry = registryOf(evidence);
  const listed = valueOf(evidence.elsewhere);
  if (registry === undefined || listed === undefined) return undefined;
  const found = relatedPrincipals(target, evidence).flatMap((related) =>
    listed.flatMap((held): RoleElsewhere[] => {
      const scope = counts(held, related, registry.id);
      const theirs = held.principalId === related.principalId && pullRoles.includes(held.roleId);
      return theirs && scope !== undefined ? [{ ...related, roleId: held.roleId, scope }] : [];
    }),
  );
  const [first] = found;
  const namesake = found.find(({ scope }) => nameOf(scope) === nameOf(registry.id));
  return first?.holder === 'the-identity-itself' ? (namesake ?? first) : first;
}

/** The most letters that a mistyped name may differ by. */
const mostLetters = 2;

/**
 * The registry that was probably meant, where no registry of the image's host was found: the declared identity holds a pull role on it, and
 * its name differs by one or two letters. `undefined` if there is none, or more than one.
 */
export function nearRegistry(target: Target, evidence: Evidence): ArmId | undefined {
  if (registryByRole(target, evidence) !== undefined) return undefined;
  const near = pullableWithin(target, evidence, mostLetters);
  return near.length === 1 ? near[0] : undefined;
}

/** The registry of exactly this name on which the declared identity holds a pull role, though it was not found: it exists, and cannot be read. */
export function registryByRole(target: Target, evidence: Evidence): ArmId | undefined {
  return pullableWithin(target, evidence, 0)[0];
}

function pullableWithin(target: Target, evidence: Evidence, letters: number): readonly ArmId[] {
  const declared = declaredIdentity(target, evidence);
  if (declared.kind !== 'identity' || valueOf(evidence.registry) !== 'not-found') return [];
  const wanted = target.registry.split('.')[0] ?? '';
  const found = (valueOf(evidence.elsewhere) ?? []).flatMap((held) => {
    const scope = parseArmId(held.scope);
    const pulls = held.principalId === declared.principalId && pullRoles.includes(held.roleId);
    const meant = pulls && scope !== undefined && isOfType(scope, 'microsoft.containerregistry/registries');
    return meant && isAzureRegistry(target.registry) && distance(nameOf(scope), wanted) <= letters ? [scope] : [];
  });
  return [...new Set(found)];
}
