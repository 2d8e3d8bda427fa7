// The last look right before a change: what became different since the decision withholds it.
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { LookContext } from '../../../src/lib/evidence/reads.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { lastLook } from '../../../src/lib/remediation/last-look.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  assignment,
  config,
  environmentId,
  execution,
  groupFacts,
  groupRun,
  groupTarget,
  image,
  jobId,
  jobTarget,
  minute,
  nowMs,
  principal,
  principalId,
  pullingReplica,
  readyReplica,
  registryId,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  target,
  waitingContainer,
  waitingExecutionReplica,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const anotherPrincipal = principalId('d0000000-0000-4000-8000-00000000000d');

const restart = { do: 'restart', revision: revision.name, because: 'cause-is-gone' } as const;
const newRevision = {
  do: 'new-revision',
  revision: 'ca-orders--pm-1',
  suffix: 'pm-1',
  template: 'as-deployed',
  because: 'restart-refused',
} as const;
const grant = {
  do: 'grant',
  grant: { registryId, principalId: principal, roleId: acrPull },
  because: 'pull-role-missing',
} as const;

type Change = typeof restart | typeof grant | (typeof newRevision & { readonly instead?: string });

/** What the last look says of a change that was decided on a stuck revision, when Azure shows this by now. */
async function refused(change: Change, now: Partial<Evidence>, more: (running: Memory) => void = () => undefined) {
  const running = memory(config(), { ...roleMissing, ...now }, nowMs);
  const asked: string[] = [];
  running.world.before = (call) => void asked.push(call);
  more(running);
  const killSwitch = async () => {
    asked.push('kill-switch');
    return running.world.killSwitch;
  };
  const refusal = await lastLook({ ...running.ports, killSwitch }, change, target, roleMissing);
  return { said: refusal === undefined ? undefined : `${refusal.guard}: ${refusal.why}`, asked };
}

describe('the last look before a start of a job', () => {
  const over = { ...execution, runningState: 'Failed', ended: true } as const;
  const start = { do: 'start', execution: execution.name, because: 'cause-is-gone', sinceMs: nowMs } as const;
  const job: Evidence = {
    ...roleMissing,
    app: known({ ...app, id: jobId, job: { trigger: 'manual' } }),
    revisions: known([over]),
    replicas: known([waitingExecutionReplica]),
  };
  const said = async (now: Partial<Evidence>): Promise<string | undefined> => {
    const { ports } = memory(config(), { ...job, ...now }, nowMs);
    const refusal = await lastLook(ports, start, jobTarget, job);
    return refusal === undefined ? undefined : `${refusal.guard}: ${refusal.why}`;
  };

  it('lets it pass where the same execution is still the last one', async () => {
    expect(await said({})).toBeUndefined();
  });

  it.each<[string, Partial<Evidence>, string]>([
    [
      'started the job a moment ago',
      { revisions: known([over, { ...execution, name: 'job-import-new', createdAtMs: nowMs - 1 }]) },
      'start-again: started-since',
    ],
    [
      'changed what the job asks for',
      { app: known({ ...app, id: jobId, images: ['x.azurecr.io/y:1'], job: { trigger: 'manual' } }) },
      'superseded: changed',
    ],
    [
      'gave the job a schedule, which starts the next execution itself',
      { app: known({ ...app, id: jobId, job: { trigger: 'schedule' } }) },
      'superseded: changed',
    ],
    ['deployed a job of which the trigger is not said', { app: known({ ...app, id: jobId }) }, 'superseded: changed'],
    ['took the right to read away', { revisions: unreadable('forbidden') }, 'start-again: unreadable'],
  ])('withholds it where a person %s', async (_, now, refusal) => {
    expect(await said(now)).toBe(refusal);
  });
});

