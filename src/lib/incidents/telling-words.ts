// Words that several systems use for one call: the title, and what a follow-up says where the first text cannot be changed or where a change
// of it reaches nobody.

import type { QuestionFacts } from './incident-facts.ts';
import { cutText, type Part, titleWithin } from './parts.ts';
import { sayQuestion, sayQuestionEnd } from './question-words.ts';
import type { QuestionTelling, Telling } from './system.ts';

/** One line of at most `limit` UTF-16 units. A test says first that it is one. */
export function titleOf({ facts, test }: Telling, limit: number): string {
  return test === true ? cutText(`Test: ${titleWithin(facts, limit)}`, limit) : titleWithin(facts, limit);
}

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
