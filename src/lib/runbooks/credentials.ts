// Runbooks for registry entries: a user name and secret that do not work, and an entry that is not there.
import type { CredentialFault, ExpiredPassword } from '../diagnosis/credentials.ts';
import { credentialEntry, credentialFaults, usesAdminUser } from '../diagnosis/credentials.ts';
import { logSays } from '../diagnosis/text-claims.ts';
import { vaultReference } from '../diagnosis/vault-reference.ts';
import { isWriteRejected, registryOf } from '../evidence/evidence.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import { kindOf } from '../workloads/workloads.ts';
import { nextTry } from './answer.ts';
import { appRunbook, declare, identityToDeclare, showIdentity } from './entries.ts';
import { restartWithIt } from './restart.ts';
import { rightLacking } from './rights-of-account.ts';
import { assignRole, pullRoleName } from './roles.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { appOptions, bicepString, registryOptions, serverOf, serverWord, shellWord, wordOr } from './runbook.ts';

/** A user name and secret that the registry rejects. What is wrong with them decides how they are renewed. */
export function credentialRejected(input: RunbookInput): RunbookText {
  const { target, evidence } = input;
  const [found] = credentialFaults(target, evidence);
  const missing = found?.fault === 'secret-missing' ? found.secret : undefined;
  const title =
    missing === undefined
      ? `${target.registry} rejects the credential of ${target.appName}`
      : `${target.appName} lacks the secret ${missing}, which its entry for ${target.registry} names`;
  const again = isWriteRejected(target, evidence) ? ` ${nextTry(input)}` : '';
  const lacks = found === undefined ? rightLacking(input) : undefined;
  const keep =
    lacks === undefined && missing === undefined
      ? ' Keep the previous secret until the new one has pulled the image.'
      : '';
  const advice = `${lacks?.advice ?? adviceFor(found)}${twelveHours(input)}${asksForToken(input)}${keep}${again}`;
  if (found?.fault === 'admin-user-disabled') return disabledAdminRunbook(input, title, advice);
  const { secret = 'registry-password', username, server } = credentialEntry(target, evidence) ?? {};
  // What is deployed with its password and its identity gets neither of them by itself.
  const isDeployed = kindOf(target.appId).changedBy === 'deployment';
  const byIdentity = isAzureRegistry(target.registry) && !isDeployed ? toIdentity(input) : [];
  const byBicep = isDeployed ? [] : secretByBicep(input, { server: server ?? serverOf(input), secret, username });
  const anew = lacks?.commands ?? [...renewed(input, secret, found), ...byBicep];
  const commands = found?.fault === 'login-token' && byIdentity.length > 0 ? byIdentity : [...anew, ...byIdentity];
  return {
    ...appRunbook(input, { title, advice, commands }),
    undo: lacks?.undo ?? 'Set the previous secret again: its password works until the last step.',
  };
}

/** Docker's words for an account whose organisation takes no password (Docker, "Enforce sign-in" and public reports). */
function asksForToken({ target, evidence }: RunbookInput): string {
  const asks = logSays(target, evidence, /must log in with a Personal Access Token/i);
  return asks
    ? ' The registry says that this account takes a personal access token only: a new password is refused as well, so make such a token.'
    : '';
}

/** Source: Amazon ECR, "Private registry authentication" and "Amazon ECR Public": a token of its user AWS is valid for 12 hours. */
function twelveHours({ target, evidence }: RunbookInput): string {
  const ofAmazon = /(?:^public\.ecr\.aws|\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?)$/.test(target.registry);
  if (!ofAmazon || credentialEntry(target, evidence)?.username !== 'AWS') return '';
  return ' The password of the user AWS lasts for 12 hours, so a new one fails again tomorrow: renew it by a schedule, or copy the image into an Azure registry and let a managed identity pull it.';
}

