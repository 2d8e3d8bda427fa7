// What a person may have taken back: exactly what was made, recorded before it is removed, and never given again unasked.
import { describe, expect, it } from 'vitest';
import { listRemediations, type RemediationView, showRemediation } from '../../../src/lib/console/views.ts';
import { decideUndo } from '../../../src/lib/decision/decide.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { ActionAnswer } from '../../../src/lib/ports/ports.ts';
import { answerQuestion } from '../../../src/lib/remediation/approval.ts';
import { sendOverdue } from '../../../src/lib/remediation/overdue.ts';
import { askUndo, type UndoAsked } from '../../../src/lib/remediation/undo.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  app,
  appId,
  assignment,
  config,
  history,
  image,
  minute,
  nowMs,
  principal,
  pulledRow,
  readyReplica,
  registryId,
  revision,
  roleMissing,
  signal,
  target,
  targetId,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const settings = (more: object = {}): string => JSON.stringify({ undo: true, ...more });
const allowed = config({ PULLMEDIC_SETTINGS: settings() });

async function views(running: Memory): Promise<RemediationView[]> {
  return listRemediations(running.ports);
}

async function first(running: Memory): Promise<RemediationView> {
  const view = (await views(running)).at(-1);
  if (view === undefined) throw new Error('there is no remediation');
  return view;
}

/** A grant that was made, its app recovered and its remediation closed. */
async function recovered(chosen: Config = allowed, answer?: ActionAnswer): Promise<Memory> {
  const running = memory(chosen, roleMissing, nowMs);
  if (answer !== undefined) running.world.grantAnswer = answer;
  await running.deliver(signal);
  running.world.evidence = {
    ...roleMissing,
    logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + 4 * minute }]),
    replicas: known([readyReplica]),
    roles: known([assignment(0, { createdAtMs: nowMs })]),
  };
  await running.pass(20 * minute);
  expect((await first(running)).closed?.how).toBe('recovered');
  return running;
}

async function undo(running: Memory, chosen: Config = allowed): Promise<UndoAsked> {
  const asked = await askUndo(running.ports, chosen, (await first(running)).id, { by: 'anna' });
  await running.settle();
  return asked;
}

async function kinds(running: Memory): Promise<string[]> {
  const found = await showRemediation(running.ports, (await first(running)).id);
  return (found?.entries ?? []).map(({ entry }) => entry.kind);
}

/** The same app cannot pull again: its role is gone. */
async function failsAgain(running: Memory, evidence: Evidence = roleMissing): Promise<void> {
  running.world.evidence = { ...evidence, atMs: running.world.nowMs };
  const again: Signal = { ...signal, id: 'alert|2', atMs: running.world.nowMs };
  await running.deliver(again);
}

describe('an undo', () => {
  it('removes the assignment that was made, once, after asking and deciding were written down', async () => {
    const running = await recovered();
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);

    expect(await undo(running)).toBe('asked');

    const changes = calls.filter((call) => /append|removeGrant$/.test(call));
    expect(changes).toEqual(['history.append', 'history.append', 'deployment.append', 'removeGrant', 'history.append']);
    expect(running.world.removed).toEqual(running.world.granted);
    expect((await kinds(running)).slice(-3)).toEqual(['undo-asked', 'undo-decided', 'undo-outcome']);
    expect((await first(running)).undo).toMatchObject({ state: 'removed', by: 'anna' });
    expect(await undo(running)).toBe('nothing-to-undo');
    expect(running.world.removed).toHaveLength(1);
  });

  it('is off unless the settings allow it', async () => {
    const running = await recovered(config());

    expect(await undo(running, config())).toBe('off');
    expect(running.world.removed).toEqual([]);
    expect((await first(running)).undo?.state).toBe('possible');
  });

  it.each<[string, ActionAnswer]>([
    ['that was there already', { outcome: 'already-there' }],
    ['of which nobody recorded the name', { outcome: 'done' }],
  ])('has nothing to remove for an assignment %s', async (_what, answer) => {
    const running = await recovered(allowed, answer);

    expect(await undo(running)).toBe('nothing-to-undo');
    expect(running.world.removed).toEqual([]);
  });

  it.each([
    ['no id at all', 'x'],
    ['the id of nothing', `t${'0'.repeat(24)}.1`],
  ])('of %s finds nothing', async (_what, id) => {
    expect(await askUndo((await recovered()).ports, allowed, id, { by: 'anna' })).toBe('not-found');
  });

  it('is possible in approve mode: the person who asks has approved', async () => {
    const approve = config({ PULLMEDIC_MODE: 'approve', PULLMEDIC_SETTINGS: settings() });
    const running = memory(approve, roleMissing, nowMs);
    await running.deliver(signal);
    const { id, approval } = await first(running);
    await answerQuestion(running.ports, id, { answer: 'approved', question: approval?.question ?? 0, by: 'anna' });
    await running.settle();

    await undo(running, approve);

    expect(running.world.removed).toHaveLength(1);
  });
});

