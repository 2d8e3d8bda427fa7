// Which requests each kind of workload is read with.
import { describe, expect, it } from 'vitest';
import { kindReaders } from '../../../../src/lib/azure/facts/kinds.ts';
import { nothingAsked } from '../../../../src/lib/evidence/evidence.ts';
import { unreadable } from '../../../../src/lib/words/fact.ts';
import { targetOf } from '../../../../src/lib/words/target.ts';
import { workloadKinds, workloads } from '../../../../src/lib/workloads/workloads.ts';
import { appId, groupId, image, jobId, nowMs } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';

const about = { 'container-app': appId, job: jobId, 'container-group': groupId } as const;
const question = (clients: ReturnType<typeof alwaysAnswering>['clients'], kind: keyof typeof about) => ({
  clients,
  target: targetOf(about[kind], image),
  soFar: nothingAsked(nowMs),
  logsSinceMs: nowMs,
});

describe.each(workloadKinds)('a workload of the kind %s', (kind) => {
  it('is read from its own resource', async () => {
    const { clients, asked } = alwaysAnswering({ value: [] });
    await kindReaders[kind].declared(question(clients, kind));
    await kindReaders[kind].runs(question(clients, kind));

    expect(asked.length).toBeGreaterThanOrEqual(2);
    for (const { path } of asked) expect(path.toLowerCase().startsWith(about[kind])).toBe(true);
  });
});

describe.each(workloadKinds.filter((kind) => 'columns' in workloads[kind]))('the system log of a %s', (kind) => {
  it('is not asked before its environment is known', async () => {
    const { clients, asked } = alwaysAnswering({ value: [] });

    expect(await kindReaders[kind].logs(question(clients, kind))).toEqual(unreadable('not-asked'));
    expect(asked).toEqual([]);
  });
});
