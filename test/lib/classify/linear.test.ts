// Hostile text costs no more than its length: no pattern backtracks, and a megabyte is read at once.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { classify, tables } from '../../../src/lib/classify/classify.ts';
import { withoutControls } from '../../../src/lib/classify/unwrap.ts';

const short = 20_000;
/** Below this many milliseconds for the long text nobody can say what grew. */
const floor = 5;
const steepest = 3;

interface Found {
  readonly file: string;
  readonly pattern: RegExp;
  /** The method that gets the pattern as its argument, if any. */
  readonly argumentOf: string | undefined;
}

interface Node {
  readonly type?: unknown;
  readonly regex?: { readonly pattern: string; readonly flags: string };
  readonly callee?: { readonly property?: { readonly name?: unknown } };
  readonly arguments?: unknown;
}

/** Every regular expression that stands in the source, those inside functions too. */
function patternsIn(file: string): Found[] {
  const found: Found[] = [];
  const visit = (value: unknown, argumentOf: string | undefined): void => {
    if (typeof value !== 'object' || value === null) return;
    const node: Node = value;
    if (node.type === 'Literal' && node.regex !== undefined)
      found.push({ file, pattern: new RegExp(node.regex.pattern, node.regex.flags), argumentOf });
    const method = typeof node.callee?.property?.name === 'string' ? node.callee.property.name : undefined;
    for (const [key, child] of Object.entries(value)) {
      const called = key === 'arguments' ? method : undefined;
      if (Array.isArray(child)) for (const one of child) visit(one, called);
      else visit(child, undefined);
    }
  };
  visit(
    parseAst(readFileSync(new URL(`../../../src/lib/classify/${file}`, import.meta.url), 'utf8'), { lang: 'ts' }),
    undefined,
  );
  return found;
}

const files = [
  'azure-policy.ts',
  'classify.ts',
  'context.ts',
  'rules-of-images.ts',
  'rules-of-networks.ts',
  'rules-of-plain-words.ts',
  'rules-of-policies.ts',
  'rules-of-registries.ts',
  'rules-of-sign-in.ts',
  'extract.ts',
  'unwrap.ts',
  '../words/image-ref.ts',
];
/** Put together from named pieces, so that none of them stands in the source as a whole. */
const composed = tables.hearsay.map(({ pattern }): Found => ({ file: 'hearsay.ts', pattern, argumentOf: undefined }));
const inSource = [...files.flatMap(patternsIn), ...composed];
const inTables = [...tables.rules, ...tables.clues, ...tables.lookAlikes, ...tables.asides, ...tables.hearsay].map(
  (row) => row.pattern,
);

/** The plain words of a pattern: what a text must repeat to make the pattern begin again and again. */
function literalsOf(pattern: RegExp): string[] {
  const plain = pattern.source.replaceAll(
    /\\(?:[pP]\{\w+\}|u[\da-f]{4})|\\.|\[(?:\\.|[^\]])*\]|\(\?<?[:=!]|\{\d+(?:,\d*)?\}|[.^$*+?()|]/g,
    (special) => (/^\\[^bBdDsSwWpPu]/.test(special) ? special.slice(1) : '\n'),
  );
  return [...new Set(plain.split('\n').filter((literal) => literal.trim() !== ''))];
}

const fillers = ['a', ' ', '"', 'a.', 'a ', '/a', '-1', ': '];

/** Texts made of the pattern's own words, one after the other, and of what may stand between them. */
function hostileTo(pattern: RegExp, length: number): string[] {
  const literals = literalsOf(pattern);
  const repeat = (unit: string): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  return [
    ...fillers.map(repeat),
    ...literals.flatMap((literal) => [
      repeat(literal),
      repeat(`${literal} `),
      repeat(`${literal}a`),
      repeat(`${literal.slice(0, -1)} `),
    ]),
    ...literals.slice(1).map((literal, at) => repeat(`${literals[at] ?? ''}${literal} `)),
    ...literals.slice(0, 12).flatMap((literal) => ['a', ' ', 'a/', 'a '].map((f) => literal + repeat(f))),
    ...(literals.length > 1 ? ['', 'a', ' '].map((between) => repeat(literals.join(between))) : []),
  ];
}

