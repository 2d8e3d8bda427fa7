// A change in Azure: the last look before it, and what became of it where its host died or its answer never came.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Decision } from '../../../src/lib/history/decision.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { ChangeUnderWay } from '../../../src/lib/ports/steering.ts';
import { recallAccess } from '../../../src/lib/remediation/access-memory.ts';
import { answerQuestion } from '../../../src/lib/remediation/approval.ts';
import { settle } from '../../../src/lib/remediation/change.ts';
import { beginTurn, live, type Turn } from '../../../src/lib/remediation/turn.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  appId,
  arm,
  assignment,
  config,
  minute,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
  target,
  targetId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { onlyRemediation } from '../stored.ts';

type Change = Extract<Decision, { readonly do: 'grant' | 'restart' }>;

describe('a grant', () => {
  it('is withheld when the app changes between the look and the write', async () => {
    const running = memory(config(), roleMissing, nowMs);
    let reads = 0;
    running.world.before = (call) => {
      // The signal reads the app once, the look once; the third read is the last one before the write.
      if (call === 'probe.app' && ++reads === 3)
        running.world.evidence = { ...roleMissing, app: known({ ...app, latestRevision: 'ca-orders--0000002' }) };
    };

    await running.deliver(signal);

    expect(running.world.granted).toEqual([]);
    expect((await onlyRemediation(running)).actions).toMatchObject([
      { action: 'grant', outcome: 'withheld', because: 'superseded: changed' },
    ]);
  });

  it('is withheld when the kill switch goes on between the decision and the write', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.before = (call) => {
      if (call === 'deployment.read') running.world.killSwitch = known(false);
      if (call === 'history.append') running.world.killSwitch = unreadable('unavailable');
    };

    await running.deliver(signal);

    expect(running.world.granted).toEqual([]);
    expect(JSON.stringify(await onlyRemediation(running))).toContain('kill-switch');
  });

  it('whose grant timed out is settled by looking, not by granting again', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome: 'unknown', because: 'no-answer' };
    running.world.grantExists = known(true);
    await running.deliver(signal);
    running.world.evidence = { ...roleMissing, roles: known([assignment(0, { createdAtMs: nowMs })]) };

    await running.pass(2 * minute);

    expect(running.world.granted).toHaveLength(1);
    expect((await onlyRemediation(running)).actions[0]).toMatchObject({ outcome: 'done', because: 'found' });
  });

  /** The grant got no answer and is not there. Its answer came, or did not come, at `nowMs`; the first read is within the next minute. */
  async function lost(): Promise<Memory> {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome: 'unknown', because: 'no-answer' };
    running.world.grantExists = known(false);
    await running.deliver(signal);
    await running.pass(minute);
    return running;
  }

  it('that is not there after its answer was lost is in doubt, and is not made again while the log may be late', async () => {
    const running = await lost();
    expect((await onlyRemediation(running)).actions).toMatchObject([{ outcome: 'unknown', because: 'not-found' }]);
    await running.pass(19 * minute);

    expect(running.world.granted).toHaveLength(1);
    expect(await onlyRemediation(running)).toMatchObject({
      state: 'waiting',
      decision: { because: 'answer-lost' },
      refusals: ['role-removed: answer-lost'],
    });
  });

  it('that is not there once the log can no longer be late was not made, and is asked for once more', async () => {
    const running = await lost();
    await running.pass(20 * minute);

    expect(running.world.granted).toHaveLength(2);
    expect((await onlyRemediation(running)).actions).toMatchObject([
      { outcome: 'failed', because: 'not-made' },
      { outcome: 'unknown' },
    ]);
  });

  it.each([
    ['names it', { principalId: principal }],
    ['does not say whose role it was', {}],
  ])(
    'that a person removed before it was read is not made again: the log %s, and a person is asked',
    async (_, whose) => {
      const running = await lost();
      const removal = { atMs: nowMs + minute / 2, by: 'mallory', scope: registryId, ...whose };
      running.world.evidence = { ...running.world.evidence, removals: known([removal]) };
      await running.pass(30 * minute);

      expect(running.world.granted).toHaveLength(1);
      expect((await onlyRemediation(running)).state).toBe('needs-approval');
    },
  );

  it('is not made again either while the log cannot be read', async () => {
    const running = await lost();
    running.world.evidence = { ...running.world.evidence, removals: unreadable('forbidden') };
    await running.pass(60 * minute);

    expect(running.world.granted).toHaveLength(1);
    expect(await onlyRemediation(running)).toMatchObject({
      state: 'needs-approval',
      refusals: ['role-removed: unreadable'],
    });
  });

  it('is made again at once where a person approves it: the question named the doubt', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'approve' }), roleMissing, nowMs);
    running.world.grantAnswer = { outcome: 'unknown', because: 'no-answer' };
    await running.deliver(signal);
    const answer = async (): Promise<void> => {
      const { id, approval } = await onlyRemediation(running);
      const given = { answer: 'approved', question: approval?.question ?? 0, by: 'anna' } as const;
      await answerQuestion(running.ports, id, given);
      await running.settle();
    };
    await answer();
    await running.pass(minute);
    expect(running.world.granted).toHaveLength(1);
    expect((await onlyRemediation(running)).refusals).toEqual(['mode: approval-needed', 'role-removed: answer-lost']);
    await answer();

    expect(running.world.granted).toHaveLength(2);
  });

  it('that shows up later is ours and done: Azure was slow', async () => {
    const running = await lost();
    running.world.grantExists = known(true);
    running.world.evidence = { ...running.world.evidence, roles: known([assignment(0, { createdAtMs: nowMs })]) };
    await running.pass(20 * minute);

    expect(running.world.granted).toHaveLength(1);
    expect((await onlyRemediation(running)).actions[0]).toMatchObject({ outcome: 'done', because: 'found' });
    const remembered = await recallAccess(running.ports, { registryId, principalId: principal });
    expect(valueOf(remembered)?.made).toMatchObject([{ app: appId }]);
    expect(valueOf(remembered)?.made[0]).not.toHaveProperty('notFoundAtMs');
  });

  it('for another app of the identity waits for the same log, and is then made', async () => {
    const running = await lost();
    const basket = arm(appId.replace('ca-orders', 'ca-basket'));
    running.world.steps.length = 0;
    running.world.evidence = { ...running.world.evidence, app: known({ ...app, id: basket }) };
    running.world.grantAnswer = { outcome: 'done', undo: 'x' };
    const about = { kind: 'app', id: basket } as const;
    await running.deliver({ ...signal, id: 'alert|2', about, atMs: running.world.nowMs });
    expect(running.world.granted).toHaveLength(1);
    await running.pass(20 * minute);

    expect(running.world.granted).toHaveLength(2);
  });

  it('whose result cannot be read stays unknown, and no other is made', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome: 'unknown', because: 'no-answer' };
    running.world.grantExists = unreadable('throttled');
    await running.deliver(signal);
    await running.pass(5 * minute);

    expect((await onlyRemediation(running)).actions).toMatchObject([{ action: 'grant', outcome: 'unknown' }]);
    expect(running.world.granted).toHaveLength(1);
  });
});

