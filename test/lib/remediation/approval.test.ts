// What a person may allow, how long that is good for, and what nobody may allow.
import { describe, expect, it } from 'vitest';
import {
  listIncidents,
  listRemediations,
  type RemediationView,
  showRemediation,
} from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { approvalLastsMs } from '../../../src/lib/history/approval.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { Busy } from '../../../src/lib/ports/steering.ts';
import { recallAccess, remember } from '../../../src/lib/remediation/access-memory.ts';
import { answerQuestion, askAgain, readQuestion } from '../../../src/lib/remediation/approval.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  appId,
  assignment,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
  targetId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const approve = config({ PULLMEDIC_MODE: 'approve' });

async function asked(chosen: Config = approve, evidence: Evidence = roleMissing): Promise<Memory> {
  const running = memory(chosen, evidence, nowMs);
  await running.deliver(signal);
  return running;
}

async function view(running: Memory): Promise<RemediationView> {
  const [one] = await listRemediations(running.ports);
  if (one === undefined) throw new Error('there is no remediation');
  return one;
}

async function answer(running: Memory, what: 'approved' | 'rejected' = 'approved', question?: number): Promise<string> {
  const { id, approval } = await view(running);
  const given = { answer: what, question: question ?? approval?.question ?? 0, by: 'anna' };
  const said = await answerQuestion(running.ports, id, given);
  await running.settle();
  return said.kind;
}

/** The number of the question that is open. */
async function openNumber(running: Memory): Promise<number> {
  return (await view(running)).approval?.question ?? 0;
}

async function entriesOf(running: Memory): Promise<readonly { readonly seq: number; readonly entry: Entry }[]> {
  return (await showRemediation(running.ports, (await view(running)).id))?.entries ?? [];
}

const again: Signal = { ...signal, id: 'alert|again' };

/** A signal that is young enough to ask for another look. */
async function signalAgain(running: Memory, afterMs = 5 * minute): Promise<void> {
  await running.pass(afterMs);
  await running.deliver({ ...again, id: `${again.id}${running.world.nowMs}`, atMs: running.world.nowMs });
}

describe('in approve mode', () => {
  it('a grant is asked for, as an incident too, and not made', async () => {
    const running = await asked();

    expect(await view(running)).toMatchObject({
      state: 'needs-approval',
      approval: { state: 'pending', expiresAtMs: nowMs + 240 * minute },
      refusals: ['mode: approval-needed'],
    });
    expect(await listIncidents(running.ports)).toHaveLength(1);
    expect(running.world.granted).toEqual([]);
  });

  it('the grant is made after the answer, once, and the answer is in the history', async () => {
    const running = await asked();

    expect(await answer(running)).toBe('answered');
    expect(running.world.granted).toHaveLength(1);
    expect(await answer(running)).toBe('already-answered');
    expect(running.world.granted).toHaveLength(1);
    expect((await view(running)).approval).toMatchObject({ state: 'approved', by: 'anna' });
  });

  it('the grant is not made after a no', async () => {
    const running = await asked();
    await answer(running, 'rejected');

    expect(running.world.granted).toEqual([]);
    expect(await view(running)).toMatchObject({
      state: 'needs-person',
      approval: { state: 'rejected' },
      refusals: ['mode: approval-needed', 'refused-before: rejected', 'approval: rejected'],
    });
  });

  it('the grant is not made when nobody answers in time, and an answer after that is none', async () => {
    const running = await asked();
    await running.pass(241 * minute);

    expect(await view(running)).toMatchObject({
      approval: { state: 'expired' },
      refusals: ['mode: approval-needed', 'refused-before: unanswered', 'approval: expired'],
    });
    expect(await answer(running)).toBe('expired');
    expect(running.world.granted).toEqual([]);
  });

  it('looking again does not give more time', async () => {
    const running = await asked();
    await running.pass(30 * minute);

    expect((await view(running)).approval?.expiresAtMs).toBe(nowMs + 240 * minute);
  });

  it('an approval is good for the grant that was asked for, and for no other', async () => {
    const running = await asked();
    // Meanwhile somebody gives the app another identity.
    const app = { ...(roleMissing.app?.read && roleMissing.app.value !== 'gone' ? roleMissing.app.value : undefined) };
    const other = principal.replace('a0', 'c0') as typeof principal;
    const changed = {
      ...roleMissing,
      app: known({ ...app, userIdentities: [{ id: app.userIdentities?.[0]?.id, principalId: other }] }),
    } as Evidence;
    running.world.evidence = changed;
    await answer(running);

    expect(running.world.granted).toEqual([]);
    expect((await view(running)).approval).toMatchObject({ state: 'pending', grant: { principalId: other } });
  });

  it('the kill switch stops an approved grant', async () => {
    const running = await asked();
    running.world.killSwitch = known(true);
    await answer(running);

    expect(running.world.granted).toEqual([]);
  });

  it.each([
    ['no id at all', 'x'],
    ['the id of nothing', `t${'0'.repeat(24)}.1`],
  ])('%s finds nothing to answer', async (_what, id) => {
    const { ports } = await asked();

    expect(await answerQuestion(ports, id, { answer: 'approved', question: 2, by: 'anna' })).toEqual({
      kind: 'not-found',
    });
    expect(await askAgain(ports, id, { by: 'anna' })).toEqual({ kind: 'not-found' });
    expect(await readQuestion(ports, id)).toBeUndefined();
  });
});

