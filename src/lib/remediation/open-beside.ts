// Reads what other remediations of the same workload are open, and whether their causes are put right.

import { type OpenBeside, openBeside } from '../history/open-beside.ts';
import { liveOf } from '../history/queries.ts';
import type { Remediation } from '../history/state.ts';
import { tryReadTarget } from '../history/targets.ts';
import type { Histories, Index } from '../ports/ports.ts';
import { type Fact, known, unreadable } from '../words/fact.ts';
import { kindOf } from '../workloads/workloads.ts';

/**
 * The other open remediations of the workload; unreadable where one of them cannot be read, or where the store does not answer. An app is not
 * asked about: the platform tries each image of a revision by itself, so that a restart for one of them is not wasted.
 */
export async function readOpenBeside(
  ports: Histories & Index,
  { target, targetId }: Pick<Remediation, 'target' | 'targetId'>,
): Promise<Fact<readonly OpenBeside[]>> {
  if (kindOf(target.appId).pullsAgain === 'restart') return known([]);
  try {
    const rows = await ports.index.liveOf(target.appId);
    const others = new Set(rows.map((row) => row.targetId).filter((id) => id !== targetId));
    const read = await Promise.all([...others].map((id) => tryReadTarget(ports, id)));
    return known(
      read.flatMap((one) => {
        if (!one.read) throw new Error('One history cannot be read.');
        const live = liveOf(one.history);
        return live === undefined ? [] : [openBeside(live)];
      }),
    );
  } catch {
    return unreadable('unavailable');
  }
}
