// The outbox: what each system was told of each incident and each remediation, and what it is to be told next. A row says which call has
// begun before the call is made, so that a crash loses none and doubles none.

import { type IncidentId, parseIncidentId, type RemediationId } from '../words/target.ts';
import type { External, Failure, QuestionTelling } from './system.ts';

/** A call of a system. */
export type Call =
  | { readonly do: 'open' | 'update' | 'resolve' | 'reopen' }
  | { readonly do: 'ask' | 'answered'; readonly question: string; readonly stage: QuestionTelling['stage'] };

/** What a system is told of. */
export type About = IncidentId | RemediationId;

/** One incident in one system, or one remediation in a system that hears of remediations. */
export type OutboxRow = IncidentRowOfOutbox | RemediationRowOfOutbox;

interface IncidentRowOfOutbox extends OutboxState {
  readonly incident: IncidentId;
  readonly remediation?: never;
}

interface RemediationRowOfOutbox extends OutboxState {
  readonly remediation: RemediationId;
  readonly incident?: never;
}

/** How one incident or remediation stands in one system. */
export interface OutboxState {
  /** The name of the system in the settings. */
  readonly system: string;
  /** When it has to be looked at; absent while there is nothing to tell. */
  readonly dueAtMs?: number;
  /** A change was noted and is this entry of the history, once it is made. It is waited for until this instant: the writer may have died. */
  readonly awaits?: { readonly seq: number; readonly untilMs: number };
  /** `new`: nothing is open there. `resolved`: the system knows of the end. */
  readonly state: 'new' | 'open' | 'resolved';
  /** Which opening in this system it is, from 1. Each has a key of its own. */
  readonly opening: number;
  readonly external?: External;
  /** The number of the last entry that the system knows. */
  readonly toldSeq: number;
  /** When the last call took effect. */
  readonly toldAtMs?: number;
  /** Which stage of each open question the system knows, by {@link questionKey}, and the last few that ended. */
  readonly asked: Readonly<Record<string, QuestionTelling['stage']>>;
  readonly begun?: Begun;
  /** Calls that failed since the last one that took effect. */
  readonly tries: number;
  readonly failure?: Failure & { readonly atMs: number };
  /** The system refuses the message for good: it waits for a person, or for the next change of the incident. */
  readonly dead?: true;
}

/** A call that is being made, or whose answer is missing. */
export interface Begun {
  readonly call: Call;
  readonly delivery: string;
  /** The last entry that the call tells of. */
  readonly seq: number;
  /** When it was first tried. */
  readonly atMs: number;
  /** Until when the host that makes it has it for itself. */
  readonly leaseUntilMs: number;
  /** Names the host that makes it. */
  readonly holder: string;
  /** The last try had no answer. */
  readonly again: boolean;
  /** The system took it in and does it later. */
  readonly receipt?: string;
}

/** What stands in the way of all rows of one system. */
export interface SystemStanding {
  readonly system: string;
  /** It refuses our key. It is tried again at `nextTryAtMs`, once for all rows. */
  readonly refused?: { readonly sinceMs: number; readonly nextTryAtMs: number; readonly detail: string };
  /** It asked us to wait. */
  readonly pausedUntilMs?: number;
  /** It wants nothing from us any more, since this instant. */
  readonly offSinceMs?: number;
}

/** A row as it is stored, and the version to write over. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: string;
}

/**
 * Keeps the outbox. Every function throws when the store cannot be reached. A row that cannot be read, because a newer version or a stranger
 * wrote it, is left out of every answer, except those of `unreadable` and `standing`.
 */
export interface OutboxStore {
  /** A name for one try of one host, which no other try ever gets. */
  newHolder(): string;
  read(about: About, system: string): Promise<Versioned<OutboxRow> | undefined>;
  /** Without a version: a new row. `taken`: another writer was first, and nothing was written. */
  write(row: OutboxRow, version: string | undefined): Promise<'written' | 'taken'>;
  /** The rows of an incident or of a remediation; none for what is in no incident. */
  of(about: About | undefined): Promise<readonly Versioned<OutboxRow>[]>;
  /** Rows that are due at this instant or before, the earliest first; at most some hundred. */
  due(atMs: number): Promise<readonly OutboxRow[]>;
  /** Rows that are due or dead, without those that only wait to be removed ({@link isFinished}). */
  unfinished(): Promise<readonly OutboxRow[]>;
  /**
   * Marks a row that cannot be read, so that `unreadable` has it, and leaves the rest of it to the version that can read it. `not-there`: the
   * row can be read by now, or there is none.
   */
  setAside(about: About, system: string): Promise<'set-aside' | 'not-there'>;
  /** Removes a row that is still this version. `taken`: another writer was first, and it stays. */
  remove(about: About, system: string, version: string): Promise<'removed' | 'taken'>;
  /** The systems of rows that cannot be read and that are due, dead or set aside: one name for each row. */
  unreadable(): Promise<readonly string[]>;
  /** `unreadable`: a row is there, and a newer version or a stranger wrote it. Whether the system may be asked is not known then. */
  standing(system: string): Promise<Versioned<SystemStanding> | 'unreadable' | undefined>;
  writeStanding(standing: SystemStanding, version: string | undefined): Promise<'written' | 'taken'>;
}

export function newRow(about: About, system: string): OutboxRow {
  return { ...namesOf(about), system, state: 'new', opening: 0, toldSeq: 0, asked: {}, tries: 0 };
}

/** The id of what a row or a message is about. */
export function aboutOf(row: AboutNames): About {
  return row.incident ?? row.remediation;
}

/** The same as a member of its own name, as rows and messages have it. */
export function namesOf(about: About): AboutNames {
  const incident = parseIncidentId(about);
  return incident === undefined ? { remediation: about as RemediationId } : { incident };
}

export type AboutNames =
  | { readonly incident: IncidentId; readonly remediation?: never }
  | { readonly remediation: RemediationId; readonly incident?: never };

/**
 * True if nothing will ever be told of it any more: a remediation ends once. Its row is kept for some time, so that a host that was slow to
 * note the end finds that it was told, and is removed then.
 */
export function isFinished({ remediation, state, dead }: OutboxRow): boolean {
  return remediation !== undefined && state === 'resolved' && dead !== true;
}

/** How long a noted change may take to be made. Milliseconds. */
const changeTakesMs = 10 * 60_000;

/**
 * The row before its history gets the entry of this number: it is due, unless it waits for a system that failed. What was refused for good
 * is tried again with the new text.
 */
export function noted(row: OutboxRow, seq: number, nowMs: number): OutboxRow {
  const { dead: _dead, ...kept } = row;
  const waits = row.tries > 0 && row.dueAtMs !== undefined;
  return {
    ...kept,
    awaits: { seq: Math.max(seq, row.awaits?.seq ?? 0), untilMs: nowMs + changeTakesMs },
    dueAtMs: waits ? row.dueAtMs : nowMs,
  };
}

/** Names a question within its incident. */
export function questionKey({
  remediation,
  question,
}: {
  readonly remediation: string;
  readonly question: number;
}): string {
  return `${remediation}-${question}`;
}
