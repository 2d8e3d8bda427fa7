// The sentence of each finding, for people.

import type { ArmId } from '../words/arm-id.ts';
import { sayFor } from '../workloads/sentences.ts';
import type { Finding, FindingCode } from './diagnosis.ts';

export const findingWords: Readonly<Record<FindingCode, string>> = {
  'log-says': 'The log claims',
  'log-silent': 'The log says nothing about a pull',
  'log-says-no-pull': 'The log claims that a push or a build was refused, not a pull of the app',
  'log-says-of-another': 'The log speaks of another registry, so not of this image',
  'write-says': 'Azure says why it rejected the write',
  'log-unreadable': 'The log could not be read',
  'role-missing': 'No role of the identity lets it pull',
  'registry-changed-by': 'The registry was changed in the last day',
  'role-removed-by': 'The Activity Log says who removed the role',
  'condition-excludes': 'A role would let it pull, and its condition names other repositories',
  denied: 'A deny assignment forbids the pull, whatever the roles say',
  'denied-cannot-tell': 'Whether a deny assignment forbids the pull cannot be told',
  'role-elsewhere': 'Another principal holds such a role, or this identity holds it on another registry',
  'identity-gone': 'The identity that the app declares is not there any more',
  'image-missing': 'The registry does not have the image',
  'image-exists': 'The registry has the image',
  'write-rejected': 'Azure rejected the write of the app, so there is no revision',
  'role-present': 'A role of the identity lets it pull',
  'role-of-group': 'A role lets it pull, and a group holds it: that can take a day to work',
  'role-young': 'The role was assigned a short time ago',
  'role-cannot-tell': 'Whether the identity may pull cannot be told',
  'pulled-before': 'The app pulled from this registry before',
  'network-allows': 'The network lets the pull through',
  'network-blocks': 'The network does not let the pull through',
  'network-cannot-tell': 'Whether the network lets the pull through cannot be told',
  'identity-declared': 'The app declares an identity for the registry',
  'identity-not-assigned': 'The declared identity is not assigned to the app',
  'identity-cannot-tell': 'Which identity pulls cannot be told',
  'registry-not-configured': 'The app declares nothing for the registry',
  'registry-not-found':
    'No readable subscription has this registry; if it is another tenant’s, a managed identity of this one cannot pull from it',
  'credential-used': 'The app pulls with a user name and a secret',
  'right-lacking': 'The text says that the account lacks a right: it could sign in',
  'secret-missing': 'The registry entry names a secret that the app does not have',
  'admin-user-disabled': 'The admin user of the registry is disabled',
  'login-token-used': 'The user name goes with a token that is good for three hours',
  'token-disabled': 'The token of the registry that the app signs in with is disabled',
  'token-expired': 'No password of the token is good any more',
  'token-password-expired': 'A password of the token has expired, and the app may have that one',
  'token-unknown': 'The registry has no token of this name',
  'token-good': 'The token is enabled, and its passwords have not expired',
  'token-unreadable': 'Whether the token is enabled and its passwords are good could not be read',
  'service-principal-used':
    'The user name is an application of Entra: when its secret expires is kept there, where pullmedic does not look',
  'entry-for-another-host': 'The app has an entry that was probably meant for this registry',
  'host-mistyped': 'The host of the image is nearly that of a public registry, and another one',
  'reference-wrong': 'The name of the image in the template cannot be right',
  'arm-audience-disabled': 'The registry refuses tokens with the ARM audience',
  'password-in-vault': 'The password of the registry entry is a secret of a Key Vault',
  'reader-not-assigned': 'The identity that should read the password is not assigned to the app',
  'reader-may-not-read': 'The identity that should read the password may not read secrets of the vault',
  'vault-refuses-network': 'The network rules of the Key Vault do not name the network of the app',
  'vault-says': 'The platform says that it could not read the password',
  'other-platforms': 'The registry has the image for other platforms only',
  'no-replica-made': 'The revision wants replicas, and Azure has made none',
  'platform-says': 'The platform says',
  'cache-rule': 'The registry fetches this repository from another registry, by a cache rule',
  'cache-credentials-unhealthy': 'The credentials of the cache rule are unhealthy',
  'trusted-services-off': 'The registry is restricted and lets no trusted service pass, so its cache cannot fetch',
};

/** `of`: the workload that it is about, whose words are used. */
export function sayFinding(finding: Finding, of?: ArmId): string {
  const values = Object.entries(finding.detail).map(([name, value]) => `${name}: ${shortName(value)}`);
  const said = sayFor(of, findingWords[finding.code]);
  return values.length === 0 ? said : `${said} (${values.join('; ')})`;
}

/** A resource by its own name: pages are read on phones, and the JSON beside them has the whole id. */
export function shortName(value: string): string {
  return value.startsWith('/subscriptions/') ? (value.split('/').at(-1) ?? value) : value;
}
