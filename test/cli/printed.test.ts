// What is printed cannot command a terminal.
import { afterEach, expect, it, vi } from 'vitest';
import { clock, printJson, say } from '../../src/cli/printed.ts';
import { keepPrinted } from './app-answers.ts';

afterEach(() => vi.restoreAllMocks());

it('is one line, in which nothing obeys a value of the answer', () => {
  const printed = keepPrinted();
  say('ca-orders\u001b[2J\r\nTrust me', 2);

  expect(printed()).toBe('  ca-orders [2J  Trust me\n');
});

it('is JSON without control characters for programs', () => {
  const printed = keepPrinted();
  printJson({ a: '\u001b' });

  expect(printed()).toBe('{\n  "a": "\\u001b"\n}\n');
});

it('has instants in UTC', () => {
  expect(clock(0)).toBe('1970-01-01 00:00:00');
});
