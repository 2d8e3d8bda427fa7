// Which words a text must have before a pattern can match it, read from the pattern itself. Most patterns of the tables need words that a text has
// not, and a search for the letters of all words at once costs less than two of them. A test asks every pattern about texts that it matches.

/** What a text must have: the letters of a word (three neighbours at a time), all of several, or one of several. */
type Need = { readonly word: readonly number[] } | { readonly all: readonly Need[] } | { readonly any: readonly Need[] };

const nothing: Need = { all: [] };

function isNothing(need: Need): boolean {
  return 'all' in need && need.all.length === 0;
}

/** Which three letters stand side by side in a text: a bit for each, where capitals count as small ones. */
export type Letters = Int32Array;

const [lettersLearnt, bitsOfLetter] = [3, 5];
const mask = 2 ** bitsOfLetter - 1;
const maskOfAll = 2 ** (lettersLearnt * bitsOfLetter) - 1;

/** As if the text had all letters: every pattern may match. */
export const everyLetter: Letters = new Int32Array((maskOfAll + 1) / 32).fill(-1);

/** The number of three letters, of which the last stands at this place. */
function withLetter(before: number, text: string, at: number): number {
  return ((before << bitsOfLetter) | (text.charCodeAt(at) & mask)) & maskOfAll;
}

export function lettersIn(text: string): Letters {
  const letters = new Int32Array((maskOfAll + 1) / 32);
  let last = 0;
  for (let at = 0; at < text.length; at += 1) {
    last = withLetter(last, text, at);
    const place = last >> 5;
    letters[place] = (letters[place] ?? 0) | (1 << (last & 31));
  }
  return letters;
}

function needOfWord(word: string): Need {
  const threes: number[] = [];
  let last = 0;
  for (let at = 0; at < word.length; at += 1) {
    last = withLetter(last, word, at);
    if (at >= lettersLearnt - 1) threes.push(last);
  }
  return threes.length === 0 ? nothing : { word: threes };
}

/** Reads the source of a pattern from left to right. What it does not know to be needed it leaves out. */
class Source {
  #rest: string;

  constructor(source: string) {
    this.#rest = source;
  }

  /** What one of the alternatives needs, up to the end of the group. */
  alternatives(): Need {
    const any = [this.#sequence()];
    while (this.#take(/^\|/) !== undefined) any.push(this.#sequence());
    if (any.some(isNothing)) return nothing;
    return any.length === 1 ? (any[0] ?? nothing) : { any };
  }

  #sequence(): Need {
    const all: Need[] = [];
    let word = '';
    const end = (): void => {
      all.push(needOfWord(word));
      word = "";
    };
    while (this.#rest !== '' && !/^[|)]/.test(this.#rest)) {
      if (this.#take(/^(?:\\b|\\B|\^|\$)/) !== undefined) continue;
      const group = this.#group();
      if (group?.looks === true) continue;
      const letter = group === undefined ? this.#letter() : undefined;
      const times = this.#take(/^(?:[?*+]|\{\d+(?:,\d*)?\})\??/);
      const isNeeded = times === undefined || !/^(?:[?*]|\{0)/.test(times);
      if (isNeeded) word += letter ?? '';
      if (letter === undefined || times !== undefined) end();
      if (group !== undefined && isNeeded) all.push(group.need);
    }
    end();
    // Words first: asking for one costs less than asking for one of several.
    const needed = all.filter((need) => !isNothing(need)).toSorted((a, b) => Number('any' in a) - Number('any' in b));
    return needed.length === 1 ? (needed[0] ?? nothing) : { all: needed };
  }

  /** A group; `looks` if it only looks ahead or behind, so that what stands on both sides of it are neighbours. */
  #group(): { readonly need: Need; readonly looks: boolean } | undefined {
    const start = this.#take(/^\((?:\?(?:<?[=!]|:|<\w+>))?/);
    if (start === undefined) return undefined;
    const need = this.alternatives();
    this.#take(/^\)/);
    return { need, looks: /[=!]$/.test(start) };
  }

  /** The next letter, if it is a certain one: no class of letters and nothing that was found before. */
  #letter(): string | undefined {
    const taken = this.#take(/^(?:\\u[\da-f]{4}|\\.|\[(?:\\.|[^\]\\])*\]|[^])/i) ?? '';
    if (/^\\[\w]|^\[|^\.$/.test(taken)) return undefined;
    return taken.replace('\\', '');
  }

  #take(start: RegExp): string | undefined {
    const taken = start.exec(this.#rest)?.[0];
    this.#rest = this.#rest.slice(taken?.length ?? 0);
    return taken;
  }
}

type Rows = readonly { readonly pattern: RegExp }[];

/**
 * What the patterns of a table need, as questions in a row: three letters, the place of the next question if the text has them, and if it has
 * not. Objects for each word would cost more than the patterns do.
 */
interface Questions {
  /** The place of the first question about each row. */
  readonly starts: readonly number[];
  readonly steps: Int32Array;
}

const [met, unmet] = [-1, -2];

/** Adds the questions about a need, the last one first. The place of the first. */
function added(steps: number[], need: Need, yes: number, no: number): number {
  if ('word' in need) return need.word.reduceRight((next, three) => steps.push(three, next, no) - 3, yes);
  if ('all' in need) return need.all.reduceRight((next, one) => added(steps, one, next, no), yes);
  return need.any.reduceRight((next, one) => added(steps, one, yes, next), no);
}

function questionsAbout(rows: Rows): Questions {
  const steps: number[] = [];
  const starts = rows.map(({ pattern }) => added(steps, new Source(pattern.source).alternatives(), met, unmet));
  return { starts, steps: Int32Array.from(steps) };
}

function isMet(steps: Int32Array, start: number, letters: Letters): boolean {
  let step = start;
  while (step >= 0) {
    const three = steps[step] ?? 0;
    const isThere = ((letters[three >> 5] ?? 0) & (1 << (three & 31))) !== 0;
    step = steps[isThere ? step + 1 : step + 2] ?? met;
  }
  return step === met;
}

/** Made once for each table. */
const known = new WeakMap<Rows, Questions>();

function questionsOf(rows: Rows): Questions {
  const before = known.get(rows);
  if (before !== undefined) return before;
  const made = questionsAbout(rows);
  known.set(rows, made);
  return made;
}

/** The rows whose patterns may match a text with these letters. No other one matches it. */
export function worthAsking<R extends Rows[number]>(rows: readonly R[], letters: Letters): readonly R[] {
  const { starts, steps } = questionsOf(rows);
  return rows.filter((_, at) => isMet(steps, starts[at] ?? met, letters));
}