describe('an answer', () => {
  const pair = { registryId, principalId: principal };
  const remembered = async ({ ports }: Memory) => valueOf(await recallAccess(ports, pair));

  it('that is a yes is remembered as an approval of this grant, and as no refusal', async () => {
    const running = await asked();
    const { id } = await view(running);
    await answer(running);

    expect(await remembered(running)).toMatchObject({
      approved: [{ grant: { ...pair, roleId: acrPull }, by: 'anna', remediation: id }],
      refused: [],
    });
  });

  it('that is a no is remembered for the whole deployment, and as no approval', async () => {
    const running = await asked();
    const { id } = await view(running);
    await answer(running, 'rejected');

    expect(await remembered(running)).toMatchObject({
      approved: [],
      refused: [{ grant: { ...pair, roleId: acrPull }, how: 'rejected', by: 'anna', app: appId, remediation: id }],
    });
  });

  it('wakes the remediation, and the log says what was answered', async () => {
    const running = await asked();
    const { id } = await view(running);
    running.world.steps.length = 0;
    const logged: unknown[] = [];
    const log = (name: string, facts: unknown): void => void logged.push([name, facts]);
    const number = await openNumber(running);
    await answerQuestion({ ...running.ports, log }, id, {
      answer: 'approved',
      question: await openNumber(running),
      by: 'anna',
    });

    expect(running.world.steps).toMatchObject([{ step: { wake: true }, dueAtMs: nowMs }]);
    expect(logged).toEqual([['answered', { remediation: id, question: number, answer: 'approved' }]]);
  });

  it('is not taken while too many steps write to the history at the same time', async () => {
    const running = await asked();
    const { history } = running.ports;
    const overtaken: typeof history = { ...history, append: async () => 'taken' };

    await expect(answer({ ...running, ports: { ...running.ports, history: overtaken } })).rejects.toBeInstanceOf(Busy);
    expect((await view(running)).approval).toMatchObject({ state: 'pending' });
    expect((await remembered(running))?.approved).toEqual([]);
  });

  it('that is a no holds for the deployment even where this history cannot take it', async () => {
    const running = await asked();
    const { history } = running.ports;
    const overtaken: typeof history = { ...history, append: async () => 'taken' };

    const busy = { ...running, ports: { ...running.ports, history: overtaken } };
    await expect(answer(busy, 'rejected')).rejects.toBeInstanceOf(Busy);
    expect((await remembered(running))?.refused).toMatchObject([{ how: 'rejected', by: 'anna' }]);
  });

  it('is not taken where the remediation ended, although its question has not expired', async () => {
    const running = await asked();
    const { id } = await view(running);
    const number = await openNumber(running);
    running.world.evidence = { ...roleMissing, app: known('gone') };
    await running.pass(30 * minute);

    expect((await view(running)).state).toBe('closed');
    expect(await answerQuestion(running.ports, id, { answer: 'approved', question: number, by: 'anna' })).toEqual({
      kind: 'nothing-asked',
    });
  });
});

