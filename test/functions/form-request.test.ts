// A form that a browser sends: from our own page or not, and read as it was sent or not at all.
import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { formFields, isOwnForm } from '../../src/functions/form-request.ts';

function from(headers: Readonly<Record<string, string>>): boolean {
  return isOwnForm({ headers: new Headers(headers) as never });
}

describe('a form', () => {
  it.each([
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin', origin: 'null' },
    { origin: 'https://pullmedic.example', host: 'pullmedic.example' },
    { origin: 'https://PULLMEDIC.example', host: 'pullmedic.EXAMPLE' },
    { origin: 'http://127.0.0.1:4801', host: '127.0.0.1:4801' },
  ])('is our own: %o', (headers) => {
    expect(from(headers)).toBe(true);
  });

  it.each([
    {},
    { host: 'pullmedic.example' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://pullmedic.example', host: 'pullmedic.example' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': '' },
    { 'sec-fetch-site': 'SAME-ORIGIN' },
    { origin: 'null', host: 'null' },
    { origin: 'https://evil.example', host: 'pullmedic.example' },
    { origin: 'https://pullmedic.example.evil.example', host: 'pullmedic.example' },
    { origin: 'https://evil.example/pullmedic.example', host: 'pullmedic.example' },
    { origin: 'https://evil.example@pullmedic.example', host: 'pullmedic.example' },
    { origin: 'https://pullmedic.example:8443', host: 'pullmedic.example' },
    { origin: 'javascript:pullmedic.example', host: 'pullmedic.example' },
  ])('is not our own: %o', (headers) => {
    expect(from(headers)).toBe(false);
  });
});

const seal = 'a'.repeat(64);
const whole = `of=t1&shown=2&until=3&seal=${seal}&why=a+b`;

function fields(body: string, type = 'application/x-www-form-urlencoded') {
  const request = new HttpRequest({
    method: 'POST',
    url: 'https://x.example/api/answers/approve',
    headers: { 'content-type': type },
    body: { string: body },
  });
  return formFields(request);
}

describe('the members of a form', () => {
  it.each(['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=UTF-8'])(
    'are read as %s',
    async (type) => {
      expect(await fields(whole, type)).toEqual({ of: 't1', shown: '2', untilMs: 3, seal, why: 'a b' });
    },
  );

  it.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', ''])(
    'are not read as "%s"',
    async (type) => {
      expect(await fields(whole, type)).toBeUndefined();
    },
  );

  it.each([
    ['one is missing', `of=t1&shown=2&until=3&seal=${seal}`],
    ['one is there twice', `${whole}&of=t2`],
    ['one is not known', `${whole}&by=ada`],
    ['the time is none', whole.replace('until=3', 'until=3.5')],
    ['the time is longer than any', whole.replace('until=3', `until=${'9'.repeat(17)}`)],
    ['the seal is shorter', whole.replace(seal, 'a')],
    ['the seal is no hex', whole.replace(seal, 'z'.repeat(64))],
    ['it is larger than 16 KB', `${whole}${'x'.repeat(16_384)}`],
    ['it is empty', ''],
  ])('are not read where %s', async (_, body) => {
    expect(await fields(body)).toBeUndefined();
  });
});
