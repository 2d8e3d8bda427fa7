// What an answer is about, as names beside ids: the app and where it is, the image, the grant.

import type { Asked } from '../history/asked.ts';
import type { Grant } from '../history/grant.ts';
import { pullsAsOf } from '../history/pulls-as.ts';
import type { Remediation } from '../history/state.ts';
import { roleName } from '../runbooks/roles.ts';
import { type ArmId, nameOf, resourceGroupOf, subscriptionOf } from '../words/arm-id.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { sayFor } from '../workloads/sentences.ts';

export interface SubjectFact {
  readonly name: string;
  readonly value: string;
}

/** The app of a remediation: its name, where it is, its last revision and its image. */
export function factsOf({ target, revisions }: Pick<Remediation, 'target' | 'revisions'>): readonly SubjectFact[] {
  const revision = revisions.at(-1);
  return [
    { name: sayFor(target.appId, 'App'), value: placed(target.appId) },
    ...(revision === undefined ? [] : [{ name: sayFor(target.appId, 'Revision'), value: revision }]),
    { name: 'Image', value: withoutUserinfo(target.image) },
  ];
}

/** What a question is about. */
export function factsOfAsked(about: Asked, remediation: Pick<Remediation, 'look'>): readonly SubjectFact[] {
  if ('grant' in about) return factsOfGrant(about.grant, remediation);
  if ('restart' in about) return [{ name: 'Restart', value: about.restart }];
  return [{ name: 'New revision', value: `of the template ${about.newRevision}` }];
}

/** Role, identity by its name where a look could tell it, registry, and the repository where the grant is limited to one. */
export function factsOfGrant(
  { registryId, principalId, roleId, repository }: Grant,
  remediation: Pick<Remediation, 'look'>,
): readonly SubjectFact[] {
  const { pullsAs } = pullsAsOf(remediation);
  const name = pullsAs?.principalId === principalId ? `${pullsAs.name} (principal ${principalId})` : principalId;
  return [
    { name: 'Role', value: roleName(roleId) },
    { name: 'To the identity', value: name },
    { name: 'On the registry', value: placed(registryId) },
    ...(repository === undefined ? [] : [{ name: 'For the repository', value: repository }]),
  ];
}

/** The name of a resource and where it is: names repeat in other groups and subscriptions. */
function placed(id: ArmId): string {
  return `${nameOf(id)} in the resource group ${resourceGroupOf(id)}, subscription ${subscriptionOf(id)}`;
}

/** The text with the name of the identity that pulls in place of its principal id, which the facts show beside the name. */
export function namingIdentity(text: string, remediation: Pick<Remediation, 'look'>): string {
  const { pullsAs } = pullsAsOf(remediation);
  return pullsAs === undefined ? text : text.replaceAll(pullsAs.principalId, pullsAs.name);
}

/** The name of a role assignment, a GUID, stands for the assignment in addresses: the id of the app's registry is shown beside it. */
export function assignmentVersion(assignment: string): string {
  return assignment.slice(assignment.lastIndexOf('/') + 1);
}
