// An operator asks for a look: the request becomes a signal, and a mistake is explained.
import { describe, expect, it } from 'vitest';
import { registerOperator } from '../../src/functions/operator.ts';
import { appId, nowMs, registryId } from '../lib/facts.ts';
import { doors, operator } from './doors.ts';

describe('an operator', () => {
  const headers = operator();

  it('is a person who is signed in: a function key is not enough', async () => {
    const { send, running } = doors(registerOperator);
    const body = JSON.stringify({ app: appId });

    expect((await send('operator', { body, headers: { 'x-functions-key': 'k' } })).status).toBe(401);
    expect(running.world.signals).toEqual([]);
  });

  it('has a route without a key', () => {
    expect(doors(registerOperator).options('operator')).toMatchObject({
      authLevel: 'anonymous',
      methods: ['POST'],
      route: 'signals',
    });
  });

  it('who names an app causes one signal', async () => {
    const { send, running, logged } = doors(registerOperator);

    expect(await send('operator', { body: JSON.stringify({ app: appId }), headers })).toMatchObject({
      status: 202,
      jsonBody: { accepted: 1 },
    });
    expect(running.world.signals).toMatchObject([
      { signal: { via: 'operator', about: { kind: 'app', id: appId } }, dueAtMs: nowMs },
    ]);
    expect(logged).toEqual([['signal-accepted', { via: 'operator' }]]);
  });

  it.each(['{}', '{"app":"ca-orders"}', JSON.stringify({ app: registryId }), 'look'])(
    'who sends %s is told what to send, and no signal is made',
    async (body) => {
      const { send, running } = doors(registerOperator);

      expect((await send('operator', { body, headers })).status).toBe(400);
      expect(running.world.signals).toEqual([]);
    },
  );
});
