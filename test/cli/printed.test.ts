// What is printed cannot command a terminal.
import { expect, it } from 'vitest';
import { clock, printJson, say } from '../../src/cli/printed.ts';
import { keepPrinted } from './ran.ts';

it('is one line, in which nothing obeys a value of the answer', () => {
  const printed = keepPrinted();
  say('ca-orders\u001b[2J\r\nTrust me', { indent: 2 });

  expect(printed.out()).toBe('  ca-orders [2J  Trust me\n');
});

it('is JSON without control characters for programs', () => {
  const printed = keepPrinted();
  printJson({ a: '\u001b' });

  expect(printed.out()).toBe('{\n  "a": "\\u001b"\n}\n');
});

it('has instants in UTC', () => {
  expect(clock(0)).toBe('1970-01-01 00:00:00');
});