describe('an undo is refused, and the history says why', () => {
  /** Asks a pullmedic whose settings are others now than when it granted. */
  async function refusedBy(chosen: Config, change: (running: Memory) => void = () => undefined): Promise<unknown> {
    const before = await recovered();
    const running = memory(chosen, before.world.evidence, before.world.nowMs);
    Object.assign(running.ports, { history: before.ports.history, index: before.ports.index });
    change(running);
    await undo(running, chosen);
    expect(running.world.removed).toEqual([]);
    return (await first(running)).undo;
  }

  it('in observe mode, where nothing is changed, whoever asks', async () => {
    expect(await refusedBy(config({ PULLMEDIC_MODE: 'observe', PULLMEDIC_SETTINGS: settings() }))).toMatchObject({
      state: 'refused',
      because: ['mode: observe'],
    });
  });

  it('for an app outside of the scope', async () => {
    const elsewhere = JSON.stringify([appId.replace(/\/resourcegroups\/.*/i, '/resourceGroups/rg-other')]);

    expect(await refusedBy(config({ PULLMEDIC_SCOPES: elsewhere, PULLMEDIC_SETTINGS: settings() }))).toMatchObject({
      state: 'refused',
      because: ['scope: outside'],
    });
  });

  it.each([
    ['on', known(true), 'kill-switch: on'],
    ['unreadable', unreadable<boolean>('unavailable'), 'kill-switch: unreadable'],
  ])('while the kill switch is %s', async (_what, killSwitch, because) => {
    const said = await refusedBy(allowed, (running) => {
      running.world.killSwitch = killSwitch;
    });

    expect(said).toMatchObject({ state: 'refused', because: [because] });
  });

  it('and can be asked for again when the reason is gone', async () => {
    const running = await recovered();
    running.world.killSwitch = known(true);
    await undo(running);
    running.world.killSwitch = known(false);
    await undo(running);

    expect(running.world.removed).toHaveLength(1);
    expect((await first(running)).undo?.state).toBe('removed');
  });

  it('at the last moment, when the kill switch is turned on after the decision', async () => {
    const running = await recovered();
    running.world.before = (call) => {
      if (call === 'deployment.append') running.world.killSwitch = known(true);
    };
    await undo(running);

    expect(running.world.removed).toEqual([]);
    expect((await first(running)).undo).toMatchObject({ state: 'withheld', because: ['kill-switch: on'] });
  });

  it.each([
    ['another grant', { principalId: 'c0000000-0000-4000-8000-00000000000c' }, 'mine'],
    ['another assignment', {}, 'another'],
  ])('when %s was asked about than was made', (_what, change, assignmentAsked) => {
    const grant = { registryId, principalId: principal, roleId: acrPull };
    const remediation = remediationIdOf(targetId, 1);
    const past = history(
      { kind: 'decided', decision: { do: 'grant', grant, because: 'pull-role-missing' }, dueAtMs: nowMs, refusals: [] },
      { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'mine' },
      {
        kind: 'undo-asked',
        remediation,
        grant: { ...grant, ...change } as typeof grant,
        assignment: assignmentAsked,
        by: 'anna',
      },
    ).remediations[0];
    if (past === undefined) throw new Error('no remediation');

    const reliance = known({ remediations: [], resources: [] });

    expect(decideUndo({ config: allowed, target, remediation: past, killSwitch: known(false), reliance })).toEqual({
      do: 'refuse',
      refusals: [{ guard: 'undo', why: 'not-what-was-made' }],
    });
  });
});

