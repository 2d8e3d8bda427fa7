// A text is kept from no pattern that matches it: tried with texts made from the syntax of every pattern of the tables.
import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { describe, expect, it } from 'vitest';
import { chanceFromState } from '../../../local/chance.ts';
import { tables } from '../../../src/lib/classify/classify.ts';
import { everyLetter, lettersIn, worthAsking } from '../../../src/lib/classify/needed-letters.ts';
import { messages } from './messages.ts';

const chance = chanceFromState(1);

function oneOf<T>(all: readonly T[]): T | undefined {
  return all[Math.floor(chance() * all.length)];
}

const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
const known = new Map<string, readonly string[]>();

function lettersOfClass(raw: string): readonly string[] {
  const letters = known.get(raw) ?? printable.filter((letter) => new RegExp(raw).test(letter));
  known.set(raw, letters);
  return letters;
}

/** A text that the elements may match: what looks ahead or behind is not heeded, so some texts do not match. */
function textOf(node: AST.Element | AST.QuantifiableElement | AST.Pattern | AST.Alternative): string {
  switch (node.type) {
    case 'Pattern':
    case 'Group':
    case 'CapturingGroup': {
      const one = oneOf(node.alternatives);
      return one === undefined ? '' : textOf(one);
    }
    case 'Alternative':
      return node.elements.map(textOf).join('');
    case 'Character':
      return String.fromCodePoint(node.value);
    case 'CharacterClass':
    case 'CharacterSet':
      return oneOf(lettersOfClass(node.raw)) ?? '';
    case 'Quantifier': {
      const most = Math.min(node.max, node.min + 3);
      const times = node.min + Math.floor(chance() * (most - node.min + 1));
      return Array.from({ length: times }, () => textOf(node.element)).join('');
    }
    case 'Assertion':
    case 'Backreference':
    case 'ExpressionCharacterClass':
      return '';
  }
}

/** Texts that the pattern matches, in small letters, in capitals where it does not mind, and beside other words. */
function textsOf(pattern: RegExp): readonly string[] {
  const syntax = new RegExpParser({ ecmaVersion: 2025 }).parsePattern(pattern.source);
  const made = Array.from({ length: 100 }, () => textOf(syntax));
  return made
    .flatMap((text) => [text, ` ${text} `, text.toUpperCase(), text.toLowerCase()])
    .filter((text) => pattern.test(text));
}

const rows = [...tables.rules, ...tables.clues, ...tables.lookAlikes];

describe('a pattern', () => {
  it.each(rows)('is asked about every text that it matches: $name', (row) => {
    const texts = textsOf(row.pattern);

    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter((text) => worthAsking([row], lettersIn(text)).length === 0)).toEqual([]);
  });

  it('is asked about every message that it matches', () => {
    const kept = messages.flatMap(({ text }) => {
      const asked = new Set(worthAsking(rows, lettersIn(text)));
      return rows.filter((row) => row.pattern.test(text) && !asked.has(row)).map(({ name }) => [name, text]);
    });

    expect(kept).toEqual([]);
  });

  it('is asked about anything where all letters are taken to be there', () => {
    expect(worthAsking(rows, everyLetter)).toEqual(rows);
  });

  it('of a rule is asked about few messages', () => {
    const asked = messages.map(({ text }) => worthAsking(tables.rules, lettersIn(text)).length);

    expect(asked.reduce((sum, many) => sum + many, 0) / asked.length).toBeLessThan(tables.rules.length / 8);
  });
});

describe('the letters that a pattern needs', () => {
  it.each([
    ['of a word', /denied/, 'access DENIED', 'den ied'],
    ['of each word', /pull.{0,9}denied/, 'denied a pull', 'denied'],
    ['of one of the alternatives', /pulled|fetched/, 'fetched', 'fetch'],
    ['of one in a group', /was (?:pulled|fetched)/, 'was fetched', 'fetched'],
    ['on both sides of what only looks', /de(?!x)\bnied/, 'denied', 'de nied'],
    ['of what is repeated', /(?:pull ){1,3}x/, 'pull ', 'x'],
    ['behind what may be left out', /(?:not )?denied?/, 'denie', 'not'],
    ['beside a class', /pull[\]a]denied/, 'pull denied', 'pulldenie'],
    ['behind a backslash', /\(denied\./, '(denied.', 'denied'],
  ])('are those %s', (_, pattern, has, hasNot) => {
    const row = { pattern };

    expect(worthAsking([row], lettersIn(has))).toEqual([row]);
    expect(worthAsking([row], lettersIn(hasNot))).toEqual([]);
  });

  it.each([
    ['one alternative has no word', /denied|\d/],
    ['the only word may be left out', /(?:denied){0,2}/],
    ['letters may be others', /d[e]n[i]e[d]/],
    ['a text must not have it', /(?!denied)\w/],
    ['words are short', /of\dby/],
  ])('are none where %s', (_, pattern) => {
    expect(worthAsking([{ pattern }], lettersIn(''))).toHaveLength(1);
  });
});
