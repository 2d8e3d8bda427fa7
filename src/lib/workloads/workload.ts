// What differs between the kinds of workloads. The rest of the code asks these questions of the table and names no kind, so that a new kind is
// one more folder of this room, one more entry of the table, and its calls to Azure (azure/facts/kinds.ts).
// The room workloads/ holds one folder for each kind of workload, and the table of them. Not here: how a kind is read from Azure (azure/facts/).

import type { Cause } from '../causes/causes.ts';

export type WorkloadKind = 'container-app' | 'job' | 'container-group';

/** A kind of resource that pulls images: what is specific to it. */
export interface Workload {
  readonly kind: WorkloadKind;
  /** The resource type in ARM, lower case. */
  readonly type: string;
  readonly words: WorkloadWords;
  /** How rows of the system log of Container Apps name it. Absent where it writes none. */
  readonly columns?: LogColumns;
  readonly dimensions: AlertDimensions;
  /** The operation that writes the resource, lower case. Its failure is a signal. */
  readonly write: string;
  /** Every operation on the resource after which a remediation of it may be over or may go on, lower case. */
  readonly operations: readonly string[];
  /** Where a write that Azure refused leaves no resource: what is known of it comes with the Activity Log, minutes later. */
  readonly refusedLeavesNothing?: true;
  readonly runs: Runs;
  readonly failureShows: FailureShows;
  readonly pullProof: PullProof;
  readonly pullsAgain: PullsAgain;
  readonly runsIn: RunsIn;
  readonly pullsFrom: PullsFrom;
  readonly pullIdentities: PullIdentities;
  readonly changedBy: ChangedBy;
  /** Codes of its platform that claim a cause by themselves, whatever the text beside them says. Absent where it has none. */
  readonly codes?: readonly CodeOfKind[];
  /**
   * Commands of an app, and those that do the same for this kind, applied in this order; a command that nothing is left of is left out. Absent
   * where they are the same.
   */
  readonly commands?: readonly CommandOfKind[];
}

/**
 * What becomes of what runs.
 *
 * - `go-on`: it runs until it is replaced, and what is active now is what a later look finds.
 * - `end`: each run is new, pulls once and ends. That a workload works again shows in a run that began later.
 */
export type Runs = 'go-on' | 'end';

/**
 * How it shows that an image cannot be pulled.
 *
 * - `in-state`: Azure says it, in the state of what runs or of its containers.
 * - `by-absence`: nothing fails; what runs only goes on without its image, so that a missing sign of the image counts, after minutes. A row of
 *   the log is such a sign where Azure does not show the containers.
 * - `in-events`: the events of a container say it. One that waits for another reason, or that is over, is no failure of a pull.
 */
export type FailureShows = 'in-state' | 'by-absence' | 'in-events';

/**
 * What proves that the image was pulled.
 *
 * - `row-and-container`: a ready container and the row of the pull. A container alone may only be back, with the image that its node had.
 * - `container`: a container that runs, or ran, since the fix. It pulls as it begins, so that it proves the pull by itself.
 */
export type PullProof = 'row-and-container' | 'container';

/**
 * What pulls again once the cause is put right, and so what pullmedic may ask for.
 *
 * - `restart`: the platform tries again by itself, and what runs can be restarted where that takes too long.
 * - `restart-of-all`: the platform tries again by itself while the workload lives. A restart stops everything that runs of it, so it is made only
 *   where the settings allow it and nothing else runs. What is over pulls only once it is deployed again.
 * - `next-run`: what still waits for its image gets it from the platform; after that only the next run pulls. Nothing is ever restarted.
 */
export type PullsAgain = 'restart' | 'restart-of-all' | 'next-run';

/** Where it runs: in an environment of Container Apps, whose identity it can name, or in a place of its own. */
export type RunsIn = 'environment' | 'own-place';

/**
 * From where its pulls reach the registry, and so what lets them in.
 *
 * - `its-network`: from the network and the addresses of its own environment.
 * - `platform`: from addresses of the platform, which change. No rule for an address lasts: a restricted registry lets it in as a trusted service.
 */
export type PullsFrom = 'its-network' | 'platform';

/** Which managed identities can pull for it: also a system-assigned one, or only one that a user assigned. */
export type PullIdentities = 'any' | 'user-assigned';

/**
 * How its registry entries, identities and passwords are changed.
 *
 * - `command`: each by a command of its own; a restart or the next run pulls with it.
 * - `deployment`: it is deployed again with all of them, and pulls as it is deployed.
 */
export type ChangedBy = 'command' | 'deployment';

/** A pattern of the words of an error, and the cause that they claim. */
export type CodeOfKind = readonly [RegExp, Cause];

/** How people call it. Each word is used in a sentence as it stands, without an article. */
export interface WorkloadWords {
  /** With its product, as in "a container app". */
  readonly full: string;
  /** In a sentence that is only about pullmedic's workloads. */
  readonly short: string;
  /** What runs of it, one of them: it has containers, and pulls their images. */
  readonly run: string;
  /** What Azure copies where it runs more than once, one of them. */
  readonly instance: string;
  /** Sentences about an app of which more than a word is different for this kind. */
  readonly phrases?: readonly PhraseOfKind[];
  /** What a resource id of it looks like. */
  readonly id: string;
}

/** Columns of the system log that name the workload, and what of it ran: in the classic table and in the typed one. */
export interface LogColumns {
  readonly name: { readonly classic: string; readonly typed: string };
  /** `typed` is absent where the typed table has no such column. */
  readonly run: { readonly classic: string; readonly typed?: string };
  /** Whether the classic table has these columns from its first row on. Others come with the first row that fills them. */
  readonly always: boolean;
  /** What ran, from the name of its replica, for rows that do not say it; empty where that cannot be told. */
  readonly runOf: (replica: string) => string;
}

/** Dimensions by which a log alert names the workload, and what of it ran. Lower case. */
export interface AlertDimensions {
  readonly name: readonly string[];
  readonly run: readonly string[];
  /**
   * What the deployed rules write before its name into the dimension `app`, which all kinds share in a rule. Absent where they write the
   * name alone.
   */
  readonly prefix?: string;
}

/**
 * What to look for in a command of an app, with every flag that it needs, and what stands there for this kind. `THIS_IMAGE` in it stands for the
 * image that the command is about, where the command of an app does not name one.
 */
export type CommandOfKind = readonly [RegExp, string];
/** The same in a sentence about an app. */
export type PhraseOfKind = readonly [RegExp, string];
