// When an app counts as recovered: the image was pulled after the failure or the grant, and what was not ready is ready.
import { describe, expect, it } from 'vitest';
import type { Label, Suspicion } from '../../../src/lib/classify/classify.ts';
import {
  distinctSuspicions,
  judgeProgress,
  pulledBefore,
  type ReadRow,
  readRows,
} from '../../../src/lib/diagnosis/recovery.ts';
import type { LogRow, ReplicaFacts, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { PullProgress } from '../../../src/lib/history/entries.ts';
import type { Attempt, Remediation } from '../../../src/lib/history/state.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  environmentId,
  execution,
  history,
  image,
  jobTarget,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  revision,
  roleMissing,
  stuckReplica,
  target,
  unauthorizedRow,
} from '../facts.ts';

function suspicion(label: Label, more: Partial<Suspicion> = {}): Suspicion {
  return { label, rule: label, words: label, ...more };
}

function read(row: LogRow, label: Label = 'not-a-pull-failure'): ReadRow {
  return { row, suspicion: suspicion(label) };
}

const failed = read(unauthorizedRow, 'unauthorized');
const failedElsewhere = read({ ...unauthorizedRow, replica: 'other' }, 'unauthorized');
const waiting = { ...stuckReplica, name: 'other' };
const pulled = read(pulledRow);
const [opened] = history().remediations;

function remediation(more: Partial<Remediation> = {}): Remediation {
  if (opened === undefined) throw new Error('no remediation');
  return { ...opened, openedAtMs: nowMs - 8 * minute, ...more };
}

function granted(atMs: number, outcome: Attempt['outcome'] = 'done', action: Attempt['action'] = 'grant'): Attempt {
  return { action, outcome, atMs } as unknown as Attempt;
}

function progress(
  rows: readonly ReadRow[],
  replicas: readonly ReplicaFacts[],
  past: Remediation = remediation(),
  evidence: Evidence = roleMissing,
): PullProgress {
  return judgeProgress(target, { ...evidence, replicas: known(replicas) }, past, rows);
}

const seen = { seenNotReady: [readyReplica.name] };

