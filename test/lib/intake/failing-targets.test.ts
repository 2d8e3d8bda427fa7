// Which images of an app a signal is about: one can fail while the others run.
import { describe, expect, it } from 'vitest';
import type { AppFacts, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { AppSummary } from '../../../src/lib/evidence/reads.ts';
import { targetsOf, unread } from '../../../src/lib/intake/failing-targets.ts';
import { Later, Unreachable } from '../../../src/lib/ports/steering.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  appId,
  config,
  environmentId,
  execution,
  groupFacts,
  groupId,
  image,
  jobId,
  minute,
  nowMs,
  readyReplica,
  refusedCreate,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  unauthorizedRow,
  waitingExecutionReplica,
} from '../facts.ts';
import { memory } from '../memory-ports.ts';

const side = 'acrshop.azurecr.io/shop/side:v1';

function images(evidence: Evidence, about: Signal = signal): Promise<string[]> {
  const { ports } = memory(config(), evidence, nowMs);
  return targetsOf(ports, appId, about).then((targets) => targets.map((target) => target.image));
}

/** An app with a side-car: both images in its template, and in its revision. */
function withSide(more: Partial<Evidence>, facts: Partial<AppFacts> = {}): Evidence {
  const quiet: RevisionFacts = { ...revision, images: [image, side], details: '' };
  return {
    ...roleMissing,
    app: known({ ...app, images: [image, side], ...facts }),
    revisions: known([quiet]),
    replicas: known([]),
    logs: known([]),
    ...more,
  };
}

const waiting = (name: string) => ({
  ...stuckReplica,
  containers: [
    { name: 'app', image: name, ready: false, state: 'Waiting', details: 'waiting with reason: ImagePullBackOff' },
    { name: 'other', image: name === side ? image : side, ready: true, state: 'Running' },
  ],
});

describe('the targets of a signal', () => {
  it('are the only image of an app, whatever fails', async () => {
    expect(await images(roleMissing)).toEqual([image]);
    expect(await images({ ...roleMissing, app: known({ ...app, images: [image, image] }) })).toEqual([image]);
  });

  it('are none where the app is gone', async () => {
    expect(await images({ ...roleMissing, app: known('gone') })).toEqual([]);
  });

  describe('of a container group that there is not', () => {
    const refused = (via: Signal['via'], ageMs: number, more: Partial<Signal> = {}) => {
      const { ports } = memory(config(), { ...roleMissing, app: known('gone') }, nowMs);
      return targetsOf(ports, groupId, { ...signal, via, atMs: nowMs - ageMs, ...more });
    };

    it.each(['activity-alert', 'resource-event'] as const)(
      'are asked for again while the Activity Log may not tell of the refused write yet (%s)',
      async (via) => {
        await expect(refused(via, 0)).rejects.toBeInstanceOf(Later);
        await expect(refused(via, 20 * minute - 1)).rejects.toBeInstanceOf(Later);
        expect(await refused(via, 20 * minute)).toEqual([]);
      },
    );

    it('are asked for again too where the group is still as it was before the refused write, and not once that is known', async () => {
      const about = { ...signal, via: 'activity-alert', atMs: nowMs } as const;
      const of = (provisioningState: string) =>
        targetsOf(
          memory(config(), { ...roleMissing, app: known({ ...groupFacts, provisioningState }) }, nowMs).ports,
          groupId,
          about,
        );

      await expect(of('Succeeded')).rejects.toBeInstanceOf(Later);
      expect(await of('Failed')).toMatchObject([{ image }]);
    });

    it('are asked for again while the Activity Log tells only of an earlier refused write, which may be of another image', async () => {
      const earlier = { text: `The image '${image}' is not accessible.`, atMs: nowMs - 30 * minute };
      const told = known({ ...refusedCreate, writeError: earlier });
      const of = (via: Signal['via'], atMs: number) =>
        targetsOf(memory(config(), { ...roleMissing, app: told }, nowMs).ports, groupId, { ...signal, via, atMs });

      await expect(of('resource-event', nowMs - minute)).rejects.toBeInstanceOf(Later);
      await expect(of('resource-event', nowMs - 20 * minute + 1)).rejects.toBeInstanceOf(Later);
      expect(await of('resource-event', nowMs - 20 * minute)).toMatchObject([{ image }]);
      expect(await of('resource-event', earlier.atMs + minute)).toMatchObject([{ image }]);
      expect(await of('activity-alert', nowMs)).toMatchObject([{ image }]);
    });

    it('are not asked for again of an app or a job: a refused write of those is told by what is there', async () => {
      const { ports } = memory(config(), { ...roleMissing, app: known('gone') }, nowMs);
      const about = { ...signal, via: 'activity-alert', atMs: nowMs } as const;

      expect(await targetsOf(ports, appId, about)).toEqual([]);
      expect(await targetsOf(ports, jobId, about)).toEqual([]);
    });

    it('are none at once where the signal speaks of no refused write', async () => {
      expect(await refused('log-alert', 0)).toEqual([]);
      expect(await refused('resource-event', 0, { joinOnly: true })).toEqual([]);
    });
  });

  describe('in a crowd, where a list of all apps has the app', () => {
    const listed = { id: appId, provisioningState: 'Succeeded', latestRevision: revision.name, images: [image] };
    const about = { ...signal, revision: revision.name };

    /** The images, and whether the app itself was read for them. */
    async function ofList(list: AppSummary, of: Signal = about): Promise<readonly [readonly string[], boolean]> {
      const { ports, world } = memory(config(), roleMissing, nowMs);
      let read = false;
      world.listed = list;
      world.before = (call) => {
        read ||= call === 'probe.app';
      };
      const targets = await targetsOf(ports, appId, of);
      return [targets.map((target) => target.image), read];
    }

    it('are the only image of the revision that the signal names, and the app is not read for it', async () => {
      expect(await ofList({ ...listed, images: [side, side] })).toEqual([[side], false]);
    });

    it.each<[string, AppSummary, Signal?]>([
      ['names no revision', listed, signal],
      ['names a revision that is not the latest', { ...listed, latestRevision: 'ca-shop--2' }],
      ['names the latest one of an app whose last write is not accepted', { ...listed, provisioningState: 'Failed' }],
      ['is about several images', { ...listed, images: [image, side] }],
      [
        'is about an app whose images the list does not have',
        { id: appId, provisioningState: 'Succeeded', latestRevision: revision.name },
      ],
    ])('are read from the app itself where the signal %s', async (_, list, of = about) => {
      expect(await ofList(list, of)).toEqual([[image], true]);
    });
  });

  it('are the image that the text names', async () => {
    const text = `Failed to pull image "${side}": unauthorized: authentication required`;

    expect(await images(withSide({ logs: known([{ ...unauthorizedRow, text }]) }))).toEqual([side]);
  });

  it('are the image that a replica waits for, and both where both wait', async () => {
    expect(await images(withSide({ replicas: known([waiting(side)]) }))).toEqual([side]);
    expect(await images(withSide({ replicas: known([waiting(side), waiting(image)]) }))).toEqual([image, side]);
  });

  it('are the first image where nothing shows which one fails', async () => {
    expect(await images(withSide({ replicas: known([readyReplica]) }))).toEqual([image]);
  });

  it('are not the image that another program names: that is no failed pull', async () => {
    const text = `docker push ${side}: denied: requested access to the resource is denied`;

    expect(
      await images(withSide({ logs: known([{ ...unauthorizedRow, reason: 'ContainerTerminated', text }]) })),
    ).toEqual([image]);
  });

  it('are of the revision that the signal names, which may have other images than the template', async () => {
    const older = { ...revision, name: 'ca-orders--0000000', images: ['acrshop.azurecr.io/shop/orders:v0'] };
    const evidence = { ...roleMissing, revisions: known([older, revision]) };

    expect(await images(evidence, { ...signal, revision: older.name })).toEqual(older.images);
    expect(await images(evidence, { ...signal, revision: revision.name })).toEqual([image]);
  });

  it('are those of the template where the last write was rejected and no revision has them', async () => {
    const rejected = { ...roleMissing, app: known({ ...app, provisioningState: 'Failed' }), revisions: known([]) };

    expect(await images(rejected, { ...signal, revision: app.latestRevision ?? '' })).toEqual([image]);
  });
});

