// Which requests each kind of workload is read with.
import { describe, expect, it } from 'vitest';
import { kindReaders } from '../../../../src/lib/azure/facts/kinds.ts';
import { nothingAsked } from '../../../../src/lib/evidence/evidence.ts';
import { readsOnce } from '../../../../src/lib/evidence/once.ts';
import type { ArmId } from '../../../../src/lib/words/arm-id.ts';
import { unreadable } from '../../../../src/lib/words/fact.ts';
import { targetOf } from '../../../../src/lib/words/target.ts';
import type { WorkloadKind } from '../../../../src/lib/workloads/workload.ts';
import { workloadKinds, workloads } from '../../../../src/lib/workloads/workloads.ts';
import { arm, image, nowMs } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';
import { container, running, wireGroup } from './wire-groups.ts';

/** A resource of this kind. */
function about(kind: WorkloadKind): ArmId {
  return arm(
    `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-apps/providers/${workloads[kind].type}/one`,
  );
}

/** What Azure answers about a resource of a kind that is not read from a list. */
const answers: Partial<Record<WorkloadKind, object>> = { 'container-group': wireGroup([container(running, [])]) };

const question = (clients: ReturnType<typeof alwaysAnswering>['clients'], kind: WorkloadKind) => ({
  clients,
  target: targetOf(about(kind), image),
  soFar: nothingAsked(nowMs),
  logsSinceMs: nowMs,
  once: readsOnce(),
});

describe.each(workloadKinds)('a workload of the kind %s', (kind) => {
  it('is read from its own resource', async () => {
    const { clients, asked } = alwaysAnswering({ value: [] });
    await kindReaders[kind].declared(question(clients, kind));
    await kindReaders[kind].runs(question(clients, kind));

    expect(asked.length).toBeGreaterThanOrEqual(2);
    for (const { path } of asked) expect(path.toLowerCase().startsWith(about(kind))).toBe(true);
  });

  it('is asked for the same thing once in a look, and again in a later look', async () => {
    const { clients, asked } = alwaysAnswering(answers[kind] ?? { value: [] });
    const { declared, runs, replicas, logs } = kindReaders[kind];
    const look = async (): Promise<string[]> => {
      const one = question(clients, kind);
      const before = asked.length;
      for (const read of [declared, runs, replicas, logs]) await read(one);
      return asked.slice(before).map(({ path }) => path);
    };

    const paths = await look();
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.toSorted()).toEqual([...new Set(paths)].toSorted());
    expect(await look()).toEqual(paths);
  });
});

describe.each(workloadKinds.filter((kind) => 'columns' in workloads[kind]))('the system log of a %s', (kind) => {
  it('is not asked before its environment is known', async () => {
    const { clients, asked } = alwaysAnswering({ value: [] });

    expect(await kindReaders[kind].logs(question(clients, kind))).toEqual(unreadable('not-asked'));
    expect(asked).toEqual([]);
  });
});
