// A grant whose answer was lost, or whose host died in the middle of it, and what the memory of its pair holds of it.

import type { MadeBefore } from '../history/access-memory.ts';
import type { Grant } from '../history/grant.ts';
import type { Remediation } from '../history/state.ts';
import { recallAccess, remember } from './access-memory.ts';
import type { Turn } from './turn.ts';

/**
 * `never-made`: the memory holds no announcement of it, and that comes before the write; or a look found that the Activity Log shows no
 * removal. `in-doubt`: it may have been made and removed, and the memory says so by now. `unreadable`: the memory could not be read.
 * Throws when the memory cannot be written.
 */
export async function whetherMade(
  { ports }: Turn,
  grant: Grant,
  { id }: Pick<Remediation, 'id'>,
  decidedAtMs: number,
): Promise<'never-made' | 'in-doubt' | 'unreadable'> {
  const memory = await recallAccess(ports, grant);
  if (!memory.read) return 'unreadable';
  const isThis = (one: MadeBefore): boolean => one.remediation === id && one.atMs >= decidedAtMs - clockStepMs;
  if (!memory.value.made.some(isThis)) return 'never-made';
  await remember(
    ports,
    grant,
    { kind: 'grant-not-found', remediation: id },
    ({ made }) => !made.some((one) => isThis(one) && one.notFoundAtMs === undefined),
  );
  return 'in-doubt';
}

/** The grant is there: it is no longer in doubt. */
export async function foundAfterAll({ ports }: Turn, grant: Grant, { id }: Pick<Remediation, 'id'>): Promise<void> {
  await remember(
    ports,
    grant,
    { kind: 'grant-found', remediation: id },
    ({ made }) => made.findLast((one) => one.remediation === id)?.notFoundAtMs === undefined,
  );
}

/** The clock of a host may step back between the decision and the announcement. Two grants of one remediation are further apart. */
const clockStepMs = 60_000;
