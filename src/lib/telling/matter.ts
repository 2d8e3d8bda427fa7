// What a row of the outbox is about, as the way out of the outbox sees it: an incident or a remediation.

import type { NextCall } from '../incidents/next-call.ts';
import type { Begun, Call, OutboxRow } from '../incidents/outbox.ts';
import type { Told } from '../incidents/system.ts';

/** An incident or a remediation as it reads now, in the eyes of one system. */
export interface Matter {
  /** The number of the last entry of its history. */
  readonly lastSeq: number;
  /** The call that comes next: one without an answer once more, or the next one. */
  next(row: OutboxRow, nowMs: number): NextCall;
  /** Names this call for every try of it. `opening`: which opening in the system it tells of. */
  deliveryOf(call: Call, opening: number): string;
  /** Makes the call. May throw where the adapter has a mistake. */
  make(row: OutboxRow, begun: Begun): Promise<Told>;
  /** What the system knows of questions after this call took effect. */
  askedAfter(asked: OutboxRow['asked'], call: Call): OutboxRow['asked'];
}

/** Names a call within its incident or remediation. */
export function nameOf(call: Call): string {
  return 'question' in call ? `${call.stage}.${call.question}` : call.do;
}
