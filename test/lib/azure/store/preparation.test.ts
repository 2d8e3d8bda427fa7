// Making the tables and queues: an app whose storage does not answer at start says why, and heals by itself.
import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { preparation, troubleOf } from '../../../../src/lib/azure/store/preparation.ts';

const refused = new RestError('connect ECONNREFUSED 127.0.0.1:10002?sig=secret', { code: 'ECONNREFUSED' });

describe('the preparation of storage', () => {
  it('answers why storage cannot be used, says it once, and goes on when storage answers', async () => {
    const said: string[] = [];
    let answers = false;
    const { prepare, trouble } = preparation(
      async () => {
        if (!answers) throw refused;
      },
      (now) => said.push(now),
    );

    expect([await prepare(), await prepare(), trouble()]).toEqual([
      'connection-refused',
      'connection-refused',
      'connection-refused',
    ]);
    answers = true;
    expect([await prepare(), trouble()]).toEqual([undefined, undefined]);
    expect(said).toEqual(['connection-refused', 'ready']);
  });

  it('is made once', async () => {
    let made = 0;
    const { prepare } = preparation(async () => {
      made += 1;
    });
    await Promise.all([prepare(), prepare()]);
    await prepare();

    expect(made).toBe(1);
  });

  it.each([
    ['connection-refused', refused],
    ['name-not-found', new RestError('getaddrinfo', { code: 'ENOTFOUND' })],
    ['no-right', new RestError('no', { code: 'AuthorizationPermissionMismatch', statusCode: 403 })],
    ['no-right', new RestError('no', { code: 'AuthorizationFailure', statusCode: 403 })],
    ['wrong-key', new RestError('no', { code: 'AuthenticationFailed', statusCode: 403 })],
    ['timed-out', new DOMException('too long', 'TimeoutError')],
    ['no-answer', new RestError('busy', { statusCode: 503 })],
    ['no-answer', 'what is thrown may be anything'],
  ])('%s is told apart, whatever the message says', (why, error) => {
    expect(troubleOf(error)).toBe(why);
  });
});
