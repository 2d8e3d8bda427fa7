// What an error of Azure means: each becomes a reason, none an empty value.
import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import {
  armErrorCode,
  BadStatus,
  collect,
  factOf,
  factOrMissing,
  ListTooLong,
  LookCapReached,
  nextPage,
  OverBudget,
  Unexpected,
  withinLimits,
} from '../../../../src/lib/azure/clients/reading.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';

function failing(error: unknown): () => Promise<never> {
  return () => Promise.reject(error);
}

describe('a read that fails', () => {
  it.each<[string, unknown, string]>([
    ['401', new BadStatus(401), 'forbidden'],
    ['403', new RestError('x', { statusCode: 403 }), 'forbidden'],
    ['429', new BadStatus(429), 'throttled'],
    ['500', new BadStatus(500), 'unavailable'],
    ['503 of an SDK', new RestError('x', { statusCode: 503 }), 'unavailable'],
    ['404', new BadStatus(404), 'unexpected-answer'],
    ['an answer of another form', new Unexpected('x'), 'unexpected-answer'],
    ['a request that was given up', Object.assign(new Error('x'), { name: 'AbortError' }), 'timed-out'],
    ['a time-out', new DOMException('x', 'TimeoutError'), 'timed-out'],
    ['no answer', new Error('ECONNRESET'), 'unavailable'],
    ['the budget of all instances', new OverBudget('x'), 'over-budget'],
    ['a list that is too long', new ListTooLong('x'), 'list-too-long'],
    ['the cap of its look', new LookCapReached('x'), 'look-cap-reached'],
  ])('with %s is unreadable for a reason', async (_, error, why) => {
    expect(await factOf(failing(error))).toEqual(unreadable(why as 'forbidden'));
  });

  it('with 404 is a value of its own only if the caller has one', async () => {
    expect(await factOrMissing('gone', failing(new BadStatus(404)))).toEqual(known('gone'));
    expect(await factOrMissing('gone', failing(new BadStatus(403)))).toEqual(unreadable('forbidden'));
  });

  it('shows the code of ARM and never its message', () => {
    expect(armErrorCode(new RestError('secret', { code: 'AuthorizationFailed' }))).toBe('AuthorizationFailed');
    expect(armErrorCode(new Error('secret'))).toBeUndefined();
  });
});

describe('a paged list', () => {
  async function* pages(count: number): AsyncGenerator<number> {
    for (let item = 0; item < count; item += 1) yield item;
  }

  it('is whole or unreadable, never cut', async () => {
    expect(await collect(pages(3), 3)).toEqual([0, 1, 2]);
    await expect(collect(pages(4), 3)).rejects.toThrow(ListTooLong);
  });
});

describe('a fact', () => {
  it('within the limits stays as it is', () => {
    expect(withinLimits(known(['x'.repeat(10_000)]))).toEqual(known(['x'.repeat(10_000)]));
    expect(withinLimits(unreadable('throttled'))).toEqual(unreadable('throttled'));
  });

  it('with one text that is too long, or too many of them, is unreadable', () => {
    expect(withinLimits(known({ deep: [{ text: 'x'.repeat(10_001) }] }))).toEqual(unreadable('fact-too-large'));
    expect(withinLimits(known(Array.from({ length: 30_000 }, () => 'xyz')))).toEqual(unreadable('fact-too-large'));
  });
});

describe('the next page', () => {
  const spelling = /^\$skiptoken$/i;

  it('is told by the name and the token of its link alone, and there is none without a link', () => {
    expect(nextPage('https://elsewhere.example/x?api-version=1&$SkipToken=a%2Bb', spelling)).toEqual([
      '$SkipToken',
      'a+b',
    ]);
    expect(nextPage(undefined, spelling)).toBeUndefined();
    expect(nextPage(null, spelling)).toBeUndefined();
    expect(nextPage('', spelling)).toBeUndefined();
  });

  it.each(['no link', 'https://elsewhere.example/x', 'https://elsewhere.example/x?skipToken=a'])(
    'is never guessed from a link without a token of that name: %s',
    (link) => {
      expect(() => nextPage(link, spelling)).toThrow(Unexpected);
    },
  );
});