/** Time of this thread on a processor: what else the machine does is not counted. */
function milliseconds(run: () => void): number {
  const start = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

function best(runs: number, run: () => void): number {
  return Math.min(...Array.from({ length: runs }, () => milliseconds(run)));
}

/**
 * Most texts are so quick that one look is enough. Where one is not, a busy machine gets six more chances: what is not
 * linear takes four times as long in every one of them.
 */
function growsTooFast(run: (text: string) => void, once: string, twice: string): boolean {
  if (milliseconds(() => run(twice)) < floor) return false;
  return [1, 2, 3, 4, 5, 6].every(() => {
    const slow = best(4, () => run(twice));
    return slow >= floor && slow > steepest * best(4, () => run(once));
  });
}

/** The first text that takes more than its length. */
function slowText(pattern: RegExp): string | undefined {
  const twice = hostileTo(pattern, 2 * short);
  return hostileTo(pattern, short)
    .find((once, at) => growsTooFast((text) => text.search(pattern), once, twice[at] ?? ''))
    ?.slice(0, 80);
}

describe('a pattern', () => {
  it('of the tables is among those that are tried', () => {
    const sources = new Set(inSource.map(({ pattern }) => pattern.source));

    expect(inTables.filter((pattern) => !sources.has(pattern.source))).toEqual([]);
  });

  it.each(inSource)('takes time in proportion to the text: $file $pattern', ({ pattern }) => {
    expect(slowText(pattern)).toBeUndefined();
  });

  it.each([
    ['starts of a sequence', '\u001b['],
    ['a sequence that does not end', '\u001b[0'],
    ['starts of a title', '\u001b]'],
    ['a title that does not end', '\u001b]0;a'],
    ['carriage returns', '\r'],
    ['zero bytes', '\0'],
  ])('that takes terminal codes out does, for %s', (_, unit) => {
    const [once, twice] = [unit.repeat(short), unit.repeat(2 * short)];

    expect(growsTooFast(withoutControls, once, twice)).toBe(false);
  });

  it('says how much of anything it takes at most', () => {
    const endless = inSource.filter(({ pattern }) =>
      /(?:\.|\[\^(?:\\.|[^\]])*\]|\\[SWDP])(?:[*+]|\{\d+,\})/.test(pattern.source),
    );

    expect(endless).toEqual([]);
  });

  it('remembers no place between two texts', () => {
    const remembering = inSource.filter(({ pattern }) => pattern.global || pattern.sticky);

    expect(remembering.filter(({ argumentOf }) => argumentOf !== 'replace')).toEqual([]);
    expect(inTables.filter((pattern) => pattern.global || pattern.sticky)).toEqual([]);
  });

  // A busy machine can blur one measurement, hardly five.
  it('is caught when it is not linear', { retry: 5 }, () => {
    expect(slowText(/image was not found at .*manifest/)).toBeDefined();
  });
});

const megabyte = 1_000_000;

function megabyteOf(unit: string): string {
  return unit.repeat(Math.ceil(megabyte / unit.length)).slice(0, megabyte);
}

describe('a megabyte', { retry: 3 }, () => {
  const words = megabyteOf('failed to pull image "r.io/a:1": unauthorized. ');
  /** One plain pass over a megabyte on this machine, in this run: what reading a megabyte is measured against. */
  const onePass = (): number =>
    Math.max(
      floor,
      best(3, () => words.replace(/\s+/g, '-')),
    );
  const passes = 25;

  it.each([
    ['letters', 'a'],
    ['backslashes', '\\'],
    ['braces', '{'],
    ['brackets', '['],
    ['quotes', '"'],
    ['apostrophes', "'"],
    ['escaped quotes', String.raw`\"`],
    ['escapes of escapes', String.raw`\\\\\\\"`],
    ['coded quotes', String.raw`\u0022`],
    ['coded backslashes', String.raw`\u005c`],
    ['halves of coded characters', String.raw`\u00`],
    ['entities', '&amp;'],
    ['line breaks', '\n'],
    ['carriage returns', '\r\n'],
    ['blanks', ' '],
    ['zero bytes', '\0'],
    ['terminal escapes', '\u001b['],
    ['terminal titles', '\u001b]'],
    ['rulers', '-'],
    ['box characters', '│ '],
    ['half characters', '\ud800'],
    ['words of a pull', 'failed to pull image '],
    ['attempts', '[rpc error: code = '],
    ['list of attempts', ', rpc error: code = '],
    ['hosts', 'a.'],
    ['paths', '/v2/'],
    ['addresses', 'https://a.azurecr.io/v2/a/manifests/'],
    ['identities', 'identity '],
    ['look-ups', 'lookup a on '],
    ['rows', '{"Reason":"ContainerTerminated","Msg":"'],
    ['commas', 'a,b,'],
  ])('of %s is read at once', (_, unit) => {
    expect(timeToRead(megabyteOf(unit))).toBeLessThan(passes * onePass());
  });

  it('of random bytes is read at once', () => {
    expect(timeToRead(randomBytes(megabyte).toString('latin1'))).toBeLessThan(passes * onePass());
    expect(timeToRead(randomBytes(megabyte).toString('utf8'))).toBeLessThan(passes * onePass());
  });
});

function timeToRead(text: string): number {
  return best(3, () => classify(text));
}
