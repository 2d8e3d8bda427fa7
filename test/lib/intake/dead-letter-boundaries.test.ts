// How long letters are kept, in which order they are listed, and what the log says of them.
import { describe, expect, it } from 'vitest';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import {
  dismiss,
  drainPoison,
  keepUnreadable,
  listDead,
  mostKept,
  noteFailure,
  replay,
} from '../../../src/lib/intake/dead-letter.ts';
import type { DeadLetter } from '../../../src/lib/ports/upkeep.ts';
import { remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import { config, minute, nowMs, roleMissing, signal } from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { memory } from '../memory-ports.ts';
import { memoryUpkeep } from '../memory-upkeep.ts';

const targetId = `t${'1'.repeat(24)}` as TargetId;
const step = { targetId, seq: 3, wake: false };
const day = 24 * 60 * minute;
const idOf = (at: number): string => `d${String(at).padStart(24, '0')}`;

function letter(more: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: idOf(1),
    kind: 'signal',
    queue: 'signals',
    message: JSON.stringify(signal),
    state: 'dead',
    tries: 7,
    firstAtMs: nowMs,
    lastAtMs: nowMs,
    ...more,
  };
}

async function begin(...letters: DeadLetter[]) {
  const { ports, world } = memory(config(), roleMissing, nowMs);
  const kept = memoryUpkeep();
  const lines: (readonly [string, object])[] = [];
  Object.assign(ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  for (const one of letters) await kept.upkeep.letters.put(one);
  return { ports, world, kept, lines };
}

describe('a message that failed', () => {
  it('is said in the log: kept at first, dead after its last try', async () => {
    const { ports, kept, lines } = await begin();
    for (let tries = 1; tries <= 7; tries += 1) kept.fails('signals', signal);
    await drainPoison(kept.upkeep, ports);
    const [id] = kept.letters.keys();
    const about = (tries: number) => ({ id, kind: 'signal', tries });

    expect(lines).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((tries) => ['poison-kept', about(tries)]),
      ['dead-letter', about(7)],
    ]);
  });

  it('stays dead where it comes once more, with its tries counted on', async () => {
    const { ports, kept, world } = await begin();
    for (let tries = 1; tries <= 8; tries += 1) kept.fails('signals', signal);
    await drainPoison(kept.upkeep, ports);

    expect([...kept.letters.values()]).toMatchObject([{ state: 'dead', tries: 8 }]);
    expect(world.signals).toHaveLength(6);
  });

  it('counts among those that one run took', async () => {
    const { ports, kept } = await begin();
    for (let n = 0; n < 3; n += 1) kept.fails('signals', { ...signal, id: `alert|${n}` });

    expect(await drainPoison(kept.upkeep, ports)).toBe(3);
    expect(await drainPoison(kept.upkeep, ports)).toBe(0);
  });

  it('that cannot be read is cut where it is larger than any message', async () => {
    const { ports, kept } = await begin();
    kept.fails('signals', undefined, 'x'.repeat(mostKept + 1));
    await drainPoison(kept.upkeep, ports);
    await keepUnreadable(kept.upkeep, ports, 'steps', 'y');

    expect([...kept.letters.values()].map(({ message }) => message.length)).toEqual([mostKept, 1]);
  });

  it('is asked for until none is there, and no list of remediations is read for it', async () => {
    const { ports, kept, world } = await begin(
      letter({ kind: 'signal' }),
      letter({ id: idOf(2), kind: 'step', state: 'retrying' }),
    );
    const calls: string[] = [];
    world.before = (call) => void calls.push(call);
    let batches = 0;
    const take = async () => {
      batches += 1;
      return kept.upkeep.poison.take();
    };
    await drainPoison({ ...kept.upkeep, poison: { ...kept.upkeep.poison, take } }, ports);

    expect(batches).toBe(1);
    expect(calls).not.toContain('index.live');
  });

  it('is kept with the reason of its last failure, also where it cannot be read', async () => {
    const { ports, kept } = await begin();
    await noteFailure(kept.upkeep, ports, { queue: 'steps', body: undefined, error: new TypeError('x') });

    expect([...kept.letters.values()]).toMatchObject([{ kind: 'unreadable', message: '', lastError: 'TypeError' }]);
  });

  it('leaves the rest to the next run after twenty batches', async () => {
    const { ports, kept } = await begin();
    let batches = 0;
    const take = async () => {
      batches += 1;
      return kept.upkeep.poison.take();
    };
    for (let n = 0; n < 2000; n += 1) kept.fails('signals', { ...signal, id: `alert|${n}` });
    await drainPoison({ ...kept.upkeep, poison: { ...kept.upkeep.poison, take } }, ports);

    expect(batches).toBe(20);
  });
});

