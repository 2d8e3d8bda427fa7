// What the text of a log claims: a label, the rule that matched and what the text names. A suspicion, never a diagnosis.
// The room classify/ holds what the text of a log claims: the rules, what a text names, and how its wrapping is removed. Not
// here: any proof; a text can be false, so causes are proved in diagnosis/.
import type { Clue, Row } from './context.ts';
import { asides, clues, lookAlikes, reasonSays, refusedWork } from './context.ts';
import type { Named } from './extract.ts';
import { imageIn, namedIn, withoutNames } from './extract.ts';
import { type Gated, mayMatch } from './gate.ts';
import { hearsay } from './hearsay.ts';
import type { Label, LogColumns, Suspicion } from './labels.ts';
import { everyLetter, type Letters, lettersIn, worthAsking } from './needed-letters.ts';
import type { Rule } from './rule.ts';
import { rules } from './rules.ts';
import { columnsWithin, type Unwrapped, unwrap, withoutControls } from './unwrap.ts';

export type { Label, LogColumns, Suspicion } from './labels.ts';
export { labels } from './labels.ts';

/** The tables that decide. Tests take rows out of them. */
export interface Tables {
  readonly rules: readonly Rule[];
  readonly clues: readonly Clue[];
  readonly lookAlikes: readonly Row[];
  readonly asides: readonly Row[];
  readonly hearsay: readonly Row[];
  /** Whether a search for plain words comes before the tables. It changes no answer. */
  readonly gated: boolean;
}

export const tables: Tables = { rules, clues, lookAlikes, asides, hearsay, gated: true };

interface Verdict {
  readonly label: Label;
  readonly rule: string;
  readonly words: string;
}

/** What the whole text shows, before any rule is asked. */
interface Context {
  readonly registry: boolean;
  /** The words that say that a pull failed. */
  readonly pull: string | undefined;
}

const longestWords = 200;

function shown(words: string): string {
  return withoutControls(words).replaceAll('\n', ' ').trim().slice(0, longestWords);
}

/** Whether a pattern of the group may match the text, which is in lower case. */
function may(from: Tables, group: Gated, lower: string): boolean {
  return !from.gated || mayMatch(group, lower);
}

/** A text, and its letters, which say what is worth asking about it. */
interface Lettered {
  readonly text: string;
  readonly letters: Letters;
}

function lettered(from: Tables, text: string): Lettered {
  return { text, letters: from.gated ? lettersIn(text) : everyLetter };
}

function withoutAsides(from: Tables, text: string, lower: string): string {
  return may(from, 'aside', lower) ? without(from.asides, text) : text;
}

/** The patterns that take out every place where a row matches. Making one costs more than using it. */
const everyPlace = new WeakMap<Row, RegExp>();

function everyPlaceOf(row: Row): RegExp {
  const known = everyPlace.get(row);
  if (known !== undefined) return known;
  const made = new RegExp(row.pattern, `${row.pattern.flags}g`);
  everyPlace.set(row, made);
  return made;
}

function without(rows: readonly Row[], text: string): string {
  let left = text;
  for (const row of rows) if (row.pattern.test(left)) left = left.replace(everyPlaceOf(row), ' ');
  return left;
}

function contextOf(rows: readonly Clue[], { text, letters }: Lettered): Context {
  let registry = false;
  let fetch: string | undefined;
  for (const clue of worthAsking(rows, letters)) {
    if (registry && clue.shows === 'registry') continue;
    const words = clue.pattern.exec(text)?.[0];
    if (words === undefined) continue;
    switch (clue.shows) {
      case 'pull':
        return { registry: true, pull: words };
      case 'registry':
        registry = true;
        break;
      case 'fetch':
        fetch ??= words;
    }
  }
  return { registry, pull: registry ? fetch : undefined };
}

function admits(context: Context, needs: Rule['needs']): boolean {
  switch (needs) {
    case 'nothing':
      return true;
    case 'registry':
      return context.registry;
    case 'pull':
    case 'statement':
      return context.pull !== undefined;
  }
}

/**
 * Without what a reader should look at, and what may be the cause: a program that knows the cause says it otherwise. A line break stands in its
 * place, so that no words are made of what stood before it and behind it.
 */
