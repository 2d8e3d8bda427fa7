// Guards of a restart, and of the new revision that stands in for one.
import { describe, expect, it } from 'vitest';
import { newRevisionRefusals, restartRefusals } from '../../../src/lib/decision/retry-guards.ts';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Answer, Entry } from '../../../src/lib/history/entries.ts';
import { codeOf, type GuardName } from '../../../src/lib/history/refusals.ts';
import { templateName } from '../../../src/lib/history/restarted.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { type RemediationId, targetOf } from '../../../src/lib/words/target.ts';
import type { GroupLife } from '../../../src/lib/workloads/container-group/group-life.ts';
import {
  app,
  config,
  groupFacts,
  groupRun,
  groupTarget,
  jobTarget,
  minute,
  nowMs,
  pullingReplica,
  readyReplica,
  registryId,
  revision,
  roleMissing,
  startingReplica,
  stuckReplica,
  waitingContainer,
} from '../facts.ts';
import { asked, grant, restartRefused, type Told } from './told.ts';

const day = 24 * 60 * minute;

describe('a restart', () => {
  function restarted(): Entry[] {
    const decided: Entry = {
      kind: 'decided',
      decision: { do: 'restart', revision: revision.name, because: 'cause-is-gone' },
      dueAtMs: nowMs,
      refusals: [],
    };
    return [decided, { kind: 'outcome', action: 'restart', outcome: 'done' }];
  }

  /** So many revisions of the same image that are newer than the one to restart. */
  function newer(count: number): (typeof revision)[] {
    return Array.from({ length: count }, (_, at) => ({
      ...revision,
      name: `newer-${at}`,
      createdAtMs: revision.createdAtMs + 1 + at,
    }));
  }

  it('is made when every guard lets it pass', () => {
    expect(restartRefused({})).toEqual([]);
  });

  it('is never made of what is no workload that pullmedic knows, and no new revision either', () => {
    const about = { ...asked({}), target: targetOf(registryId, revision.images[0] ?? '') };

    expect(restartRefusals(about, revision).map(codeOf)).toContain('never-restarted: job');
    expect(newRevisionRefusals(about, undefined).map(codeOf)).toContain('never-restarted: job');
  });

  it('is never made of a job: the guard never-restarted holds whatever else is right', () => {
    const about = { ...asked({}), target: jobTarget };

    expect(restartRefusals(about, revision).map(codeOf)).toContain('never-restarted: job');
    expect(newRevisionRefusals(about, undefined).map(codeOf)).toContain('never-restarted: job');
  });

  it('is made of a container group only with the consent of the settings, and only once the platform has given up', () => {
    const consent = config({
      PULLMEDIC_MODE: 'act',
      PULLMEDIC_SETTINGS: JSON.stringify({ retry: { restartGroups: true } }),
    });
    const of = (life: GroupLife, settings = consent) => {
      const evidence = {
        ...roleMissing,
        app: known({ ...groupFacts, group: { life } }),
        revisions: known([groupRun]),
        replicas: known([waitingContainer]),
      };
      return { ...asked({ evidence }), target: groupTarget, config: settings };
    };
    const refused = (life: GroupLife, settings = consent) => restartRefusals(of(life, settings), groupRun).map(codeOf);

    expect(refused('given-up')).toEqual([]);
    expect(refused('given-up', config())).toContain('never-restarted: group-without-consent');
    expect(refused('lives')).toContain('never-restarted: group-lives');
    for (const life of ['ended', 'never-created', 'unknown'] as const)
      expect(refused(life)).toContain('never-restarted: group-ended');
    expect(newRevisionRefusals(of('given-up'), undefined).map(codeOf)).toContain('never-restarted: group');
  });

  it('is made of an older revision that cannot pull, whose replicas are read', () => {
    const calm = newer(2).map(({ details: _none, ...one }) => one);

    expect(restartRefused({ evidence: { ...roleMissing, revisions: known([revision, ...calm]) } })).toEqual([]);
  });

  it.each<[string, Told, `${GuardName}: ${string}`]>([
    ['in observe mode', { config: config({ PULLMEDIC_MODE: 'observe' }) }, 'mode: observe'],
    ['while the kill switch is on', { killSwitch: known(true) }, 'kill-switch: on'],
    [
      'of a revision with a replica that serves',
      { evidence: { ...roleMissing, replicas: known([readyReplica]) } },
      'healthy-replicas: serving',
    ],
    [
      'when the replicas cannot be read',
      { evidence: { ...roleMissing, replicas: unreadable('timed-out') } },
      'healthy-replicas: unreadable',
    ],
    [
      'of a revision with one replica that serves among others',
      { evidence: { ...roleMissing, replicas: known([stuckReplica, readyReplica, stuckReplica]) } },
      'healthy-replicas: serving',
    ],
    [
      'of a revision with one replica that has its image and is starting',
      { evidence: { ...roleMissing, replicas: known([stuckReplica, startingReplica]) } },
      'healthy-replicas: starting',
    ],
    [
      'of a revision with one replica that pulls among others that wait',
      { evidence: { ...roleMissing, replicas: known([stuckReplica, pullingReplica]) } },
      'pull-under-way: pulling',
    ],
    [
      'of an older revision whose replicas are not read',
      { evidence: { ...roleMissing, revisions: known([revision, ...newer(2)]) } },
      'healthy-replicas: unreadable',
    ],
    [
      'a second time within a day',
      {
        past: restarted().map((entry) => ({ agoMs: 60 * minute, entry })),
        openedAgoMs: day / 2,
        nowMs: nowMs + day / 2,
        evidence: { ...roleMissing, atMs: nowMs + day / 2 },
      },
      'restart-limit: revision',
    ],
  ])('is refused %s', (_, more, refusal) => {
    expect(restartRefused(more)).toContain(refusal);
  });
});

