// A diagnosis as a history records it.

import type { Cause } from '../causes/causes.ts';

export type Sureness = 'confirmed' | 'suspected' | 'unexplained';

/** One line of evidence: a code that the page turns into a sentence, with the values that it speaks of. */
export interface Finding {
  readonly code: FindingCode;
  readonly detail: Readonly<Record<string, string>>;
}

export type FindingCode =
  | 'log-says'
  | 'log-silent'
  | 'log-says-no-pull'
  | 'log-says-of-another'
  | 'write-says'
  | 'log-unreadable'
  | 'role-missing'
  | 'role-removed-by'
  | 'registry-changed-by'
  | 'condition-excludes'
  | 'denied'
  | 'role-elsewhere'
  | 'identity-gone'
  | 'denied-cannot-tell'
  | 'image-missing'
  | 'image-exists'
  | 'write-rejected'
  | 'role-present'
  | 'role-of-group'
  | 'role-young'
  | 'role-cannot-tell'
  | 'pulled-before'
  | 'network-allows'
  | 'network-blocks'
  | 'network-cannot-tell'
  | 'identity-declared'
  | 'identity-not-assigned'
  | 'identity-cannot-tell'
  | 'registry-not-configured'
  | 'registry-not-found'
  | 'credential-used'
  | 'right-lacking'
  | 'secret-missing'
  | 'admin-user-disabled'
  | 'login-token-used'
  | 'token-disabled'
  | 'token-expired'
  | 'token-password-expired'
  | 'token-unknown'
  | 'token-good'
  | 'token-unreadable'
  | 'service-principal-used'
  | 'entry-for-another-host'
  | 'host-mistyped'
  | 'reference-wrong'
  | 'arm-audience-disabled'
  | 'cache-rule'
  | 'cache-credentials-unhealthy'
  | 'trusted-services-off'
  | 'password-in-vault'
  | 'reader-not-assigned'
  | 'reader-may-not-read'
  | 'vault-refuses-network'
  | 'vault-says'
  | 'other-platforms'
  | 'no-replica-made'
  | 'platform-says';

/** What one look concludes. `causes` and `sure` hold of what was read, also where the app serves in spite of them. */
export interface Diagnosis {
  readonly causes: readonly Cause[];
  /** Every replica with the image is ready, and nothing shows trouble with the pull; histories of older versions do not say. */
  readonly serves?: true;
  readonly sure: Sureness;
  readonly for: readonly Finding[];
  readonly against: readonly Finding[];
  readonly network: NetworkAnswer;
  /** When the pull role was assigned, where the cause is its propagation. Milliseconds. */
  readonly roleSinceMs?: number;
  /** A group holds the role. It can take a day to work, which is too long to wait for, and no action makes it faster. */
  readonly roleOfGroup?: boolean;
  /** Values that the runbook fills in, from ARM only. */
  readonly detail: Readonly<Record<string, string>>;
}

/** Whether the network lets the environment reach the registry. */
export type NetworkAnswer = 'allows' | 'blocks' | 'cannot-tell';
