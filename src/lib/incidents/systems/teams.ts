// Microsoft Teams by a flow "Post to a channel when a webhook request is received" (Microsoft Learn, "Create incoming webhooks with Workflows
// for Microsoft Teams"). The flow posts the card that it gets. It can change none, so each change is another card, and it can be asked for
// none, so a card whose answer was lost is posted twice.

import type { Secret } from '../../words/secret.ts';
import { adaptiveCard } from '../adaptive-card.ts';
import { recordOf } from '../answer-record.ts';
import type { IncidentFacts } from '../incident-facts.ts';
import { bytesOf, cutText, fittingParts, type Part } from '../parts.ts';
import {
  type Failure,
  failureOf,
  type IncidentSystem,
  jsonOf,
  type Outside,
  type OutsideAnswer,
  type Telling,
  type Told,
  toldUnless,
} from '../system.ts';
import { changeNews, endWords, questionNews, titleOf } from '../telling-words.ts';

export interface TeamsOptions {
  /** The address of the flow. It holds a signature, so whoever knows it can post. */
  readonly url: Secret;
}

export function teams({ url }: TeamsOptions, outside: Outside): IncidentSystem {
  const post = async (word: string, telling: Telling, parts: readonly Part[]): Promise<Told> => {
    const answer = await outside.send({
      method: 'POST',
      url: url.reveal(),
      headers: { 'content-type': 'application/json' },
      body: messageOf(word, telling, parts),
    });
    const failure = teamsFailure(answer);
    return toldUnless(failure, { id: telling.key });
  };
  const postWhole = (word: string, telling: Telling): Promise<Told> => post(word, telling, wholeOf(word, telling));
  return {
    // A card that says that it came back serves as well as one that says that it was opened.
    reopenWindowMs: Number.POSITIVE_INFINITY,
    findLagMs: 0,
    open: (telling) => postWhole('Opened', telling),
    reopen: (telling) => postWhole('Came back', telling),
    update: (telling) => post('Changed', telling, changeNews(telling.facts)),
    resolve: (telling) => post(telling.facts.state === 'withdrawn' ? 'Withdrawn' : 'Resolved', telling, endOf(telling)),
    ask: (telling) => post('Question', telling, questionNews(telling)),
    answered: (telling) => post('Question over', telling, questionNews(telling)),
  };
}

/** Teams shows messages up to 28 KB ("Limits and specifications for Microsoft Teams"); the rest is room for what the flow adds. Bytes. */
const mostBytes = 26_000;
const mostTitle = 250;

function messageOf(word: string, telling: Telling, parts: readonly Part[]): string {
  const named: Part = { kind: 'fields', fields: [['Incident', telling.key]] };
  const content = adaptiveCard(`${word}: ${titleOf(telling, mostTitle)}`, [...parts, ...pageOf(telling.facts), named]);
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return JSON.stringify({ type: 'message', attachments: [{ contentType, contentUrl: null, content }] });
}

/** The whole text already has the link to the page. */
function wholeOf(word: string, telling: Telling): readonly Part[] {
  const sizeOf = (some: readonly Part[]): number => bytesOf(messageOf(word, telling, withoutPage(some)));
  return withoutPage(fittingParts(telling.facts, sizeOf, mostBytes));
}

function withoutPage(parts: readonly Part[]): readonly Part[] {
  return parts.filter((part) => part.kind !== 'link' || part.text !== pageWords);
}

const pageWords = 'Page of the incident';

function pageOf({ links: { page } }: IncidentFacts): readonly Part[] {
  return page === undefined ? [] : [{ kind: 'link', text: pageWords, url: page }];
}

function endOf({ facts }: Telling): readonly Part[] {
  return [{ kind: 'paragraph', text: cutText(endWords(facts), 2000) }];
}

/** The address is our key: a flow that was deleted, switched off or left by its owner takes nothing from us any more. */
function teamsFailure(answer: OutsideAnswer): Failure | undefined {
  const failure = failureOf(answer);
  if (answer.kind !== 'answer' || failure?.why !== 'message-refused') return failure;
  const isOff = recordOf(recordOf(jsonOf(answer))['error'])['code'] === 'WorkflowTriggerIsNotEnabled';
  const { status } = answer;
  return status === 404 || status === 410 || isOff ? { why: 'key-refused', detail: `HTTP ${status}` } : failure;
}
