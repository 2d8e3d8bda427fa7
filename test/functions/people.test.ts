import { describe, expect, it } from 'vitest';
import { registerPeople } from '../../src/functions/people.ts';
import { doors } from './doors.ts';

describe('the functions for people', () => {
  it('are refused to a caller who is not signed in, each of them', async () => {
    const { names, options, send } = doors(registerPeople);

    for (const name of names) {
      const isRead = (options(name)['methods'] as readonly string[]).includes('GET');
      const answer = await send(name, isRead ? {} : { body: '{}' });
      expect([name, answer.status]).toEqual([name, 401]);
    }
  });
});
