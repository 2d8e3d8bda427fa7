// One step under way: what it may write when another step wrote meanwhile.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { appendTries, Busy, Overtaken } from '../../../src/lib/ports/steering.ts';
import { appendUnless, beginTurn, live, record, recordAnyway, type Turn } from '../../../src/lib/remediation/turn.ts';
import { config, nowMs, roleMissing, signal, target, targetId } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const waiting: Entry = {
  kind: 'decided',
  decision: { do: 'wait', because: 'no-text-yet' },
  dueAtMs: nowMs,
  refusals: [],
};
const outcome: Entry = { kind: 'outcome', action: 'grant', outcome: 'done' };
const joined: Entry = { kind: 'signal-joined', signal: { ...signal, id: 'alert|2' } };
const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };

/** A step that read a history, which others wrote to after that. */
async function turnBefore(
  ...byOthers: Entry[]
): Promise<{ turn: Turn; running: Memory; kinds: () => Promise<string[]> }> {
  const running = memory(config(), roleMissing, nowMs);
  const { history } = running.ports;
  await history.append(targetId, 0, { kind: 'opened', target, signal, mode: 'act' });
  const turn = await beginTurn(running.ports, config(), targetId);
  for (const [at, entry] of byOthers.entries()) await history.append(targetId, 1 + at, entry);
  return { turn, running, kinds: async () => (await history.read(targetId)).map(({ entry }) => entry.kind) };
}

describe('what was decided from the history as it was', () => {
  it('is recorded, and the turn then knows it', async () => {
    const { turn, kinds } = await turnBefore();
    await record(turn, waiting);

    expect(await kinds()).toEqual(['opened', 'decided']);
    expect(live(turn).decision?.decision).toEqual(waiting.kind === 'decided' ? waiting.decision : undefined);
  });

  it('is recorded after a signal that joined meanwhile: it overtakes nothing', async () => {
    const { turn, kinds } = await turnBefore(joined);
    await record(turn, waiting);

    expect(await kinds()).toEqual(['opened', 'signal-joined', 'decided']);
  });

  it('is not recorded after another step: what that one wrote holds', async () => {
    const { turn, kinds } = await turnBefore(waiting);

    const error = await record(turn, waiting).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Overtaken);
    expect(String(error)).toContain('Another step wrote first.');
    expect(await kinds()).toEqual(['opened', 'decided']);
    expect(turn.history.lastSeq).toBe(2);
  });
});

describe('a fact', () => {
  it('is recorded also after another step, because it holds all the same', async () => {
    const { turn, kinds } = await turnBefore(waiting, joined);
    await recordAnyway(turn, outcome);

    expect(await kinds()).toEqual(['opened', 'decided', 'signal-joined', 'outcome']);
    expect(turn.history.lastSeq).toBe(4);
  });
});

describe('an entry that may not be wanted any more', () => {
  it('is left out once the history says so, and the history is read up to that', async () => {
    const { turn, kinds } = await turnBefore(closed);
    const appended = await appendUnless(turn, waiting, ({ remediations }) => remediations[0]?.closed !== undefined);

    expect(appended).toBe('unwanted');
    expect(await kinds()).toEqual(['opened', 'closed']);
    expect(turn.history.remediations[0]?.closed).toBeDefined();
  });
});

describe('a history that others write to all the time', () => {
  it('is given up after a bounded number of tries', async () => {
    const { turn, running } = await turnBefore();
    let tries = 0;
    Object.assign(running.ports, {
      history: {
        ...running.ports.history,
        append: async () => {
          tries += 1;
          return 'taken';
        },
      },
    });

    const error = await recordAnyway(turn, outcome).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Busy);
    expect(String(error)).toContain('The history is too busy.');
    expect(tries).toBe(appendTries);
  });
});

describe('a remediation that another step closed', () => {
  it('is no longer live', async () => {
    const { turn } = await turnBefore(closed);
    expect(live(turn).id).toBe(`${targetId}.1`);
    await recordAnyway(turn, joined);

    expect(() => live(turn)).toThrow(Overtaken);
    expect(() => live(turn)).toThrow('The remediation was closed meanwhile.');
  });
});