describe('in act mode a person is asked', () => {
  it('before a role is given back that somebody took away', async () => {
    const removal = { atMs: nowMs - minute, by: 'mallory', scope: registryId, principalId: principal };
    const running = await asked(config(), { ...roleMissing, removals: known([removal]) });

    expect(await view(running)).toMatchObject({ causes: ['pull-role-removed'], state: 'needs-approval' });
    expect((await listIncidents(running.ports))[0]?.advice).toContain('removed by mallory');
    await answer(running);
    expect(running.world.granted).toHaveLength(1);
  });

  it.each<[string, Evidence, string]>([
    [
      'when the Activity Log cannot be read',
      { ...roleMissing, removals: unreadable('forbidden') },
      'role-removed: unreadable',
    ],
    [
      'when a removal does not say whose role it was',
      { ...roleMissing, removals: known([{ atMs: nowMs, by: 'x', scope: registryId }]) },
      'role-removed: cannot-tell-whose',
    ],
    [
      'when nobody can tell whether the network allows the pull',
      { ...dnsUnlinked, roles: known([]), removals: known([]), zones: unreadable('forbidden') },
      'network: cannot-tell',
    ],
  ])('%s', async (_what, evidence, refusal) => {
    expect(await view(await asked(config(), evidence))).toMatchObject({ state: 'needs-approval', refusals: [refusal] });
  });
});

describe('nobody is asked', () => {
  it.each<[string, Config, Evidence]>([
    ['in observe mode', config({ PULLMEDIC_MODE: 'observe' }), roleMissing],
    [
      'for an app that the registry does not list',
      config({ PULLMEDIC_MODE: 'approve', PULLMEDIC_REGISTRIES: JSON.stringify([{ id: registryId, consumers: [] }]) }),
      roleMissing,
    ],
    ['while the network blocks the pull', approve, { ...dnsUnlinked, roles: known([]), removals: known([]) }],
  ])('%s: approving would not be enough', async (_what, chosen, evidence) => {
    const running = await asked(chosen, evidence);

    expect((await view(running)).state).toBe('needs-person');
    expect(await answer(running)).toBe('nothing-asked');
    expect(running.world.granted).toEqual([]);
  });
});

describe('an answer names its question', () => {
  it('by the number of the entry that asked, and records what the question showed', async () => {
    const running = await asked();
    const { approval } = await view(running);
    const at = (await entriesOf(running)).find(({ entry }) => entry.kind === 'decided');
    await answer(running);

    expect(approval?.question).toBe(at?.seq);
    expect((await entriesOf(running)).find(({ entry }) => entry.kind === 'answered')?.entry).toMatchObject({
      question: at?.seq,
      saw: [{ guard: 'mode', why: 'approval-needed' }],
    });
    expect(
      (await entriesOf(running)).find(({ entry }) => entry.kind === 'decided' && entry.decision.do === 'grant')?.entry,
    ).toMatchObject({
      decision: { question: at?.seq },
    });
  });

  it.each([-1, 1, 50])('the number of the question and %s is that of none', async (off) => {
    const running = await asked();
    const open = (await view(running)).approval?.question ?? 0;

    expect(await answer(running, 'approved', open + off)).toBe('another-question');
    expect(running.world.granted).toEqual([]);
  });

  it('keeps its number while pullmedic looks again and sees the same', async () => {
    const running = await asked();
    const { approval } = await view(running);
    await running.pass(30 * minute);

    expect((await view(running)).approval?.question).toBe(approval?.question);
    expect(await answer(running, 'approved', approval?.question)).toBe('answered');
    expect(running.world.granted).toHaveLength(1);
  });

  it('is taken where a signal joins at the same moment', async () => {
    const running = await asked();
    const { id, approval } = await view(running);
    let joined = false;
    running.world.before = (call) => {
      if (call !== 'history.append' || joined) return;
      joined = true;
      void running.histories.append(targetId, 99, { kind: 'signal-joined', signal: again });
    };
    const given = { answer: 'approved', question: approval?.question ?? 0, by: 'anna' } as const;

    expect(await answerQuestion(running.ports, id, given)).toEqual({ kind: 'answered' });
  });
});

