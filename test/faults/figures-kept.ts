// What the measures are computed from says of each remediation that ended what its history says, whatever failed on the way.
import { factsOf } from '../../src/lib/history/row-facts.ts';
import { readTarget } from '../../src/lib/history/targets.ts';
import type { StoragePorts } from './store.ts';

/** One sentence for each remediation that ended and whose row is missing, or says something else than its history. */
export async function figuresViolations(ports: Pick<StoragePorts, 'history' | 'index'>): Promise<string[]> {
  const rows = await ports.index.all();
  const kept = new Map(rows.map((row) => [row.remediation, row.facts]));
  const targets = new Set(rows.map(({ targetId }) => targetId));
  const histories = await Promise.all([...targets].map((targetId) => readTarget(ports, targetId)));
  return histories
    .flatMap(({ remediations }) => remediations)
    .filter((one) => one.closed !== undefined)
    .filter((one) => sorted(kept.get(one.id)) !== sorted(factsOf(one)))
    .map(({ id }) => `figures of ${id}: its row does not say what its history says`);
}

/** The facts as a text in which the order of the members does not matter. */
function sorted(facts: object | undefined): string {
  return JSON.stringify(Object.entries(facts ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}