describe('the progress of the pull', () => {
  it('is proven by the row of a pull after the failure and a replica that was not ready and is', () => {
    expect(progress([failed, pulled], [readyReplica], remediation(seen))).toEqual({
      pulledRow: true,
      readyReplica: true,
      notReady: [],
      proof: 'proven',
      failedAtMs: unauthorizedRow.atMs,
      lastFailedAtMs: unauthorizedRow.atMs,
    });
  });

  it('knows when the pull failed first and last', () => {
    const again = read({ ...unauthorizedRow, atMs: unauthorizedRow.atMs + 1 }, 'unauthorized');

    expect(progress([failed, again], [stuckReplica])).toMatchObject({
      failedAtMs: unauthorizedRow.atMs,
      lastFailedAtMs: unauthorizedRow.atMs + 1,
    });
  });

  it('names the replicas that wait', () => {
    expect(progress([failed], [stuckReplica, { ...readyReplica, name: 'other' }])).toEqual({
      pulledRow: false,
      readyReplica: false,
      notReady: [stuckReplica.name],
      proof: 'not-yet',
      failedAtMs: unauthorizedRow.atMs,
      lastFailedAtMs: unauthorizedRow.atMs,
    });
  });

  it.each<[string, readonly ReadRow[], readonly ReplicaFacts[], Partial<Remediation>]>([
    ['by the row alone', [failed, pulled], [stuckReplica], seen],
    ['by a ready replica alone', [failed], [readyReplica], seen],
    ['by a replica that was never seen waiting', [failedElsewhere, pulled], [readyReplica], {}],
    [
      'by another replica than the one that waited',
      [failedElsewhere, pulled],
      [readyReplica],
      { seenNotReady: ['other'] },
    ],
    ['by rows of a failure and a pull, while another replica waits', [failed, pulled], [readyReplica, waiting], {}],
    ['by rows of a pull from before the grant', [failed, pulled], [readyReplica], { attempts: [granted(nowMs)] }],
    [
      'by the row of a pull that failed only after it',
      [pulled, read({ ...unauthorizedRow, atMs: nowMs }, 'unauthorized')],
      [readyReplica],
      { failedAtMs: 0 },
    ],
  ])('is not proven %s', (_, rows, replicas, past) => {
    expect(progress(rows, replicas, remediation(past)).proof).toBe('not-yet');
  });

  it('is proven by a new replica too', () => {
    const fresh = { ...readyReplica, createdAtMs: nowMs - 2 * minute };
    const old = { ...fresh, createdAtMs: unauthorizedRow.atMs };

    expect(progress([failedElsewhere, pulled], [fresh]).proof).toBe('proven');
    expect(progress([failedElsewhere, pulled], [old]).proof).toBe('not-yet');
  });

  it('is not proven while another replica waits, and says of how many it holds', () => {
    const fresh = { ...readyReplica, createdAtMs: nowMs - 2 * minute };
    const nine = Array.from({ length: 9 }, (_, at) => ({ ...fresh, name: `fresh-${at}` }));

    expect(progress([failed, pulled], [...nine, waiting])).toMatchObject({
      proof: 'not-yet',
      partly: { ready: 9, wanted: 10 },
    });
    expect(progress([failed, pulled], [...nine, fresh])).toMatchObject({ proof: 'proven' });
    expect(progress([failed, pulled], [...nine, fresh])).not.toHaveProperty('partly');
  });

  it('says nothing of a part where neither half is proven', () => {
    expect(progress([failed], [readyReplica, waiting])).not.toHaveProperty('partly');
  });

  it('is proven where its own rows say that the replica failed first, for whoever looks only after the recovery', () => {
    const { pulledRow: row, readyReplica: ready, proof } = progress([failed, pulled], [readyReplica]);

    expect({ row, ready, proof }).toEqual({ row: true, ready: true, proof: 'proven' });
  });

  describe('by the rows of a replica that nobody saw waiting', () => {
    const grantedAtMs = pulledRow.atMs - minute;
    const other = { ...readyReplica, name: 'other' };
    const pulledByOther = read({ ...pulledRow, replica: 'other' });
    const proofOf = (...rows: ReadRow[]) =>
      progress([failed, ...rows], [readyReplica, other], remediation({ attempts: [granted(grantedAtMs)] })).proof;

    it('counts where it pulled after the grant', () => {
      expect(proofOf(pulled, pulledByOther)).toBe('proven');
    });

    it.each<[string, ReadRow]>([
      ['it pulled before the grant', read({ ...pulledRow, atMs: grantedAtMs - 1 })],
      ['it pulled in the moment of the grant', read({ ...pulledRow, atMs: grantedAtMs })],
      ['it did something else after the grant', read({ ...pulledRow, reason: 'ContainerStarted' })],
    ])('does not count where %s', (_, row) => {
      expect(proofOf(row, pulledByOther)).toBe('not-yet');
    });

    it('does not count where it failed no earlier than it pulled', () => {
      const late = (atMs: number) => read({ ...unauthorizedRow, atMs }, 'unauthorized');
      const proof = (atMs: number) =>
        progress([late(atMs), pulled], [readyReplica], remediation({ failedAtMs: readyReplica.createdAtMs })).proof;

      expect(proof(pulledRow.atMs - 1)).toBe('proven');
      expect(proof(pulledRow.atMs)).toBe('not-yet');
    });

    it('does not count where it failed only after it pulled, whatever another one did', () => {
      const again = read({ ...unauthorizedRow, atMs: pulledRow.atMs + 1 }, 'unauthorized');
      const rows = [pulled, again, read({ ...pulledRow, replica: 'other', atMs: pulledRow.atMs + 2 })];

      expect(progress(rows, [readyReplica, other], remediation({ failedAtMs: readyReplica.createdAtMs })).proof).toBe(
        'not-yet',
      );
    });
  });

  it('is half a proof where the environment keeps no logs', () => {
    const logless = { ...roleMissing, environment: known({ id: environmentId, logs: { kind: 'none' as const } }) };

    expect(progress([], [readyReplica], remediation(seen), logless).proof).toBe('arm-half');
    expect(progress([], [stuckReplica], remediation(seen), logless).proof).toBe('not-yet');
    expect(progress([failed, pulled], [readyReplica], remediation(seen), logless).proof).toBe('proven');
    const unreadEnvironment = { ...roleMissing, environment: unreadable<never>('throttled') };
    expect(progress([], [readyReplica], remediation(seen), unreadEnvironment).proof).toBe('not-yet');
  });

  it.each<[string, Partial<LogRow>]>([
    ['of another image', { text: 'Successfully pulled image "acrshop.azurecr.io/shop/other:v1" in 1s.' }],
    ['of another event', { reason: 'PullingImage' }],
    ['of an event that ends alike', { reason: 'NotPulledImage' }],
    ['of an event that begins alike', { reason: 'PulledImageNot' }],
    ['from before the failure', { atMs: unauthorizedRow.atMs - 1 }],
    ['from the very moment of the failure', { atMs: unauthorizedRow.atMs }],
  ])('counts no row %s', (_, more) => {
    expect(progress([failed, read({ ...pulledRow, ...more })], [readyReplica], remediation(seen)).pulledRow).toBe(
      false,
    );
  });

  it('counts the row under its Kubernetes name too', () => {
    const row = { ...pulledRow, reason: 'ImagePulled' };

    expect(progress([failed, read(row)], [readyReplica], remediation(seen)).pulledRow).toBe(true);
  });

  it('counts no row of a replica whose pull failed again after it', () => {
    const again = (more: Partial<LogRow>, label: Label = 'unauthorized') =>
      progress(
        [failed, pulled, read({ ...unauthorizedRow, atMs: pulledRow.atMs + 1, ...more }, label)],
        [readyReplica],
        remediation(seen),
      ).pulledRow;

    expect(again({})).toBe(false);
    expect(again({ replica: 'other' })).toBe(true);
    expect(again({ atMs: pulledRow.atMs })).toBe(true);
    expect(again({}, 'not-a-pull-failure')).toBe(true);
  });

  it('counts from the last grant, where there was one', () => {
    const after = (...attempts: Attempt[]) =>
      progress([failed, pulled], [readyReplica], remediation({ ...seen, attempts })).pulledRow;

    expect(after(granted(pulledRow.atMs - 1))).toBe(true);
    expect(after(granted(pulledRow.atMs - 1), granted(pulledRow.atMs))).toBe(false);
    expect(after(granted(pulledRow.atMs), granted(pulledRow.atMs - 1))).toBe(false);
    expect(after(granted(pulledRow.atMs, 'failed'))).toBe(true);
    expect(after(granted(pulledRow.atMs, 'done', 'restart'))).toBe(true);
  });

  it('counts else from the failure that was known, then from the one in these rows, then from the beginning', () => {
    const known = remediation({ ...seen, failedAtMs: pulledRow.atMs });

    expect(progress([failed, pulled], [readyReplica], known).pulledRow).toBe(false);
    expect(progress([failed, pulled], [readyReplica], remediation(seen)).pulledRow).toBe(true);
    const begun = (openedAtMs: number) => progress([pulled], [readyReplica], remediation({ ...seen, openedAtMs }));
    expect(begun(pulledRow.atMs - 1).pulledRow).toBe(true);
    expect(begun(pulledRow.atMs).pulledRow).toBe(false);
    expect(begun(pulledRow.atMs)).not.toHaveProperty('failedAtMs');
  });
});

