// A job, its executions and what runs in them, from answers in the shape of recorded ones.
import { describe, expect, it } from 'vitest';
import { readExecutionReplicas, readExecutions, readJob } from '../../../../src/lib/azure/facts/job-facts.ts';
import { readsOnce } from '../../../../src/lib/evidence/once.ts';
import { known, unreadable, valueOf } from '../../../../src/lib/words/fact.ts';
import { environmentId, identityId, image, jobId, jobTarget, principal } from '../../facts.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';

const wireJob = {
  id: jobId,
  location: 'x',
  identity: { type: 'UserAssigned', userAssignedIdentities: { [identityId]: { principalId: principal } } },
  properties: {
    provisioningState: 'Succeeded',
    environmentId,
    configuration: {
      triggerType: 'Schedule',
      replicaTimeout: 1800,
      scheduleTriggerConfig: { cronExpression: '*/5 * * * *' },
      registries: [{ server: 'acrshop.azurecr.io', identity: identityId }],
      secrets: null,
    },
    template: { containers: [{ name: 'app', image }], initContainers: null },
  },
};

/** An execution as recorded; the younger, the higher its number. */
function execution(number: number, status: string, containers?: readonly object[]): object {
  return {
    name: `job-import-${number}`,
    properties: {
      status,
      startTime: new Date(Date.UTC(2026, 5, 1, 2, number)).toISOString(),
      template: { containers: [{ name: 'app', image }], initContainers: [] },
      ...(containers === undefined ? {} : { detailedStatus: { replicas: [{ name: `r-${number}`, containers }] } }),
    },
  };
}

const running = { name: 'app', status: 'Running', code: -1, additionalInformation: '' };
const waiting = { name: 'app', status: 'Waiting', code: -1, additionalInformation: 'ImagePullBackOff' };

describe('a job', () => {
  it('declares what an app declares, and its trigger', async () => {
    expect(await readJob(alwaysAnswering(wireJob).clients, jobTarget)).toEqual(
      known({
        id: jobId,
        environmentId,
        revisionMode: 'Single',
        provisioningState: 'Succeeded',
        userIdentities: [{ id: identityId, principalId: principal }],
        registries: [{ server: 'acrshop.azurecr.io', identity: identityId }],
        images: [image],
        containers: [{ name: 'app', image }],
        job: { trigger: 'schedule', timeoutSeconds: 1800, schedule: '*/5 * * * *' },
      }),
    );
  });

  it.each<[object, true | undefined]>([
    [{ runningStatus: 'Ready' }, undefined],
    [{ runningStatus: 'Suspended' }, true],
    [{ runningState: 'suspended' }, true],
    [{ runningState: 'Ready', runningStatus: 'Suspended' }, undefined],
    [{ runningState: null, runningStatus: 7 }, undefined],
  ])('with %o is suspended: %s, in either spelling of the platform', async (state, suspended) => {
    const answer = { ...wireJob, properties: { ...wireJob.properties, ...state } };
    const read = valueOf(await readJob(alwaysAnswering(answer).clients, jobTarget));

    expect(read === 'gone' ? undefined : read?.job?.suspended).toBe(suspended);
  });

  it('that is not there is gone; one that may not be read is unreadable', async () => {
    expect(await readJob(clientsOver(() => undefined).clients, jobTarget)).toEqual(known('gone'));
    expect(await readJob(alwaysAnswering({}, 403).clients, jobTarget)).toEqual(unreadable('forbidden'));
  });
});

describe('executions', () => {
  const activeOf = async (value: readonly object[]): Promise<string[]> => {
    const read = valueOf(await readExecutions(alwaysAnswering({ value }).clients, jobTarget, readsOnce())) ?? [];
    return read.filter(({ active }) => active).map(({ name }) => name);
  };

  it('are active where they go on; so is the newest one, whatever became of it', async () => {
    expect(await activeOf([execution(1, 'Running'), execution(2, 'Failed'), execution(3, 'Failed')])).toEqual([
      'job-import-3',
      'job-import-1',
    ]);
  });

  it('are active where they are the newest that had its image', async () => {
    const value = [execution(1, 'Succeeded'), execution(2, 'Succeeded'), execution(3, 'Failed', [waiting])];

    expect(await activeOf(value)).toEqual(['job-import-3', 'job-import-2']);
  });

  it('have no end where their status is not known', async () => {
    const read = await readExecutions(
      alwaysAnswering({ value: [execution(1, 'Pondering')] }).clients,
      jobTarget,
      readsOnce(),
    );

    expect(valueOf(read)).toMatchObject([{ runningState: 'Pondering', minReplicas: 1 }]);
    expect(valueOf(read)?.[0]).not.toHaveProperty('ended');
  });

  it('are few in the history of a job that runs every minute', async () => {
    const value = Array.from({ length: 100 }, (_, at) => execution(at, 'Failed'));

    expect(valueOf(await readExecutions(alwaysAnswering({ value }).clients, jobTarget, readsOnce()))).toHaveLength(21);
  });
});

describe('a container of an execution', () => {
  const readyWith = async (status: string, container?: object): Promise<boolean | undefined> => {
    const value = [execution(1, status, container === undefined ? undefined : [container])];
    const read = await readExecutionReplicas(alwaysAnswering({ value }).clients, jobTarget, readsOnce());
    return valueOf(read)?.[0]?.containers[0]?.ready;
  };

  it.each([
    ['runs', 'Running', running, true],
    ['ended with an exit code', 'Failed', { name: 'app', status: 'Terminated', code: 1 }, true],
    ['waits', 'Running', waiting, false],
    [
      'was terminated because its image could not be pulled',
      'Failed',
      { name: 'app', status: 'Terminated', code: 0, additionalInformation: 'ImagePullFailure' },
      false,
    ],
    ['has a status that nobody knows', 'Running', { name: 'app', status: '', code: 0 }, false],
    ['is not shown, and the execution succeeded', 'Succeeded', undefined, true],
    ['is not shown, and the execution runs', 'Running', undefined, false],
    ['is not shown, and the execution failed', 'Failed', undefined, false],
  ] as const)('that %s (%s) has its image: %j, %s', async (_, status, container, ready) => {
    expect(await readyWith(status, container)).toBe(ready);
  });

  it('is unreadable where the executions are', async () => {
    expect(await readExecutionReplicas(alwaysAnswering({}, 403).clients, jobTarget, readsOnce())).toEqual(
      unreadable('forbidden'),
    );
  });
});