function disabledAdminRunbook(input: RunbookInput, title: string, advice: string): RunbookText {
  const admit = (enabled: boolean): string => `az acr update ${registryOptions(input)} --admin-enabled ${enabled}`;
  const letIn = az('If there is no other way for now: let the admin user in again', admit(true));
  return {
    ...appRunbook(input, { title, advice, commands: [...toIdentity(input), letIn, ...restartWithIt(input)] }),
    undo: admit(false),
  };
}

function adviceFor(found: CredentialFault | undefined): string {
  switch (found?.fault) {
    case 'secret-missing':
      return `The registry entry names the secret “${found.secret}”, which the app does not have${found.has.length === 0 ? '' : ` (it has ${found.has.join(', ')})`}.`;
    case 'admin-user-disabled':
      return `The app signs in as the admin user ${found.username}, who is disabled: no password works. Move the app to a managed identity; enabling the admin user again opens the registry to every person and program that has its password.`;
    case 'login-token':
      return 'The user name goes with a token of “az acr login --expose-token”, which is good for three hours: it cannot be kept as a secret.';
    case 'token-disabled':
      return `The app signs in with the token ${found.token} of the registry, which is disabled: no password of it works.`;
    case 'token-expired':
      return `The app signs in with the token ${found.token} of the registry, ${sayExpired(found.expired)}`;
    case 'token-password-expired':
      return `The app signs in with the token ${found.token} of the registry. ${sayEach(found.expired)}, and the app may use an expired one: it cannot be read which password the app has.`;
    case 'token-unknown':
      return `The registry has no token “${found.username}”: it was deleted, or the user name is wrong.`;
    case 'service-principal':
      return `The user name ${found.application} is an application of Entra. Entra keeps the date on which its secret expires, and pullmedic does not read it: the first command shows it.`;
    case undefined:
      return 'The app pulls with a user name and a secret. The password may have been rotated, or the token or service principal behind it has expired.';
  }
}

function sayExpired(expired: readonly ExpiredPassword[]): string {
  return expired.length === 0 ? 'which has no password.' : `which has no good password: ${sayEach(expired)}.`;
}

function sayEach(expired: readonly ExpiredPassword[]): string {
  return expired.map(({ name, ago }) => `Its ${name} expired ${ago}`).join('; ');
}

function renewed(input: RunbookInput, secret: string, found: CredentialFault | undefined): Command[] {
  switch (found?.fault) {
    case 'token-disabled':
    case 'token-expired':
    case 'token-password-expired':
      return renewTokenPassword(input, secret, found);
    case 'service-principal':
      return renewApplicationSecret(input, secret, found.application);
    case 'secret-missing':
    case 'admin-user-disabled':
    case 'login-token':
    case 'token-unknown':
    case undefined:
      return usesAdminUser(input.target, input.evidence)
        ? useAdminPassword(input, secret)
        : replaceSecret(input, secret);
  }
}

/**
 * Every program that signs in as the admin user has one of the two passwords, and a renewed one stops all that have it. So the app gets a password that
 * is good now, and none is renewed.
 */
function useAdminPassword(input: RunbookInput, secret: string): Command[] {
  const show = `az acr credential show ${registryOptions(input)} --query "passwords[0].value" --output tsv`;
  return [
    az('Give the app the password that is good now; this renews none', `NEW=$(${show})`, setSecret(input, secret)),
    ...restartWithIt(input),
  ];
}

type TokenFault = Extract<CredentialFault, { token: string }>;

/** A token has two passwords: the other one is made anew, and the old one stays as it is. */
function renewTokenPassword(input: RunbookInput, secret: string, found: TokenFault): Command[] {
  const of = `--name ${shellWord(found.token)} ${registryOptions(input, '--registry')}`;
  const old = 'expired' in found ? found.expired[0]?.name : undefined;
  const fresh = old === 'password2' ? 'password1' : 'password2';
  const enable = az('Let the token sign in again', `az acr token update ${of} --status enabled`);
  return [
    ...(found.fault === 'token-disabled' ? [enable] : []),
    az(
      `Make a new ${fresh} with an end that you will remember, and give it to the app`,
      `NEW=$(az acr token credential generate ${of} --${fresh} --expiration-in-days 90 --query "passwords[?name=='${fresh}'].value | [0]" --output tsv)`,
      setSecret(input, secret),
    ),
    ...restartWithIt(input),
  ];
}

