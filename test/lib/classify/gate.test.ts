// A gate lets every text through that a pattern behind it could match: proved from the syntax of the patterns, not from examples.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, classifyBy, tables } from '../../../src/lib/classify/classify.ts';
import { bareReference, hostPlaces, imagePlaces } from '../../../src/lib/classify/extract.ts';
import { asideWords, lookAlikeWords, mayMatch, nameWords, pullWords } from '../../../src/lib/classify/gate.ts';
import { messages } from './messages.ts';
import { needsOneOf } from './needed-words.ts';

const behindPullWords = [...tables.clues, ...tables.rules.filter(({ needs }) => needs === 'nothing')];

describe('a gate', () => {
  it.each(behindPullWords)('holds back no text with which $name matches', ({ pattern }) => {
    expect(needsOneOf(pullWords, pattern)).toBe(true);
  });

  it.each(tables.lookAlikes)('holds back no text that looks like $name', ({ pattern }) => {
    expect(needsOneOf(lookAlikeWords, pattern)).toBe(true);
  });

  it.each(tables.asides)('holds back no text with the words of $name', ({ pattern }) => {
    expect(needsOneOf(asideWords, pattern)).toBe(true);
  });

  it.each([...imagePlaces.filter((place) => place !== bareReference), ...hostPlaces])(
    'holds back no text in which %s finds a name',
    (pattern) => {
      expect(needsOneOf(nameWords, pattern)).toBe(true);
    },
  );

  it('holds back no reference that stands by itself', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,9}$/);
    const host = fc.tuple(fc.array(label, { minLength: 1, maxLength: 8 }), fc.stringMatching(/^[a-z]{2,20}$/));
    const port = fc.constantFrom('', ':80', ':50001');
    const rest = fc.stringMatching(/^[\w./-]{1,30}:\w[\w.-]{0,20}$/);
    fc.assert(
      fc.property(host, port, rest, fc.boolean(), ([labels, last], at, path, isUpper) => {
        const written = `${labels.join('.')}.${last}${at}/${path}`;
        const text = isUpper ? written.toUpperCase() : written;

        expect([bareReference.test(text), mayMatch('name', text.toLowerCase())]).toEqual([true, true]);
      }),
    );
  });

  it.each(pullWords)('needs the word %j', (word) => {
    const others = pullWords.filter((one) => one !== word);

    expect(behindPullWords.every(({ pattern }) => needsOneOf(others, pattern))).toBe(false);
  });

  it('holds back the lines of a healthy log', () => {
    const healthy = [
      "replica 'orders--0000002-757b67667d-d6zv4' has been scheduled to run on a node.",
      "started container 'orders'",
      'get http://orders/api/orders/17 - 200 in 4.1ms',
    ];

    expect(healthy.filter((text) => mayMatch('pull', text))).toEqual([]);
  });
});

describe('the proof that a pattern needs a word', () => {
  it.each([
    ['each alternative has it', /pulled|was pulled|pull(?:ing)? image/i, ['pull'], true],
    ['one alternative lacks it', /pulled|fetched/i, ['pull'], false],
    ['it may be left out', /(?:pull )?failed/i, ['pull'], false],
    ['a class takes its place', /p[aeiou]ll/i, ['pull'], false],
    ['a class of all of its forms', /p[ua]ll/i, ['pull', 'pall'], true],
    ['it stands behind anything', /from .{0,300}pull/i, ['pull'], true],
    ['it must not stand there', /(?!pull)failed/i, ['pull'], false],
    ['it is repeated', /(?:pull ){1,3}x/i, ['pull'], true],
  ])('%s', (_, pattern, words, needs) => {
    expect(needsOneOf(words, pattern)).toBe(needs);
  });
});

const pieces = messages.flatMap(({ text }) => text.split(/(?<=[ "'{[:,])/));

describe('a text behind the gates', () => {
  it('gets the same answer as without gates', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const text = parts.join('');

        expect(classify(text)).toEqual(classifyBy({ ...tables, gated: false }, text));
      }),
    );
  });
});
