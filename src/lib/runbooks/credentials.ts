// Runbooks for registry entries: a user name and secret that do not work, and an entry that is not there.
import { pullRoleFor, repositoryReaderRole } from '../access.ts';
import { nameOf, resourceGroupOf } from '../arm-id.ts';
import type { CredentialFault } from '../credentials.ts';
import { credentialEntry, credentialFaults, meantEntry, usesAdminUser } from '../credentials.ts';
import { activeRevisions, appOf, isAzureRegistry, registryOf } from '../evidence.ts';
import type { Command, Runbook, RunbookInput } from './runbook.ts';
import { shellWord, verifyPull } from './runbook.ts';

function az(title: string, ...lines: readonly string[]): Command {
  return { title, language: 'az', text: lines.join('\n') };
}

function bicep(title: string, text: string): Command {
  return { title, language: 'bicep', text };
}

function appArguments({ target }: RunbookInput): string {
  return `--name ${shellWord(target.appName)} --resource-group ${shellWord(resourceGroupOf(target.appId))}`;
}

/** A Bicep string, whatever the value holds. */
function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('${', '\\${')}'`;
}

function restart(input: RunbookInput): Command {
  const revision = activeRevisions(input.target, input.evidence)[0]?.name ?? 'REVISION';
  return az(
    'Let a replica pull with it',
    `az containerapp revision restart ${appArguments(input)} --revision ${shellWord(revision)}`,
  );
}

/** The registry's two passwords make it possible to change one while the other still works. */
function renewAdminPassword(input: RunbookInput, secret: string): Command[] {
  const registry = shellWord(nameOf(registryOf(input.evidence)?.id ?? input.target.appId));
  const renew = `az acr credential renew --name ${registry} --password-name`;
  return [
    az(
      'Make a new second password and give it to the app; the first one stays valid',
      `NEW=$(${renew} password2 --query "passwords[?name=='password2'].value | [0]" --output tsv)`,
      `az containerapp secret set ${appArguments(input)} --secrets ${shellWord(secret)}="$NEW"`,
    ),
    restart(input),
    az('Only when the pull works, and nobody else uses it: make the old password worthless', `${renew} password`),
  ];
}

function setSecret(input: RunbookInput, secret: string): Command[] {
  return [
    az(
      'Give the app the new password; do not revoke the old one yet',
      'read -rs NEW',
      `az containerapp secret set ${appArguments(input)} --secrets ${shellWord(secret)}="$NEW"`,
    ),
    restart(input),
  ];
}

function secretByBicep(input: RunbookInput, secret: string, username: string): Command {
  return bicep(
    'The same in the app’s template',
    `@secure()
param registryPassword string

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: ${quoted(input.target.appName)}
  properties: {
    configuration: {
      secrets: [{ name: ${quoted(secret)}, value: registryPassword }]
      registries: [{ server: ${quoted(input.target.registry)}, username: ${quoted(username)}, passwordSecretRef: ${quoted(secret)} }]
    }
    // what else the app has
  }
}`,
  );
}

/** A managed identity has no password that could be forgotten, rotated or leaked. Only Azure registries know it. */
function toIdentity(input: RunbookInput): Command[] {
  const registry = registryOf(input.evidence);
  if (registry === undefined) return [];
  const reader = pullRoleFor(registry) === repositoryReaderRole;
  const role = reader ? 'Container Registry Repository Reader' : 'AcrPull';
  const app = appArguments(input);
  const server = shellWord(input.target.registry);
  return [
    az(
      'Or move to a managed identity, which needs no secret',
      `PRINCIPAL=$(az containerapp identity assign ${app} --system-assigned --query principalId --output tsv)`,
      `az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal \\`,
      `  --role ${shellWord(role)} --scope ${shellWord(registry.id)}`,
      `az containerapp registry set ${app} --server ${server} --identity system`,
    ),
    bicep(
      `The same in Bicep (deploy to ${resourceGroupOf(input.target.appId)}; give the principal ${role} on the registry)`,
      `resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: ${quoted(input.target.appName)}
  identity: { type: 'SystemAssigned' }
  properties: {
    configuration: {
      registries: [{ server: ${quoted(input.target.registry)}, identity: 'system' }]
    }
    // what else the app has
  }
}
output principalId string = app.identity.principalId`,
    ),
  ];
}

