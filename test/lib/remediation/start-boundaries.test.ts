// The start of a job on its way to Azure: the last look, the kill switch right before it, and what is written where no answer came.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { RestartEntry } from '../../../src/lib/history/restarts.ts';
import { act, settle } from '../../../src/lib/remediation/change.ts';
import { pass } from '../../../src/lib/remediation/pass.ts';
import { beginTurn } from '../../../src/lib/remediation/turn.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  app,
  assignment,
  config,
  execution,
  jobId,
  jobTarget,
  minute,
  nowMs,
  roleMissing,
  signal,
  targetId,
  waitingExecutionReplica,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const starting = config({ PULLMEDIC_SETTINGS: '{"retry":{"startJobs":true}}' });
const over = { ...execution, createdAtMs: nowMs - 8 * minute, runningState: 'Failed', ended: true } as const;
const ended: Evidence = {
  ...roleMissing,
  app: known({ ...app, id: jobId, job: { trigger: 'manual' } }),
  revisions: known([over]),
  replicas: known([waitingExecutionReplica]),
};
const change = { do: 'start', execution: over.name, because: 'cause-is-gone', sinceMs: nowMs - minute } as const;
const opened: Entry = { kind: 'opened', target: jobTarget, signal, mode: 'act' };
const decided: Entry = { kind: 'decided', decision: change, dueAtMs: nowMs, refusals: [] };

/** A job whose start is decided and written down. */
async function decidedStart(): Promise<Memory> {
  const running = memory(starting, ended, nowMs);
  await running.ports.history.append(targetId, 0, opened);
  await running.ports.history.append(targetId, 1, decided);
  return running;
}

async function made(running: Memory): Promise<Entry[]> {
  await act(await beginTurn(running.ports, starting, targetId), change, ended);
  return written(running);
}

/** What was written after the decision. */
async function written({ ports }: Memory): Promise<Entry[]> {
  return (await ports.history.read(targetId)).slice(2).map(({ entry }) => entry);
}

async function announced({ ports }: Memory): Promise<RestartEntry[]> {
  const entries = await ports.deployment.read(`restarts-${ports.hash(jobId)}`);
  return entries.map(({ entry }) => entry as unknown as RestartEntry);
}

describe('the start of a job', () => {
  it('is announced for the job, asked of Azure once, and its outcome written down', async () => {
    const running = await decidedStart();
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);

    expect(await made(running)).toEqual([{ kind: 'outcome', action: 'start', outcome: 'done' }]);
    expect(running.world.started).toEqual([jobId]);
    expect(await announced(running)).toMatchObject([{ kind: 'start-announced', execution: over.name }]);
    expect(calls.filter((call) => /^(?:deployment\.append|start)$/.test(call))).toEqual(['deployment.append', 'start']);
  });

  it('is not made where the kill switch goes on right before it', async () => {
    const running = await decidedStart();
    running.world.before = (call) => {
      if (call === 'start.reads') running.world.killSwitch = known(true);
    };

    expect(await made(running)).toMatchObject([{ outcome: 'withheld', because: 'kill-switch: on' }]);
    expect(running.world.started).toEqual([]);
  });

  it('is neither made nor announced where another execution is the last one by now, although that one failed too', async () => {
    const running = await decidedStart();
    const byPerson = { ...over, name: 'job-import-by-hand', createdAtMs: nowMs - 2 * minute };
    const replica = { ...waitingExecutionReplica, revision: byPerson.name };
    running.world.evidence = { ...ended, revisions: known([over, byPerson]), replicas: known([replica]) };

    expect(await made(running)).toMatchObject([{ outcome: 'withheld', because: 'start-again: started-since' }]);
    expect(running.world.started).toEqual([]);
    expect(await announced(running)).toEqual([]);
  });

  it('is not made where too many others write to the memory of the job: another one may have announced it', async () => {
    const running = await decidedStart();
    Object.assign(running.ports.deployment, { append: async () => 'taken' });

    expect(await made(running)).toMatchObject([{ outcome: 'withheld', because: 'start-again: unreadable' }]);
    expect(running.world.started).toEqual([]);
  });

  it('whose host died has an unknown outcome, and is not made again', async () => {
    const running = await decidedStart();
    running.world.nowMs += minute;
    await settle(await beginTurn(running.ports, starting, targetId));

    expect(await written(running)).toEqual([
      { kind: 'outcome', action: 'start', outcome: 'unknown', because: 'interrupted' },
    ]);
    expect(running.world.started).toEqual([]);
  });
});

describe('a job whose role pullmedic assigned', () => {
  it('is started once the role is expected to work, in the pass that decides it', async () => {
    const running = memory(starting, { ...ended, roles: known([]) }, nowMs);
    await running.ports.history.append(targetId, 0, opened);
    const passes = async (evidence: Evidence, afterMs: number): Promise<void> => {
      running.world.nowMs = nowMs + afterMs;
      running.world.evidence = { ...evidence, atMs: running.world.nowMs };
      await pass(await beginTurn(running.ports, starting, targetId), undefined);
    };
    await passes({ ...ended, roles: known([]) }, 0);
    await passes({ ...ended, roles: known([assignment(0, { createdAtMs: nowMs })]) }, 6 * minute);

    expect(running.world.granted).toHaveLength(1);
    expect(running.world.started).toEqual([jobId]);
    expect((await running.ports.history.read(targetId)).slice(-2).map(({ entry }) => entry)).toMatchObject([
      { kind: 'decided', decision: { do: 'start', execution: over.name, because: 'role-should-work' } },
      { kind: 'outcome', action: 'start', outcome: 'done' },
    ]);
  });
});