/** The new secret is added, so that the old one works until it ends. */
function renewApplicationSecret(input: RunbookInput, secret: string, application: string): Command[] {
  const id = `--id ${shellWord(application)}`;
  return [
    az(
      'See when the secrets of the application end',
      `az ad app credential list ${id} --query "[].{name:displayName, ends:endDateTime}" --output table`,
    ),
    az(
      'If the one in use has ended: add another, and give it to the app',
      `NEW=$(az ad app credential reset ${id} --append --query password --output tsv)`,
      setSecret(input, secret),
    ),
    ...restartWithIt(input),
  ];
}

/** Gives the app another password for the entry that it has. */
export function newPassword(input: RunbookInput): Command[] {
  return replaceSecret(input, credentialEntry(input.target, input.evidence)?.secret ?? 'registry-password');
}

function replaceSecret(input: RunbookInput, secret: string): Command[] {
  return [
    az('Give the app the new password; do not revoke the old one yet', 'read -rs NEW', setSecret(input, secret)),
    ...restartWithIt(input),
  ];
}

/** A managed identity has no password that could be forgotten, rotated or leaked. Only registries in Azure know it. */
function toIdentity(input: RunbookInput): Command[] {
  const registry = registryOf(input.evidence);
  const identity = identityToDeclare(input);
  if (registry === undefined) return declare(input, identity);
  return [
    az(
      'Or move to a managed identity, which needs no secret: give it the role first',
      `PRINCIPAL=$(${showIdentity(input, identity)} --query principalId --output tsv)`,
      assignRole('"$PRINCIPAL"', shellWord(pullRoleName(registry)), shellWord(registry.id)),
    ),
    ...declare(input, identity),
  ];
}

/** An entry of a template. Its server is spelt as the app has it: under another spelling of the same host it would be a second entry. */
interface WrittenEntry {
  readonly server: string | undefined;
  readonly secret: string;
  readonly username: string | undefined;
}

/** None for a password in Key Vault: the template keeps its reference. */
function secretByBicep(input: RunbookInput, { server, secret, username }: WrittenEntry): Command[] {
  if (vaultReference(input.target, input.evidence) !== undefined) return [];
  const text = `// For properties.configuration in the template of the app; keep the other secrets and registries.
@secure()
param registryPassword string
var configuration = {
  secrets: [
    { name: ${bicepString(secret)}, value: registryPassword }
  ]
  registries: [
    {
      server: ${bicepString(server ?? 'SERVER')}
      username: ${bicepString(username || 'USER')}
      passwordSecretRef: ${bicepString(secret)}
    }
  ]
}`;
  return [{ title: 'The new secret in the template', language: 'bicep', text }];
}

/** A secret of Key Vault is set there: setting it on the app would replace the reference. */
function setSecret(input: RunbookInput, secret: string): string {
  const held = vaultReference(input.target, input.evidence);
  if (held !== undefined)
    return `az keyvault secret set --vault-name ${shellWord(held.vault)} --name ${shellWord(held.secret)} --value "$NEW"`;
  switch (kindOf(input.target.appId).changedBy) {
    case 'command':
      return `az containerapp secret set ${appOptions(input)} --secrets ${shellWord(secret)}="$NEW"`;
    case 'deployment':
      return wholeEntry(input);
  }
}

/** The entry with its password, for what is deployed with both. */
function wholeEntry(input: RunbookInput): string {
  const { username } = credentialEntry(input.target, input.evidence) ?? {};
  const entry = `--server ${serverWord(input)} --username ${wordOr(username, 'USER')} --password "$NEW"`;
  return `az containerapp registry set ${appOptions(input)} ${entry}`;
}

function az(title: string, ...lines: readonly string[]): Command {
  return { title, language: 'az', text: lines.join('\n') };
}
