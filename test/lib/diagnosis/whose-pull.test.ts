// Which image of a workload a failed pull is about. Of every set of containers one is broken, and it alone is blamed, whichever kind of workload
// it is and whoever tells: its own container, or a row that names its image or its container.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { showsPullTrouble } from '../../../src/lib/diagnosis/trouble.ts';
import {
  imagesMeantByUnnamed,
  meansAnother,
  namedImages,
  toldImages,
  waitsForAnother,
} from '../../../src/lib/diagnosis/whose-pull.ts';
import type { ContainerFacts, LogRow, ReplicaFacts, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import { type Evidence, nothingAsked } from '../../../src/lib/evidence/evidence.ts';
import { targetsOf } from '../../../src/lib/intake/failing-targets.ts';
import type { ArmId } from '../../../src/lib/words/arm-id.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { kindOf } from '../../../src/lib/workloads/workloads.ts';
import { app, appId, config, groupFacts, groupId, jobId, minute, nowMs, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';
import '../same-cases.ts';

/** Who tells which image is broken, and what Azure shows of the containers beside it. */
interface Shown {
  readonly tells: 'its container' | 'a row with its image' | 'a row with its container';
  readonly others: 'run' | 'wait' | 'are not shown';
}

const imageOf = (at: number): string => `acrshop.azurecr.io/shop/part-${at}:v1`;
const nameOf = (at: number): string => `part-${at}`;

const sets = fc
  .record({
    count: fc.integer({ min: 1, max: 6 }),
    broken: fc.nat({ max: 5 }),
    tells: fc.constantFrom<Shown['tells']>('its container', 'a row with its image', 'a row with its container'),
    others: fc.constantFrom<Shown['others']>('run', 'wait', 'are not shown'),
  })
  .map((one) => ({ ...one, broken: one.broken % one.count }));

function containerOf(at: number, broken: number, { tells, others }: Shown): ContainerFacts {
  const own = { name: nameOf(at), image: imageOf(at), ready: false };
  if (at === broken)
    return tells === 'its container'
      ? { ...own, state: 'Waiting', details: 'Container is waiting with reason: ImagePullBackOff on legion.' }
      : { ...own, state: others === 'are not shown' ? 'unknown' : 'Waiting' };
  switch (others) {
    case 'run':
      return { ...own, ready: true, state: 'Running' };
    case 'wait':
      return { ...own, state: 'Waiting', details: 'Container is waiting with reason: ContainerCreating on legion.' };
    case 'are not shown':
      return { ...own, state: 'unknown' };
  }
}

const runName = 'run-1';
/** Long enough ago that an image that is not there is missed. */
const sinceMs = nowMs - 10 * minute;

function row(at: number, tells: Shown['tells']): LogRow {
  const text =
    tells === 'a row with its image'
      ? `Failed to pull image "${imageOf(at)}": unauthorized: authentication required`
      : `Container '${nameOf(at)}' was terminated with exit code '' and reason 'ImagePullFailure'`;
  const reason = tells === 'a row with its image' ? 'ImagePullUnauthorized' : 'ContainerTerminated';
  return { atMs: nowMs - minute, revision: runName, replica: `${runName}-a`, reason, severity: 'Warning', text };
}

function runOf(name: string, ats: readonly number[]): RevisionFacts {
  return {
    name,
    active: true,
    createdAtMs: sinceMs,
    images: ats.map(imageOf),
    imageOf: Object.fromEntries(ats.map((at) => [nameOf(at), imageOf(at)])),
    provisioningState: 'unknown',
    runningState: 'Running',
    healthState: 'unknown',
    trafficWeight: 0,
    minReplicas: 1,
  };
}

/** A workload of `count` containers. Each container of a group is a run of its own, as Azure shows its events. */
function workload(id: ArmId, count: number, broken: number, shown: Shown): Evidence {
  const ats = Array.from({ length: count }, (_, at) => at);
  const apart = kindOf(id).kind === 'container-group';
  const replica = (revision: string, own: readonly number[]): ReplicaFacts => ({
    name: `${revision}-a`,
    revision,
    createdAtMs: sinceMs,
    containers: own.map((at) => containerOf(at, broken, shown)),
  });
  const facts = apart ? groupFacts : app;
  return {
    ...nothingAsked(nowMs),
    app: known({ ...facts, id, images: ats.map(imageOf) }),
    revisions: known(apart ? ats.map((at) => runOf(nameOf(at), [at])) : [runOf(runName, ats)]),
    replicas: known(apart ? ats.map((at) => replica(nameOf(at), [at])) : [replica(runName, ats)]),
    logs: known(apart || shown.tells === 'its container' ? [] : [row(broken, shown.tells)]),
  };
}

const told = (id: ArmId, evidence: Evidence): Promise<string[]> => {
  const { ports } = memory(config(), evidence, nowMs);
  return targetsOf(ports, id, { ...signal, about: { kind: 'app', id } }).then((all) => all.map(({ image }) => image));
};

describe('of every set of containers with one broken', () => {
  it.each([
    ['app', appId],
    ['job', jobId],
  ] as const)('of an %s, the signal is about that one, and it alone has trouble', async (_, id) => {
    await fc.assert(
      fc.asyncProperty(sets, async ({ count, broken, ...shown }) => {
        const evidence = workload(id, count, broken, shown);

        expect(await told(id, evidence)).toEqual([imageOf(broken)]);
        for (let at = 0; at < count; at += 1) {
          const isTold = at === broken;
          expect(showsPullTrouble(targetOf(id, imageOf(at)), evidence) && !isTold).toBe(false);
          expect(toldImages(id, [imageOf(at)], evidence)).toEqual(isTold ? [imageOf(at)] : []);
          expect(waitsForAnother(targetOf(id, imageOf(at)), evidence)).toBe(!isTold && shown.others !== 'run');
        }
      }),
    );
  });

  it('of a container group, each container speaks of itself alone', async () => {
    const others = fc.constantFrom<Shown['others']>('run', 'wait', 'are not shown');
    await fc.assert(
      fc.asyncProperty(sets, others, async ({ count, broken }, beside) => {
        const evidence = workload(groupId, count, broken, { tells: 'its container', others: beside });

        expect(await told(groupId, evidence)).toEqual([imageOf(broken)]);
        for (let at = 0; at < count; at += 1)
          expect(showsPullTrouble(targetOf(groupId, imageOf(at)), evidence)).toBe(at === broken);
      }),
    );
  });
});

describe('a text that names no image', () => {
  const shown: Shown = { tells: 'a row with its image', others: 'wait' };
  const unnamed = (text: string): LogRow => ({ ...row(0, 'a row with its image'), text });
  const says = (text: string, evidence = workload(jobId, 3, 1, shown)): Evidence => ({
    ...evidence,
    // An execution that has only begun: nothing is missed yet.
    revisions: known([{ ...runOf(runName, [0, 1, 2]), createdAtMs: nowMs - minute }]),
    logs: known([unnamed(text)]),
  });
  const all = [0, 1, 2].map(imageOf);

  it('is about every image that is not there, where nothing tells which', async () => {
    expect(await told(jobId, says('unauthorized: authentication required'))).toEqual(all);
    const beside = { ...shown, others: 'run' } as const;
    expect(await told(jobId, says('unauthorized: authentication required', workload(jobId, 3, 1, beside)))).toEqual([
      imageOf(1),
    ]);
  });

  it('is about the images of the registry that it names, and about the first where that is of none', async () => {
    const refused = (host: string): string =>
      `Failed to construct registry secret for registry '${host}'. unauthorized: authentication required`;

    expect(await told(jobId, says(refused('acrshop.azurecr.io')))).toEqual(all);
    expect(imagesMeantByUnnamed(jobId, all, says(refused('acrother.azurecr.io')))).toEqual([]);
    expect(await told(jobId, says(refused('acrother.azurecr.io')))).toEqual([imageOf(0)]);
  });

  it('is not about an image beside one whose own container complains', () => {
    const evidence = workload(jobId, 2, 1, { tells: 'its container', others: 'wait' });
    const said = unnamed('unauthorized: authentication required');

    expect(meansAnother(targetOf(jobId, imageOf(0)), evidence, said)).toBe(true);
    expect(meansAnother(targetOf(jobId, imageOf(1)), evidence, said)).toBe(false);
    expect(meansAnother(targetOf(jobId, imageOf(0)), evidence, { ...said, revision: 'another' })).toBe(false);
  });

  it('counts for another image only while that image is missing', () => {
    const evidence = workload(jobId, 2, 1, { tells: 'a row with its image', others: 'wait' });
    const other = targetOf(jobId, imageOf(0));
    const pulled: Evidence = {
      ...evidence,
      replicas: known([
        {
          name: `${runName}-a`,
          revision: runName,
          createdAtMs: sinceMs,
          containers: [
            { name: nameOf(0), image: imageOf(0), ready: false, state: 'Waiting' },
            { name: nameOf(1), image: imageOf(1), ready: true, state: 'Running' },
          ],
        },
      ]),
    };

    expect([waitsForAnother(other, evidence), waitsForAnother(other, pulled)]).toEqual([true, false]);
    expect([showsPullTrouble(other, evidence), showsPullTrouble(other, pulled)]).toEqual([false, true]);
  });

  it('that names one that was pulled since means the one that is missing now, and the pulled one where none is', async () => {
    const evidence = workload(jobId, 2, 1, { tells: 'its container', others: 'run' });
    const rows = known([row(0, 'a row with its image')]);
    const healed = workload(jobId, 1, 5, { tells: 'its container', others: 'run' });

    expect(await told(jobId, { ...evidence, logs: rows })).toEqual([imageOf(1)]);
    expect(toldImages(jobId, [imageOf(0)], { ...healed, logs: rows })).toEqual([]);
    expect(namedImages([imageOf(0), imageOf(1)], { ...healed, logs: rows })).toEqual([imageOf(0)]);
  });

  it('names no container that is only called like a member of every object', () => {
    const evidence = workload(jobId, 2, 1, { tells: 'its container', others: 'wait' });
    const text = "Container 'constructor' was terminated with exit code '' and reason 'ImagePullFailure'";

    expect(toldImages(jobId, all, { ...evidence, logs: known([unnamed(text)]) })).toEqual([imageOf(1)]);
  });
});
