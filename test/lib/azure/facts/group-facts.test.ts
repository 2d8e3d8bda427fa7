// A container group as facts of an app: what it declares, its containers as its runs, and their events as its log.
import { describe, expect, it } from 'vitest';
import {
  placeOfGroup,
  readGroup,
  readGroupEvents,
  readGroupReplicas,
  readGroupRuns,
} from '../../../../src/lib/azure/facts/group-facts.ts';
import { readsOnce } from '../../../../src/lib/evidence/once.ts';
import { known, unreadable, valueOf } from '../../../../src/lib/words/fact.ts';
import { groupId, groupTarget, identityId, image, principal } from '../../facts.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';
import {
  backOff,
  container,
  crashing,
  exited,
  failed,
  firstTry,
  lastTry,
  pulled,
  pulling,
  running,
  waiting,
  wireGroup,
} from './wire-groups.ts';

const stuck = wireGroup([container(waiting, [pulling, failed, backOff])]);

describe('a container group', () => {
  it('declares its images, entries and user-assigned identities', async () => {
    expect(await readGroup(alwaysAnswering(stuck).clients, groupTarget, readsOnce())).toEqual(
      known({
        id: groupId,
        revisionMode: 'Single',
        provisioningState: 'Succeeded',
        userIdentities: [{ id: identityId, principalId: principal, clientId: principal }],
        registries: [{ server: 'acrshop.azurecr.io', identity: identityId }],
        images: [image],
        group: { life: 'lives' },
      }),
    );
  });

  it('with an identity of its own has none that can pull', async () => {
    const own = { ...stuck, identity: { type: 'SystemAssigned', principalId: principal, tenantId: principal } };
    const facts = valueOf(await readGroup(alwaysAnswering(own).clients, groupTarget, readsOnce()));
    expect(facts).toMatchObject({ userIdentities: [] });
    expect(facts).not.toHaveProperty('systemPrincipalId');
  });

  it('that there is not, and that nothing tells of, is gone; one that may not be read is unreadable', async () => {
    const { clients } = clientsOver(({ path }) =>
      path.endsWith('/values') ? { body: { value: [] } } : { status: 404, body: {} },
    );
    expect(await readGroup(clients, { ...groupTarget, image: '' }, readsOnce())).toEqual(known('gone'));
    // What became of one that the whole log does not tell of, a remediation decides.
    expect(await readGroup(clients, groupTarget, readsOnce())).toMatchObject({
      value: { group: { lastWrite: 'not-in-log' } },
    });
    expect(await readGroup(alwaysAnswering({}, 403).clients, groupTarget, readsOnce())).toEqual(
      unreadable('forbidden'),
    );
  });

  it('is asked about in the Activity Log only for an image that it does not have', async () => {
    const of = async (image: string) => {
      const over = clientsOver(({ path }) => ({ body: path.endsWith('/values') ? { value: [] } : stuck }));
      await readGroup(over.clients, { ...groupTarget, image }, readsOnce());
      return over.asked.length;
    };
    expect([await of(image), await of('acrshop.azurecr.io/shop/orders:v2'), await of('')]).toEqual([1, 2, 2]);
  });

  it('that there is not is unreadable where the Activity Log cannot tell whether it was refused', async () => {
    const { clients } = clientsOver(({ path }) => ({ status: path.endsWith('/values') ? 403 : 404, body: {} }));
    expect(await readGroup(clients, groupTarget, readsOnce())).toEqual(unreadable('forbidden'));
  });
});