describe('a letter', () => {
  it('is sent again on the word of a person, which the letter and the log say', async () => {
    const { ports, kept, world, lines } = await begin(letter());
    world.nowMs += minute;

    expect(await replay(kept.upkeep, ports, idOf(1), { by: 'anna' })).toBe('replayed');
    expect(world.signals).toEqual([{ signal, dueAtMs: nowMs + minute }]);
    expect(kept.letters.get(idOf(1))).toEqual(letter({ state: 'replayed', by: 'anna', lastAtMs: nowMs + minute }));
    expect(lines).toEqual([['replayed', { id: idOf(1), kind: 'signal' }]]);
  });

  it('of a step is sent again as a look', async () => {
    const { ports, kept, world } = await begin(letter({ kind: 'step', queue: 'steps', message: JSON.stringify(step) }));

    expect(await replay(kept.upkeep, ports, idOf(1), { by: 'anna' })).toBe('replayed');
    expect(world.steps).toEqual([{ step: { ...step, wake: true, happenedBeforeMs: nowMs }, dueAtMs: nowMs }]);
  });

  it('is dismissed on the word of a person, which the letter and the log say', async () => {
    const { ports, kept, lines } = await begin(letter());

    expect(await dismiss(kept.upkeep, ports, idOf(1), { by: 'anna' })).toBe('dismissed');
    expect(kept.letters.get(idOf(1))).toEqual(letter({ state: 'dismissed', by: 'anna' }));
    expect(lines).toEqual([['dismissed', { id: idOf(1), kind: 'signal' }]]);
  });

  it.each([`x${idOf(1)}`, `${idOf(1)}0`])('is not found under the id %s, whatever the store holds', async (id) => {
    const { ports, kept } = await begin(letter({ id }));

    expect(await replay(kept.upkeep, ports, id, { by: 'anna' })).toBe('not-found');
    expect(await dismiss(kept.upkeep, ports, id, { by: 'anna' })).toBe('not-found');
  });

  it('that no version reads any more is not sent again', async () => {
    const { ports, kept, world } = await begin(letter({ message: '{"via":"carrier-pigeon"}' }));

    expect(await replay(kept.upkeep, ports, idOf(1), { by: 'anna' })).toBe('unreadable');
    expect([world.signals, kept.letters.get(idOf(1))?.state]).toEqual([[], 'dead']);
  });

  it('is listed while it is dead, the latest first', async () => {
    const letters = [3, 1, 2].map((at) => letter({ id: idOf(at), lastAtMs: nowMs + at }));
    const { kept } = await begin(...letters, letter({ id: idOf(9), state: 'retrying' }));

    expect((await listDead(kept.upkeep)).map(({ id }) => id)).toEqual([idOf(3), idOf(2), idOf(1)]);
  });
});

describe('a letter is removed', () => {
  const row = indexRow({ targetId, seq: 3 });

  async function isLeft(more: Partial<DeadLetter>, afterMs: number, ...rows: Partial<IndexRow>[]): Promise<boolean> {
    const { ports, kept, world } = await begin(letter(more), letter({ id: idOf(2), state: 'dead' }));
    for (const one of rows) await ports.index.put({ ...row, ...one });
    world.nowMs += afterMs;
    await drainPoison(kept.upkeep, ports);
    expect(kept.letters.has(idOf(2))).toBe(true);
    return kept.letters.has(idOf(1));
  }
  const deadStep: Partial<DeadLetter> = { kind: 'step', queue: 'steps', message: JSON.stringify(step) };

  it.each(['replayed', 'dismissed'] as const)('a week after it was %s, to the millisecond', async (state) => {
    expect(await isLeft({ state }, 7 * day)).toBe(true);
    expect(await isLeft({ state }, 7 * day + 1)).toBe(false);
  });

  it('a day after its message was sent again and did not come back', async () => {
    expect(await isLeft({ state: 'retrying' }, day)).toBe(true);
    expect(await isLeft({ state: 'retrying' }, day + 1)).toBe(false);
  });

  it('never while it is a dead signal', async () => {
    expect(await isLeft({}, 90 * day)).toBe(true);
  });

  it('ten minutes after its step died, if the target is not late', async () => {
    expect(await isLeft(deadStep, 10 * minute, { dueAtMs: nowMs + day })).toBe(true);
    expect(await isLeft(deadStep, 10 * minute + 1, { dueAtMs: nowMs + day })).toBe(false);
    expect(await isLeft({ ...deadStep, state: 'retrying' }, 11 * minute, { dueAtMs: nowMs + day })).toBe(true);
  });

  it('never where the step cannot be read: whether the schedule made up for it is not known', async () => {
    expect(await isLeft({ ...deadStep, message: '{}' }, 11 * minute, {})).toBe(true);
    expect(await isLeft({ ...deadStep, message: 'no JSON' }, 90 * day, {})).toBe(true);
  });

  it('not while the target is two minutes late or more', async () => {
    expect(await isLeft(deadStep, 11 * minute, { dueAtMs: nowMs + 9 * minute })).toBe(true);
    expect(await isLeft(deadStep, 11 * minute, { dueAtMs: nowMs + 9 * minute + 1 })).toBe(false);
  });

  it('not while one of the rows of its target is late, whatever the rows of others say', async () => {
    const other = `t${'2'.repeat(24)}` as TargetId;
    const fine = { dueAtMs: nowMs + day, remediation: remediationIdOf(targetId, 2) };
    const late = { targetId: other, remediation: remediationIdOf(other, 1) };

    expect(await isLeft(deadStep, 11 * minute, {}, fine)).toBe(true);
    expect(await isLeft(deadStep, 11 * minute, fine, late)).toBe(false);
    expect(await isLeft(deadStep, 11 * minute)).toBe(false);
  });
});
