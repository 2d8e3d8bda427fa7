import { describe, expect, it } from 'vitest';
import { registerMessages } from '../../src/functions/messages.ts';
import { deadStep } from '../lib/memory-upkeep.ts';
import { doors, signedIn } from './doors.ts';

const headers = signedIn('Reader');

describe('the page of messages', () => {
  it('is refused without a sign-in', async () => {
    expect((await doors(registerMessages).send('messages')).status).toBe(401);
  });

  it('shows what did not arrive, in each form', async () => {
    const { send, upkeep } = doors(registerMessages);
    upkeep.letters.set(deadStep.id, deadStep);

    expect((await send('messages', { headers })).body).toContain(deadStep.id);
    expect((await send('messages', { headers, query: { as: 'json' } })).jsonBody).toMatchObject({
      dead: [{ id: deadStep.id }],
    });
    expect((await send('messages', { headers, query: { as: 'md' } })).body).toContain(deadStep.id);
  });
});