describe('the rows that are read', () => {
  const about = (named: string | undefined): number =>
    readRows(target, roleMissing, () => suspicion('unauthorized', named === undefined ? {} : { image: named })).length;

  it.each([undefined, image, image.toUpperCase(), 'shop/orders:v1', 'Orders:v1'])('are those about %s', (named) => {
    expect(about(named)).toBe(1);
  });

  it('are those about a push or a build too, which is of another image by nature', () => {
    const of = (refused: 'push' | 'build') => () =>
      suspicion('firewall', { image: 'acrshop.azurecr.io/web:v9', refused });

    expect([of('push'), of('build')].map((read) => readRows(target, roleMissing, read).length)).toEqual([1, 1]);
  });

  it.each(['acrshop.azurecr.io/shop/other:v1', 'rders:v1', 'shop/orders', `x/${image}`])(
    'are not those about %s',
    (named) => {
      expect(about(named)).toBe(0);
    },
  );

  it('are about an image of the app in whatever case the template writes it', () => {
    const shouting = { ...target, image: image.toUpperCase() };
    const evidence = { ...roleMissing, revisions: known([{ ...revision, images: [shouting.image] }]) };
    const named = (text: string) => readRows(shouting, evidence, () => suspicion('unauthorized', { image: text }));

    expect(named(image)).toHaveLength(1);
    expect(named('orders:v1')).toHaveLength(1);
  });
});