describe('a change whose host died in the middle of it', () => {
  const grant = { registryId, principalId: principal, roleId: acrPull };
  const granting: Change = { do: 'grant', grant, because: 'pull-role-missing' };
  const restarting: Change = { do: 'restart', revision: 'r', because: 'cause-is-gone' };

  /** A step that finds this change decided so long ago, and without an outcome. */
  async function found(change: Change, agoMs: number): Promise<{ turn: Turn; running: Memory }> {
    const running = memory(config(), roleMissing, nowMs);
    const entries: Entry[] = [
      { kind: 'opened', target, signal, mode: 'act' },
      { kind: 'decided', decision: change, dueAtMs: nowMs, refusals: [] },
    ];
    for (const [at, entry] of entries.entries()) await running.ports.history.append(targetId, at, entry);
    running.world.nowMs += agoMs;
    running.world.grantExists = known(true);
    return { running, turn: await beginTurn(running.ports, config(), targetId) };
  }

  it('is left alone while that host may still be making it', async () => {
    const { turn } = await found(granting, minute - 1);

    await expect(settle(turn)).rejects.toBeInstanceOf(ChangeUnderWay);
    expect(live(turn).attempts[0]).not.toHaveProperty('outcome');
  });

  it('is read after a minute, and not made again: a grant that is there was made', async () => {
    const { turn, running } = await found(granting, minute);
    await settle(turn);

    expect(live(turn).attempts).toMatchObject([{ action: 'grant', outcome: 'done', because: 'found', undo: 'x' }]);
    expect(running.world.granted).toEqual([]);
  });

  it('stays unknown if it was a restart: nothing in Azure tells whether it was made', async () => {
    const { turn, running } = await found(restarting, minute);
    await settle(turn);

    expect(live(turn).attempts).toMatchObject([{ action: 'restart', outcome: 'unknown', because: 'interrupted' }]);
    expect(running.world.restarted).toEqual([]);
  });

  it('is settled once', async () => {
    const { turn } = await found(granting, minute);
    await settle(turn);
    const { lastSeq } = turn.history;
    await settle(turn);

    expect(turn.history.lastSeq).toBe(lastSeq);
  });
});

describe('a new revision', () => {
  const settings = config({ PULLMEDIC_SETTINGS: '{"retry":{"newRevision":true}}' });
  const rejected: Evidence = {
    ...roleMissing,
    app: known({ ...app, provisioningState: 'Failed' }),
    revisions: known([]),
    replicas: known([]),
    logs: known([]),
    roles: known([assignment(6 * minute)]),
  };

  async function asked(): Promise<{ running: Memory; name: string }> {
    const running = memory(settings, rejected, nowMs);
    await running.deliver(signal);
    const name = `ca-orders--${running.world.revised[0]}`;
    expect(running.world.revised).toHaveLength(1);
    return { running, name };
  }

  it('is done once the app has it, with the template that was meant', async () => {
    const { running, name } = await asked();
    running.world.evidence = { ...rejected, app: known({ ...app, latestRevision: name }) };
    await running.pass(minute);

    expect((await onlyRemediation(running)).actions[0]).toMatchObject({ outcome: 'done', because: 'found' });
  });

  it('with another template is said to differ: a person deployed in the same moment', async () => {
    const { running, name } = await asked();
    running.world.evidence = { ...rejected, app: known({ ...app, latestRevision: name, template: 'of a person' }) };
    await running.pass(minute);

    expect((await onlyRemediation(running)).actions[0]).toMatchObject({ outcome: 'done', because: 'template-differs' });
  });

  it('that never came is not made, but only after Azure had its time', async () => {
    const { running } = await asked();
    await running.pass(4 * minute);
    expect((await onlyRemediation(running)).actions[0]?.outcome).toBe('unknown');
    await running.pass(3 * minute);

    expect((await onlyRemediation(running)).actions[0]).toMatchObject({ outcome: 'failed', because: 'not-made' });
  });
});