function adviceFor(found: CredentialFault | undefined): string {
  switch (found?.fault) {
    case 'secret-missing':
      return `The registry entry names the secret “${found.secret}”, which the app does not have${found.has.length === 0 ? '' : ` (it has ${found.has.join(', ')})`}.`;
    case 'admin-user-disabled':
      return `The app signs in as the admin user ${found.username}, who is disabled: no password works. Move the app to a managed identity; to let the admin user in again opens the registry to everybody who has a password of it.`;
    case 'login-token':
      return 'The user name goes with a token of “az acr login --expose-token”, which is good for three hours: it cannot be kept as a secret.';
    case undefined:
      return 'The app pulls with a user name and a secret. The password may have been rotated, or the token or service principal behind it has expired.';
  }
}

function admitAdmin(input: RunbookInput): Command {
  const registry = nameOf(registryOf(input.evidence)?.id ?? input.target.appId);
  return az(
    'If there is no other way for now: let the admin user in again',
    `az acr update --name ${shellWord(registry)} --admin-enabled true`,
  );
}

export function credentialRunbook(input: RunbookInput): Runbook {
  const { target, evidence } = input;
  const entry = credentialEntry(target, evidence);
  const [found] = credentialFaults(target, evidence);
  const { secret = 'registry-password', username = '' } = entry ?? {};
  const admin = usesAdminUser(target, evidence) && found?.fault !== 'admin-user-disabled';
  const renewed = admin ? renewAdminPassword(input, secret) : setSecret(input, secret);
  const disabled = found?.fault === 'admin-user-disabled';
  const bySecret = disabled
    ? [admitAdmin(input), restart(input)]
    : [...renewed, secretByBicep(input, secret, username)];
  const byIdentity = isAzureRegistry(target.registry) ? toIdentity(input) : [];
  return {
    title: `${target.registry} rejects the credential of ${target.appName}`,
    owner: 'app team',
    advice: `${adviceFor(found)} Keep the previous secret until the new one has pulled the image.`,
    commands: disabled ? [...byIdentity, ...bySecret] : [...bySecret, ...byIdentity],
    verify: verifyPull(input),
    undo: disabled
      ? `az acr update --name ${shellWord(username)} --admin-enabled false`
      : 'Set the previous secret again: its password works until the last step.',
  };
}

export function noEntryRunbook(input: RunbookInput): Runbook {
  const { target, evidence } = input;
  const app = appOf(evidence);
  const meant = app === undefined ? undefined : meantEntry(target, app);
  const servers = app?.registries.map(({ server }) => server) ?? [];
  const has = servers.length === 0 ? 'It has no registry entries at all.' : `It has entries for ${servers.join(', ')}.`;
  const wrong =
    meant === undefined
      ? ''
      : ` The one for ${meant.server} was probably meant for this registry: the server must be the host in the image name, ${target.registry}.`;
  const arguments_ = appArguments(input);
  const set = `az containerapp registry set ${arguments_} --server ${shellWord(target.registry)} --identity ${shellWord(meant?.identity ?? 'system')}`;
  const remove =
    meant === undefined
      ? []
      : [
          az(
            'When it works: remove the wrong entry',
            `az containerapp registry remove ${arguments_} --server ${shellWord(meant.server)}`,
          ),
        ];
  return {
    title: `${target.appName} has no entry for ${target.registry}`,
    owner: 'app team',
    advice: `The image lies in a private registry and the app does not say who pulls from it. ${has}${wrong}`,
    commands: [
      az('Declare the identity', set),
      bicep(
        'The same in the app’s template',
        `registries: [{ server: ${quoted(target.registry)}, identity: ${quoted(meant?.identity ?? 'system')} }]`,
      ),
      ...remove,
    ],
    verify: verifyPull(input),
    undo: `az containerapp registry remove ${arguments_} --server ${shellWord(target.registry)}`,
  };
}