describe('new doubts', () => {
  const takenAway = { atMs: nowMs - minute, by: 'mallory', scope: registryId, principalId: principal };

  it('that come before the answer are another question, and the answer to the first one allows nothing', async () => {
    const running = await asked();
    const first = (await view(running)).approval?.question;
    running.world.evidence = { ...roleMissing, removals: known([takenAway]) };
    await signalAgain(running);

    const second = (await view(running)).approval;
    expect(second?.question).not.toBe(first);
    expect(second?.because.map(({ guard }) => guard)).toContain('role-removed');
    expect(await answer(running, 'approved', first)).toBe('another-question');
    expect(running.world.granted).toEqual([]);
    expect(await answer(running)).toBe('answered');
    expect(running.world.granted).toHaveLength(1);
  });

  it('that come between the answer and the grant ask again: asked because of the mode, the role taken away meanwhile', async () => {
    const running = await asked();
    running.world.evidence = { ...roleMissing, removals: known([takenAway]) };

    expect(await answer(running)).toBe('answered');
    expect(running.world.granted).toEqual([]);
    expect(await view(running)).toMatchObject({ state: 'needs-approval', approval: { state: 'pending' } });
  });

  it('a removal that the log shows only after the question, and that is older than it, is another question', async () => {
    const removal = (agoMs: number) => ({
      atMs: nowMs - agoMs,
      by: 'mallory',
      scope: registryId,
      principalId: principal,
    });
    const running = await asked(config(), { ...roleMissing, removals: known([removal(60 * minute)]) });
    const first = await openNumber(running);
    running.world.evidence = { ...roleMissing, removals: known([removal(60 * minute), removal(2 * minute)]) };
    await signalAgain(running);

    expect(await answer(running, 'approved', first)).toBe('another-question');
    expect(running.world.granted).toEqual([]);
    expect(await answer(running)).toBe('answered');
    expect(running.world.granted).toHaveLength(1);
  });

  it('such a removal that shows only between the answer and the write withholds the grant', async () => {
    const removal = { atMs: nowMs - 60 * minute, by: 'mallory', scope: registryId, principalId: principal };
    const running = await asked(config(), { ...roleMissing, removals: known([removal]) });
    const seen = { removedAtMs: nowMs - 2 * minute, by: 'mallory', scope: registryId, whose: 'named' } as const;
    const pair = { registryId, principalId: principal };
    let reads = 0;
    running.world.before = (call) => {
      // The decision has read the memory; the next read is the one right before the write.
      if (call !== 'killSwitch' || ++reads !== 2) return;
      void remember(running.ports, pair, { kind: 'role-removal-seen', ...pair, ...seen });
    };
    await answer(running);

    expect(running.world.granted).toEqual([]);
  });

  it('fewer doubts than the question named need no other answer', async () => {
    const running = await asked(approve, { ...roleMissing, removals: unreadable('forbidden') });
    running.world.evidence = roleMissing;

    expect(await answer(running)).toBe('answered');
    expect(running.world.granted).toHaveLength(1);
  });
});

