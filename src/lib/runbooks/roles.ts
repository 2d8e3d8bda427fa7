// Runbooks for pull roles: one that is missing, not in effect yet, taken away, or of the wrong kind.
import { acrPullRole, pullRoleFor, repositoryCondition, repositoryReaderRole } from '../diagnosis/access.ts';
import type { RoleHolder } from '../diagnosis/elsewhere.ts';
import { roleElsewhere } from '../diagnosis/elsewhere.ts';
import { declaredIdentity, isWriteRejected, registryOf } from '../evidence/evidence.ts';
import type { RegistryFacts } from '../evidence/registry-facts.ts';
import type { Grant } from '../history/grant.ts';
import { nameOf, resourceGroupOf } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { nextTry } from './answer.ts';
import type { Command, Runbook, RunbookInput, RunbookText } from './runbook.ts';
import { bicepString, onlyReads, shellWord, verifyPull } from './runbook.ts';

/** The declared identity holds no role that lets it pull. */
export function pullRoleMissing(input: RunbookInput): RunbookText {
  return grantRole(input, {
    title: `${input.target.appName} may not pull from ${input.target.registry}`,
    advice: `The identity that the app declares for this registry holds no role that lets it pull. ${whenGranted(input)}${heldElsewhere(input)}`,
  });
}

/** The role is assigned, and Azure still answers as before. A role of a group takes the longest. */
export function pullRolePropagating(input: RunbookInput): RunbookText {
  return grantRole(input, {
    title: `The pull role of ${input.target.appName} on ${input.target.registry} does not work yet`,
    advice: input.diagnosis.roleOfGroup
      ? 'The identity holds the role through a group. Azure remembers the old answer of a managed identity for up to a day, and no command makes that shorter: wait, or assign the role to the identity itself, which works within minutes. Keep the group’s assignment; the direct one can go when a day is over.'
      : 'The role is assigned, but the pull still fails after the usual time. Azure may remember the old answer for up to a day; a new revision asks again.',
  });
}

/** The role was there and was taken away. */
export function pullRoleRemoved(input: RunbookInput): RunbookText {
  return grantRole(input, {
    title: `The pull role of ${input.target.appName} on ${input.target.registry} was taken away`,
    advice: `${removedBy(input)} Find out why before you grant it again.${isWriteRejected(input.target, input.evidence) ? ` ${nextTry(input)}` : ''}`,
  });
}

/** The registry counts repository roles only. */
export function registryBecameAbac(input: RunbookInput): RunbookText {
  return grantRole(input, {
    title: `${input.target.registry} moved to repository permissions`,
    advice: 'Such a registry ignores AcrPull. Grant Container Registry Repository Reader for the repository.',
  });
}

/** The name that people know a pull role by. */
export function roleName(roleId: string): string {
  return roleNames[roleId] ?? roleId;
}

/** The name of the role that lets an identity pull from this registry; AcrPull where its role mode could not be read. */
export function pullRoleName(registry: RegistryFacts): string {
  return roleName(pullRoleFor(registry) ?? acrPullRole);
}

/** The command that assigns a role to a principal; each of the three is one word of a shell. */
export function assignRole(principal: string, role: string, scope: string): string {
  return `az role assignment create --assignee-object-id ${principal} --assignee-principal-type ServicePrincipal --role ${role} --scope ${scope}`;
}

const roleNames: Readonly<Record<string, string>> = {
  [acrPullRole]: 'AcrPull',
  [repositoryReaderRole]: 'Container Registry Repository Reader',
};

function grantRole(input: RunbookInput, { title, advice }: Pick<Runbook, 'title' | 'advice'>): RunbookText {
  const { grant } = input;
  const commands = grant === undefined ? [readRoles(input)] : [grantByCli(grant), grantByBicep(grant)];
  return { title, advice, commands, verify: verifyPull(input), undo: undoGrant(grant) };
}

/** Without a grant to propose, the first thing to see is which roles there are. */
function readRoles(input: RunbookInput): Command {
  const scope = registryScope(input);
  return {
    title: 'List who may do what on the registry',
    language: 'az',
    text: `az role assignment list --scope ${scope} --include-inherited --output table`,
  };
}

function registryScope({ evidence }: RunbookInput): string {
  const registry = registryOf(evidence);
  return registry === undefined ? 'REGISTRY_ID' : shellWord(registry.id);
}

function grantByCli(grant: Grant): Command {
  const text = `az role assignment create --assignee-object-id ${shellWord(grant.principalId)} --assignee-principal-type ServicePrincipal \\\n  --role ${shellWord(roleName(grant.roleId))} --scope ${shellWord(grant.registryId)}${conditionArguments(grant)}`;
  return { title: `Grant ${roleName(grant.roleId)}`, language: 'az', text };
}

function grantByBicep(grant: Grant): Command {
  const condition =
    grant.repository === undefined
      ? ''
      : `\n    condition: ${bicepString(repositoryCondition(grant.repository))}\n    conditionVersion: '2.0'`;
  const text = `resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: ${bicepString(nameOf(grant.registryId))}
}
resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, ${bicepString(grant.principalId)}, ${bicepString(grant.roleId)})
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ${bicepString(grant.roleId)})
    principalId: ${bicepString(grant.principalId)}
    principalType: 'ServicePrincipal'${condition}
  }
}`;
  return {
    title: `Grant ${roleName(grant.roleId)} (deploy to ${resourceGroupOf(grant.registryId)})`,
    language: 'bicep',
    text,
  };
}

function conditionArguments(grant: Grant): string {
  return grant.repository === undefined
    ? ''
    : ` \\\n  --condition ${shellWord(repositoryCondition(grant.repository))} --condition-version 2.0`;
}

function undoGrant(grant: Grant | undefined): string {
  if (grant === undefined) return onlyReads;
  return `az role assignment delete --assignee ${shellWord(grant.principalId)} --role ${shellWord(roleName(grant.roleId))} --scope ${shellWord(grant.registryId)}`;
}

/** Says who removed the role, as far as the Activity Log tells. */
function removedBy({ evidence, target }: RunbookInput): string {
  const identity = declaredIdentity(target, evidence);
  const removals = valueOf(evidence.removals);
  const removal = removals?.findLast((one) => identity.kind === 'identity' && one.principalId === identity.principalId);
  if (removal !== undefined) return `The role was removed by ${removal.by}, says the Activity Log.`;
  const who = removals === undefined ? 'the Activity Log could not be read' : 'the Activity Log does not say by whom';
  return `This app pulled from the registry before and its role is gone; ${who}.`;
}

/** With another cause beside it, the role alone pulls nothing. */
function whenGranted(input: RunbookInput): string {
  if (input.diagnosis.causes.length > 1) return 'Grant it; the pull works once the other cause is put right too.';
  return isWriteRejected(input.target, input.evidence)
    ? `Grant it. ${nextTry(input)}`
    : 'Grant it; the next try of the platform pulls the image.';
}

/** Says which principal holds the role instead, so that people can correct the mistake at its place. */
function heldElsewhere({ target, evidence }: RunbookInput): string {
  const found = roleElsewhere(target, evidence);
  if (found === undefined) return '';
  return ` ${roleName(found.roleId)} is held by ${holders[found.holder]}: ${found.principalId} on ${found.scope}. If that was meant for this one, take it away there.`;
}

const holders: Readonly<Record<RoleHolder, string>> = {
  'client-id': 'the client id of the identity (a role needs its object id, which is called principal id)',
  'another-identity': 'another identity of the app',
  'environment-identity': 'the identity of the environment, which the app does not pull with',
  'the-identity-itself': 'the same identity, on another registry',
};
