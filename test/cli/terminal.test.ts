// What reaches a terminal cannot command it, and fits it.
import { describe, expect, it } from 'vitest';
import { plain, safeJson, widthOf, wrapped } from '../../src/cli/terminal.ts';

describe('a text in the terminal', () => {
  it('loses the characters that command it or turn its direction', () => {
    expect(plain(' a\u001b[31mb\u202ec\u009bd\n')).toBe('a [31mb c d');
  });

  it('is broken between words, and later lines stand further in', () => {
    expect(wrapped('one  two three', 8, '  ')).toEqual(['one  two', '  three']);
    expect(wrapped('averylongword two', 5)).toEqual(['averylongword', 'two']);
    expect(wrapped('  a b', 3)).toEqual(['  a', 'b']);
    expect(wrapped('', 5)).toEqual(['']);
  });
});

describe('JSON in the terminal', () => {
  it('has every control character and mark of direction escaped, and means the same', () => {
    const hostile = { a: '\u009b31m\u202e\u{e0001}\n' };
    const text = safeJson(hostile, 2);

    expect(text.replaceAll('\n', '')).toMatch(/^\P{C}+$/u);
    expect(JSON.parse(text)).toEqual(hostile);
  });
});

describe('the width', () => {
  it.each([
    [true, 80, 80],
    [true, 5, undefined],
    [false, 80, undefined],
  ])('of a stream that is a terminal (%s) of %i columns is %s', (isTTY, columns, width) => {
    expect(widthOf({ isTTY, columns } as NodeJS.WriteStream)).toBe(width);
  });
});