describe('where nothing is asked', () => {
  it('an answer is refused, and allows nothing when the question comes up again', async () => {
    const running = await asked();
    const { approval } = await view(running);
    // Meanwhile the network blocks the pull: pullmedic no longer asks.
    running.world.evidence = { ...dnsUnlinked, roles: known([]), removals: known([]) };
    await signalAgain(running);
    expect(await answer(running, 'approved', approval?.question)).toBe('nothing-asked');

    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await signalAgain(running);
    expect(running.world.granted).toEqual([]);
    expect((await view(running)).approval?.question).not.toBe(approval?.question);
  });

  it('a read that failed for a moment does not close the question', async () => {
    const running = await asked();
    const { approval } = await view(running);
    running.world.evidence = { ...roleMissing, removals: unreadable('throttled') };
    await running.pass(2 * minute);
    expect(await answer(running, 'approved', approval?.question)).toBe('answered');

    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await running.pass(2 * minute);
    expect(running.world.granted).toHaveLength(1);
  });

  it('an answer after the end of the remediation is refused', async () => {
    const running = await asked();
    const { approval } = await view(running);
    running.world.evidence = { ...roleMissing, app: known('gone') };
    await signalAgain(running);

    expect((await view(running)).closed?.because).toBe('app-gone');
    expect(await answer(running, 'approved', approval?.question)).toBe('nothing-asked');
  });
});

describe('every approval ends', () => {
  it.each([
    ['one millisecond before its time is over', 240 * minute - 1, 'answered'],
    ['at the end of its time', 240 * minute, 'expired'],
  ])('a question can be answered %s: %s', async (_what, afterMs, said) => {
    const running = await asked();
    const { id, approval } = await view(running);
    running.world.nowMs = nowMs + afterMs;
    const given = { answer: 'approved', question: approval?.question ?? 0, by: 'anna' } as const;

    expect((await answerQuestion(running.ports, id, given)).kind).toBe(said);
  });

  it.each([
    ['one millisecond before its end', approvalLastsMs - 1, 1],
    ['at its end', approvalLastsMs, 0],
  ])(
    'an approval that the kill switch held back allows the grant %s, and not for hours: %s',
    async (_what, afterMs, grants) => {
      const running = await asked();
      running.world.killSwitch = known(true);
      await answer(running);
      running.world.nowMs = nowMs + afterMs;
      running.world.killSwitch = known(false);
      running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
      await signalAgain(running, 0);

      expect(running.world.granted).toHaveLength(grants);
    },
  );

  it('one that ended unused is asked for again', async () => {
    const running = await asked();
    running.world.killSwitch = known(true);
    await answer(running);
    await running.pass(approvalLastsMs);
    running.world.killSwitch = known(false);
    await running.pass(30 * minute);

    expect(await view(running)).toMatchObject({ state: 'needs-approval', approval: { state: 'pending' } });
    expect(running.world.granted).toEqual([]);
  });

  it('one allows one grant: a grant that was withheld after it needs another answer', async () => {
    const running = await asked();
    let held = false;
    running.world.before = (call) => {
      if (call !== 'grant.reads' || held) return;
      held = true;
      running.world.killSwitch = known(true);
    };
    await answer(running);
    expect((await view(running)).actions).toMatchObject([{ action: 'grant', outcome: 'withheld' }]);

    running.world.killSwitch = known(false);
    await running.pass(5 * minute);
    expect(running.world.granted).toEqual([]);
    expect((await view(running)).approval?.state).toBe('pending');
  });

  it('in mode act an answered question does not lift the limits of the deployment', async () => {
    const limited = config({ PULLMEDIC_SETTINGS: JSON.stringify({ limits: { grantsPerHour: 1 } }) });
    const running = await asked(limited, { ...roleMissing, removals: unreadable('forbidden') });
    await running.ports.deployment.append('deployment', 0, {
      kind: 'grant-counted',
      remediation: `t${'9'.repeat(24)}.1` as RemediationId,
    });
    await answer(running);

    expect(running.world.granted).toEqual([]);
  });
});