describe('a fault at any call of an undo', () => {
  it('ends with the assignment gone or its failure said, and with one removal at most', async () => {
    for (let fault = 1; ; fault += 1) {
      const running = await recovered();
      let calls = 0;
      let armed = true;
      running.world.before = (call) => {
        calls += 1;
        // What was removed reads as gone, whoever tells of it.
        running.world.made = known(
          running.world.removed.length > 0 ? { kind: 'gone' } : { kind: 'ours', assignment: 'x' },
        );
        if (armed && calls === fault) throw new Error(`fault at ${call}`);
      };
      await undo(running).catch(() => undefined);
      armed = false;
      const used = calls;
      // The person who got an error asks again; the queue's own second delivery is lost with the host.
      if ((await first(running)).undo?.state === 'possible') await undo(running);
      running.world.nowMs += 10 * minute;
      await sendOverdue(running.ports);
      await running.settle();
      if ((await first(running)).undo?.state === 'asked') await undo(running);

      expect(running.world.removed.length, `fault at call ${fault}`).toBeLessThanOrEqual(1);
      expect(['removed', 'failed'], `fault at call ${fault}`).toContain((await first(running)).undo?.state);
      if (used < fault) return;
    }
  });
});

describe('an undo that was interrupted', () => {
  it('is not removed without the record: a store that is down stops it', async () => {
    const running = await recovered();
    let appends = 0;
    running.world.before = (call) => {
      // It is asked for, and then nothing can be written.
      if (call === 'history.append' && ++appends > 1) throw new Error('the store is down');
    };

    await expect(undo(running)).rejects.toThrow('the store is down');

    expect(running.world.removed).toEqual([]);
  });

  it('is found by the schedule when the host dies between the wish and its message', async () => {
    const running = await recovered();
    running.world.before = (call) => {
      if (call === 'queue.sendStep') throw new Error('the host died');
    };
    await expect(undo(running)).rejects.toThrow('the host died');
    running.world.before = () => undefined;
    running.world.nowMs += 10 * minute;

    expect(await sendOverdue(running.ports)).toBe(1);
    await running.settle();

    expect((await first(running)).undo?.state).toBe('removed');
    expect(await sendOverdue(running.ports)).toBe(0);
  });

  it('leaves nothing behind when the host dies before the wish is written down, be it about an earlier remediation', async () => {
    const running = await recovered();
    const earlier = (await first(running)).id;
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await failsAgain(running);
    running.world.before = (call) => {
      if (call === 'history.append') throw new Error('the host died');
    };
    await expect(askUndo(running.ports, allowed, earlier, { by: 'anna' })).rejects.toThrow('the host died');
    running.world.before = () => undefined;
    const open = async () => (await running.ports.index.live()).map((row) => row.remediation);
    expect(await open()).toContain(earlier);

    running.world.nowMs += 10 * minute;
    await sendOverdue(running.ports);
    await running.settle();

    expect(await open()).not.toContain(earlier);
    expect(running.world.removed).toEqual([]);
  });

  it('is not removed when it cannot be written down for the whole deployment', async () => {
    const running = await recovered();
    running.world.before = (call) => {
      if (call === 'deployment.append') throw new Error('the store is down');
    };

    await expect(undo(running)).rejects.toThrow('the store is down');

    expect(running.world.removed).toEqual([]);
  });

  it.each([
    ['gone', { kind: 'gone' } as const, 'removed'],
    ['still there', { kind: 'ours', assignment: 'x' } as const, 'failed'],
    ['another one', { kind: 'another' } as const, 'withheld'],
  ])('by a time-out is settled by reading: %s', async (_what, made, state) => {
    const running = await recovered();
    running.world.removeAnswer = { outcome: 'unknown', because: 'no-answer' };
    await undo(running);
    expect((await first(running)).undo?.state).toBe('unknown');

    running.world.made = known(made);
    running.world.nowMs += 10 * minute;
    await sendOverdue(running.ports);
    await running.settle();

    expect((await first(running)).undo?.state).toBe(state);
    expect(running.world.removed).toHaveLength(1);
  });

  it('stays unknown while it cannot be read, and is found again', async () => {
    const running = await recovered();
    running.world.removeAnswer = { outcome: 'unknown', because: 'no-answer' };
    running.world.made = unreadable('forbidden');
    await undo(running);
    running.world.nowMs += 10 * minute;
    await sendOverdue(running.ports);
    await running.settle();
    expect((await first(running)).undo?.state).toBe('unknown');

    running.world.made = known({ kind: 'gone' });
    running.world.nowMs += 60 * minute;
    expect(await sendOverdue(running.ports)).toBe(1);
    await running.settle();

    expect((await first(running)).undo?.state).toBe('removed');
    expect(await sendOverdue(running.ports)).toBe(0);
  });

  it('by the death of the host after the decision is found by its row and settled, never done twice', async () => {
    const running = await recovered();
    running.world.before = (call) => {
      if (call === 'removeGrant') throw new Error('killed');
    };
    await expect(undo(running)).rejects.toThrow('killed');
    running.world.before = () => undefined;
    running.world.made = known({ kind: 'gone' });
    running.world.nowMs += 10 * minute;

    expect(await sendOverdue(running.ports)).toBe(1);
    await running.settle();

    expect(running.world.removed).toEqual([]);
    expect((await first(running)).undo).toMatchObject({ state: 'removed', because: ['found-gone'] });
  });
});