describe('the suspicions of a look', () => {
  const words = (...rows: ReadRow[]): string[] => distinctSuspicions(rows).map((one) => one.words);
  const said = (label: Label, text: string, rule = 'x'): ReadRow => ({
    row: unauthorizedRow,
    suspicion: suspicion(label, { words: text, rule }),
  });

  it('are each text once, at its latest place, those about a pull last', () => {
    expect(
      words(
        said('unauthorized', 'a'),
        said('not-a-pull-failure', 'c'),
        said('unauthorized', 'b'),
        said('unauthorized', 'a'),
      ),
    ).toEqual(['c', 'b', 'a']);
  });

  it('are told apart by what was refused', () => {
    const row = said('firewall', 'a');

    const refused = (what: 'push' | 'build'): ReadRow => ({ ...row, suspicion: { ...row.suspicion, refused: what } });

    expect(words(row, refused('push'), refused('build'), refused('push'))).toEqual(['a', 'a', 'a']);
  });

  it('are told apart by label and rule too', () => {
    expect(words(said('unauthorized', 'a'), said('dns', 'a'), said('dns', 'a', 'y'))).toEqual(['a', 'a', 'a']);
  });

  it('are the latest twelve about a pull and the latest six about anything else', () => {
    const many = Array.from({ length: 20 }, (_, at) => [
      said('unauthorized', `p${at}`),
      said('not-a-pull-failure', `o${at}`),
    ]).flat();
    const kept = words(...many);

    expect(kept).toHaveLength(18);
    expect([kept[0], kept[5], kept[6], kept[17]]).toEqual(['o14', 'o19', 'p8', 'p19']);
  });
});