describe('a question that expired', () => {
  async function expired(): Promise<Memory> {
    const running = await asked();
    await running.pass(241 * minute);
    expect((await view(running)).approval?.state).toBe('expired');
    return running;
  }

  it('is asked again by a new signal, under another number and with time of its own', async () => {
    const running = await expired();
    const { approval } = await view(running);
    await signalAgain(running);

    expect((await view(running)).approval).toMatchObject({
      state: 'pending',
      expiresAtMs: running.world.nowMs + 240 * minute,
    });
    expect((await view(running)).approval?.question).not.toBe(approval?.question);
    await answer(running);
    expect(running.world.granted).toHaveLength(1);
  });

  it('is asked again by a person, who is recorded', async () => {
    const running = await expired();
    const { id, approval } = await view(running);

    expect(await askAgain(running.ports, id, { by: 'bo' })).toEqual({ kind: 'asked' });
    await running.settle();
    expect((await view(running)).approval?.state).toBe('pending');
    expect((await entriesOf(running)).map(({ entry }) => entry)).toContainEqual({
      kind: 'asked-again',
      question: approval?.question,
      by: 'bo',
    });
  });

  it('is not asked again by time alone, nor granted where its doubt goes away', async () => {
    const running = await asked(config(), { ...roleMissing, removals: unreadable('forbidden') });
    await running.pass(241 * minute);
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await running.pass(8 * 60 * minute);

    expect((await view(running)).approval?.state).toBe('expired');
    expect(running.world.granted).toEqual([]);
  });

  it.each<['rejected' | 'approved', string]>([
    ['rejected', 'not-expired'],
    ['approved', 'not-expired'],
  ])('is not one that was %s', async (what, said) => {
    const running = await asked();
    await answer(running, what);

    expect((await askAgain(running.ports, (await view(running)).id, { by: 'bo' })).kind).toBe(said);
  });

  it('is announced in its incident, as the question was', async () => {
    const running = await expired();
    const { approval } = await view(running);
    const [incident] = await listIncidents(running.ports);

    expect(incident?.questions).toMatchObject([{ question: approval?.question, says: 'expired' }]);
  });
});

describe('a no', () => {
  it('is not asked again by a new signal, and holds where its doubt goes away', async () => {
    const running = await asked(config(), { ...roleMissing, removals: unreadable('forbidden') });
    await answer(running, 'rejected');
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await signalAgain(running);
    await running.pass(60 * minute);

    expect(running.world.granted).toEqual([]);
    expect((await view(running)).approval?.state).toBe('rejected');
  });
});