describe('after an undo nothing is granted again unasked', () => {
  it('to the same app: a person is asked, and nothing is granted without an answer', async () => {
    const running = await recovered();
    await undo(running);
    await failsAgain(running);
    await running.pass(30 * minute);

    const [again] = await views(running);
    expect(again).toMatchObject({ state: 'needs-approval', causes: ['pull-role-removed'] });
    expect(again?.refusals).toEqual(['role-removed: taken-away', 'role-removed: undone']);
    expect(running.world.granted).toHaveLength(1);
  });

  it('to the same app and image: the person who had it taken back can allow it again, by the question that says so', async () => {
    const running = await recovered();
    await undo(running);
    await failsAgain(running);
    const [again] = await views(running);
    const given = { answer: 'approved', question: again?.approval?.question ?? 0, by: 'anna' } as const;
    await answerQuestion(running.ports, again?.id ?? '', given);
    await running.settle();

    expect(running.world.granted).toHaveLength(2);
  });

  it('while its remediation still runs', async () => {
    const running = memory(allowed, roleMissing, nowMs);
    await running.deliver(signal);
    expect(running.world.granted).toHaveLength(1);
    await undo(running);
    await running.pass(60 * minute);

    expect(running.world.removed).toHaveLength(1);
    expect(running.world.granted).toHaveLength(1);
    expect(await first(running)).toMatchObject({ undo: { state: 'removed' }, refusals: ['role-removed: undone'] });
  });

  it('with a new image, which is another target: a person is asked', async () => {
    const running = await recovered();
    await undo(running);
    const next = image.replace(':v1', ':v2');
    await failsAgain(running, {
      ...roleMissing,
      app: known({ ...app, images: [next] }),
      revisions: known([{ ...revision, images: [next] }]),
      replicas: known([]),
    });

    const [other] = await views(running);
    expect(other?.target.image).toBe(next);
    expect(other).toMatchObject({
      state: 'needs-approval',
      refusals: ['role-removed: too-young', 'role-removed: undone'],
    });
    expect(running.world.granted).toHaveLength(1);
  });

  it('and not when nobody can read what was taken back', async () => {
    const running = memory(allowed, roleMissing, nowMs);
    running.world.before = (call) => {
      if (call === 'deployment.read') throw new Error('down');
    };
    await running.deliver(signal);

    expect((await first(running)).refusals).toContain('role-removed: undone-unreadable');
    expect(running.world.granted).toEqual([]);
  });
});

describe('an undo whose outcome cannot be recorded because others write all the time', () => {
  it('ends its step, and is settled by reading later, without a second removal', async () => {
    const running = await recovered();
    const { history } = running.ports;
    const port: { history: typeof history } = running.ports;
    port.history = {
      read: (partition) => history.read(partition),
      append: async (partition, after, entry) =>
        entry.kind === 'undo-outcome' ? 'taken' : history.append(partition, after, entry),
    };
    await undo(running);
    const removed = running.world.removed.length;
    port.history = history;
    running.world.made = known({ kind: 'gone' });
    await running.pass(10 * minute);
    await sendOverdue(running.ports);
    await running.settle();

    expect([removed, running.world.removed.length]).toEqual([1, 1]);
    expect((await first(running)).undo?.state).toBe('removed');
  });
});