describe('that this registry served the app before', () => {
  const host = 'acrshop.azurecr.io';
  const olderRevision: RevisionFacts = {
    ...revision,
    name: 'ca-orders--0000000',
    images: [`${host}/shop/orders:v0`],
    runningState: 'Running',
    provisioningState: 'Provisioned',
  };
  const served = (evidence: Partial<Evidence>, rows: readonly LogRow[] = [], recoveries = 0): boolean =>
    pulledBefore(target, { ...roleMissing, ...evidence }, rows, recoveries);
  const replicaOf = (...containers: { image?: string; ready: boolean }[]): Partial<Evidence> => ({
    replicas: known([
      stuckReplica,
      { ...stuckReplica, containers: containers.map((one) => ({ name: 'c', state: 'x', ...one })) },
    ]),
  });
  const revisions = (...more: Partial<RevisionFacts>[]): Partial<Evidence> => ({
    revisions: known([revision, ...more.map((one) => ({ ...olderRevision, ...one }))]),
  });

  /** An older revision with the image of the target, which runs. */
  const older = (at: number) => ({
    name: `r${at}`,
    images: revision.images,
    details: '',
    createdAtMs: nowMs - (10 + at) * minute,
  });
  const stuck = { details: 'ImagePullBackOff' };

  it.each<[string, () => boolean]>([
    ['an earlier recovery', () => served({}, [], 1)],
    ['the row of a pull from it', () => served({}, [unauthorizedRow, { ...pulledRow, text: `pulled ${host}/x:1` }])],
    [
      'a container that runs an image of it',
      () => served(replicaOf({ ready: false }, { image: `${host}/x:1`, ready: true })),
    ],
    ['the same in capitals', () => served(replicaOf({ image: `${host.toUpperCase()}/x:1`, ready: true }))],
    ['another revision that runs with it', () => served(revisions({}))],
    ['another revision at its limit', () => served(revisions({ runningState: 'RunningAtMaxScale' }))],
    ['one of two other revisions', () => served(revisions({ runningState: 'Failed' }, {}))],
    [
      'an older revision with the same image that runs, and whose replicas were not read',
      () => served(revisions({ ...older(2), ...stuck }, older(3))),
    ],
    ['another revision with several images', () => served(revisions({ images: ['nginx', ...olderRevision.images] }))],
  ])('is shown by %s', (_, shown) => {
    expect(shown()).toBe(true);
  });

  it.each<[string, () => boolean]>([
    ['nothing', () => served({})],
    ['a row of another registry', () => served({}, [{ ...pulledRow, text: 'pulled acrshop.azurecr.io.evil/x:1' }])],
    ['a row that is about no pull', () => served({}, [{ ...pulledRow, reason: 'PullingImage' }])],
    ['a container that waits', () => served(replicaOf({ image: `${host}/x:1`, ready: false }))],
    ['a container of another registry', () => served(replicaOf({ image: 'ghcr.io/x:1', ready: true }))],
    ['a registry whose name begins alike', () => served(replicaOf({ image: `${host}.evil/x:1`, ready: true }))],
    ['a container of which nobody knows the image', () => served(replicaOf({ ready: true }))],
    [
      'an older revision with the same image that was not read and does not run',
      () => served(revisions({ ...older(2), ...stuck }, { ...older(3), runningState: 'Processing' })),
    ],
    [
      'one of which Azure says that it cannot pull',
      () => served(revisions({ ...older(2), ...stuck }, { ...older(3), ...stuck })),
    ],
    ['one whose replicas were read', () => served(revisions(older(2), { ...older(3), runningState: 'Processing' }))],
    ['a revision that fails', () => served(revisions({ runningState: 'Failed' }))],
    ['a revision whose state only begins alike', () => served(revisions({ runningState: 'RunningSoon' }))],
    ['a revision whose state only ends alike', () => served(revisions({ runningState: 'NotRunning' }))],
    ['a revision that is not provisioned', () => served(revisions({ provisioningState: 'Failed' }))],
    ['a revision with images of another registry', () => served(revisions({ images: ['ghcr.io/x:1'] }))],
    [
      'the failing image itself, whatever its revision says: that is set before the pull is tried',
      () => served({ revisions: known([{ ...olderRevision, images: [image] }]) }),
    ],
    [
      'replicas and revisions that cannot be read',
      () => served({ replicas: unreadable('throttled'), revisions: unreadable('throttled') }),
    ],
  ])('is not shown by %s', (_, shown) => {
    expect(shown()).toBe(false);
  });
});

describe('an execution of a job', () => {
  const later = { ...execution, name: 'job-import-later', createdAtMs: nowMs - minute };
  const replica: ReplicaFacts = {
    name: 'job-import-later-a',
    revision: later.name,
    createdAtMs: later.createdAtMs,
    containers: [{ name: 'app', image, ready: true, state: 'Running' }],
  };
  const said = (reason: string, text: string): ReadRow =>
    read({ ...pulledRow, revision: later.name, replica: replica.name, reason, text });
  const proofOf = (...rows: ReadRow[]): PullProgress['proof'] =>
    judgeProgress(
      jobTarget,
      { ...roleMissing, revisions: known([later]), replicas: known([replica]) },
      remediation(),
      rows,
    ).proof;

  it('proves the pull by its container alone, and not where a row says that its node had the image', () => {
    const present = said('Pulled', `Container image "${image}" already present on machine`);

    expect(proofOf()).toBe('arm-half');
    expect(proofOf(present)).toBe('not-yet');
    expect(proofOf(said('PulledImage', present.row.text))).toBe('not-yet');
    expect(proofOf(present, said('PulledImage', `Successfully pulled image "${image}"`))).toBe('proven');
  });

  it('is not judged by a row about an image whose tag begins alike', () => {
    expect(proofOf(said('Pulled', `Container image "${image}0" already present on machine`))).toBe('arm-half');
    expect(proofOf(said('PulledImage', `Successfully pulled image "${image}0"`))).toBe('arm-half');
  });
});
