// Keeps what a system answers short enough for its row of the outbox: a text in Azure Table Storage has at most 64 KiB, about
// 32,000 UTF-16 units ("Understanding the Table service data model", Property types), and the call of a row that cannot be written is made again
// and again.

import { cutText } from '../incidents/parts.ts';
import type { External, Told } from '../incidents/system.ts';

const longestName = 6000;
const longestUrl = 2000;
const longestReceipt = 500;
const longestDetail = 200;

/** The answer without what is too long. Without its name, an incident is found by our key, as after an answer that is lost. */
export function withinRow(told: Told): Told {
  switch (told.kind) {
    case 'told':
      return told.external === undefined ? told : { kind: 'told', ...nameWithin(told.external) };
    case 'accepted':
      return lengthOf(told.receipt) <= longestReceipt
        ? told
        : { kind: 'failed', failure: { why: 'no-answer', detail: 'receipt too long' } };
    case 'failed':
      return { kind: 'failed', failure: { ...told.failure, detail: cutText(told.failure.detail, longestDetail) } };
  }
}

function nameWithin({ url, ...name }: External): { readonly external?: External } {
  if (lengthOf(name) > longestName) return {};
  return { external: url === undefined || lengthOf(url) > longestUrl ? name : { ...name, url } };
}

/** As it is stored: a mark that JSON escapes counts as what it becomes. */
function lengthOf(value: unknown): number {
  return JSON.stringify(value).length;
}
