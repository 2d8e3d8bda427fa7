// Words that several systems use for one call: the title, and what a follow-up says where the first text cannot be changed or where a change
// of it reaches nobody.

import type { IncidentFacts, QuestionFacts } from './incident-facts.ts';
import { cutText, type Part, titleWithin } from './parts.ts';
import { sayQuestion, sayQuestionEnd } from './question-words.ts';
import type { QuestionTelling, Telling } from './system.ts';

/** One line of at most `limit` UTF-16 units. A test says first that it is one. */
export function titleOf({ facts, test }: Telling, limit: number): string {
  return test === true ? cutText(`Test: ${titleWithin(facts, limit)}`, limit) : titleWithin(facts, limit);
}

/** Apps that a follow-up about a change names, and UTF-16 units that it has of the advice. */
const mostApps = 20;
const mostAdvice = 2000;

/** Says what changed, for a system that cannot change the first text: what to do now, and which apps fail. */
export function changeNews({ affected, advice }: IncidentFacts): readonly Part[] {
  const items = affected
    .slice(0, mostApps)
    .map(({ name, state }) => (state === 'failing' ? name : `${name}: ${state}`));
  const more = affected.length - items.length;
  return [
    { kind: 'paragraph', text: cutText(advice, mostAdvice) },
    { kind: 'heading', text: `Affected apps: ${affected.length}` },
    { kind: 'list', items: more > 0 ? [...items, `and ${more} more`] : items },
  ];
}

/** Why the incident ended, in a sentence. */
export function endWords({ ended }: IncidentFacts): string {
  return ended?.because ?? 'It ended.';
}

/** Says that the incident ended, and why. */
export function endNews(facts: IncidentFacts): readonly Part[] {
  return [{ kind: 'paragraph', text: endWords(facts) }];
}

/** Says that the incident is back. */
export const returnNews: readonly Part[] = [{ kind: 'paragraph', text: 'It came back.' }];

/** Says in one paragraph, and a link to answer where there is one, at which stage a question is. */
export function questionNews({ question, stage }: QuestionTelling): readonly Part[] {
  switch (stage) {
    case 'asked':
      return [{ kind: 'paragraph', text: sayQuestion(question, question.name) }, ...answerLink(question)];
    case 'reminded':
      return [
        { kind: 'paragraph', text: `Half of the time is over. ${sayQuestion(question, question.name)}` },
        ...answerLink(question),
      ];
    case 'answered':
    case 'expired':
      return [{ kind: 'paragraph', text: sayQuestionEnd(question, question.name) }];
  }
}

function answerLink({ link }: QuestionFacts): readonly Part[] {
  return link === undefined ? [] : [{ kind: 'link', text: 'Answer the question', url: link }];
}