describe('the last look before a restart', () => {
  it('lets it pass where the revision still does not serve, and reads the replicas last of all', async () => {
    expect(await refused(restart, {})).toEqual({
      said: undefined,
      asked: ['kill-switch', 'probe.app', 'probe.replicas'],
    });
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['has become ready', { replicas: known([readyReplica]) }, 'healthy-replicas: serving'],
    ['has one ready replica by now', { replicas: known([stuckReplica, readyReplica]) }, 'healthy-replicas: serving'],
    ['has begun to pull', { replicas: known([pullingReplica]) }, 'pull-under-way: pulling'],
    ['has one replica that pulls', { replicas: known([stuckReplica, pullingReplica]) }, 'pull-under-way: pulling'],
    [
      'has a replica that does not say what it waits for',
      { replicas: known([{ ...stuckReplica, containers: [{ name: 'app', ready: false, state: 'Waiting' }] }]) },
      'pull-under-way: unreadable',
    ],
    ['cannot be read', { replicas: unreadable('throttled') }, 'healthy-replicas: unreadable'],
    ['is not the latest any more', { app: known({ ...app, latestRevision: 'x' }) }, 'superseded: changed'],
    ['belongs to an app that cannot be read', { app: unreadable('throttled') }, 'superseded: unreadable'],
    ['belongs to an app that is gone', { app: known('gone') }, 'superseded: unreadable'],
  ])('withholds it where the revision %s', async (_, now, refusal) => {
    expect((await refused(restart, now)).said).toBe(refusal);
  });

  it('lets it pass where only another revision pulls', async () => {
    const another = { ...pullingReplica, revision: 'ca-orders--0000002' };

    expect((await refused(restart, { replicas: known([stuckReplica, another]) })).said).toBeUndefined();
  });

  it('withholds it where the look that it was decided on did not read the app, or not the revisions', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    const said = async (unread: Partial<Evidence>) => lastLook(ports, restart, target, { ...roleMissing, ...unread });

    expect(await said({ app: unreadable('throttled') })).toEqual({ guard: 'superseded', why: 'unreadable' });
    expect(await said({ revisions: unreadable('throttled') })).toEqual({
      guard: 'healthy-replicas',
      why: 'unreadable',
    });
  });

  it('asks for the replicas of this revision alone', async () => {
    const running = memory(config(), roleMissing, nowMs);
    const seen: Evidence[] = [];
    const older = { ...revision, name: 'ca-orders--0000000' };
    const azure: typeof running.ports.azure = {
      ...running.ports.azure,
      probe: async (name, of, soFar, ...rest) => {
        if (name === 'replicas') seen.push(soFar);
        return running.ports.azure.probe(name, of, soFar, ...rest);
      },
    };

    await lastLook({ ...running.ports, azure }, restart, target, {
      ...roleMissing,
      revisions: known([older, revision]),
    });

    expect(seen.map(({ revisions }) => revisions)).toEqual([known([revision])]);
  });

  it('withholds it where the kill switch was thrown meanwhile', async () => {
    const thrown = ({ world }: Memory): void => void (world.killSwitch = known(true));
    const unread = ({ world }: Memory): void => void (world.killSwitch = unreadable('unavailable'));

    expect((await refused(restart, {}, thrown)).said).toBe('kill-switch: on');
    expect((await refused(restart, {}, unread)).said).toBe('kill-switch: unreadable');
  });
});

describe('the last look before another change', () => {
  it('reads the replicas of the revision that a new one stands in for', async () => {
    const ready = { replicas: known([readyReplica]) };

    expect((await refused({ ...newRevision, instead: revision.name }, ready)).said).toBe('healthy-replicas: serving');
    expect((await refused({ ...newRevision, instead: revision.name }, {})).said).toBeUndefined();
  });

  it('withholds a new revision while the one that it stands in for pulls', async () => {
    const pulling = { replicas: known([pullingReplica]) };

    expect((await refused({ ...newRevision, instead: revision.name }, pulling)).said).toBe('pull-under-way: pulling');
  });

  it('reads no replicas where a change replaces none', async () => {
    const ready = { replicas: known([readyReplica]) };

    expect(await refused(newRevision, ready)).toEqual({ said: undefined, asked: ['kill-switch', 'probe.app'] });
    expect((await refused(grant, ready)).asked).not.toContain('probe.replicas');
  });
});

describe.each([
  ['becomes ready', readyReplica, 'healthy-replicas: serving'],
  ['begins to pull', pullingReplica, 'pull-under-way: pulling'],
])('a revision that %s between the decision and the restart', (_, replica, because) => {
  it('is not restarted, and the history says why', async () => {
    const evidence = { ...roleMissing, roles: known([assignment(6 * minute)]) };
    const running = memory(config(), evidence, nowMs);
    const { history } = running.ports;
    const port: { history: typeof history } = running.ports;
    port.history = {
      read: (partition) => history.read(partition),
      append: async (partition, after, entry: Entry) => {
        if (entry.kind === 'decided' && entry.decision.do === 'restart')
          running.world.evidence = { ...running.world.evidence, replicas: known([replica]) };
        return history.append(partition, after, entry);
      },
    };

    await running.deliver(signal);
    await running.pass(3 * minute);

    expect(running.world.restarted).toEqual([]);
    expect((await listRemediations(running.ports))[0]?.actions).toMatchObject([
      { action: 'restart', outcome: 'withheld', because },
    ]);
  });
});

