// How many requests one look sends, for each kind of workload and of registry: what a look may cost at the most.
import type { LookCalls } from '../played/played.ts';

/** Requests to Azure Resource Manager and its index, and log queries, that one look may send (docs/costs.md). */
export const mostRequests = { public: 12, private: 25, logs: 2 } as const;

export interface RequestsOfKind {
  readonly kind: LookCalls['kind'];
  readonly registry: LookCalls['registry'];
  readonly remediations: number;
  /** The most of any look, and the cause that it found. */
  readonly arm: number;
  readonly cause: string;
  readonly logs: number;
}

/** The dearest look of each kind of workload at each kind of registry. */
export function requestsByKind(looks: readonly LookCalls[]): RequestsOfKind[] {
  const groups = Map.groupBy(looks, ({ kind, registry }) => `${kind} ${registry}`);
  return [...groups.values()].flatMap((group) => {
    const [dearest] = group.toSorted((a, b) => b.arm - a.arm);
    if (dearest === undefined) return [];
    const { kind, registry, arm, causes } = dearest;
    const logs = Math.max(...group.map((one) => one.logs));
    return [{ kind, registry, remediations: group.length, arm, cause: causes[0] ?? 'none', logs }];
  });
}

/** Whether a scenario is about jobs or container groups, and nothing in it makes a look ask twice. `text`: its file. */
export function showsOtherKind(text: string): boolean {
  return /^ {2}(?:jobs|containerGroups):/m.test(text) && !/do: (?:throttle|outage)|roleChangesPerHour/.test(text);
}
