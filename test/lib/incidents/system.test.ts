import { describe, expect, it } from 'vitest';
import { failureOf, jsonOf, jsonRequest, type OutsideAnswer, toldUnless } from '../../../src/lib/incidents/system.ts';

const answer = (status: number, more: object = {}): OutsideAnswer => ({
  kind: 'answer',
  status,
  headers: {},
  body: '',
  ...more,
});

describe('what an answer means', () => {
  it.each([
    [401, 'key-refused'],
    [403, 'key-refused'],
    [429, 'throttled'],
    [408, 'no-answer'],
    [500, 'no-answer'],
    [503, 'no-answer'],
    [400, 'message-refused'],
    [404, 'message-refused'],
    [302, 'message-refused'],
  ])('%s: %s', (status, why) => {
    expect(failureOf(answer(status))).toEqual({ why, detail: `HTTP ${status}` });
  });

  it.each([200, 202, 204, 299])('%s is no failure', (status) => {
    expect(failureOf(answer(status))).toBeUndefined();
  });

  it('says how long the system wants us to wait', () => {
    expect(failureOf(answer(429, { retryAfterMs: 30_000 }))).toEqual({
      why: 'throttled',
      detail: 'HTTP 429',
      waitMs: 30_000,
    });
  });

  it('no answer may have taken effect', () => {
    expect(failureOf({ kind: 'no-answer', code: 'ECONNRESET' })).toEqual({ why: 'no-answer', detail: 'ECONNRESET' });
  });

  it('is told, with what the system calls it', () => {
    expect(toldUnless(failureOf(answer(200)), { id: '1' })).toEqual({ kind: 'told', external: { id: '1' } });
    expect(toldUnless(failureOf(answer(200)))).toEqual({ kind: 'told' });
    expect(toldUnless(failureOf(answer(400)), { id: '1' })).toMatchObject({ kind: 'failed' });
  });

  it('is read as JSON where it is JSON', () => {
    expect(jsonOf(answer(200, { body: '{"a":1}' }))).toEqual({ a: 1 });
    expect(jsonOf(answer(200, { body: '<html>' }))).toBeUndefined();
    expect(jsonOf({ kind: 'no-answer', code: 'x' })).toBeUndefined();
  });
});

describe('a request with JSON', () => {
  it('says that its body is JSON, and says nothing of a body that it does not have', () => {
    const headers = { authorization: 'key' };

    expect(jsonRequest('GET', 'https://a.example', headers)).toEqual({
      method: 'GET',
      url: 'https://a.example',
      headers,
    });
    expect(jsonRequest('POST', 'https://a.example', headers, { a: 1 })).toEqual({
      method: 'POST',
      url: 'https://a.example',
      headers: { authorization: 'key', 'content-type': 'application/json' },
      body: '{"a":1}',
    });
  });
});
