// Giving an answer: read once more, recorded with person and reason, and refused where it is no longer as it was shown.
import { describe, expect, it } from 'vitest';
import { give } from '../../../src/lib/answers/give.ts';
import type { Intent } from '../../../src/lib/answers/verbs.ts';
import { wholeDeployment } from '../../../src/lib/answers/verbs.ts';
import { nowMs, targetId } from '../facts.ts';
import { deadStep } from '../memory-upkeep.ts';
import { after, asks, grant, type Here, id, made, opened } from './asked.ts';

const giver = { by: 'ada', why: 'it was reviewed' };

async function lastEntry({ running }: Here): Promise<unknown> {
  return (await running.histories.read(targetId)).at(-1)?.entry;
}

describe('an answer that is given', () => {
  it.each([
    ['approve', [opened, asks], { kind: 'answered', answer: 'approved', question: 2, ...giver }],
    ['reject', [opened, asks], { kind: 'answered', answer: 'rejected', question: 2, ...giver }],
    ['undo', [opened, ...made], { kind: 'undo-asked', ...giver }],
    ['undo-anyway', [opened, ...made], { kind: 'undo-asked', anyway: true, ...giver }],
  ] as const)('%s stands in the history with person and reason', async (verb, entries, entry) => {
    const here = await after(entries);
    const shown = verb.startsWith('undo') ? 'made-by-us' : '2';

    expect(await give(here, { verb, subject: id, shown }, giver)).toEqual({ kind: 'given', held: false });
    expect(await lastEntry(here)).toMatchObject(entry);
  });

  it('look sends the signal of a person, with the reason', async () => {
    const here = await after([opened]);
    await give(here, { verb: 'look', subject: id, shown: '' }, giver);

    expect(here.running.world.signals).toMatchObject([{ signal: { via: 'operator', asked: giver }, dueAtMs: nowMs }]);
  });

  it('replay and dismiss keep person and reason with the message', async () => {
    for (const verb of ['replay', 'dismiss'] as const) {
      const here = await after([]);
      await give(here, { verb, subject: deadStep.id, shown: `dead.7.${nowMs}` }, giver);

      expect(here.kept.letters.get(deadStep.id)).toMatchObject(giver);
    }
  });

  it('replay of a message whose text is spoilt says that it cannot be sent, and not that there is none', async () => {
    const here = await after([]);
    here.kept.letters.set(deadStep.id, { ...deadStep, message: '{' });

    expect(await give(here, { verb: 'replay', subject: deadStep.id, shown: `dead.7.${nowMs}` }, giver)).toMatchObject({
      kind: 'impossible',
      status: 409,
      says: expect.stringContaining('cannot be read') as string,
    });
    expect(here.running.world.signals).toEqual([]);
  });

  it('sets the kill switch with person and reason', async () => {
    const here = await after([]);
    await give(here, { verb: 'switch-on', subject: wholeDeployment, shown: 'never' }, giver);
    expect(here.running.world.setting).toMatchObject({ on: true, ...giver });
    await give(here, { verb: 'switch-off', subject: wholeDeployment, shown: '1' }, { by: 'bo' });

    expect(here.running.world.setting).toEqual({ on: false, by: 'bo', atMs: nowMs, version: '2' });
  });

  it('forget has the refusal forgotten, once', async () => {
    const here = await after([opened, asks, { kind: 'answered', grant, answer: 'rejected', by: 'bo', question: 2 }]);
    const intent: Intent = { verb: 'forget', subject: id, shown: String(nowMs) };

    expect(await give(here, intent, giver)).toEqual({ kind: 'given', held: false });
    expect(await give(here, intent, giver)).toMatchObject({ kind: 'impossible', status: 409 });
  });

  it('is said to be held back where the kill switch is on', async () => {
    const here = await after([opened, asks]);
    await here.ports.controls.turnOn({ by: 'bo', atMs: nowMs });

    expect(await give(here, { verb: 'approve', subject: id, shown: '2' }, giver)).toEqual({
      kind: 'given',
      held: true,
    });
  });

  it('is certainly not recorded where what it is about cannot be read', async () => {
    const here = await after([opened, asks]);
    here.running.world.before = (call) => {
      if (call === 'history.read') throw new Error('no answer');
    };

    expect(await give(here, { verb: 'approve', subject: id, shown: '2' }, giver)).toMatchObject({
      kind: 'impossible',
      status: 503,
    });
  });

  it('changes nothing where it is no longer possible', async () => {
    const here = await after([opened, asks]);
    const writes: string[] = [];
    here.running.world.before = (call) => void (/append|send|put|turnO/.test(call) && writes.push(call));

    expect(await give(here, { verb: 'approve', subject: id, shown: '3' }, giver)).toMatchObject({ kind: 'impossible' });
    expect(writes).toEqual([]);
  });
});
