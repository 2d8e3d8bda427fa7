// What the index lists: every remediation is where its history says it belongs, whatever failed on the way.
import { readTarget } from '../../src/lib/history/targets.ts';
import type { StoragePorts } from './store.ts';

/** One sentence for each remediation that a list lacks, or that is still among the live ones although it has ended. */
export async function rowsViolations({ index, history }: Pick<StoragePorts, 'index' | 'history'>): Promise<string[]> {
  const live = new Set((await index.live()).map(({ remediation }) => remediation));
  const ended = (await index.closed({ limit: 1000 })).rows.map(({ remediation }) => remediation);
  const targets = new Set((await index.all()).map(({ targetId }) => targetId));
  const histories = await Promise.all([...targets].map((targetId) => readTarget({ history }, targetId)));
  const found = histories
    .flatMap(({ remediations }) => remediations)
    .flatMap(({ id, closed }) => {
      if (closed === undefined) return live.has(id) ? [] : [`rows: ${id} is live and no list has it`];
      const times = ended.filter((one) => one === id).length;
      return [
        ...(times === 1 ? [] : [`rows: ${id} has ended, and the list of what has ended has it ${times} times`]),
        ...(live.has(id) ? [`rows: ${id} has ended and is still among the live ones`] : []),
      ];
    });
  return found;
}
