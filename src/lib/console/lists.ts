// Lists of remediations for people and programs: page by page. A history that cannot be read is an item of its own.

import type { IndexRow } from '../history/index-row.ts';
import type { HistoryTrouble } from '../history/ledger.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import type { ArmId } from '../words/arm-id.ts';
import type { RemediationId } from '../words/target.ts';
import { search } from './search.ts';
import type { Reading, RemediationView } from './views.ts';
import { showRemediation } from './views.ts';

export interface Page {
  /** What goes on, the latest opening first; then what has ended, the latest end first. */
  readonly remediations: readonly RemediationView[];
  /** Those of this page whose history cannot be read. */
  readonly unreadable: readonly UnreadableView[];
  /** How many rows of this page cannot be read: a newer version or a person wrote them. */
  readonly skipped: number;
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/** One page of the remediations: the first page, or the page that begins where another one ended. */
export async function pageOfRemediations(ports: Reading, after?: string): Promise<Page> {
  const { rows, skipped, next } = await search(ports, { query: {}, after, limit: pageSize });
  return { ...(await viewsOf(ports, rows)), skipped, ...(next === undefined ? {} : { next }) };
}

/** A remediation whose history cannot be read: all that the index knows of it. */
export interface UnreadableView {
  readonly id: RemediationId;
  readonly appId: ArmId;
  readonly why: HistoryTrouble;
  readonly updatedAtMs: number;
}

/** How many remediations a page of the list shows. */
export const pageSize = 100;
/** How many histories are read at the same time. */
const sideBySide = 16;

export interface Views {
  readonly remediations: readonly RemediationView[];
  readonly unreadable: readonly UnreadableView[];
}

/** The remediations of these rows, in their order. */
export async function viewsOf(ports: Reading, rows: readonly IndexRow[]): Promise<Views> {
  const remediations: RemediationView[] = [];
  const unreadable: UnreadableView[] = [];
  for (let from = 0; from < rows.length; from += sideBySide) {
    const part = rows.slice(from, from + sideBySide);
    for (const one of await Promise.all(part.map((row) => viewOf(ports, row)))) {
      if (one === undefined) continue;
      if ('why' in one) unreadable.push(one);
      else remediations.push(one);
    }
  }
  return { remediations, unreadable };
}

async function viewOf(ports: Reading, row: IndexRow): Promise<RemediationView | UnreadableView | undefined> {
  try {
    return (await showRemediation(ports, row.remediation))?.remediation;
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return { id: row.remediation, appId: row.appId, why: error.why, updatedAtMs: row.updatedAtMs };
  }
}
