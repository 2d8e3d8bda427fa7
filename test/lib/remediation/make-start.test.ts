// A start of a job is announced before it is made, and no second one is made: whichever host or image it is for, and whatever became of it.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { ActionAnswer } from '../../../src/lib/ports/ports.ts';
import { makeStart } from '../../../src/lib/remediation/make-start.ts';
import { recallRestartMemory } from '../../../src/lib/remediation/restart-memory.ts';
import { beginTurn, live } from '../../../src/lib/remediation/turn.ts';
import { known, valueOf } from '../../../src/lib/words/fact.ts';
import type { TargetId } from '../../../src/lib/words/target.ts';
import { app, config, minute, nowMs, revision, roleMissing, signal, stuckReplica, unauthorizedRow } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const images = ['orders', 'proxy'].map((name) => `acrshop.azurecr.io/shop/${name}:v1`);

/** Two images of one workload, each with a remediation of its own. */
const twoImages: Evidence = {
  ...roleMissing,
  app: known({ ...app, images }),
  revisions: known([{ ...revision, images }]),
  replicas: known([
    { ...stuckReplica, containers: images.map((image) => ({ name: image, ready: false, state: 'Waiting', image })) },
  ]),
  logs: known(images.map((image) => ({ ...unauthorizedRow, text: `unauthorized error: ${image}` }))),
};

async function opened(): Promise<Memory> {
  const running = memory(config({ PULLMEDIC_MODE: 'observe' }), twoImages, nowMs);
  await running.deliver(signal);
  return running;
}

async function startOf(running: Memory, targetId: TargetId, answer: ActionAnswer, sent: string[]): Promise<string> {
  const turn = await beginTurn(running.ports, config(), targetId);
  const change = { do: 'start', execution: 'job-import-abc1234', because: 'cause-is-gone', sinceMs: nowMs } as const;
  const said = await makeStart(turn, change, live(turn), async () => {
    sent.push(targetId);
    return answer;
  });
  return `${said.outcome} ${said.because ?? ''}`.trim();
}

describe('a start of a job', () => {
  it('is made by one of several hosts and remediations that decided it at the same moment', async () => {
    const running = await opened();
    const sent: string[] = [];
    const targets = [...running.rows.values()].map(({ targetId }) => targetId);

    const said = await Promise.all(targets.map((id) => startOf(running, id, { outcome: 'done' }, sent)));

    expect(sent).toHaveLength(1);
    expect(said.toSorted()).toEqual(['done', 'withheld start-again: started-before']);
  });

  it.each<ActionAnswer>([
    { outcome: 'failed', because: 'refused' },
    { outcome: 'unknown', because: 'no-answer' },
    { outcome: 'withheld', because: 'kill-switch: on' },
  ])('that ended as %j is not made a second time', async (answer) => {
    const running = await opened();
    const sent: string[] = [];
    const [first, second] = [...running.rows.values()].map(({ targetId }) => targetId);
    if (first === undefined || second === undefined) throw new Error('two images have two remediations');
    await startOf(running, first, answer, sent);
    running.world.nowMs += 30 * minute;

    expect(await startOf(running, second, { outcome: 'done' }, sent)).toBe('withheld start-again: started-before');
    expect(sent).toEqual([first]);
    expect(valueOf(await recallRestartMemory(running.ports, app.id))?.starts).toHaveLength(1);
  });

  it('is made again after a day: then it is about another failure', async () => {
    const running = await opened();
    const sent: string[] = [];
    const [first] = [...running.rows.values()].map(({ targetId }) => targetId);
    if (first === undefined) throw new Error('there is a remediation');
    await startOf(running, first, { outcome: 'done' }, sent);
    running.world.nowMs += 24 * 60 * minute;

    expect(await startOf(running, first, { outcome: 'done' }, sent)).toBe('done');
  });
});
