// Which requests each kind of workload is read with.
import { describe, expect, it } from 'vitest';
import { kindReaders } from '../../../../src/lib/azure/facts/kinds.ts';
import { nothingAsked } from '../../../../src/lib/evidence/evidence.ts';
import { readsOnce } from '../../../../src/lib/evidence/once.ts';
import { unreadable } from '../../../../src/lib/words/fact.ts';
import { targetOf } from '../../../../src/lib/words/target.ts';
import { workloadKinds, workloads } from '../../../../src/lib/workloads/workloads.ts';
import { appId, groupId, image, jobId, nowMs } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';
import { container, running, wireGroup } from './wire-groups.ts';

const about = { 'container-app': appId, job: jobId, 'container-group': groupId } as const;
const question = (clients: ReturnType<typeof alwaysAnswering>['clients'], kind: keyof typeof about) => ({
  clients,
  target: targetOf(about[kind], image),
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
    for (const { path } of asked) expect(path.toLowerCase().startsWith(about[kind])).toBe(true);
  });

  it('is asked for the same thing once in a look, and again in a later look', async () => {
    const { clients, asked } = alwaysAnswering(
      kind === 'container-group' ? wireGroup([container(running, [])]) : { value: [] },
    );
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