describe('a restart in mode approve', () => {
  /** The grant was approved and made, and the platform's next try is far away. */
  async function grantedAndStuck(chosen: Config = approve): Promise<Memory> {
    const running = await asked(chosen);
    await answer(running);
    expect(running.world.granted).toHaveLength(1);
    running.world.evidence = { ...running.world.evidence, roles: known([assignment(0, { createdAtMs: nowMs })]) };
    await running.pass(8 * minute);
    return running;
  }

  it('is not covered by the approval of the grant: it is asked for by itself', async () => {
    const running = await grantedAndStuck();

    expect(running.world.restarted).toEqual([]);
    expect((await view(running)).approval).toMatchObject({
      state: 'pending',
      restart: expect.any(String) as string,
      cause: 'pull-role-propagating',
    });
  });

  it('is made at once after an answer of its own, and stays in the incident of the grant', async () => {
    const running = await grantedAndStuck();
    const { incident } = await view(running);

    expect(await answer(running)).toBe('answered');
    expect(running.world.restarted).toHaveLength(1);
    await running.pass(2 * minute);
    expect(running.world.restarted).toHaveLength(1);
    expect((await view(running)).incident).toBe(incident);
  });

  it('is made again on the next rungs for as long as the yes holds, and is asked for again after that', async () => {
    const running = await grantedAndStuck();
    await answer(running);
    // The rung at 680 seconds lies within the 15 minutes, and so does the one at 1,080; the one at 1,380 does not.
    await running.pass(14 * minute);
    expect(running.world.restarted).toHaveLength(3);
    await running.pass(3 * minute);

    expect(running.world.restarted).toHaveLength(3);
    expect((await view(running)).approval).toMatchObject({ state: 'pending', restart: expect.any(String) as string });
  });

  it('is made no more often than the question said', async () => {
    const twice = config({ PULLMEDIC_MODE: 'approve', PULLMEDIC_SETTINGS: '{"retry":{"atMost":2}}' });
    const running = await grantedAndStuck(twice);
    expect(await view(running)).toMatchObject({ approval: { upTo: 2 } });
    await answer(running);
    await running.pass(20 * minute);

    expect(running.world.restarted).toHaveLength(2);
  });

  it('stops at once under the kill switch, and goes on when that is off again', async () => {
    const running = await grantedAndStuck();
    await answer(running);
    running.world.killSwitch = known(true);
    await running.pass(5 * minute);
    expect(running.world.restarted).toHaveLength(1);
    running.world.killSwitch = known(false);
    await running.pass(6 * minute);

    expect(running.world.restarted).toHaveLength(2);
  });

  it('is not made after a no, and the remediation goes on', async () => {
    const running = await grantedAndStuck();
    await answer(running, 'rejected');
    await running.pass(10 * minute);

    expect(running.world.restarted).toEqual([]);
    expect((await view(running)).refusals).toContain('approval: rejected');
  });

  it('is made no more after a no that takes the yes back: the restarts that are left of it are not made', async () => {
    const running = await grantedAndStuck();
    const question = await openNumber(running);
    await answer(running, 'approved', question);
    expect(running.world.restarted).toHaveLength(1);

    expect(await answer(running, 'rejected', question)).toBe('answered');
    await running.pass(14 * minute);

    expect(running.world.restarted).toHaveLength(1);
    expect((await view(running)).refusals).toContain('approval: rejected');
    expect(await answer(running, 'approved', question)).toBe('already-answered');
  });

  it('cannot be taken back once the yes has ended: a no after that is refused', async () => {
    const running = await grantedAndStuck();
    const question = await openNumber(running);
    await answer(running, 'approved', question);
    await running.pass(approvalLastsMs + minute);

    expect(await answer(running, 'rejected', question)).not.toBe('answered');
  });

  it('is not made for a role that another person granted, without being asked', async () => {
    const running = await asked(approve, { ...roleMissing, roles: known([assignment(6 * minute)]) });
    await running.pass(10 * minute);

    expect(running.world.restarted).toEqual([]);
    expect((await view(running)).approval).toMatchObject({ state: 'pending', restart: expect.any(String) as string });
  });

  it('an approval of it allows nothing in mode observe', async () => {
    const running = await grantedAndStuck();
    const { id, approval } = await view(running);
    const given = { answer: 'approved', question: approval?.question ?? 0, by: 'anna' } as const;
    await answerQuestion(running.ports, id, given);
    const observe = config({ PULLMEDIC_MODE: 'observe' });
    for (const { step } of running.world.steps.splice(0)) await handleStep(running.ports, observe, step, false);

    expect(running.world.restarted).toEqual([]);
  });
});

it('in mode act a restart after an approved grant needs no other answer', async () => {
  const running = await asked(config(), { ...roleMissing, removals: unreadable('forbidden') });
  await answer(running);
  running.world.evidence = { ...running.world.evidence, roles: known([assignment(0, { createdAtMs: nowMs })]) };
  await running.pass(8 * minute);

  expect(running.world.restarted).toHaveLength(4);
});
