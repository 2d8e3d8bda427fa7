// The row by which lists show an incident without its history. What is open and what has ended lie apart.

import type { Cause } from '../causes/causes.ts';
import type { Sureness } from '../history/diagnosis.ts';
import type { IncidentId } from '../words/target.ts';
import type { IncidentHistory } from './incident.ts';

/** One row per incident that is open, and one for each time that an incident ended. It is derived from the history. */
export interface IncidentRow {
  readonly id: IncidentId;
  /** Absent in rows of older versions, and until the first entry of the incident is written: then nothing more is known. */
  readonly facts?: IncidentRowFacts;
}

export interface IncidentRowFacts {
  /** The last entry that the row is derived from. */
  readonly seq: number;
  readonly cause: Cause;
  readonly sureness: Sureness;
  readonly registry: string;
  readonly owner: string;
  readonly title: string;
  readonly state: 'open' | 'resolved' | 'withdrawn';
  /** Members of this opening, also those that have left, and their apps. */
  readonly members: number;
  readonly apps: number;
  /** How often it was opened, as the incident counts. */
  readonly occurrences: number;
  readonly openedAtMs: number;
  readonly closedAtMs?: number;
}

/** The row of an incident; without facts where it has no entry yet. */
export function incidentRowOf(id: IncidentId, { incident, lastSeq }: IncidentHistory): IncidentRow {
  if (incident === undefined) return { id };
  const { cause, sure, registry, runbook, members, occurrences, openedAtMs, closed } = incident;
  const facts = {
    seq: lastSeq,
    cause,
    sureness: sure,
    registry,
    owner: runbook.owner,
    title: runbook.title,
    state: closed?.how ?? 'open',
    members: members.length,
    apps: new Set(members.map(({ app }) => app)).size,
    occurrences,
    openedAtMs,
  } as const;
  return { id, facts: closed === undefined ? facts : { ...facts, closedAtMs: closed.atMs } };
}
