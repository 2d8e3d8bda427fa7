// What an error is called: its class and a number, and nothing that it may quote.
import { describe, expect, it } from 'vitest';
import { errorCode, errorName } from '../../../src/lib/words/error-code.ts';

describe('the code of an error', () => {
  it.each<[unknown, string]>([
    [new TypeError('x'), 'TypeError'],
    [Object.assign(new Error('x'), { statusCode: 404 }), 'Error 404'],
    [Object.assign(new Error('x'), { name: 'a <b> c', statusCode: '404' }), 'Error'],
    ['text', 'unknown'],
    [null, 'unknown'],
  ])('of %s is %s', (error, code) => {
    expect(errorCode(error)).toBe(code);
  });
});

describe('the name of an error', () => {
  it.each<[unknown, string]>([
    [new TypeError('x'), 'TypeError'],
    [Object.assign(new Error('x'), { name: 'a <b> c' }), 'Error'],
    ['text', 'Error'],
  ])('of %s is %s', (error, name) => {
    expect(errorName(error)).toBe(name);
  });
});
