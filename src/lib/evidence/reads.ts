// The questions of a look to Azure, and the answers.

import type { ArmId } from '../words/arm-id.ts';
import type { RemediationId } from '../words/target.ts';
import type { WorkloadKind } from '../workloads/workload.ts';
import type { Evidence } from './evidence.ts';
import { type ReadsOnce, readsOnce } from './once.ts';

/** What a list says of an app, for the sweep and for signals that come in a crowd. */
export interface AppSummary {
  readonly id: ArmId;
  readonly provisioningState: string;
  readonly latestRevision?: string;
  /** The images of its template. Absent for kinds of workloads whose runs can have other images than they declare. */
  readonly images?: readonly string[];
  /** Its environment, and the hosts that its images come from: only where the latest revision is ready. */
  readonly ready?: { readonly environmentId?: ArmId; readonly registries: readonly string[] };
}

/** All apps of the scopes. An item of the list without a readable id is counted, and the list has the others. */
export interface AppList {
  readonly apps: readonly AppSummary[];
  readonly skipped: number;
}

/** What a log alert says of its app. */
export interface NamedApp {
  readonly name: string;
  /** The first label of the default domain of the app's environment, or the environment's own name. */
  readonly environment?: string | undefined;
  readonly revision?: string | undefined;
  /** Absent: `unnamedKind` of the table of workloads. */
  readonly workload?: WorkloadKind;
}

/** Apps of one name. */
export interface FoundApps {
  readonly ids: readonly ArmId[];
  /** `environment`: each of them is in the environment that was named. `name`: all apps of the name, because no environment decides. */
  readonly fits: 'environment' | 'name';
}

/** The look that a probe is asked for. */
export interface LookContext {
  /**
   * Counts one request of the look; false once the look has sent as many as one may, and then nothing is sent. It is the same function for
   * all requests of a look: by it the budget of all instances knows them. Reads without it have no limit of their own, and in that budget they
   * do not wait behind looks that have not begun.
   */
  readonly maySend?: (() => boolean) | undefined;
  /** What several facts of this look come from is read once. */
  readonly once: ReadsOnce;
  /** For a remediation whose slow facts may be recalled. Without it everything is read anew. */
  readonly recall?: {
    readonly remediation: RemediationId;
    /** Where its history stands as the look begins. */
    readonly seq: number;
    /** Facts of a look that began before this entry must not be used again: something was changed, or a person answered. */
    readonly since: number;
  };
  /** Accept shared facts that the look of another app read after this instant. Without it no fact is shared. */
  readonly sharedSinceMs?: number;
  /**
   * Accept also those that such a look has been reading since this instant and is still waiting for: a request that waits for its turn is answered
   * long after it began.
   */
  readonly underWaySinceMs?: number;
}

/** A look of a few probes, without a limit of requests of its own. It recalls and shares nothing. */
export function smallLook(): LookContext {
  return { once: readsOnce() };
}

export interface ProbeAnswer {
  readonly facts: Partial<Evidence>;
  /** Requests that were sent for it. */
  readonly calls: number;
  /** When it was read, where that was before this look. */
  readonly readAtMs?: number;
}
