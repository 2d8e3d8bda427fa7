// Sentences are written about apps, and read in the words of the kind that they are about.

import type { ArmId } from '../words/arm-id.ts';
import type { WorkloadWords } from './workload.ts';
import { kindOf, parseWorkloadId, unnamedKind, workloads } from './workloads.ts';

/**
 * A sentence of this project about an app, in the words of the kind of this workload: of a job, "the app" is the job, and "a revision" is an
 * execution. `names`: what in it is a name and stays as it is. Text that is not ours must not be given to this. Without an
 * id it is about all kinds, and stays.
 */
export function sayFor(id: ArmId | undefined, sentence: string, names: readonly string[] = []): string {
  if (id === undefined) return sentence;
  const { kind, words } = kindOf(id);
  if (kind === unnamedKind) return sentence;
  const [name, ...others] = names.filter((one) => one !== '');
  if (name === undefined) return inWords(words, sentence);
  return sentence
    .split(name)
    .map((part) => sayFor(id, part, others))
    .join(name);
}

/** One word for all of them where they are of one kind, and "workload" where they are not. */
export function nounFor(ids: readonly string[]): string {
  if (ids.length === 0) return workloads[unnamedKind].words.short;
  const one = oneKind(ids);
  return one === undefined ? 'workload' : kindOf(one).words.short;
}

/** One of them, where all are of one kind: its words are those of all. Ids of a stored incident are text. */
export function oneKind(ids: readonly string[]): ArmId | undefined {
  const read = ids.map((id) => parseWorkloadId(id));
  const kinds = new Set(read.map((id) => id && kindOf(id).kind));
  return kinds.size === 1 ? read[0] : undefined;
}

function inWords(words: WorkloadWords, sentence: string): string {
  const { phrases = [], short, run, instance } = words;
  const said = phrases.reduce((before, [ofApps, same]) => before.replace(ofApps, same), sentence);
  return [
    // Another one may be of any kind, and so may all of them.
    [word('(another|every|each|any|no|other) app'), '$1 workload'] as const,
    [word('(A|a)pps'), (first: string) => (first === 'A' ? 'Workloads' : 'workloads')] as const,
    [word('(A|a)n app'), (first: string) => `${withArticle(first, short)}`] as const,
    [word(`(A|a)pp(?! (?:${notOfWorkloads}))`), (first: string) => cased(first, short)] as const,
    [word('(A|a) revision'), (first: string) => `${withArticle(first, run)}`] as const,
    [word('(R|r)evision(s?)'), (first: string, many = '') => `${cased(first, run)}${many}`] as const,
    [word('(A|a) replica'), (first: string) => `${withArticle(first, instance)}`] as const,
    [word('(R|r)eplica(s?)'), (first: string, many = '') => `${cased(first, instance)}${many}`] as const,
  ].reduce(
    (before, [pattern, same]) =>
      typeof same === 'string'
        ? before.replace(pattern, same)
        : before.replace(pattern, (_, first: string, many?: string) => same(first, many)),
    said,
  );
}

/** What is an app without being a workload. */
const notOfWorkloads = 'team|settings?|registration|role|credential';

/** Words by themselves: not a part of a name, of an address, of a flag, of something in quotes, or of Container Apps. */
function word(pattern: string): RegExp {
  return new RegExp(`(?<![\\w./:@=<“"'-]|function |Container )${pattern}(?![\\w/@=>”"-]|'(?!s\\b)|[.:]\\w)`, 'g');
}

/** The word, with a capital where `like` is one. */
function cased(like: string, text: string): string {
  return like === like.toUpperCase() ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

function withArticle(like: string, text: string): string {
  return `${cased(like, /^[aeiou]/.test(text) ? 'an' : 'a')} ${text}`;
}
