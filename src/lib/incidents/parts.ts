// The text about an incident as parts, which each system writes in its own form and cuts to its own limits. What is cut first is the same
// everywhere: evidence, then unaffected apps, then Bicep. The cause, the first command and the link are never cut.

import { shortName } from '../history/finding-words.ts';
import type { Command } from '../runbooks/runbook.ts';
import { sayInstant } from '../words/say-instant.ts';
import { nounFor } from '../workloads/sentences.ts';
import type { AffectedApp, IncidentFacts } from './incident-facts.ts';
import { sayRecurrence } from './incident-words.ts';
import { sayQuestion } from './question-words.ts';

/** One piece of the text. Every string in it is plain text from outside: a writer escapes it. */
export type Part =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  /** Names and values in one line each. */
  | { readonly kind: 'fields'; readonly fields: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

/**
 * The longest text about the incident that fits. `sizeOf` measures what a writer makes of the parts, in the unit of `limit`. The shortest
 * text is answered even where it does not fit: the cause, the first command and the link.
 */
export function fittingParts(
  facts: IncidentFacts,
  sizeOf: (parts: readonly Part[]) => number,
  limit: number,
): readonly Part[] {
  let parts: readonly Part[] = [];
  for (const shown of cuts) {
    parts = partsOf(facts, shown);
    if (sizeOf(parts) <= limit) return parts;
  }
  return parts;
}

/** One line that says the trouble, at most `limit` UTF-16 units long. */
export function titleWithin({ title, registry, affected, state }: IncidentFacts, limit: number): string {
  const failing = affected.filter((app) => app.state === 'failing').length;
  const noun = nounFor(affected.map(({ id }) => id));
  const apps = failing === 1 ? `1 ${noun}` : `${failing} ${noun}s`;
  const long = state === 'open' ? `${title} (${registry}, ${apps})` : `${title} (${registry})`;
  return cutText(oneLine(long), limit);
}

/** The text, cut at a whole character with a mark where it is longer than `limit` UTF-16 units. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = limit - 1;
  const splits = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return `${text.slice(0, splits ? end - 1 : end)}…`;
}

/** The length of a text in UTF-8. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** One line without control characters and without marks that turn the direction of writing. */
export function oneLine(text: string): string {
  return text.replace(unseen, ' ').replace(/\s+/g, ' ').trim();
}

/** The text of a command: its lines stay, other control characters and marks of direction go. */
export function plainLines(text: string): string {
  return text.replaceAll('\r\n', '\n').split('\n').map(withoutUnseen).join('\n');
}

function withoutUnseen(line: string): string {
  return line.replace(unseen, (mark) => (mark === '\t' ? mark : ''));
}

// Control characters (C0, C1), line and paragraph separators, and the marks of the Unicode Bidirectional Algorithm (UAX #9, 2).
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** How much of each kind of detail a text shows. */
interface Shown {
  readonly evidence: number;
  readonly unaffected: number;
  readonly bicep: boolean;
  readonly affected: number;
  readonly commands: number;
  readonly rest: boolean;
}

const whole: Shown = { evidence: 40, unaffected: 10, bicep: true, affected: 100, commands: 20, rest: true };

/** From the whole text to the shortest one. */
const cuts: readonly Shown[] = [
  whole,
  { ...whole, evidence: 5 },
  { ...whole, evidence: 0 },
  { ...whole, evidence: 0, unaffected: 0 },
  { ...whole, evidence: 0, unaffected: 0, bicep: false },
  { ...whole, evidence: 0, unaffected: 0, bicep: false, affected: 20 },
  { ...whole, evidence: 0, unaffected: 0, bicep: false, affected: 5, commands: 3 },
  { ...whole, evidence: 0, unaffected: 0, bicep: false, affected: 5, commands: 1 },
  { ...whole, evidence: 0, unaffected: 0, bicep: false, affected: 0, commands: 1, rest: false },
];

function partsOf(facts: IncidentFacts, shown: Shown): readonly Part[] {
  return [
    ...causeParts(facts, shown),
    ...questionParts(facts),
    ...linkParts(facts),
    ...commandParts(facts, shown),
    ...affectedParts(facts, shown),
    ...unaffectedParts(facts, shown),
    ...evidenceParts('What was observed', facts.observed, shown),
    ...evidenceParts('What was ruled out', facts.ruledOut, shown),
  ];
}

function causeParts(facts: IncidentFacts, shown: Shown): Part[] {
  const { says, sure, registry, owner, ended, openedAtMs, sinceMs, occurrences, advice } = facts;
  const again = sayRecurrence(occurrences, sayInstant(sinceMs));
  const end: Part[] =
    ended === undefined ? [] : [{ kind: 'paragraph', text: `Ended on ${sayInstant(ended.atMs)}. ${ended.because}` }];
  const fields: (readonly [string, string])[] = [
    ['Cause', `${says} (${sure})`],
    ['Registry', registry],
    ['Who has to act', owner],
    ['Since', again === undefined ? sayInstant(openedAtMs) : `${sayInstant(openedAtMs)}. ${again}`],
  ];
  return [...end, { kind: 'fields', fields }, ...(shown.rest ? [{ kind: 'paragraph', text: advice } as const] : [])];
}

function questionParts({ questions, state }: IncidentFacts): Part[] {
  if (state !== 'open') return [];
  return questions
    .filter(({ says }) => says === 'asked')
    .flatMap((question): Part[] => [
      { kind: 'paragraph', text: sayQuestion(question, question.name) },
      ...(question.link === undefined
        ? []
        : [{ kind: 'link', text: 'Answer the question', url: question.link } as const]),
    ]);
}

function linkParts({ links }: IncidentFacts): Part[] {
  return [
    ...(links.page === undefined ? [] : [{ kind: 'link', text: 'Page of the incident', url: links.page } as const]),
    ...(links.runbook === undefined ? [] : [{ kind: 'link', text: 'Runbook', url: links.runbook } as const]),
  ];
}

function commandParts(facts: IncidentFacts, { bicep, commands, rest }: Shown): Part[] {
  if (facts.state !== 'open') return [];
  const wanted = bicep ? facts.commands : withoutBicep(facts.commands);
  const shown = wanted.slice(0, commands).flatMap(({ title, language, text }): Part[] => [
    { kind: 'paragraph', text: title },
    { kind: 'code', language: language === 'az' ? 'sh' : language, text },
  ]);
  const after: Part[] = rest
    ? [
        { kind: 'paragraph', text: 'Then verify:' },
        { kind: 'code', language: 'sh', text: facts.verify },
        { kind: 'fields', fields: [['To undo it', facts.undo]] },
      ]
    : [];
  return [{ kind: 'heading', text: 'What to do' }, ...shown, ...after];
}

/** Commands without Bicep; where there is nothing else, the first one stays, because it is the first command. */
function withoutBicep(commands: readonly Command[]): readonly Command[] {
  const others = commands.filter(({ language }) => language !== 'bicep');
  return others.length === 0 ? commands.slice(0, 1) : others;
}

function affectedParts({ affected }: IncidentFacts, { affected: most }: Shown): Part[] {
  if (affected.length === 0) return [];
  const heading = {
    kind: 'heading',
    text: `Affected ${nounFor(affected.map(({ id }) => id))}s: ${affected.length}`,
  } as const;
  const items = affected.slice(0, most).map(sayAffected);
  const more = affected.length - items.length;
  const rest = more > 0 && items.length > 0 ? [`and ${more} more`] : [];
  return items.length === 0 ? [heading] : [heading, { kind: 'list', items: [...items, ...rest] }];
}

function sayAffected({ name, state }: AffectedApp): string {
  return state === 'failing' ? name : `${name}: ${state}`;
}

function unaffectedParts({ unaffected, moreUnaffected }: IncidentFacts, { unaffected: most }: Shown): Part[] {
  const items = unaffected
    .slice(0, most)
    .map(({ app, sameEnvironment }) => `${shortName(app)}${sameEnvironment ? ' (same environment)' : ''}`);
  if (items.length === 0) return [];
  const more = moreUnaffected + unaffected.length - items.length;
  return [
    { kind: 'heading', text: 'Apps that still pull from this registry' },
    { kind: 'list', items: more > 0 ? [...items, `and ${more} more`] : items },
  ];
}

function evidenceParts(heading: string, findings: readonly string[], { evidence }: Shown): Part[] {
  const items = findings.slice(0, evidence);
  if (items.length === 0) return [];
  const more = findings.length - items.length;
  return [
    { kind: 'heading', text: heading },
    { kind: 'list', items: more > 0 ? [...items, `and ${more} more`] : items },
  ];
}
