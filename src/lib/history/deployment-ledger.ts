// The entries of the ledger of the whole deployment.

import type { RemediationId } from '../words/target.ts';
import type { AccessEntry } from './access-memory.ts';
import type { Grant } from './grant.ts';
import type { RestartEntry } from './restarts.ts';

/** One grant that this deployment made, and whether the app recovered after it. */
export interface LedgerGrant {
  readonly remediation: string;
  readonly atMs: number;
  readonly proven: boolean;
  /** Its proof may take hours. */
  readonly slow?: true;
}

/** A grant that a person had pullmedic take back. */
export interface UndoneGrant {
  readonly grant: Grant;
  readonly atMs: number;
}

/**
 * Entries of the deployment's ledger: grants of the whole deployment, for its limits, and what is remembered of each pair of registry and
 * principal and of the restarts of each app, in partitions of their own.
 */
export type LedgerEntry =
  | AccessEntry
  | RestartEntry
  | {
      readonly kind: 'grant-counted';
      readonly remediation: RemediationId;
      /** The registry moved to repository permissions: apps recover when the platform has new tokens, after hours. */
      readonly slow?: true;
    }
  | { readonly kind: 'grant-proven'; readonly remediation: RemediationId }
  | {
      readonly kind: 'kill-switch-set';
      readonly on: boolean;
      readonly by: string;
      /** The reason, where the person gave one. */
      readonly why?: string;
      /** An off that was recorded just before did not take effect: the switch had been set on meanwhile, and that holds. */
      readonly kept?: true;
    }
  /** A person took the grant back. pullmedic does not make it again without asking a person. */
  | { readonly kind: 'grant-undone'; readonly remediation: RemediationId; readonly grant: Grant };
