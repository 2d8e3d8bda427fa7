// The gate of the routes for operators: who passes, who does not and why, and how a history names the person.
import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { operatorOf } from '../../src/functions/operator-route.ts';
import { adaInHistories, operator, person } from './doors.ts';

function asked(headers: Record<string, string>, signInByPlatform = true) {
  const request = new HttpRequest({ method: 'POST', url: 'https://x.example/api/kill-switch', headers });
  const who = operatorOf({ callers: { state: signInByPlatform ? 'on' : 'off' } }, request);
  return who.ok ? { by: who.by } : { status: who.answer.status, says: JSON.stringify(who.answer.jsonBody) };
}

/** The headers of an operator with other claims than usual. */
function claiming(...claims: { typ: string; val: string }[]): Record<string, string> {
  const principal = { role_typ: 'roles', claims: [{ typ: 'roles', val: 'Operator' }, ...claims] };
  return {
    'content-type': 'application/json',
    'x-ms-client-principal': Buffer.from(JSON.stringify(principal)).toString('base64'),
  };
}

describe('an operator', () => {
  it('passes, and is named by name and object id', () => {
    expect(asked(operator())).toEqual({ by: adaInHistories });
    expect(asked(person(['Reader', 'Operator']))).toEqual({ by: adaInHistories });
  });

  it('is known by the object id of either kind of token', () => {
    const id = '8d2f0000-0000-4000-8000-00000000000a';

    expect(asked(claiming({ typ: 'oid', val: id }, { typ: 'name', val: 'Ada' }))).toEqual({ by: `Ada (${id})` });
    expect(asked(claiming({ typ: 'oid', val: id }))).toEqual({ by: `a person without a name (${id})` });
  });

  it('cannot make one line look like two by a name, nor fill a page with it', () => {
    const named = asked(person(['Operator'], `Ada\r\nkill switch\u202e off ${'x'.repeat(200)}`)).by ?? '';

    expect(named).toMatch(/^Ada kill switch off x+ \(8d2f/);
    expect(named.length).toBeLessThan(150);
  });

  it.each([
    ['none', claiming()],
    ['one that is not an id', claiming({ typ: 'oid', val: 'ada' })],
    [
      'two that differ',
      claiming(
        { typ: 'oid', val: '8d2f0000-0000-4000-8000-00000000000a' },
        { typ: 'oid', val: '8d2f0000-0000-4000-8000-00000000000b' },
      ),
    ],
  ])('whose sign-in has %s for an object id does not pass: the history could not say who it was', (_, headers) => {
    expect(asked(headers)).toMatchObject({ status: 403, says: expect.stringContaining('no object id') as string });
  });
});

describe('a caller who does not pass', () => {
  it.each([
    ['is not signed in', {}, 401, 'a function key does not open this'],
    ['has a function key', { 'x-functions-key': 'k', 'content-type': 'application/json' }, 401, 'function key'],
    ['has the role Reader', person(['Reader']), 403, 'without the app role Operator'],
    ['has the role operator in another case', person(['operator', 'OPERATOR']), 403, 'without the app role Operator'],
    ['has a role whose name begins with it', person(['Operators']), 403, 'without the app role Operator'],
    ['is an action group', person(['ActionGroupsSecureWebhook']), 403, 'without the app role Operator'],
    ['is called Operator', person([], 'Operator'), 403, 'without the app role Operator'],
    ['sends a header that cannot be read', { 'x-ms-client-principal': 'Operator' }, 401, 'Sign in'],
  ] as const)('%s, and is told what is missing', (_, headers, status, words) => {
    expect(asked(headers)).toMatchObject({ status, says: expect.stringContaining(words) as string });
  });

  it('wrote the header: the platform signs no caller in here, and the answer says what to switch on', () => {
    expect(asked(operator(), false)).toMatchObject({
      status: 403,
      says: expect.stringContaining('Switch on the authentication of the function app') as string,
    });
  });
});

describe('a page of another site, in the browser of an operator who is signed in', () => {
  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a form with files', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['text that mentions JSON', { 'content-type': 'text/plain; application/json' }, 415],
    ['JSON, as its browser says', { 'sec-fetch-site': 'cross-site' }, 415],
    ['JSON from a sibling host', { 'sec-fetch-site': 'same-site' }, 415],
  ])('does not pass with %s', (_, headers, status) => {
    expect(asked({ ...operator(), ...headers }).status).toBe(status);
  });

  it('does not pass without a content type', () => {
    const { 'content-type': _type, ...headers } = operator();

    expect(asked(headers).status).toBe(415);
  });

  it.each([
    { 'content-type': 'application/json; charset=utf-8' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ])('is not the app’s own page: %o', (headers) => {
    expect(asked({ ...operator(), ...headers })).toEqual({ by: adaInHistories });
  });
});
