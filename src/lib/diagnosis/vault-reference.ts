// The password of a registry entry that lies in Key Vault: which secret of which vault, which identity reads it, and whether it may.

import type { VaultSecret } from '../evidence/app-facts.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { appIdentity, appOf, outboundSubnet } from '../evidence/evidence.ts';
import type { AssignmentFacts } from '../evidence/role-facts.ts';
import type { VaultRights } from '../evidence/vault-facts.ts';
import type { Finding } from '../history/diagnosis.ts';
import type { PrincipalId } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { covers } from './access.ts';
import { credentialEntry } from './credentials.ts';
import { rowsOfTarget } from './text-claims.ts';

/** A secret of Key Vault that holds the password of the registry entry. */
export interface VaultReference {
  readonly vault: string;
  readonly secret: string;
  readonly reader: VaultReader;
}

export type VaultReader =
  | { readonly kind: 'principal'; readonly name: string; readonly principalId: PrincipalId }
  /** The reference names an identity that the app does not have. */
  | { readonly kind: 'not-assigned'; readonly name: string }
  | { readonly kind: 'cannot-tell' };

/** `https://NAME.vault.azure.net/secrets/NAME`, with or without a version; the other clouds have hosts of their own. */
const secretUrl =
  /^https:\/\/([a-z][a-z0-9-]{1,22}[a-z0-9])\.vault\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)\/secrets\/([a-z0-9-]{1,127})(?:\/[0-9a-f]{32})?\/?$/i;

/** The reference behind the password of the target's entry; `undefined` if the password is not in Key Vault, or the address is not read. */
export function vaultReference(target: Target, evidence: Evidence): VaultReference | undefined {
  const secret = credentialEntry(target, evidence)?.secret;
  const held = appOf(evidence)?.vaultSecrets?.find(({ name }) => name === secret);
  const [, vault, name] = secretUrl.exec(held?.url ?? '') ?? [];
  if (held === undefined || vault === undefined || name === undefined) return undefined;
  return { vault: vault.toLowerCase(), secret: name, reader: readerOf(held, evidence) };
}

/** `System` stands for the app's own identity (REST specification of the app's `Secret`). */
function readerOf({ identity }: VaultSecret, evidence: Evidence): VaultReader {
  const app = appOf(evidence);
  if (app === undefined || identity === undefined) return { kind: 'cannot-tell' };
  const held = appIdentity(app, identity.toLowerCase());
  if (held.kind === 'identity') return { kind: 'principal', name: identity, principalId: held.principalId };
  return held.kind === 'not-assigned' ? { kind: 'not-assigned', name: identity } : { kind: 'cannot-tell' };
}

/** Why the platform cannot read the password. */
export type VaultFault =
  | 'reader-not-assigned'
  | 'reader-may-not-read'
  /** The rules of the vault let the network of the app in by none of the ways that are known. Not a proof: the platform may have another. */
  | 'network-refuses';

/** The fault that ARM shows, if it shows one. A vault that was not found or not read is no fault. */
export function vaultFault(target: Target, evidence: Evidence): VaultFault | undefined {
  const reference = vaultReference(target, evidence);
  if (reference?.reader.kind === 'not-assigned') return 'reader-not-assigned';
  const vault = valueOf(evidence.vault);
  if (vault === undefined || vault === 'not-found' || reference?.reader.kind !== 'principal') return undefined;
  if (mayRead(vault.rights, reference.reader.principalId) === false) return 'reader-may-not-read';
  const subnet = outboundSubnet(evidence);
  const admitted = vault.endpoint || subnet === 'cannot-tell' || vault.subnets.some((one) => one === subnet);
  return vault.network === 'restricted' && !admitted ? 'network-refuses' : undefined;
}

/** Source: Azure's list of operations of Microsoft.KeyVault. */
const getSecret = 'microsoft.keyvault/vaults/secrets/getsecret/action';

/** Whether the principal may read the secret; `undefined` if that cannot be told. Groups cannot be seen in access policies. */
function mayRead(rights: VaultRights, principalId: PrincipalId): boolean | undefined {
  switch (rights.by) {
    case 'roles':
      return rights.roles.read ? holdsRead(rights.roles.value) : undefined;
    case 'policies':
      return rights.readers.includes(principalId) ? true : undefined;
  }
}

function holdsRead(roles: readonly AssignmentFacts[]): boolean | undefined {
  const each = roles.map(({ permissions, condition }) => {
    if (!permissions.read) return undefined;
    const reads = permissions.value.some(
      (one) => covers(one.dataActions, getSecret) && !covers(one.notDataActions, getSecret),
    );
    return reads && condition !== undefined ? undefined : reads;
  });
  if (each.includes(true)) return true;
  return each.includes(undefined) ? undefined : false;
}

/** What the platform says of a secret that it could not read. */
export type VaultSays = 'disabled' | 'expired' | 'not-found' | 'no-vault' | 'not-read';

/**
 * What the latest text says of the password of the target's entry, where the platform could not read it from Key Vault. A text about another secret of the
 * app says nothing about the pull.
 */
export function vaultSays(target: Target, evidence: Evidence): VaultSays | undefined {
  const reference = vaultReference(target, evidence);
  const name = credentialEntry(target, evidence)?.secret;
  if (reference === undefined || name === undefined) return undefined;
  const { secret } = reference;
  const text = rowsOfTarget(target, evidence).findLast(
    (row) => couldNotRead.test(row.text) && namesSecret(row.text, [name, secret]),
  )?.text;
  return text === undefined ? undefined : (reasons.find(({ pattern }) => pattern.test(text))?.why ?? 'not-read');
}

/** Container Apps: the row `SyncingSecretFromAzureKeyVaultForContainerAppFailed`, and the error of a write whose field is `configuration.secrets`. */
const couldNotRead = /syncing secret|unable to (?:get value|fetch secret)|request to azure key vault/i;

/** A name stands alone: that of another secret may begin with it. */
function namesSecret(text: string, names: readonly string[]): boolean {
  const words = new Set(text.split(/[^\w-]+/));
  return names.some((name) => words.has(name));
}

/** The codes and sentences of Key Vault (REST reference, "Authentication, requests and responses"), and of the look-up of its host. */
const reasons: readonly { readonly why: VaultSays; readonly pattern: RegExp }[] = [
  { why: 'disabled', pattern: /SecretDisabled|disabled secret/i },
  { why: 'expired', pattern: /SecretExpired|expired secret/i },
  { why: 'not-found', pattern: /SecretNotFound|secret with \(name\/id\) .{1,200} was not found/i },
  { why: 'no-vault', pattern: /vault\.(?:azure\.(?:net|cn)|usgovcloudapi\.net)[^ ]{0,40}: no such host/i },
];

/** What ARM shows of the vault, as findings. */
export function vaultFindings(target: Target, evidence: Evidence): Finding[] {
  const reference = vaultReference(target, evidence);
  if (reference === undefined) return [];
  const { vault, secret, reader } = reference;
  const found: Finding[] = [{ code: 'password-in-vault', detail: { vault, secret } }];
  const fault = vaultFault(target, evidence);
  const identity = reader.kind === 'cannot-tell' ? 'unknown' : reader.name;
  if (fault === 'reader-not-assigned' || fault === 'reader-may-not-read')
    found.push({ code: fault, detail: { identity } });
  const says = vaultSays(target, evidence);
  if (says !== undefined) found.push({ code: 'vault-says', detail: { vault, secret, says } });
  if (fault === 'network-refuses') found.push({ code: 'vault-refuses-network', detail: { vault } });
  return found;
}
