// Kept messages at their door: replayed, dismissed, or refused; and events that Event Grid gave up on, taken as a whole.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registerDeadLetters } from '../../src/functions/dead-letters.ts';
import { targetId } from '../lib/facts.ts';
import { deadStep } from '../lib/memory-upkeep.ts';
import { type Doors, doors as everyDoor, operator } from './doors.ts';

/** Doors at which an operator stands, unless a test says who else. */
function doors(register: Parameters<typeof everyDoor>[0]): Doors {
  const made = everyDoor(register);
  return { ...made, send: (name, sent) => made.send(name, { headers: operator(), ...sent }) };
}

describe('a kept message', () => {
  it.each(['dead-letters-replay', 'dead-letters-dismiss', 'events-again'])(
    'is not touched for a caller who is not signed in: %s',
    async (name) => {
      const { send, upkeep, running } = doors(registerDeadLetters);
      upkeep.letters.set(deadStep.id, deadStep);

      expect((await send(name, { id: deadStep.id, body: '[]', headers: { 'x-functions-key': 'k' } })).status).toBe(401);
      expect(running.world.steps).toEqual([]);
      expect(upkeep.letters.get(deadStep.id)).toEqual(deadStep);
    },
  );

  it('is touched only by operators', () => {
    const { names, options } = doors(registerDeadLetters);

    expect(names).toEqual(['dead-letters-replay', 'dead-letters-dismiss', 'events-again']);
    for (const name of names) expect(options(name)).toMatchObject({ authLevel: 'anonymous', methods: ['POST'] });
  });

  it('is sent again once it is asked for', async () => {
    const { send, upkeep, running } = doors(registerDeadLetters);
    upkeep.letters.set(deadStep.id, deadStep);

    expect((await send('dead-letters-replay', { id: deadStep.id })).status).toBe(202);
    expect(running.world.steps).toMatchObject([{ step: { targetId, seq: 1 } }]);
  });

  it.each(['dead-letters-replay', 'dead-letters-dismiss'])('keeps the reason that a person gives: %s', async (name) => {
    const { send, upkeep } = doors(registerDeadLetters);
    upkeep.letters.set(deadStep.id, deadStep);
    const body = (why: string): string => JSON.stringify({ why });

    expect((await send(name, { id: deadStep.id, body: body('x'.repeat(501)) })).status).toBe(400);
    expect(upkeep.letters.get(deadStep.id)).toEqual(deadStep);
    expect((await send(name, { id: deadStep.id, body: body('seen') })).status).toBe(202);
    expect(upkeep.letters.get(deadStep.id)).toMatchObject({ why: 'seen' });
    expect((await send(name, { id: deadStep.id, body: '{}' })).status).toBe(202);
    // The reason of an earlier answer is not the reason of this one.
    expect(upkeep.letters.get(deadStep.id)).not.toHaveProperty('why');
  });

  it('that cannot be read is not sent, and the answer says what to do', async () => {
    const { send, upkeep, running } = doors(registerDeadLetters);
    upkeep.letters.set(deadStep.id, { ...deadStep, kind: 'unreadable' });

    expect((await send('dead-letters-replay', { id: deadStep.id })).status).toBe(409);
    expect(running.world.steps).toEqual([]);
    expect((await send('dead-letters-dismiss', { id: deadStep.id })).status).toBe(202);
    expect(upkeep.letters.get(deadStep.id)).toMatchObject({ state: 'dismissed' });
  });

  it.each(['dead-letters-replay', 'dead-letters-dismiss'])('that is not there answers 404: %s', async (name) => {
    expect((await doors(registerDeadLetters).send(name, { id: deadStep.id })).status).toBe(404);
  });
});

const event = JSON.parse(
  readFileSync('test/fixtures/signals/resourcewritefailure-containerapp.cloudevents.derived.json', 'utf8'),
) as object;

describe('events that Event Grid gave up on', () => {
  it.each([
    ['one', event],
    ['a list', [event]],
  ])('become signals: %s', async (_, body) => {
    const { send, running } = doors(registerDeadLetters);

    expect(await send('events-again', { body: JSON.stringify(body) })).toMatchObject({
      status: 202,
      jsonBody: { accepted: 1, events: 1 },
    });
    expect(running.world.signals).toHaveLength(1);
  });

  it('are refused as a whole if one cannot be read: none is sent', async () => {
    const { send, running } = doors(registerDeadLetters);
    const answer = await send('events-again', { body: JSON.stringify([event, { hello: 1 }]) });

    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.jsonBody)).toContain('Event 2 cannot be read.');
    expect(running.world.signals).toEqual([]);
  });

  it.each([0, 1001])('are refused if there are %i', async (count) => {
    const body = JSON.stringify(Array.from({ length: count }, () => ({})));

    expect((await doors(registerDeadLetters).send('events-again', { body })).jsonBody).toEqual({
      error: 'Send one event, or a list of up to 1000.',
    });
  });
});
