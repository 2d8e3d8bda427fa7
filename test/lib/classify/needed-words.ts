// Proves by the syntax of a pattern that every text which matches it contains one of some words.
import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** More texts than this are not told apart: the proof goes on with what follows them. */
const mostTexts = 400;
/** A class of more characters is any character to the proof. */
const mostOfClass = 12;

/** True if every text that the pattern matches contains one of the words, in any case. */
export function needsOneOf(words: readonly string[], pattern: RegExp): boolean {
  const { alternatives } = new RegExpParser({ ecmaVersion: 2025 }).parsePattern(pattern.source, undefined, undefined, {
    unicode: pattern.unicode,
  });
  return alternatives.every((one) => new Proof(words).holdsFor(one));
}

/** Walks along one alternative, and keeps every text that the last elements can have been. */
class Proof {
  readonly #words: readonly string[];
  #texts: readonly string[] = [''];

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  holdsFor(alternative: AST.Alternative): boolean {
    for (const element of alternative.elements) {
      const texts = this.#textsOf(element);
      if (texts !== undefined && texts.length * this.#texts.length <= mostTexts) {
        this.#texts = this.#texts.flatMap((before) => texts.map((text) => before + text));
        continue;
      }
      if (this.#found() || this.#isNeededBy(element)) return true;
      this.#texts = texts !== undefined && texts.length <= mostTexts ? texts : [''];
    }
    return this.#found();
  }

  #found(): boolean {
    return this.#texts.every((text) => this.#words.some((word) => text.includes(word)));
  }

  #isNeededBy(element: AST.Element): boolean {
    if (element.type === 'Group' || element.type === 'CapturingGroup')
      return element.alternatives.every((one) => new Proof(this.#words).holdsFor(one));
    return element.type === 'Quantifier' && element.min > 0 && this.#isNeededBy(element.element);
  }

  /** Every text that an element can match, in lower case; `undefined` where they are too many. */
  #textsOf(element: AST.Element | AST.QuantifiableElement): readonly string[] | undefined {
    switch (element.type) {
      case 'Assertion':
        return [''];
      case 'Character':
        return [String.fromCodePoint(element.value).toLowerCase()];
      case 'CharacterClass':
        return charactersOf(element);
      case 'Group':
      case 'CapturingGroup':
        return this.#textsOfGroup(element.alternatives);
      case 'Quantifier':
        return this.#repeated(element);
      case 'Backreference':
      case 'CharacterSet':
      case 'ExpressionCharacterClass':
        return undefined;
    }
  }

  #textsOfGroup(alternatives: readonly AST.Alternative[]): readonly string[] | undefined {
    const all: string[] = [];
    for (const { elements } of alternatives) {
      let texts: readonly string[] = [''];
      for (const element of elements) {
        const next = this.#textsOf(element);
        if (next === undefined || next.length * texts.length > mostTexts) return undefined;
        texts = texts.flatMap((before) => next.map((text) => before + text));
      }
      all.push(...texts);
    }
    return all.length > mostTexts ? undefined : all;
  }

  #repeated({ element, min, max }: AST.Quantifier): readonly string[] | undefined {
    const once = max <= 3 ? this.#textsOf(element) : undefined;
    if (once === undefined || once.length ** max > mostTexts) return undefined;
    const all: string[] = [];
    let texts: readonly string[] = [''];
    for (let times = 0; times <= max; times += 1) {
      if (times >= min) all.push(...texts);
      texts = texts.flatMap((before) => once.map((text) => before + text));
    }
    return all;
  }
}

function charactersOf({ negate, elements }: AST.CharacterClass): readonly string[] | undefined {
  if (negate) return undefined;
  const all: string[] = [];
  for (const one of elements) {
    if (one.type === 'Character') all.push(String.fromCodePoint(one.value).toLowerCase());
    else if (one.type === 'CharacterClassRange' && one.max.value - one.min.value < mostOfClass)
      for (let at = one.min.value; at <= one.max.value; at += 1) all.push(String.fromCodePoint(at).toLowerCase());
    else return undefined;
  }
  return all.length > mostOfClass ? undefined : all;
}