describe('a job with several images', () => {
  it('is about the one that an execution runs without for minutes, although nothing names it', async () => {
    const overdue = { ...execution, images: [image, side], createdAtMs: nowMs - 6 * minute };
    const containers = [
      { name: 'app', image, ready: true, state: 'Running' },
      { name: 'side', image: side, ready: false, state: 'Waiting' },
    ];
    const { ports } = memory(
      config(),
      {
        ...withSide({ revisions: known([overdue]), replicas: known([{ ...waitingExecutionReplica, containers }]) }),
        app: known({ ...app, id: jobId, images: [image, side], job: { trigger: 'manual' } }),
      },
      nowMs,
    );

    expect(await targetsOf(ports, jobId, signal)).toMatchObject([{ image: side }]);
  });
});

describe('a rejected write of an app with several images', () => {
  const other = 'ghcr.io/shop/side:v1';
  const rejected = (text: string, names: readonly string[] = [image, side]): Evidence => ({
    ...withSide({ revisions: known([]) }, { images: names, provisioningState: 'Failed' }),
    writes: unreadable('forbidden'),
    app: known({ ...app, images: names, provisioningState: 'Failed', writeError: { text, atMs: nowMs } }),
  });

  it('is about the image that its error names, and about no other', async () => {
    const says = (name: string) => `Failed to pull image "${name}": unauthorized: authentication required`;

    expect(await images(rejected(says(side)))).toEqual([side]);
    expect(await images(rejected(says(image)))).toEqual([image]);
  });

  it('is about the image of the registry that its error names', async () => {
    const text = "Failed to construct registry secret for registry 'ghcr.io'. unauthorized";

    expect(await images(rejected(text, [image, other]))).toEqual([other]);
  });

  it('is about the image of the registry that the error of its environment names, where its own names none', async () => {
    const deploymentError = "Failed to construct registry secret for registry 'ghcr.io'. unauthorized";
    const evidence = rejected('Failed to pull the image: unauthorized', [image, other]);

    expect(
      await images({ ...evidence, environment: known({ id: environmentId, logs: { kind: 'none' }, deploymentError }) }),
    ).toEqual([other]);
  });

  it('is about the first image where its error names none', async () => {
    expect(await images(rejected('Operation expired.'))).toEqual([image]);
  });
});

describe('an app that cannot be read', () => {
  it('is asked for again by the queue, and later where the requests are spent', async () => {
    await expect(images({ ...roleMissing, app: unreadable('timed-out') })).rejects.toBeInstanceOf(Unreachable);
    await expect(images({ ...roleMissing, app: unreadable('over-budget') })).rejects.toBeInstanceOf(Later);
    expect(unread('forbidden', 'x')).toBeInstanceOf(Unreachable);
  });

  it.each(['revisions', 'replicas', 'environment', 'logs'] as const)(
    'is asked for again later where no request was left for what tells which of its images fails (%s)',
    async (probe) => {
      await expect(images(withSide({ [probe]: unreadable('over-budget') }))).rejects.toBeInstanceOf(Later);
      expect(await images(withSide({ [probe]: unreadable('forbidden') }))).toEqual([image]);
    },
  );
});
