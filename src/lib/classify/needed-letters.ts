// Which letters a text must have before a pattern can match it, read from the pattern itself. Most patterns of the tables need words that a text
// has not, and to look for the letters of all of them costs less than two or three of the patterns.

/** Which three letters stand side by side in a text: a bit for each three. Capitals count as small letters. */
export type Letters = Int32Array;

const [sideBySide, bitsOfLetter] = [3, 5];
const differentLetters = 2 ** bitsOfLetter;
const differentThrees = differentLetters ** sideBySide;
const bitsOfPlace = 32;

/** The number of three letters, the last of which stands at this place. Letters that differ in their low bits only are alike. */
function three(before: number, text: string, at: number): number {
  return ((before << bitsOfLetter) | (text.charCodeAt(at) & (differentLetters - 1))) & (differentThrees - 1);
}

/** The letters of a text. */
export function lettersIn(text: string): Letters {
  const letters = new Int32Array(differentThrees / bitsOfPlace);
  let last = 0;
  for (let at = 0; at < text.length; at += 1) {
    last = three(last, text, at);
    const place = last >> bitsOfLetter;
    letters[place] = (letters[place] ?? 0) | (1 << (last & (bitsOfPlace - 1)));
  }
  return letters;
}

/** As if a text had all letters: every pattern is worth asking. */
export const everyLetter: Letters = new Int32Array(differentThrees / bitsOfPlace).fill(-1);

/** What a text must have: the letters of a word, three by three; everything of a list; or something of it. */
type Need =
  | { readonly word: readonly number[] }
  | { readonly all: readonly Need[] }
  | { readonly any: readonly Need[] };

const nothing: Need = { all: [] };

function isSomething(need: Need): boolean {
  return !('all' in need) || need.all.length > 0;
}

function needOfWord(word: string): Need {
  const threes: number[] = [];
  let last = 0;
  for (let at = 0; at < word.length; at += 1) {
    last = three(last, word, at);
    if (at >= sideBySide - 1) threes.push(last);
  }
  return threes.length === 0 ? nothing : { word: threes };
}

/** Words first: to ask for one costs less than to ask for one of several. */
function needOfAll(needs: readonly Need[]): Need {
  const all = needs.filter(isSomething).toSorted((a, b) => Number('any' in a) - Number('any' in b));
  return all.length === 1 ? (all[0] ?? nothing) : { all };
}

function needOfAny(any: readonly Need[]): Need {
  return any.length === 1 ? (any[0] ?? nothing) : { any };
}

/** The pieces of a pattern: the start of what only looks, of a group, how often something stands, a letter, a class of letters. */
const pieces =
  /\(\?<?[=!]|\((?:\?(?::|<\w+>))?|(?:[?*+]|\{\d+(?:,\d*)?\})\??|\\(?:u[\da-f]{4}|[pP]\{\w+\}|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/gi;

/** Reads a pattern from left to right. Of what it does not know to be needed it asks nothing. */
class Source {
  readonly #pieces: readonly string[];
  #at = 0;

  constructor({ source }: RegExp) {
    this.#pieces = source.match(pieces) ?? [];
  }

  /** What the alternatives need, up to the end of their group, which is passed. */
  need(): Need {
    const any: Need[] = [];
    do any.push(this.#needOfSequence());
    while (this.#pieces[this.#at++] === '|');
    return needOfAny(any);
  }

  #needOfSequence(): Need {
    const all: Need[] = [];
    let word = '';
    for (let piece = this.#next(); piece !== undefined; piece = this.#next()) {
      // What only looks: the letters before and behind it stand side by side.
      if (/^(?:\\b|\^|\$|\(\?<?[=!])/i.test(piece)) {
        if (piece.startsWith('(')) this.need();
        continue;
      }
      const group = piece.startsWith('(') ? this.need() : undefined;
      const letter = group === undefined ? certainLetter(piece) : undefined;
      const times = this.#times();
      const isNeeded = !/^(?:[?*]|\{0)/.test(times);
      if (isNeeded) word += letter ?? '';
      if (isNeeded && group !== undefined) all.push(group);
      if (letter !== undefined && times === '') continue;
      all.push(needOfWord(word));
      word = '';
    }
    return needOfAll([...all, needOfWord(word)]);
  }

  /** The next piece of this sequence. */
  #next(): string | undefined {
    const piece = this.#pieces[this.#at];
    if (piece === undefined || piece === '|' || piece === ')') return undefined;
    this.#at += 1;
    return piece;
  }

  #times(): string {
    const piece = this.#pieces[this.#at] ?? '';
    if (!/^(?:[?*+]|\{\d)/.test(piece)) return '';
    this.#at += 1;
    return piece;
  }
}

/** The letter that a piece stands for; `undefined` where it is one of several, or what was found before. */
function certainLetter(piece: string): string | undefined {
  return /^(?:\\\w|\[|\.$)/.test(piece) ? undefined : piece.replace('\\', '');
}

type Rows = readonly { readonly pattern: RegExp }[];

/** The needs of a table as questions in one list, because a text that has none of the words is asked a thousand. */
interface Questions {
  /** Of each row, the place of its first question. */
  readonly first: readonly number[];
  /** Three numbers each: the letters, the place of the next question if the text has them, and if it has not. */
  readonly list: Int32Array;
}

const [met, unmet] = [-1, -2];

/** Adds the questions about a need, the last one first. The place of the first. */
function added(list: number[], need: Need, yes: number, no: number): number {
  if ('word' in need) return need.word.reduceRight((next, letters) => list.push(letters, next, no) - 3, yes);
  if ('all' in need) return need.all.reduceRight((next, one) => added(list, one, next, no), yes);
  return need.any.reduceRight((next, one) => added(list, one, yes, next), no);
}

/** Made once for each table. */
const known = new WeakMap<Rows, Questions>();

function questionsAbout(rows: Rows): Questions {
  const before = known.get(rows);
  if (before !== undefined) return before;
  const list: number[] = [];
  const first = rows.map(({ pattern }) => added(list, new Source(pattern).need(), met, unmet));
  const made = { first, list: Int32Array.from(list) };
  known.set(rows, made);
  return made;
}

function isMet(list: Int32Array, first: number, letters: Letters): boolean {
  let at = first;
  while (at >= 0) {
    const asked = list[at] ?? 0;
    const isThere = ((letters[asked >> bitsOfLetter] ?? 0) & (1 << (asked & (bitsOfPlace - 1)))) !== 0;
    at = list[isThere ? at + 1 : at + 2] ?? met;
  }
  return at === met;
}

/** The rows whose patterns may match a text with these letters, in their order. No other row matches it. Only rows that count are looked at. */
export function worthAsking<R extends Rows[number]>(
  rows: readonly R[],
  letters: Letters,
  counts: (row: R) => boolean = () => true,
): readonly R[] {
  const { first, list } = questionsAbout(rows);
  return rows.filter((row, at) => counts(row) && isMet(list, first[at] ?? met, letters));
}
