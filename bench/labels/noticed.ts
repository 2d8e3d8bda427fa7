// How much each matcher notices of texts whose right label is known: failed pulls that were written down before the rules that read them, and
// lines of other programs.
import { readFileSync } from 'node:fs';

export interface Noticed {
  readonly name: string;
  /** Of the failed pulls, how many are noticed at all. */
  readonly noticed: number;
  readonly failures: number;
  /** Of the lines about something else, how many are taken for a failed pull. */
  readonly falseAlarms: number;
  readonly others: number;
}

/** Says of a text, without any column of its row, whether an image could not be pulled. */
export type Matcher = readonly [name: string, notices: (text: string, reason: string) => boolean];

/** Asks each matcher about every text of the fixtures. */
export function noticedOf(matchers: readonly Matcher[]): Noticed[] {
  const labelled = textsIn('held-out.txt').filter((line) => !line.startsWith('not-a-pull-failure'));
  const failures = labelled.map((line) => line.slice(line.indexOf(': ') + 2));
  const others = textsIn('negatives.txt');
  return matchers.map(([name, notices]) => ({
    name,
    noticed: failures.filter((text) => notices(text, '')).length,
    failures: failures.length,
    falseAlarms: others.filter((text) => notices(text, '')).length,
    others: others.length,
  }));
}

/** The texts with which the rules were written. */
export function knownTexts(): string[] {
  return textsIn('messages.txt').map((line) => line.slice(line.indexOf(': ') + 2));
}

/** The lines of a file of labelled texts; \n in one is a line break. */
function textsIn(name: string): string[] {
  const lines = readFileSync(`test/fixtures/logs/${name}`, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replaceAll(String.raw`\n`, '\n'));
}
