// A search of remediations by what their rows say.

import type { Cause } from '../causes/causes.ts';
import type { CloseHow } from './closing.ts';
import type { Sureness } from './diagnosis.ts';
import type { IndexRow } from './index-row.ts';

/** Each member narrows the search; one that is absent does not. A row that does not know a member that is asked for is not found. */
export interface RowSearch {
  /** The beginning of the app's name, in lower case. */
  readonly app?: string;
  /** The beginning of the registry's host, in lower case. */
  readonly registry?: string;
  /** One of these was a cause. An empty list finds nothing. */
  readonly causes?: readonly Cause[];
  readonly sureness?: Sureness;
  readonly closedHow?: CloseHow;
  readonly neededPerson?: boolean;
  /** Ended at this instant or later, and before that one; of what is live: opened. Milliseconds since 1970. */
  readonly fromMs?: number;
  readonly untilMs?: number;
}

/** How many causes of a row a search looks at. A remediation has one as a rule. */
export const searchedCauses = 3;

/** True if the row is one that the search finds. Storage applies the same rules to ended rows. */
export function isFound(row: IndexRow, search: RowSearch): boolean {
  const { app, registry, causes, sureness, closedHow, neededPerson, fromMs = 0, untilMs } = search;
  const { facts } = row;
  const atMs = instantOf(row);
  if (atMs < fromMs || (untilMs !== undefined && atMs >= untilMs)) return false;
  const has = facts?.causes.slice(0, searchedCauses) ?? [];
  return (
    (app === undefined || facts?.appName.toLowerCase().startsWith(app) === true) &&
    (registry === undefined || facts?.registry.toLowerCase().startsWith(registry) === true) &&
    (causes === undefined || causes.some((cause) => has.includes(cause))) &&
    (sureness === undefined || facts?.sure === sureness) &&
    (closedHow === undefined || facts?.closed?.how === closedHow) &&
    (neededPerson === undefined || (facts !== undefined && (facts.askedAtMs !== undefined) === neededPerson))
  );
}

/** The instant by which lists order a row: its end, or its opening where it is live. */
export function instantOf(row: IndexRow): number {
  return row.closed ? endOf(row) : (row.openedAtMs ?? row.updatedAtMs);
}

/** When the remediation ended; rows of older versions say only when they changed last. */
export function endOf({ closedAtMs, updatedAtMs }: IndexRow): number {
  return closedAtMs ?? updatedAtMs;
}
