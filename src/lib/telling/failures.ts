// What a failed call means for its row: whether and when it is tried again.

import type { Begun, OutboxRow } from '../incidents/outbox.ts';
import type { Failure } from '../incidents/system.ts';
import type { Clock, EventLog, Outbox } from '../ports/ports.ts';
import { holdUp } from './standing.ts';

const second = 1000;
const minute = 60 * second;
/** Pauses before a call without an answer is tried again; the last one is repeated without an end. Milliseconds. */
const pauses = [10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 20 * minute, 30 * minute];

/** The pause after this many failed tries. */
export function pauseAfter(tries: number): number {
  return pauses[Math.min(tries, pauses.length) - 1] ?? 10 * second;
}

/** A call that failed. */
interface FailedCall {
  readonly begun: Begun;
  readonly failure: Failure;
  /** How long the system may not find what it has made. Milliseconds. */
  readonly findLagMs: number;
  /** The last entry that was there when the call was made; a call that is repeated tells of an earlier one. */
  readonly lastSeq: number;
}

/** The row after a call that failed. */
export async function failed(
  ports: Clock & Outbox & EventLog,
  row: OutboxRow,
  { begun, failure, findLagMs, lastSeq }: FailedCall,
): Promise<OutboxRow> {
  const nowMs = ports.now();
  const { begun: _begun, dueAtMs: _due, ...kept } = row;
  const tries = row.tries + 1;
  // What an earlier try may have made is still to be looked for, whatever this one answered.
  const stillOpen = begun.again ? { begun: { ...begun, leaseUntilMs: nowMs } } : notOpened(row, begun);
  const after = { ...kept, tries, failure: { ...failure, atMs: nowMs } };
  switch (failure.why) {
    case 'key-refused':
    case 'throttled': {
      const untilMs = (await holdUp(ports, row.system, failure)) ?? nowMs + pauseAfter(tries);
      return { ...after, ...stillOpen, dueAtMs: untilMs };
    }
    case 'switched-off':
      await holdUp(ports, row.system, failure);
      return { ...after, ...stillOpen, dead: true };
    case 'message-refused': {
      // A call that was taken in and refused later is over: the next one is made anew.
      const over = { ...after, ...(begun.receipt === undefined ? stillOpen : notOpened(row, begun)) };
      return isOvertaken(row, begun, lastSeq, nowMs)
        ? { ...over, dueAtMs: nowMs + pauseAfter(tries) }
        : { ...over, dead: true };
    }
    case 'no-answer': {
      const lagMs = begun.call.do === 'open' ? findLagMs : 0;
      return {
        ...after,
        begun: { ...begun, leaseUntilMs: nowMs, again: true },
        dueAtMs: nowMs + Math.max(pauseAfter(tries), lagMs),
      };
    }
    case 'gone': {
      const { external: _external, ...without } = after;
      return { ...without, state: 'new', dueAtMs: nowMs + pauseAfter(tries) };
    }
  }
}

/** Nothing was opened under the name of this opening, so the next try has the same one: what took effect unseen is met again by it. */
function notOpened({ opening }: OutboxRow, { call }: Begun): Partial<Pick<OutboxRow, 'opening'>> {
  return call.do === 'open' ? { opening: Math.max(0, opening - 1) } : {};
}

/** True if there was news after the call began: that is told next, and it must not wait for still later news behind what was refused. */
function isOvertaken({ awaits }: OutboxRow, { seq }: Begun, lastSeq: number, nowMs: number): boolean {
  return lastSeq > seq || (awaits !== undefined && awaits.seq > seq && nowMs < awaits.untilMs);
}