describe('the last look before a grant', () => {
  it('lets it pass where the identity is still there, and reads it after the app', async () => {
    expect(await refused(grant, {})).toEqual({
      said: undefined,
      asked: ['kill-switch', 'probe.app', 'probe.identity'],
    });
  });

  it('of the app itself asks for no other identity: what the app says of it is read again already', async () => {
    const ofApp = known({
      ...app,
      systemPrincipalId: principal,
      registries: [{ server: target.registry, identity: 'system' }],
    });
    const running = memory(config(), { ...roleMissing, app: ofApp }, nowMs);
    const asked: string[] = [];
    running.world.before = (call) => void asked.push(call);

    expect(await lastLook(running.ports, grant, target, { ...roleMissing, app: ofApp })).toBeUndefined();
    expect(asked).not.toContain('probe.identity');
  });

  // Azure grants to a principal that is gone where `principalType` is given, so pullmedic has to look itself.
  it.each<[string, Partial<Evidence>, string]>([
    ['was deleted', { identity: known('gone') }, 'not-the-declared-identity: gone'],
    ['cannot be read', { identity: unreadable('throttled') }, 'not-the-declared-identity: existence-unreadable'],
    [
      'was deleted and made again under its name',
      {
        app: known({
          ...app,
          userIdentities: app.userIdentities.map((one) => ({ ...one, principalId: anotherPrincipal })),
        }),
      },
      'not-the-declared-identity: another-principal',
    ],
    [
      'has lost its principal',
      { app: known({ ...app, userIdentities: app.userIdentities.map(({ id }) => ({ id })) }) },
      'not-the-declared-identity: no-principal',
    ],
  ])('withholds it where the identity %s', async (_, now, refusal) => {
    expect((await refused(grant, now)).said).toBe(refusal);
  });

  it('reads the environment where that has the identity, and withholds the grant where its principal is another', async () => {
    const ofEnvironment = { ...app, registries: [{ server: target.registry, identity: 'system-environment' }] };
    const running = (systemPrincipalId: typeof principal) =>
      memory(config(), { ...roleMissing, ...pulling(systemPrincipalId) }, nowMs);
    const pulling = (systemPrincipalId: typeof principal): Partial<Evidence> => ({
      app: known(ofEnvironment),
      environment: known({ id: environmentId, logs: { kind: 'none' }, systemPrincipalId }),
    });
    const said = (one: typeof principal) =>
      lastLook(running(one).ports, grant, target, { ...roleMissing, app: known(ofEnvironment) });

    expect(await said(principal)).toBeUndefined();
    expect(await said(anotherPrincipal)).toEqual({ guard: 'not-the-declared-identity', why: 'another-principal' });
  });
});

describe('the last look before the restart of a container group', () => {
  const restartGroup = { do: 'restart', revision: 'app', because: 'cause-is-gone' } as const;
  const givenUp: Evidence = {
    ...roleMissing,
    app: known({ ...groupFacts, group: { life: 'given-up' } }),
    revisions: known([groupRun]),
    replicas: known([waitingContainer]),
  };
  const said = async (now: Partial<Evidence>): Promise<string | undefined> => {
    const { ports } = memory(config(), { ...givenUp, ...now }, nowMs);
    const refusal = await lastLook(ports, restartGroup, groupTarget, givenUp);
    return refusal === undefined ? undefined : `${refusal.guard}: ${refusal.why}`;
  };
  const sidecar = {
    ...waitingContainer,
    name: 'sidecar',
    revision: 'sidecar',
    containers: [{ name: 'sidecar', image: 'docker.io/library/redis:7', ready: true, state: 'Running' }],
  };

  it('lets it pass where nothing of the group runs', async () => {
    expect(await said({})).toBeUndefined();
  });

  it('reads anew, and the same group once for all that it asks', async () => {
    const { ports } = memory(config(), givenUp, nowMs);
    const looks: (LookContext | undefined)[] = [];
    const azure: typeof ports.azure = {
      ...ports.azure,
      probe: (probe, one, soFar, sinceMs, look) => {
        looks.push(look);
        return ports.azure.probe(probe, one, soFar, sinceMs, look);
      },
    };
    for (const again of [1, 2])
      expect(await lastLook({ ...ports, azure }, restartGroup, groupTarget, givenUp), `${again}`).toBeUndefined();
    const [first, second, third, fourth] = looks.map((look) => look?.once);

    expect(looks).toHaveLength(4);
    expect(first).toBeDefined();
    expect([second, fourth]).toEqual([first, third]);
    expect(third).not.toBe(first);
  });

  it.each<[string, Partial<Evidence>, string]>([
    [
      'another container of it runs by now',
      { replicas: known([waitingContainer, sidecar]) },
      'healthy-replicas: serving',
    ],
    ['its containers cannot be read', { replicas: unreadable('timed-out') }, 'healthy-replicas: unreadable'],
    [
      'the container pulls by now',
      {
        replicas: known([
          {
            ...waitingContainer,
            containers: [{ name: 'app', image, ready: false, state: 'Waiting', details: 'PullingImage' }],
          },
        ]),
      },
      'pull-under-way: pulling',
    ],
    ['a person restarted it', { app: known({ ...groupFacts, group: { life: 'lives' } }) }, 'superseded: changed'],
    ['the group was deleted', { app: known('gone') }, 'superseded: unreadable'],
    ['another image was deployed', { app: known({ ...groupFacts, images: ['x/y:2'] }) }, 'superseded: changed'],
  ])('withholds it where %s', async (_, now, refusal) => {
    expect(await said(now)).toBe(refusal);
  });
});
