// What differs between the kinds of workloads, so that the rest of the code can be written for all of them.
// The room workloads/ holds one file for each kind of workload, and the table of them. Not here: how a kind is read from Azure (azure/facts/).

export type WorkloadKind = 'container-app' | 'job';

/** A kind of resource that pulls images: what is specific to it. */
export interface Workload {
  readonly kind: WorkloadKind;
  /** The resource type in ARM, lower case. */
  readonly type: string;
  readonly words: WorkloadWords;
  readonly columns: LogColumns;
  readonly dimensions: AlertDimensions;
  /** The operation that writes the resource, lower case. Its failure is a signal. */
  readonly write: string;
  /** Every operation on the resource after which a remediation of it may be over or may go on, lower case. */
  readonly operations: readonly string[];
  /**
   * Whether what runs of it can be restarted, so that it pulls again. Where it cannot, the next run pulls: pullmedic waits for it, or a
   * person starts it.
   */
  readonly restarts: boolean;
}

/** How people call it. */
export interface WorkloadWords {
  /** With its product, as in "a container app". */
  readonly full: string;
  /** In a sentence that is only about pullmedic's workloads. */
  readonly short: string;
  /** What runs of it, one of them: it has containers, and pulls their images. */
  readonly run: string;
  /** What a resource id of it looks like. */
  readonly id: string;
}

/** Columns of the system log that name the workload, and what of it ran: in the classic table and in the typed one. */
export interface LogColumns {
  readonly name: { readonly classic: string; readonly typed: string };
  /** `typed` is absent where the typed table has no such column. */
  readonly run: { readonly classic: string; readonly typed?: string };
}

/** Dimensions by which a log alert names the workload, and what of it ran. Lower case. */
export interface AlertDimensions {
  readonly name: readonly string[];
  readonly run: readonly string[];
}
