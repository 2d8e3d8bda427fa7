// Runbook for a registry password that the platform cannot read from Key Vault.
import type { VaultReference } from '../diagnosis/vault-reference.ts';
import { vaultFault, vaultReference } from '../diagnosis/vault-reference.ts';
import type { VaultFacts } from '../evidence/vault-facts.ts';
import { resourceGroupOf, subscriptionOf } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { appCommand, appRunbook } from './entries.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { shellWord } from './runbook.ts';

/** The password of the registry entry is a secret of a Key Vault, and the identity of the reference cannot read it. */
export function registrySecretUnreadable(input: RunbookInput): RunbookText {
  const { target, evidence } = input;
  const reference = vaultReference(target, evidence);
  const vault = reference?.vault ?? 'Key Vault';
  return appRunbook(input, {
    title: `${target.appName} cannot read its password for ${target.registry} from ${vault}`,
    advice: `${sayFault(input, reference)} The password itself may be right. When the identity can read it, restart the revision. A managed identity that pulls needs no password at all.`,
    commands: commandsFor(input, reference),
  });
}

function sayFault({ target, evidence }: RunbookInput, reference: VaultReference | undefined): string {
  const named = reference === undefined || reference.reader.kind === 'cannot-tell' ? '' : ` ${reference.reader.name}`;
  switch (vaultFault(target, evidence)) {
    case 'reader-not-assigned':
      return `The secret names the identity${named}, which the app does not have.`;
    case 'reader-may-not-read':
      return `The identity${named} holds no role that lets it read secrets of the vault.`;
    case 'network-refuses':
      return 'The vault is restricted, and no rule of it names the network of the app.';
    case undefined:
      return 'The platform reads the password with the identity that the secret names.';
  }
}

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
      return [admit(reference, facts)];
    case 'reader-may-not-read':
    case undefined:
      return [letRead(reference, facts)];
  }
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
  const role = `--assignee-principal-type ServicePrincipal --role 'Key Vault Secrets User' --scope ${scope}`;
  return { title, language: 'az', text: `az role assignment create --assignee-object-id ${principalId} ${role}` };
}

function admit({ vault }: VaultReference, facts: VaultFacts | undefined): Command {
  const at =
    facts === undefined
      ? ''
      : ` --resource-group ${shellWord(resourceGroupOf(facts.id))} --subscription ${shellWord(subscriptionOf(facts.id))}`;
  return {
    title: 'Let the subnet of the app in (it needs the service endpoint Microsoft.KeyVault)',
    language: 'az',
    text: `az keyvault network-rule add --name ${shellWord(vault)}${at} --subnet SUBNET_ID`,
  };
}
