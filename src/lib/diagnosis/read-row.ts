// What the text of a row claims. Several questions of one look ask about the same rows, and a long text takes a while to classify.

import { classify, type Suspicion } from '../classify/classify.ts';
import type { LogRow } from '../evidence/app-facts.ts';

const claims = new WeakMap<LogRow, Suspicion>();

/** Classifies a row once, however often it is asked about. The row is not changed after it was read. */
export function claimOfRow(row: LogRow): Suspicion {
  const known = claims.get(row);
  if (known !== undefined) return known;
  const said = classify(row.text, { reason: row.reason, type: row.severity });
  claims.set(row, said);
  return said;
}
