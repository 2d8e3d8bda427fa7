// Grants whose answer was lost and that are not there: when the Activity Log tells whether they were made and removed, or never made.

import type { Evidence } from '../evidence/evidence.ts';
import { removalsReachMs } from '../evidence/facts.ts';
import type { AccessMemory, AccessPair, MadeBefore } from '../history/access-memory.ts';
import { valueOf } from '../words/fact.ts';
import { logLagMs, removalsOf } from './access-guards.ts';

const minute = 60_000;
/** How far the clocks of a host and of Azure may be apart: a removal that seems a little older than the grant may be of it. */
const skewMs = 5 * minute;

/**
 * Grants in doubt that were never made, as this look shows: the log that it read can no longer be late, it reaches back to the grant, and
 * neither it nor the memory tells of a removal since. Only the last grant of a remediation is among them, because the memory drops that one.
 */
export function neverMade(
  memory: AccessMemory,
  pair: AccessPair,
  evidence: Pick<Evidence, 'atMs' | 'removals'>,
): readonly MadeBefore[] {
  if (valueOf(evidence.removals) === undefined) return [];
  const removedAtMs = Math.max(
    0,
    ...[...removalsOf(evidence, pair), ...memory.removals].map((removal) => removal.removedAtMs),
  );
  return memory.made.filter((one, index) => {
    const isLast = !memory.made.slice(index + 1).some(({ remediation }) => remediation === one.remediation);
    const isTold = one.notFoundAtMs !== undefined && evidence.atMs >= toldByLogAtMs([one]);
    const isReached = one.atMs - skewMs > evidence.atMs - removalsReachMs;
    return isLast && isTold && isReached && removedAtMs < one.atMs - skewMs;
  });
}

/** When the Activity Log can no longer be late about the grants in doubt; 0 where none is. Milliseconds since 1970. */
export function toldByLogAtMs(made: readonly MadeBefore[]): number {
  return Math.max(0, ...made.map(({ notFoundAtMs }) => (notFoundAtMs === undefined ? 0 : notFoundAtMs + logLagMs)));
}
