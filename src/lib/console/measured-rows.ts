// The rows that measures are computed from: what goes on, and what ended last. Their number is bounded, and no history is read.

import type { IndexRow } from '../history/index-row.ts';
import type { RowFacts } from '../history/row-facts.ts';
import { endOf } from '../history/row-search.ts';
import type { Clock, Index } from '../ports/ports.ts';

/** One remediation as its row says it. */
export type Measured = RowFacts & Pick<IndexRow, 'remediation' | 'appId'>;

export interface MeasuredRows {
  /** The latest opening first. */
  readonly figures: readonly Measured[];
  /** Of what ended since this instant every row was read, and of what goes on. 0: of everything there is. */
  readonly wholeSinceMs: number;
  /** Why that is not 0. `older-version`: rows that ended until then say too little. */
  readonly because?: 'more-rows' | 'older-version';
  /** Rows after that instant that are not counted: they cannot be read, or an older version wrote them. */
  readonly skipped: number;
}

/** How many of those that ended are read: as many as storage gives in one answer. */
export const mostEnded = 1000;

/** Throws when the store cannot be reached. */
export async function readMeasuredRows({ index, now }: Index & Clock): Promise<MeasuredRows> {
  // First what goes on: a row that moves meanwhile is found in both places, and never in none.
  const live = await index.live();
  const ended = await index.closed({ limit: mostEnded });
  return measuredRows(live, ended, now());
}

/** `ended` are the latest ends first. */
export function measuredRows(
  live: readonly IndexRow[],
  ended: { readonly rows: readonly IndexRow[]; readonly skipped: number; readonly next?: unknown },
  nowMs: number,
): MeasuredRows {
  const moreSinceMs = ended.next === undefined ? 0 : Math.min(nowMs, ...ended.rows.map(endOf));
  const olderSinceMs = Math.max(0, ...ended.rows.filter(({ facts }) => facts === undefined).map(endOf));
  const wholeSinceMs = Math.max(moreSinceMs, olderSinceMs);
  const because = olderSinceMs < wholeSinceMs ? 'more-rows' : 'older-version';
  const rows = new Map([...live, ...ended.rows].map((row) => [row.remediation, row]));
  return {
    figures: [...rows.values()].flatMap(measuredIn).sort((a, b) => b.openedAtMs - a.openedAtMs),
    wholeSinceMs,
    ...(wholeSinceMs === 0 ? {} : { because }),
    skipped: ended.skipped + live.filter(({ facts }) => facts === undefined).length,
  };
}

function measuredIn({ remediation, appId, facts }: IndexRow): Measured[] {
  return facts === undefined ? [] : [{ ...facts, remediation, appId }];
}
