// Runbook for a registry password that the platform cannot read from Key Vault.
import type { VaultReference } from '../diagnosis/vault-reference.ts';
import { type VaultSays, vaultFault, vaultReference, vaultSays } from '../diagnosis/vault-reference.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { environmentOf, isWriteRejected, outboundSubnet } from '../evidence/evidence.ts';
import type { VaultFacts } from '../evidence/vault-facts.ts';
import { resourceGroupOf, subscriptionOf } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { nextTry } from './answer.ts';
import { appCommand, appRunbook } from './entries.ts';
import { assignRole } from './roles.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { shellWord, wordOr } from './runbook.ts';

/** The password of the registry entry is a secret of a Key Vault, and the identity of the reference cannot read it. */
export function registrySecretUnreadable(input: RunbookInput): RunbookText {
  const { target, evidence } = input;
  const reference = vaultReference(target, evidence);
  const vault = reference?.vault ?? 'Key Vault';
  const again = isWriteRejected(target, evidence)
    ? nextTry(input)
    : 'When the identity can read it, restart the revision.';
  return appRunbook(input, {
    title: `${target.appName} cannot read its password for ${target.registry} from ${vault}`,
    advice: `${sayFault(input, reference)} The password itself may be right. ${again} A managed identity that pulls needs no password at all.`,
    commands: commandsFor(input, reference),
  });
}

function sayFault({ target, evidence }: RunbookInput, reference: VaultReference | undefined): string {
  const says = vaultSays(target, evidence);
  switch (vaultFault(target, evidence)) {
    case 'reader-not-assigned':
      return `The secret names ${sayReader(reference)}, which the app does not have.`;
    case 'reader-may-not-read':
      return `The secret is read by ${sayReader(reference)}, which holds no role that lets it read secrets of the vault.`;
    case 'network-refuses':
      return hasNoNetwork(evidence)
        ? 'The vault is restricted, and the app has no network of its own that a rule of it could name: give the environment one, or give the app the password itself as a secret.'
        : 'The vault is restricted, and no rule of it names the network of the app.';
    case undefined:
      return says === undefined ? unknownFault : saidFaults[says];
  }
}

/** `System` is no name of an identity: a secret calls the app's own one so (REST specification of the app's `Secret`). */
function sayReader(reference: VaultReference | undefined): string {
  if (reference === undefined || reference.reader.kind === 'cannot-tell') return 'an identity';
  const { name } = reference.reader;
  return name.toLowerCase() === 'system' ? 'the system-assigned identity of the app' : `the identity ${name}`;
}

const unknownFault = 'The platform reads the password with the identity that the secret names.';

const saidFaults: Readonly<Record<VaultSays, string>> = {
  disabled: 'Key Vault answers that the secret is disabled.',
  expired: 'Key Vault answers that the secret has expired.',
  'not-found': 'Key Vault has no secret of this name and version.',
  'no-vault': 'The vault has no address any more: it was deleted, or its name is wrong.',
  'not-read': 'The platform says that it could not read the secret; its words are in the log.',
};

function commandsFor(input: RunbookInput, reference: VaultReference | undefined): Command[] {
  const { target, evidence } = input;
  if (reference === undefined)
    return [appCommand(input, 'See which secrets lie in Key Vault, and who reads them', 'az containerapp secret list')];
  const vault = valueOf(evidence.vault);
  const facts = vault === 'not-found' ? undefined : vault;
  switch (vaultFault(target, evidence)) {
    case 'reader-not-assigned':
      return [assign(input, reference)];
    case 'network-refuses':
      return admit(input, reference, facts);
    case 'reader-may-not-read':
      return [letRead(reference, facts)];
    case undefined:
      return vaultSays(target, evidence) === undefined ? [letRead(reference, facts)] : lookAtSecret(reference);
  }
}

/** The secret itself is in the way: what it is like, and how it can be read again. */
function lookAtSecret({ vault, secret }: VaultReference): Command[] {
  const which = `--vault-name ${shellWord(vault)} --name ${shellWord(secret)}`;
  return [
    {
      title: 'See whether the secret is there, enabled and not expired',
      language: 'az',
      text: `az keyvault secret show ${which} --query attributes`,
    },
    {
      title: 'If it is disabled by mistake: enable it',
      language: 'az',
      text: `az keyvault secret set-attributes ${which} --enabled true`,
    },
    {
      title: 'If it has expired or is gone: set the password anew, once you have it',
      language: 'az',
      text: `read -rs NEW\naz keyvault secret set ${which} --value "$NEW"`,
    },
  ];
}

function assign(input: RunbookInput, { reader }: VaultReference): Command {
  const name = reader.kind === 'cannot-tell' ? 'IDENTITY_ID' : reader.name;
  const which = name.toLowerCase() === 'system' ? '--system-assigned' : `--user-assigned ${shellWord(name)}`;
  return appCommand(input, 'Assign the identity to the app', `az containerapp identity assign ${which}`);
}

function letRead({ vault, secret, reader }: VaultReference, facts: VaultFacts | undefined): Command {
  const principalId = reader.kind === 'principal' ? reader.principalId : 'PRINCIPAL_ID';
  const title = 'Let the identity read this secret';
  if (facts?.rights.by === 'policies')
    return {
      title,
      language: 'az',
      text: `az keyvault set-policy --name ${shellWord(vault)} --object-id ${principalId} --secret-permissions get`,
    };
  const scope = shellWord(`${facts?.id ?? 'VAULT_ID'}/secrets/${secret}`);
  return { title, language: 'az', text: assignRole(principalId, "'Key Vault Secrets User'", scope) };
}

/** ARM shows that the environment has no network of the user's. One that was not read may have one. */
function hasNoNetwork(evidence: Evidence): boolean {
  return environmentOf(evidence) !== undefined && outboundSubnet(evidence) === undefined;
}

/** None where no rule can name the app: an environment without a network of the user's leaves by addresses of Azure. */
function admit({ evidence }: RunbookInput, { vault }: VaultReference, facts: VaultFacts | undefined): Command[] {
  if (hasNoNetwork(evidence)) return [];
  const subnet = outboundSubnet(evidence);
  const known = subnet === 'cannot-tell' ? undefined : subnet;
  const named = known === undefined ? ': put the id of that subnet in place of SUBNET_ID' : '';
  const at =
    facts === undefined
      ? ''
      : ` --resource-group ${shellWord(resourceGroupOf(facts.id))} --subscription ${shellWord(subscriptionOf(facts.id))}`;
  return [
    {
      title: `Let the subnet of the app in (it needs the service endpoint Microsoft.KeyVault)${named}`,
      language: 'az',
      text: `az keyvault network-rule add --name ${shellWord(vault)}${at} --subnet ${wordOr(known, 'SUBNET_ID')}`,
    },
  ];
}
