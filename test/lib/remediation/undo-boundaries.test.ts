// An undo step by step: what is asked once, what waits for another host, and what is read instead of being done again.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { Overtaken } from '../../../src/lib/ports/steering.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import { askUndo, stepUndo } from '../../../src/lib/remediation/undo.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
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

const allowed = config({ PULLMEDIC_SETTINGS: '{"undo":true}' });
const grant = { registryId, principalId: principal, roleId: acrPull };
const id = remediationIdOf(targetId, 1);
const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
const made: Entry[] = [
  {
    kind: 'decided',
    decision: { do: 'grant', grant, because: 'pull-role-missing' },
    dueAtMs: nowMs + 9 * minute,
    refusals: [],
  },
  { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'its' },
];
const asked: Entry = { kind: 'undo-asked', remediation: id, grant, assignment: 'its', by: 'anna' };
const decided: Entry = { kind: 'undo-decided', remediation: id, refusals: [] };

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly step: () => Promise<string>;
  readonly entries: () => Promise<Entry[]>;
}

/** A history with these entries, all written just now. */
async function after(...entries: Entry[]): Promise<Run> {
  const running = memory(allowed, roleMissing, nowMs);
  const lines: (readonly [string, object])[] = [];
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  for (const [at, entry] of [opened, ...entries].entries()) await running.ports.history.append(targetId, at, entry);
  return {
    running,
    lines,
    step: async () => stepUndo(running.ports, allowed, await readTarget(running.ports, targetId)),
    entries: async () => (await running.ports.history.read(targetId)).map(({ entry }) => entry),
  };
}

describe('the wish to take a grant back', () => {
  it('is recorded with who wants it, after its row was opened, and before its message', async () => {
    const { running, lines, entries } = await after(...made);
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);

    expect(await askUndo(running.ports, allowed, id, { by: 'anna' })).toBe('asked');
    expect(calls).toEqual(['history.read', 'index.put', 'history.append', 'queue.sendStep']);
    expect((await entries()).at(-1)).toStrictEqual(asked);
    expect(running.rows.get(id)).toMatchObject({ closed: false, dueAtMs: nowMs });
    expect(running.world.steps).toEqual([
      { step: { targetId, wake: true, happenedBeforeMs: nowMs, seq: 4 }, dueAtMs: nowMs },
    ]);
    expect(lines).toEqual([['undo-asked', { remediation: id }]]);
  });

  it('says so where the person wants it although others may rely on it', async () => {
    const { running, entries } = await after(...made);
    await askUndo(running.ports, allowed, id, { by: 'anna', anyway: true });

    expect((await entries()).at(-1)).toStrictEqual({ ...asked, anyway: true });
  });

  it('is only about the assignment that the person saw: another one is neither taken back nor written down', async () => {
    const { running, entries } = await after(...made);

    expect(await askUndo(running.ports, allowed, id, { by: 'anna', assignment: 'another' })).toBe('moved');
    expect(await entries()).toHaveLength(3);
    expect(running.world.steps).toEqual([]);
    expect(await askUndo(running.ports, allowed, id, { by: 'anna', assignment: 'its', why: 'It is not needed.' })).toBe(
      'asked',
    );
    expect((await entries()).at(-1)).toStrictEqual({ ...asked, why: 'It is not needed.' });
  });

  it('leaves a row due that was overdue', async () => {
    const { running } = await after(...made);
    running.world.nowMs += 20 * minute;
    await askUndo(running.ports, allowed, id, { by: 'anna' });

    expect(running.rows.get(id)?.dueAtMs).toBe(nowMs + 9 * minute);
  });

  it('that is under way is not recorded again: its message is sent again', async () => {
    const { running, entries } = await after(...made, asked);

    expect(await askUndo(running.ports, allowed, id, { by: 'bert' })).toBe('asked');
    expect((await entries()).at(-1)).toEqual(asked);
    expect(running.world.steps).toEqual([
      { step: { targetId, wake: true, happenedBeforeMs: nowMs, seq: 4 }, dueAtMs: nowMs },
    ]);
  });

  it('is not recorded where another step wrote first: the person looks again', async () => {
    const { running, entries } = await after(...made);
    running.world.before = (call) => {
      if (call !== 'history.append') return;
      running.world.before = () => undefined;
      void running.histories.append(targetId, 3, { kind: 'put-off', because: 'over-budget', dueAtMs: nowMs });
    };

    expect(await askUndo(running.ports, allowed, id, { by: 'anna' })).toBe('moved');
    expect((await entries()).map(({ kind }) => kind)).not.toContain('undo-asked');
    expect(running.world.steps).toEqual([]);
  });
});

