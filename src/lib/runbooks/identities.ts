// Runbooks for the identity that the app declares: one that no longer exists, one that the app does not have.
import { appOf, declaredIdentity, registryOf } from '../evidence/evidence.ts';
import { kindOf } from '../workloads/workloads.ts';
import { appCommand, appRunbook, declare, showIdentity } from './entries.ts';
import { assignRole, pullRoleName } from './roles.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { bicepString, optionsFor, placeOf, shellWord, wordOr } from './runbook.ts';

/** The registry entry names an identity whose principal is gone. */
export function identityGone(input: RunbookInput): RunbookText {
  const name = declaredName(input);
  const onlyAssigned = kindOf(input.target.appId).pullIdentities === 'user-assigned';
  return appRunbook(input, {
    title: `${input.target.appName} declares an identity that no longer exists`,
    advice: `The registry entry names ${name}; its principal is gone. ${onlyAssigned ? 'Assign a user-assigned identity that exists, name it in the registry entry, and give it the pull role.' : 'The commands give the app an identity of its own, then the pull role to it, and name it in the registry entry last. A user-assigned identity that exists does as well.'}`,
    commands: onlyAssigned
      ? declare(input, 'system')
      : [...grantToOwnIdentity(input), ...declare(input, 'system'), identityBicep('system')],
  });
}

/** The role comes before the entry names the identity, because a pull that is refused is remembered. */
function grantToOwnIdentity(input: RunbookInput): Command[] {
  const registry = registryOf(input.evidence);
  const role = registry === undefined ? 'ROLE' : shellWord(pullRoleName(registry));
  const scope = registry === undefined ? 'REGISTRY_ID' : shellWord(registry.id);
  return [
    {
      title: `Give the app an identity of its own, and that the pull role${registry === undefined ? ' (AcrPull in place of ROLE, unless the registry has repository permissions)' : ''}`,
      language: 'az',
      text: `PRINCIPAL=$(${showIdentity(input, 'system')} --query principalId --output tsv)\n${assignRole('"$PRINCIPAL"', role, scope)}`,
    },
  ];
}

/** The registry entry names an identity that exists, and that the app or the environment does not have. */
export function identityNotAssigned(input: RunbookInput): RunbookText {
  const name = declaredName(input);
  return appRunbook(input, {
    title: `${input.target.appName} names an identity that it does not have`,
    advice:
      kindOf(input.target.appId).pullIdentities === 'user-assigned'
        ? onlyUserAssigned(name)
        : `The registry entry names ${name}, which is not assigned to ${name === 'system-environment' ? 'the environment' : 'the app'}.`,
    commands: assign(input, name),
  });
}

/** Source: Microsoft's troubleshooting page of image pulls by Container Instances. */
function onlyUserAssigned(name: string): string {
  return `The registry entry names ${name}, with which the app cannot pull. Only a user-assigned identity that the app itself has can, and an entry that names one has no user name beside it. Both are set as the app is deployed.`;
}

function declaredName({ target, evidence }: RunbookInput): string {
  const identity = declaredIdentity(target, evidence);
  return 'name' in identity ? identity.name : 'the identity';
}

function assign(input: RunbookInput, name: string): Command[] {
  if (name === 'system-environment') return [assignEnvironmentIdentity(input), identityBicep(name)];
  const which = name === 'system' ? '--system-assigned' : `--user-assigned ${wordOr(name, 'IDENTITY_ID')}`;
  return [appCommand(input, 'Assign the identity', `az containerapp identity assign ${which}`), identityBicep(name)];
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
