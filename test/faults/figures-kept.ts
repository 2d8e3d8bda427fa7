// What the measures are computed from says of each remediation that ended what its history says, whatever failed on the way.
import { figuresOf } from '../../src/lib/history/figures.ts';
import { readTarget } from '../../src/lib/history/targets.ts';
import type { StoragePorts } from './store.ts';

/** One sentence for each remediation that ended and whose figures are missing or say something else than its history. */
export async function figuresViolations(ports: Pick<StoragePorts, 'figures' | 'history' | 'index'>): Promise<string[]> {
  const kept = new Map((await ports.figures.latest(1000)).figures.map((one) => [one.remediation, one]));
  const targets = new Set((await ports.index.all()).map(({ targetId }) => targetId));
  const histories = await Promise.all([...targets].map((targetId) => readTarget(ports, targetId)));
  return histories
    .flatMap(({ remediations }) => remediations)
    .filter((one) => one.closed !== undefined)
    .filter((one) => JSON.stringify(kept.get(one.id)) !== JSON.stringify(figuresOf(one)))
    .map(({ id }) => `figures of ${id}: they do not say what its history says`);
}
