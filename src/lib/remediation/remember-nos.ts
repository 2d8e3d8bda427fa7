// Before a grant: a no to it that stands only in the history of another app is written into the memory of the pair first.

import type { AccessPair } from '../history/access-memory.ts';
import type { IndexRow } from '../history/index-row.ts';
import { tryReadTarget } from '../history/targets.ts';
import type { Clock, DeploymentLedger, Histories, Index, Names } from '../ports/ports.ts';
import { remember } from './access-memory.ts';
import { nosOf } from './remember-look.ts';

/**
 * Remembers each no about this pair that a waiting remediation has in its history alone. The look that would write it may be late: a
 * question expired a moment ago, or an older version kept the no in that history and nowhere else. A history that cannot be read is left
 * out. Throws when the store does not answer.
 */
export async function rememberNosOfOthers(
  ports: Histories & Index & DeploymentLedger & Names & Clock,
  pair: AccessPair,
): Promise<void> {
  const targets = new Set((await ports.index.waiting()).filter((row) => mayBeOf(row, pair)).map((row) => row.targetId));
  for (const targetId of targets) {
    const read = await tryReadTarget(ports, targetId);
    if (!read.read) continue;
    for (const { entry, isKnown } of nosOf(read.history, ports.now())) {
      const { registryId, principalId } = entry.grant;
      if (registryId === pair.registryId && principalId === pair.principalId)
        await remember(ports, entry.grant, entry, isKnown);
    }
  }
}

/** Rows of older versions do not say what they wait for, so their histories are read. */
function mayBeOf({ waitsFor }: IndexRow, { registryId, principalId }: AccessPair): boolean {
  const { registryId: registry = registryId, principalId: principal = principalId } = waitsFor ?? {};
  return registry === registryId && principal === principalId;
}
