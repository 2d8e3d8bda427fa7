// Searches for the line that costs `classify` most for each of its bytes. Whoever may write into a log may write that one.
import type { Chance } from '../../local/chance.ts';
import { classify } from '../../src/lib/classify/classify.ts';

export interface Hostile {
  /** Microseconds of one byte: of an ordinary line, and of the worst that was found. */
  readonly ordinary: number;
  readonly worst: number;
  /** How long the worst line is, and how it begins. */
  readonly bytes: number;
  readonly begins: string;
  /** How many lines were tried. */
  readonly tried: number;
}

/** Lengths of the lines that are tried. Of more than 16 KiB `classify` reads 16. */
const lengths = [200, 2000, 16_000] as const;
/**
 * Says that a pull failed and not why, and supposes something: all readings of a text come to pass behind it. Patterns that look far ahead need
 * the words after it, and are asked about what follows because of them.
 */
const readOften = 'ImagePullBackOff if so;\nexited; not found; is not accessible; exceeds; larger than;\n';
/** Of each length, the worst lines that are changed further, and how often. */
const parents = 6;
const rounds = 4;
const mostFinalists = 30;

/**
 * Tries the pieces repeated, with and without a blank between them, by themselves and behind a line that is read often; then pieces of the worst
 * lines put together anew. `pieces` are texts that the rules know; `lines` are ordinary ones.
 */
export function findHostile(pieces: readonly string[], lines: readonly string[], chance: Chance): Hostile {
  const tried: { readonly text: string; readonly cost: number }[] = [];
  const attempt = (text: string): void => void tried.push({ text, cost: costOf(text) });
  for (const length of lengths)
    for (const piece of pieces)
      for (const unit of [piece, `${piece} `])
        for (const start of ['', readOften]) attempt((start + repeated(unit, length)).slice(0, length));
  for (let round = 0; round < rounds; round += 1)
    for (const length of lengths) {
      const worst = tried.filter(({ text }) => text.length === length).toSorted((a, b) => b.cost - a.cost);
      for (const { text } of worst.slice(0, parents))
        for (let change = 0; change < parents; change += 1) attempt(changed(text, pieces, length, chance));
    }
  const finalists = tried.toSorted((a, b) => b.cost - a.cost).slice(0, mostFinalists);
  // Once more, with many rounds: of thousands of short measurements the highest may be an accident.
  const [first] = finalists.map(({ text }) => ({ text, cost: costOf(text, 15) })).toSorted((a, b) => b.cost - a.cost);
  return {
    ordinary: ordinaryCost(lines),
    worst: first?.cost ?? Number.NaN,
    bytes: first?.text.length ?? 0,
    begins: first?.text.slice(0, 120) ?? '',
    tried: tried.length,
  };
}

function repeated(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

/** The line with a part of it replaced by pieces, or cut and joined anew. */
function changed(text: string, pieces: readonly string[], length: number, chance: Chance): string {
  const pick = (): string => pieces[Math.floor(chance() * pieces.length)] ?? '';
  const at = Math.floor(chance() * length);
  const mixed = chance() < 0.5 ? `${text.slice(0, at)}${pick()} ${text.slice(at)}` : `${pick()} ${pick()} ${text}`;
  return repeated(`${mixed.slice(0, length)} `, length);
}

/** Microseconds for each byte: the least of some rounds, because whatever else the machine does only adds. */
function costOf(text: string, times = 3): number {
  let least = Number.POSITIVE_INFINITY;
  const calls = Math.max(1, Math.ceil(2000 / text.length));
  for (let time = 0; time < times; time += 1) {
    const began = process.hrtime.bigint();
    for (let call = 0; call < calls; call += 1) classify(text);
    least = Math.min(least, Number(process.hrtime.bigint() - began) / 1000 / calls / text.length);
  }
  return least;
}

function ordinaryCost(lines: readonly string[]): number {
  const costs = lines.map((line) => costOf(line, 20) * line.length);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return sum(costs) / sum(lines.map(({ length }) => length));
}