function withoutAdvice(text: string): string {
  return text.replace(
    /(?:(?:^|[.;(!] ?)(?:please )?|\bplease )(?:check|verify|ensure|make sure|confirm)\b[^.;:]{0,200}|\bpossible (?:causes?|reasons?)\b[^.;]{0,200}|\b(?:can|could|may|might|usually|often) (?:happens?|occurs?)\b[^.;]{0,200}|\b(?:whether|possibl[ey]|perhaps|maybe|may be|might be|could be)\b[^.;:]{0,200}/gi,
    '\n',
  );
}

function firstRule(rows: readonly Rule[], { text, letters }: Lettered, context: Context): Verdict | undefined {
  // Taken out once for all rules of plain words, and not at all for a text that an earlier rule knows.
  let stated: string | undefined;
  for (const rule of worthAsking(rows, letters, ({ needs }) => admits(context, needs))) {
    const asked = rule.needs === 'statement' ? (stated ??= withoutAdvice(text)) : text;
    const words = rule.pattern.exec(asked)?.[0];
    if (words !== undefined) return { label: rule.label, rule: rule.name, words: shown(words) };
  }
  return undefined;
}

/**
 * Kubelet lists its attempts in brackets. The first one used the credentials, later ones are anonymous and fail with a 401
 * whatever the cause, so the first decides.
 */
function firstAttempt(text: string): string {
  const start = /\[ ?(?:rpc error: code|failed to pull|error response from daemon)/i.exec(text);
  if (start === null) return text;
  const rest = text.slice(start.index + 1);
  const next = /, ?(?:rpc error: code|failed to pull and unpack|error response from daemon)/i.exec(rest);
  return next === null ? text : rest.slice(0, next.index);
}

/** What decides where the text says that a pull failed, and no rule knows why. */
const withoutCause = 'pull-without-cause';

function nothing(rule: string, words: string): Verdict {
  return { label: 'not-a-pull-failure', rule, words: shown(words) };
}

const noContext: Context = { registry: false, pull: undefined };

/** `pulls` is a reason that says that a pull failed. */
function contextFor(from: Tables, plain: Lettered, pulls: string | undefined, mayBePull: boolean): Context {
  if (pulls !== undefined) return { registry: true, pull: pulls };
  return mayBePull ? contextOf(from.clues, plain) : noContext;
}

function lookAlikeOf({ lookAlikes }: Tables, { text, letters }: Lettered): Verdict | undefined {
  const alike = worthAsking(lookAlikes, letters).find((row) => row.pattern.test(text));
  return alike === undefined ? undefined : nothing(alike.name, alike.pattern.exec(text)?.[0] ?? '');
}

/** What the first of several attempts says decides; the rest is read where it says nothing. */
function causeIn(from: Tables, plain: Lettered, context: Context): Verdict | undefined {
  const attempt = firstAttempt(plain.text);
  const ofAttempt = attempt === plain.text ? undefined : firstRule(from.rules, lettered(from, attempt), context);
  return ofAttempt ?? firstRule(from.rules, plain, context);
}

function verdictOn(from: Tables, text: string, reason: string): Verdict {
  const said = reasonSays(reason);
  if (said === 'other') return nothing('reason-of-something-else', reason);
  const lower = text.toLowerCase();
  const mayBePull = said !== 'nothing' || may(from, 'pull', lower);
  if (!mayBePull && !may(from, 'lookAlike', lower)) return nothing('nothing-matched', text.slice(0, 80));
  const plain = lettered(from, text);
  const context = contextFor(from, plain, said === 'nothing' ? undefined : reason, mayBePull);
  const alike = context.pull === undefined ? lookAlikeOf(from, plain) : undefined;
  if (alike !== undefined) return alike;
  if (!mayBePull) return nothing('nothing-matched', text.slice(0, 80));
  const cause = causeIn(from, plain, context);
  if (cause !== undefined && (said !== 'unauthorized' || cause.label !== 'unknown-pull-failure')) return cause;
  if (said === 'unauthorized') return { label: 'unauthorized', rule: 'reason-unauthorized', words: shown(reason) };
  if (context.pull === undefined) return nothing('nothing-matched', text.slice(0, 80));
  return { label: 'unknown-pull-failure', rule: withoutCause, words: shown(context.pull) };
}

/** How much a label says: nothing, that a pull failed, or why. */
function weight(label: Label): number {
  if (label === 'not-a-pull-failure') return 0;
  return label === 'unknown-pull-failure' ? 1 : 2;
}

/** What rules read: the text without asides and without the names in it. */
function plainOf(from: Tables, text: string, lower: string, image: string | undefined): string {
  return withoutNames(withoutAsides(from, text, lower), image);
}

function read(from: Tables, text: string, reason: string): { readonly verdict: Verdict; readonly named: Named } {
  const lower = text.toLowerCase();
  const named = namedIn(text, may(from, 'name', lower));
  return { verdict: verdictOn(from, plainOf(from, text, lower, named.image), reason), named };
}

/** Another reading of lines whose names are known. */
function readAgain(from: Tables, text: string, reason: string): Verdict {
  const lower = text.toLowerCase();
  return verdictOn(from, plainOf(from, text, lower, imageIn(text, may(from, 'name', lower))), reason);
}

/** Of the lines joined by a blank, which said `first`, and joined by nothing: the latter are read where the former show no sure cause. */
function withGlued(from: Tables, first: Verdict, glued: string | undefined, reason: string): Verdict {
  return glued === undefined || isSure(first.label) ? first : safer(first, readAgain(from, glued, reason));
}

/** Whether what is left is a cause that a role could repair, and the whole text was none: hearsay may take a claim away, and never make one. */
function wouldAskForRole(left: Verdict, whole: Verdict): boolean {
  return mayAskForRole(left.label) && !mayAskForRole(whole.label);
}

/**
 * What the lines claim, of which `first` is the reading joined by a blank: what is left of a failed pull without the words that they only
 * quote or suppose.
 */
function claimed(
  from: Tables,
  first: Verdict,
  { joined, glued, lines = [joined] }: Unwrapped,
  reason: string,
): Verdict {
  if (first.rule === withoutCause) return claimedWithoutCause(from, first, glued, lines, reason);
  const whole = withGlued(from, first, glued, reason);
  if (!isPullFailure(whole.label)) return whole;
  const left = withoutHearsay(from, lines);
  if (left === lines) return whole;
  const verdict = readAgain(from, left.join(whole === first ? ' ' : ''), reason);
  return wouldAskForRole(verdict, whole) ? whole : verdict;
}

/**
 * The same for lines that say joined by a blank that a pull failed, and not why. No rule is asked again about them, and the lines joined by
 * nothing are read once, without the hearsay: all readings of all of it cost a hostile text too much.
 */
function claimedWithoutCause(
  from: Tables,
  first: Verdict,
  glued: string | undefined,
  lines: readonly string[],
  reason: string,
): Verdict {
  const left = withoutHearsay(from, lines);
  if (left === lines) return withGlued(from, first, glued, reason);
  const leftGlued = glued === undefined ? undefined : left.join('');
  const verdict = withGlued(from, readAgain({ ...from, rules: [] }, left.join(' '), reason), leftGlued, reason);
  if (!mayAskForRole(verdict.label)) return verdict;
  const whole = withGlued(from, first, glued, reason);
  return wouldAskForRole(verdict, whole) ? whole : verdict;
}

/** The same lines where none of them holds any hearsay. */
function withoutHearsay(from: Tables, lines: readonly string[]): readonly string[] {
  const left = lines.map((line) => without(from.hearsay, line));
  return left.every((line, at) => line === lines[at]) ? lines : left;
}

/** Labels one text with the given tables. */
export function classifyBy(from: Tables, text: string, columns: LogColumns = {}): Suspicion {
  const unwrapped = unwrap(text);
  const { joined } = unwrapped;
  const within = columnsWithin(joined);
  const source = columns.eventSource ?? within.eventSource ?? '';
  const reason = /^(?:KEDA|Scaling)$/i.test(source) ? 'KEDA' : (columns.reason ?? within.reason ?? '');
  const { verdict: first, named } = read(from, joined, reason);
  const verdict = claimed(from, first, unwrapped, reason);
  const refused = refusedWork(joined, reason);
  return { ...verdict, ...named, ...(refused === undefined ? {} : { refused }) };
}

/** Whether no other reading of the lines could say it better: a cause, and none that a role would repair. */
function isSure(label: Label): boolean {
  return weight(label) === 2 && !mayAskForRole(label);
}

/** Of two readings of the same lines the one that says more; of two causes the one for which nothing is granted. */
function safer(first: Verdict, second: Verdict): Verdict {
  if (weight(second.label) !== weight(first.label)) return weight(second.label) > weight(first.label) ? second : first;
  return mayAskForRole(first.label) && !mayAskForRole(second.label) ? second : first;
}

/**
 * Labels one text. Total: every input has an answer, the same one every time, in time linear in the input.
 */
export function classify(text: string, columns: LogColumns = {}): Suspicion {
  return classifyBy(tables, text, columns);
}

/** What the row decides for which no table has a row. */
const withoutRow: Readonly<Record<string, string>> = {
  'reason-of-something-else': 'Container Apps: the reason of the row is never about a pull that failed',
  'reason-unauthorized': 'Container Apps: the reason of the row says that the registry refused the pull',
  'nothing-matched': 'nothing in the text says that an image could not be pulled',
  [withoutCause]: 'a pull failed and the text does not say why',
};

/** What the software that wrote the matched words means by them. */
export function meaningOf(rule: string): string {
  const row = [...rules, ...lookAlikes].find((one) => one.name === rule);
  return row?.means ?? withoutRow[rule] ?? '';
}

/** Whether the label says that a pull failed. */
export function isPullFailure(label: Label): boolean {
  return label !== 'not-a-pull-failure';
}

/** Whether a role, an identity or a secret could be the repair, so that a false label costs most. */
export function mayAskForRole(label: Label): boolean {
  return label === 'unauthorized' || label === 'identity-token';
}

/**
 * Whether the text says that the platform could not pull. A registry refuses a push or a build in the same words; those are not pulls
 * of an app.
 */
export function saysPullFailed({ label, refused }: Suspicion): boolean {
  return isPullFailure(label) && refused === undefined;
}