describe('a new revision', () => {
  const refused = (more: Partial<AppFacts>): string[] =>
    newRevisionRefusals(asked({ evidence: { ...roleMissing, app: known({ ...app, ...more }) } }), undefined).map(
      codeOf,
    );

  it('is made where the latest revision gets the traffic', () => {
    expect(refused({})).toEqual([]);
  });

  it('is refused where a person decides by hand which revision gets the traffic', () => {
    expect(refused({ traffic: 'pinned' })).toContain('traffic-pinned: weights');
    expect(refused({ traffic: 'several-revisions' })).toContain('traffic-pinned: several-revisions');
  });

  it('is refused where the app cannot be read', () => {
    const unread = asked({ evidence: { ...roleMissing, app: unreadable('forbidden') } });

    expect(newRevisionRefusals(unread, undefined).map(codeOf)).toContain('traffic-pinned: unreadable');
  });

  it('in place of a revision that serves is refused like its restart', () => {
    const serving = asked({ evidence: { ...roleMissing, replicas: known([readyReplica]) } });

    expect(newRevisionRefusals(serving, revision).map(codeOf)).toContain('healthy-replicas: serving');
  });

  it('in place of a revision that pulls is refused like its restart; without one, what other revisions pull does not matter', () => {
    const pulling = asked({ evidence: { ...roleMissing, replicas: known([pullingReplica]) } });

    expect(newRevisionRefusals(pulling, revision).map(codeOf)).toEqual(['pull-under-way: pulling']);
    expect(newRevisionRefusals(pulling, undefined)).toEqual([]);
  });
});

describe('a retry that failed before', () => {
  const refusedByAzure = (action: 'restart' | 'new-revision'): Entry[] => {
    const because = 'cause-is-gone';
    const restart = { do: 'restart', revision: revision.name, because } as const;
    const another = {
      do: 'new-revision',
      revision: 'r',
      suffix: 's',
      template: 't',
      because: 'restart-refused',
    } as const;
    const decision = action === 'restart' ? restart : another;
    return [
      { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] },
      { kind: 'outcome', action, outcome: 'failed', because: 'refused' },
    ];
  };
  const told = (action: 'restart' | 'new-revision'): Told => ({ past: refusedByAzure(action) });
  const newRevisionRefused = (action: 'restart' | 'new-revision'): string[] =>
    newRevisionRefusals(asked(told(action)), revision).map(codeOf);

  it('is not made again, and the other kind of retry may still be', () => {
    expect(restartRefused(told('restart'))).toContain('failed-before: refused');
    expect(newRevisionRefused('new-revision')).toContain('failed-before: refused');
    expect(restartRefused(told('new-revision'))).not.toContain('failed-before: refused');
    expect(newRevisionRefused('restart')).not.toContain('failed-before: refused');
  });
});

describe('a write that Azure rejected', () => {
  const repeated = (template: string): string[] => {
    const evidence = { ...roleMissing, app: known({ ...app, template: 'as-deployed' }) };
    const restart = { by: 'new-revision', remediation: `t${'9'.repeat(24)}.1` as RemediationId, atMs: nowMs } as const;
    const restarts = known([{ ...restart, revision: templateName(template) }]);
    return newRevisionRefusals(asked({ evidence, restarts }), undefined).map(codeOf);
  };

  it('is repeated once a day for each template', () => {
    expect(repeated('as-deployed')).toEqual(['restart-limit: revision']);
    expect(repeated('another')).toEqual([]);
  });
});

describe('a restart in approve mode', () => {
  const inMode = (mode: string): Told => ({ config: config({ PULLMEDIC_MODE: mode }) });
  const ask: Entry = {
    kind: 'decided',
    decision: { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs: nowMs + day },
    dueAtMs: nowMs,
    refusals: [],
  };
  const answered = (answer: Answer): Entry => ({ kind: 'answered', answer, grant, by: 'Ada' });

  it.each<[string, Entry[]]>([
    ['no question', []],
    ['a question without an answer', [ask]],
    ['an approval of the grant, which covers no restart', [ask, answered('approved')]],
    ['a no to the grant', [ask, answered('rejected')]],
  ])('is refused after %s', (_, past) => {
    expect(restartRefused({ ...inMode('approve'), past })).toEqual(['mode: approval-needed']);
  });

  it('is refused in observe mode, although the grant was approved before the mode changed', () => {
    expect(restartRefused({ ...inMode('observe'), past: [ask, answered('approved')] })).toEqual(['mode: observe']);
  });
});