describe('a step of an undo', () => {
  it('has nothing to do where none was asked for', async () => {
    const { step, entries } = await after(...made);

    expect(await step()).toBe('not-yet');
    expect(await entries()).toHaveLength(3);
  });

  it('decides and removes', async () => {
    const { running, lines, step, entries } = await after(...made, asked);

    expect(await step()).toBe('moved');
    expect((await entries()).slice(-2)).toMatchObject([decided, { kind: 'undo-outcome', outcome: 'removed' }]);
    expect(running.world.removed).toEqual([grant]);
    expect(lines).toEqual([
      ['undo-decided', { remediation: id, do: 'remove' }],
      ['undone', { remediation: id, outcome: 'removed' }],
    ]);
  });

  it('names nobody who relies on it where that could not be read', async () => {
    const { running, step, entries } = await after(...made, asked);
    running.world.evidence = { ...roleMissing, holders: unreadable('forbidden') };

    expect(await step()).toBe('moved');
    const [refused] = (await entries()).slice(-1);
    expect(refused).toMatchObject({ kind: 'undo-decided', remediation: id });
    expect(refused).not.toHaveProperty('reliedOnBy');
    expect(running.world.removed).toEqual([]);
  });

  it('removes nothing where the remediation made no grant', async () => {
    const { running, step, entries } = await after(asked);

    expect(await step()).toBe('moved');
    expect(running.world.removed).toEqual([]);
    expect((await entries()).at(-1)).toMatchObject({ kind: 'undo-decided' });
    expect((await entries()).at(-1)).not.toMatchObject({ refusals: [] });
  });

  it('throws where another step wrote first, and removes nothing', async () => {
    const { running, step } = await after(...made, asked);
    running.world.before = (call) => {
      if (call !== 'history.append') return;
      running.world.before = () => undefined;
      void running.histories.append(targetId, 4, { kind: 'put-off', because: 'over-budget', dueAtMs: nowMs });
    };

    const error = await step().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Overtaken);
    expect(String(error)).toContain('Another step wrote first.');
    expect(running.world.removed).toEqual([]);
  });
});

describe('a removal that was decided and has no outcome', () => {
  it('is no work for a step while another host may be in the middle of it: its row stays open', async () => {
    const closed: Entry = { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' };
    const { running, lines, entries } = await after(...made, closed, asked, decided);
    const before = await entries();
    await handleStep(running.ports, allowed, { targetId, seq: before.length, wake: true }, false);

    expect(await entries()).toEqual(before);
    expect(lines).toEqual([['step-stale', { target: targetId, seq: before.length }]]);
    expect(running.rows.get(id)).toMatchObject({ closed: false, dueAtMs: nowMs + minute });
  });

  it('is left alone while another host may be in the middle of it, and then read', async () => {
    const { running, step, entries } = await after(...made, asked, decided);
    running.world.nowMs += minute - 1;
    expect(await step()).toBe('not-yet');
    expect(await entries()).toHaveLength(5);
    running.world.nowMs += 1;

    expect(await step()).toBe('moved');
    expect((await entries()).at(-1)).toEqual({
      kind: 'undo-outcome',
      remediation: id,
      outcome: 'failed',
      because: 'not-removed',
    });
  });

  it('that may have been made is read at once, and never made again', async () => {
    const unknown: Entry = { kind: 'undo-outcome', remediation: id, outcome: 'unknown' };
    const { running, step, entries } = await after(...made, asked, decided, unknown);
    running.world.made = known({ kind: 'gone' });

    expect(await step()).toBe('moved');
    expect((await entries()).at(-1)).toMatchObject({ outcome: 'removed', because: 'found-gone' });
    expect(running.world.removed).toEqual([]);
  });

  it('is withheld where another assignment stands in its place', async () => {
    const { running, step, entries } = await after(...made, asked, decided);
    running.world.nowMs += minute;
    running.world.made = known({ kind: 'another' });
    await step();

    expect((await entries()).at(-1)).toMatchObject({ outcome: 'withheld', because: 'reads-differently' });
  });

  it('stays without one while the assignment cannot be read', async () => {
    const { running, step, entries } = await after(...made, asked, decided);
    running.world.nowMs += minute;
    running.world.made = unreadable('timed-out');

    expect(await step()).toBe('not-yet');
    expect(await entries()).toHaveLength(5);
  });
});
