// Runbooks for who may pull: roles and identities.

import type { Cause } from '../causes/causes.ts';
import { acrPullRole, repositoryCondition, repositoryReaderRole } from '../diagnosis/access.ts';
import type { Holder } from '../diagnosis/elsewhere.ts';
import { roleElsewhere } from '../diagnosis/elsewhere.ts';
import { appOf, declaredIdentity, registryOf } from '../evidence/evidence.ts';

import type { Grant } from '../history/grant.ts';
import { nameOf, resourceGroupOf } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { credentialRunbook, noEntryRunbook } from './credentials.ts';
import { appCommand, appRunbook, declare } from './entries.ts';
import type { Command, Runbook, RunbookInput } from './runbook.ts';
import { bicepString, optionsFor, placeOf, registryOptions, shellWord, verifyPull, wordOr } from './runbook.ts';

const roleNames: Readonly<Record<string, string>> = {
  [acrPullRole]: 'AcrPull',
  [repositoryReaderRole]: 'Container Registry Repository Reader',
};

/** The name that people know a pull role by. */
export function roleName(roleId: string): string {
  return roleNames[roleId] ?? roleId;
}

function conditionArguments(grant: Grant): string {
  return grant.repository === undefined
    ? ''
    : ` \\\n  --condition ${shellWord(repositoryCondition(grant.repository))} --condition-version 2.0`;
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

function undoGrant(grant: Grant | undefined): string {
  if (grant === undefined) return 'Nothing was changed.';
  return `az role assignment delete --assignee ${shellWord(grant.principalId)} --role ${shellWord(roleName(grant.roleId))} --scope ${shellWord(grant.registryId)}`;
}

function grantRunbook(input: RunbookInput, title: string, advice: string): Runbook {
  const { grant } = input;
  const commands = grant === undefined ? [readRoles(input)] : [grantByCli(grant), grantByBicep(grant)];
  return { title, owner: 'registry owner', advice, commands, verify: verifyPull(input), undo: undoGrant(grant) };
}

/** Without a grant to propose, the first thing to see is which roles there are. */
function readRoles(input: RunbookInput): Command {
  const registry = registryOf(input.evidence);
  const scope = registry === undefined ? 'REGISTRY_ID' : shellWord(registry.id);
  return {
    title: 'List who may do what on the registry',
    language: 'az',
    text: `az role assignment list --scope ${scope} --include-inherited --output table`,
  };
}

function assignEnvironmentIdentity(input: RunbookInput): Command {
  const environment = optionsFor(placeOf(appOf(input.evidence)?.environmentId, 'ENVIRONMENT'));
  return {
    title: 'Give the environment an identity',
    language: 'az',
    text: `az containerapp env identity assign --system-assigned ${environment}`,
  };
}

function identityBicep(name: string): Command {
  const held = `\n  userAssignedIdentities: {\n    ${bicepString(name)}: {}\n  }`;
  const own = name === 'system';
  return {
    title: 'Assign the identity',
    language: 'bicep',
    text: `// For identity in the template of the ${name === 'system-environment' ? 'environment' : 'app'}; keep the identities that it has.
var identity = {
  type: '${own || name === 'system-environment' ? 'SystemAssigned' : 'UserAssigned'}'${own || name === 'system-environment' ? '' : held}
}`,
  };
}

function assign(input: RunbookInput, name: string): Command[] {
  if (name === 'system-environment') return [assignEnvironmentIdentity(input), identityBicep(name)];
  const which = name === 'system' ? '--system-assigned' : `--user-assigned ${wordOr(name, 'IDENTITY_ID')}`;
  return [appCommand(input, 'Assign the identity', `az containerapp identity assign ${which}`), identityBicep(name)];
}

function audienceRunbook(input: RunbookInput): Runbook {
  const options = registryOptions(input, '--registry');
  const set = (status: string): string => `az acr config authentication-as-arm update ${options} --status ${status}`;
  const bicep = `// For properties.policies in the template of the registry.
var policies = {
  azureADAuthenticationAsArmPolicy: { status: 'enabled' }
}`;
  return {
    title: `${input.target.registry} refuses tokens with the ARM audience`,
    owner: 'registry owner',
    advice:
      'Container Apps pulls with such tokens. Somebody switched the policy azureADAuthenticationAsArmPolicy off; decide whether it can be on.',
    commands: [
      { title: 'Accept tokens with the ARM audience', language: 'az', text: set('enabled') },
      { title: 'Accept tokens with the ARM audience', language: 'bicep', text: bicep },
    ],
    verify: `az acr config authentication-as-arm show ${options}`,
    undo: set('disabled'),
  };
}

function denyRunbook(input: RunbookInput): Runbook {
  // Without a host: `az rest` then asks the cloud that is signed in to, and nobody else gets a token.
  const scope = registryOf(input.evidence)?.id ?? '/subscriptions/SUBSCRIPTION';
  const url = `${scope}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01`;
  const { denial, scope: at } = input.diagnosis.detail;
  const named = denial === undefined || denial === '' ? '' : ` (this one is called ${denial}${at ? `, at ${at}` : ''})`;
  return {
    title: `A deny assignment forbids ${input.target.appName} to pull from ${input.target.registry}`,
    owner: 'registry owner',
    advice: `Deny assignments win over every role. They come from deployment stacks and managed applications${named}: change them there, a role will not help. No command or Bicep of your own can delete one.`,
    commands: [
      { title: 'List the deny assignments', language: 'az', text: `az rest --method get --url ${shellWord(url)}` },
    ],
    verify: verifyPull(input),
    undo: 'Nothing was changed.',
  };
}

/** Who took the role away, as far as the Activity Log tells. */
function removedBy({ evidence, target }: RunbookInput): string {
  const identity = declaredIdentity(target, evidence);
  const removals = valueOf(evidence.removals);
  const removal = removals?.findLast((one) => identity.kind === 'identity' && one.principalId === identity.principalId);
  if (removal !== undefined) return `The role was removed by ${removal.by}, says the Activity Log.`;
  const who = removals === undefined ? 'the Activity Log could not be read' : 'the Activity Log does not say by whom';
  return `This app pulled from the registry before and its role is gone; ${who}.`;
}

const holders: Readonly<Record<Holder, string>> = {
  'client-id': 'the client id of the identity (a role needs its object id, which is called principal id)',
  'another-identity': 'another identity of the app',
  'environment-identity': 'the identity of the environment, which the app does not pull with',
  'the-identity-itself': 'the same identity, on another registry',
};

/** Who holds the role instead, so that the mistake is put right where it was made. */
function heldElsewhere({ target, evidence }: RunbookInput): string {
  const found = roleElsewhere(target, evidence);
  if (found === undefined) return '';
  return ` ${roleName(found.roleId)} is held by ${holders[found.holder]}: ${found.principalId} on ${found.scope}. If that was meant for this one, take it away there.`;
}

type RoleCause = Extract<
  Cause,
  | 'pull-role-missing'
  | 'pull-role-propagating'
  | 'pull-role-removed'
  | 'registry-became-abac'
  | 'repository-condition'
  | 'deny-assignment'
  | 'identity-gone'
  | 'identity-not-assigned'
  | 'registry-not-configured'
  | 'arm-audience-disabled'
  | 'credential-rejected'
>;

export function roleRunbook(input: RunbookInput, cause: RoleCause): Runbook {
  const { target } = input;
  const identity = declaredIdentity(target, input.evidence);
  const name = 'name' in identity ? identity.name : 'the identity';
  switch (cause) {
    case 'pull-role-missing':
      return grantRunbook(
        input,
        `${target.appName} may not pull from ${target.registry}`,
        `The identity that the app declares for this registry holds no role that lets it pull. Grant it; the next try of the platform pulls the image.${heldElsewhere(input)}`,
      );
    case 'pull-role-propagating':
      return grantRunbook(
        input,
        `The pull role of ${target.appName} on ${target.registry} does not work yet`,
        input.diagnosis.roleOfGroup
          ? 'The identity holds the role through a group. Azure remembers the old answer of a managed identity for up to a day, and nobody can hurry it: wait, or assign the role to the identity itself, which works within minutes. Keep the group’s assignment; the direct one can go when a day is over.'
          : 'The role is assigned, but the pull still fails after the usual time. Azure may remember the old answer for up to a day; a new revision asks again.',
      );
    case 'pull-role-removed':
      return grantRunbook(
        input,
        `The pull role of ${target.appName} on ${target.registry} was taken away`,
        `${removedBy(input)} Find out why before you grant it again.`,
      );
    case 'registry-became-abac':
      return grantRunbook(
        input,
        `${target.registry} moved to repository permissions`,
        'AcrPull counts for nothing on such a registry. Grant Container Registry Repository Reader for the repository.',
      );
    case 'repository-condition':
      return grantRunbook(
        input,
        `The role of ${target.appName} on ${target.registry} leaves this repository out`,
        'The identity has a role that would let it pull, limited by a condition to other repositories. Decide whether this repository belongs to it; the command adds an assignment for this one.',
      );
    case 'deny-assignment':
      return denyRunbook(input);
    case 'identity-gone':
      return appRunbook(
        input,
        `${target.appName} declares an identity that no longer exists`,
        `The registry entry names ${name}; its principal is gone. Assign an identity that exists, name it in the registry entry, and give it the pull role.`,
        declare(input, 'system'),
      );
    case 'identity-not-assigned':
      return appRunbook(
        input,
        `${target.appName} names an identity that it does not have`,
        `The registry entry names ${name}, which is not assigned to ${name === 'system-environment' ? 'the environment' : 'the app'}.`,
        assign(input, name),
      );
    case 'registry-not-configured':
      return noEntryRunbook(input);
    case 'arm-audience-disabled':
      return audienceRunbook(input);
    case 'credential-rejected':
      return credentialRunbook(input);
  }
}
