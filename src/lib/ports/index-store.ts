// The index: rows of remediations and incidents, so that lists and the schedule read no histories. What is live and what has ended lie apart:
// a list of what is live costs as much as is live, and a page of what has ended costs one page.

import type { IndexRow } from '../history/index-row.ts';
import type { RowSearch } from '../history/row-search.ts';
import type { IncidentRow } from '../incidents/incident-row.ts';
import type { ArmId, Branded } from '../words/arm-id.ts';
import type { IncidentId, RemediationId, TargetId } from '../words/target.ts';

/** Where a page begins, as the page before said it. Only the store can read it. */
export type PageKey = Branded<'PageKey'>;

export interface PageAsked {
  /** The `next` of the page before. Any other text gives the first page. */
  readonly after?: string | undefined;
  /** The most rows of a page: 1 to 1,000, which is as many as storage gives in one answer. */
  readonly limit: number;
}

/** One page. It may hold fewer rows than asked for, or none, and still have a `next`: a search reads only so much for one page. */
export interface PageOf<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly next?: PageKey;
  /** How many rows of this page cannot be read; they are left out. */
  readonly skipped: number;
}

/** Rows without an order, all of them. */
export interface ListOf<Row> {
  readonly rows: readonly Row[];
  /** How many rows cannot be read; they are left out. */
  readonly skipped: number;
}

/** Every function throws when the store cannot be reached. */
export interface IndexStore extends LiveRows, ClosedRows, IncidentRows {
  /**
   * Writes the row of a remediation, and moves it to where it belongs. A host that dies on the way leaves it in both places; then the live
   * row is overdue some day, and the step that follows writes it anew.
   */
  put(row: IndexRow): Promise<void>;
  /** Every remediation once, live or ended. It reads everything: only for what is known to be small. */
  all(): Promise<readonly IndexRow[]>;
}

export interface LiveRows {
  live(): Promise<readonly IndexRow[]>;
  /** The same, and how many rows of what is live cannot be read. Every list skips them. */
  listLive(): Promise<ListOf<IndexRow>>;
  /** Those that wait for a person. */
  waiting(): Promise<readonly IndexRow[]>;
  /** Those that were due before this instant. */
  overdue(beforeMs: number): Promise<readonly IndexRow[]>;
  /** Those of one app: a storm of signals must not read everything for each of them. */
  liveOf(appId: ArmId): Promise<readonly Pick<IndexRow, 'remediation' | 'targetId'>[]>;
  /** The live rows of one target. */
  liveOfTarget(targetId: TargetId): Promise<readonly IndexRow[]>;
}

export interface ClosedRows {
  /** One page of what has ended, the latest end first, or of what a search finds there. */
  closed(asked: PageAsked, search?: RowSearch): Promise<PageOf<IndexRow>>;
  /** What ended last of this target. */
  lastClosed(targetId: TargetId): Promise<IndexRow | undefined>;
  /** Every target of the app that has a row, live or ended. */
  targetsOf(appId: ArmId): Promise<readonly TargetId[]>;
  /** Those that ended because nothing was asked to start, and are still watched. */
  asleep(): Promise<readonly IndexRow[]>;
  /** Ends the watch of one that ended asleep. */
  stopWatching(remediation: RemediationId): Promise<void>;
  /** Ended ones that an older version left among the live ones, at most so many. {@link IndexStore.put} moves them. */
  leftAmongLive(limit: number): Promise<readonly IndexRow[]>;
}

export interface IncidentRows {
  /** Notes that there is such an incident, before its first entry is written. */
  noteIncident(id: IncidentId): Promise<void>;
  /** Writes the row of an incident, and moves it to where it belongs. A row of a later entry is not written over. */
  putIncident(row: IncidentRow): Promise<void>;
  openIncidents(): Promise<ListOf<IncidentRow>>;
  /** One page of what has ended, the latest end first: an incident that ended twice is there twice. */
  closedIncidents(asked: PageAsked): Promise<PageOf<IncidentRow>>;
  /** Every incident once. It reads everything: only for what is known to be small. */
  incidents(): Promise<readonly IncidentId[]>;
}
