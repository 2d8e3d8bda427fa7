// What the deployment remembers of the restarts of one app, and of the starts of one job: of what, when, and by which remediation.
// Five images in one revision have five remediations, and a restart by one of them is a restart for all.

import type { ArmId } from '../words/arm-id.ts';
import type { RemediationId } from '../words/target.ts';
import type { StoredEntry } from './ledger.ts';

/** The entries of one app, as the store keeps them. Stored members keep their names for ever. */
export type RestartEntry =
  | {
      /** This revision is about to be restarted: the entry comes first, so that two hosts cannot both restart it. */
      readonly kind: 'restart-announced';
      readonly app: ArmId;
      readonly revision: RestartedRevision;
      readonly by: RestartAction;
      /** Of a new revision: its name. It was made to pull, so it has had its restart. */
      readonly made?: string;
      /** The rung of the ladder of retries that it is for, from 1; entries of older versions do not say. */
      readonly rung?: number;
      readonly remediation: RemediationId;
    }
  /** A person said no to a restart, or to a new revision in place of one. It binds every remediation of the app. */
  | (RestartAnswer & { readonly kind: 'restart-refused' })
  /** A person said yes to it: an earlier no ends. What the yes allows stands in the history of its remediation. */
  | (RestartAnswer & { readonly kind: 'restart-approved' })
  /** This job is about to be started in the place of this execution. It is never taken back, so that no failure leads to a second start. */
  | {
      readonly kind: 'start-announced';
      readonly app: ArmId;
      readonly execution: string;
      readonly remediation: RemediationId;
    }
  /** The restart that this remediation announced last was not made after all. */
  | { readonly kind: 'restart-not-made'; readonly remediation: RemediationId; readonly because: string };

export interface RestartAnswer {
  readonly revision: RestartedRevision;
  readonly by: string;
  readonly remediation: RemediationId;
}

/** A no to the restarts of a revision that no person has taken back. */
export type RefusedRestart = RestartAnswer & { readonly atMs: number };

/** A new revision of the same template is a restart by other means. */
export type RestartAction = 'restart' | 'new-revision';

/** The name of the revision that is restarted; where Azure rejected the write and there is none, the template that asked for it. */
export type RestartedRevision = string;

/** A restart that was announced and, as far as is known, made. */
export interface AnnouncedRestart {
  readonly revision: RestartedRevision;
  readonly by: RestartAction;
  readonly made?: string;
  readonly rung?: number;
  readonly remediation: RemediationId;
  readonly atMs: number;
}

/** A start of a job that was announced. Whether it was made does not matter: there is no second one. */
export interface AnnouncedStart {
  readonly execution: string;
  readonly remediation: RemediationId;
  readonly atMs: number;
}

/** What the entries of one app add up to, oldest first. */
export interface RestartMemory {
  readonly starts: readonly AnnouncedStart[];
  readonly restarts: readonly AnnouncedRestart[];
  readonly refused: readonly RefusedRestart[];
  readonly lastSeq: number;
}

/** Adds up the entries of one app. */
export function foldRestarts(entries: readonly StoredEntry<RestartEntry>[]): RestartMemory {
  let memory: Omit<RestartMemory, 'lastSeq'> = { starts: [], restarts: [], refused: [] };
  for (const { entry, atMs } of entries) memory = { ...memory, ...changed(memory, entry, atMs) };
  return { ...memory, lastSeq: entries.at(-1)?.seq ?? 0 };
}

function changed(
  { starts, restarts, refused }: Omit<RestartMemory, 'lastSeq'>,
  entry: RestartEntry,
  atMs: number,
): Partial<RestartMemory> {
  switch (entry.kind) {
    case 'restart-announced': {
      const { kind: _kind, app: _app, ...announced } = entry;
      return { restarts: [...restarts, { ...announced, atMs }] };
    }
    case 'start-announced': {
      const { execution, remediation } = entry;
      return { starts: [...starts, { execution, remediation, atMs }] };
    }
    case 'restart-not-made': {
      const at = restarts.findLastIndex(({ remediation }) => remediation === entry.remediation);
      return { restarts: restarts.filter((_, index) => index !== at) };
    }
    case 'restart-refused': {
      const { revision, by, remediation } = entry;
      return { refused: [...refused, { revision, by, remediation, atMs }] };
    }
    case 'restart-approved':
      return { refused: refused.filter(({ revision }) => revision !== entry.revision) };
  }
}