describe('the containers of a group', () => {
  const replicaOf = async (one: object) =>
    (valueOf(await readGroupReplicas(alwaysAnswering(wireGroup([one])).clients, groupTarget, readsOnce())) ?? [])[0];

  it('are its runs, each with its own image, those of init containers included', async () => {
    const two = wireGroup([container(running, [pulled])], { initContainers: [container(exited, [], 'init')] });
    const runs = valueOf(await readGroupRuns(alwaysAnswering(two).clients, groupTarget, readsOnce())) ?? [];
    expect(runs.map(({ name, images, createdAtMs, active }) => [name, images, createdAtMs, active])).toEqual([
      ['app', [image], Date.parse(lastTry), true],
      ['init', [image], Date.parse(firstTry), true],
    ]);
  });

  it('that wait for their image say so, although ARM states no reason', async () => {
    expect(await replicaOf(container(waiting, [pulling, failed, backOff]))).toMatchObject({
      name: 'app',
      revision: 'app',
      containers: [{ ready: false, state: 'Waiting', details: 'ImagePullBackOff', image }],
    });
    expect((await replicaOf(container(waiting, [pulling])))?.containers[0]?.details).toBe('PullingImage');
  });

  it.each([
    ['runs', running, true],
    ['ended by itself', exited, true],
    ['crashes', crashing, false],
    ['waits', waiting, false],
    ['has no state yet', undefined, false],
    ['is said to run without a start', { state: 'Running' }, false],
    ['was terminated without an exit code', { state: 'Terminated', startTime: lastTry }, false],
  ])('have their image if a container %s: %j', async (_, state, ready) => {
    expect((await replicaOf(container(state, [pulling, pulled])))?.containers[0]?.ready).toBe(ready);
  });

  it('that pull do so since that pull began: events of before a stop and a start stay in the list', async () => {
    const startedAgain = '2026-06-01T01:59:00Z';
    const pullsAgain = container(waiting, [{ ...pulling, last: startedAgain }, failed, backOff]);
    const { clients } = alwaysAnswering(wireGroup([pullsAgain]));
    const [run] = valueOf(await readGroupRuns(clients, groupTarget, readsOnce())) ?? [];

    expect(run?.createdAtMs).toBe(Date.parse(startedAgain));
    expect((await replicaOf(pullsAgain))?.createdAtMs).toBe(Date.parse(startedAgain));
  });

  it('that wait after a pull that failed do so since their first event', async () => {
    expect((await replicaOf(container(waiting, [pulling, failed, backOff])))?.createdAtMs).toBe(Date.parse(firstTry));
  });

  it('that crash keep the reason of the crash, and none of a pull', async () => {
    expect(
      (await replicaOf(container(crashing, [failed, { ...pulled, last: '2026-06-01T01:59:00Z' }])))?.containers,
    ).toMatchObject([{ details: 'CrashLoopBackOff: Back-off 10s restarting failed' }]);
  });

  it('of a group that ended are over', async () => {
    const over = wireGroup([container(exited, [])], { instanceView: { state: 'Failed' } });
    const [run] = valueOf(await readGroupRuns(alwaysAnswering(over).clients, groupTarget, readsOnce())) ?? [];
    expect(run).toMatchObject({ ended: true });
    expect(run).not.toHaveProperty('minReplicas');
  });

  it('are none where there is no group', async () => {
    const { clients } = clientsOver(() => undefined);
    expect(await readGroupRuns(clients, groupTarget, readsOnce())).toEqual(known([]));
    expect(await readGroupReplicas(clients, groupTarget, readsOnce())).toEqual(known([]));
  });
});

describe('the log of a group', () => {
  it('is the events of its containers, oldest first', async () => {
    const { clients } = alwaysAnswering(wireGroup([container(running, [failed, { ...pulled, first: lastTry }])]));
    const rows = valueOf(await readGroupEvents(clients, groupTarget, 0, readsOnce())) ?? [];
    expect(rows.map(({ reason, atMs }) => [reason, atMs])).toEqual([
      ['Failed', Date.parse(firstTry)],
      ['Failed', Date.parse(lastTry)],
      ['PulledImage', Date.parse(lastTry)],
    ]);
  });

  it('is asked of no workspace', () => {
    expect(placeOfGroup(groupTarget)).toEqual(known({ id: groupId, logs: { kind: 'none' } }));
  });
});
