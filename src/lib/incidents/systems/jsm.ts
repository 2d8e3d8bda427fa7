// Jira Service Management, alerts of an API integration (developer.atlassian.com, "JSM Ops integration events API"; the calls are those of the
// Opsgenie Alert API). It takes every call in with 202 and does it later: the id of the request is asked for what became of it. Alerts that
// are open have one for each `alias`; a closed one stays closed.

import type { Secret } from '../../words/secret.ts';
import { recordOf } from '../answer-record.ts';
import type { Severity } from '../incident-facts.ts';
import { cutText, fittingParts, type Part } from '../parts.ts';
import { plainText } from '../plain-text.ts';
import {
  failureOf,
  type IncidentSystem,
  jsonOf,
  jsonRequest,
  type Outside,
  type QuestionTelling,
  type Telling,
  type Told,
} from '../system.ts';
import { changeNews, endWords, questionNews, titleOf } from '../telling-words.ts';

export interface JsmOptions {
  /** `https://api.atlassian.com`, without a path. */
  readonly url: string;
  /** The key of an API integration of the team. */
  readonly apiKey: Secret;
}

export function jsm(options: JsmOptions, outside: Outside): IncidentSystem {
  const api = apiOf(options, outside);
  const note = (telling: Telling, parts: readonly Part[]): Promise<Told> =>
    take(api, `/${telling.key}/notes?identifierType=alias`, { note: cutText(plainText(parts), mostNote) });
  const ask = (telling: QuestionTelling): Promise<Told> => note(telling, questionNews(telling));
  return {
    // A closed alert is never opened again: an incident that comes back is another alert.
    reopenWindowMs: 0,
    // A repeated call meets the open alert of its alias, so there is nothing to look for.
    findLagMs: 0,
    open: (telling) => take(api, '', alertOf(telling)),
    settle: (receipt) => settle(api, receipt),
    update: (telling) => note(telling, changeNews(telling.facts)),
    resolve: (telling) => take(api, `/${telling.key}/close?identifierType=alias`, endOf(telling), closing),
    reopen: (telling) => take(api, '', alertOf(telling)),
    ask,
    answered: ask,
  };
}

/** Marks the receipt of a close. */
const closing = '.close';

/** The receipt also says when the call was taken in, in milliseconds, and whether it is a close. */
async function take(api: Api, path: string, body: unknown, mark: '' | typeof closing = ''): Promise<Told> {
  const answer = await api.send('POST', path, body);
  const failure = failureOf(answer);
  if (failure !== undefined) return { kind: 'failed', failure };
  const { requestId } = recordOf(jsonOf(answer));
  if (typeof requestId !== 'string' || !/^[\w-]{1,100}$/.test(requestId))
    return { kind: 'failed', failure: { why: 'no-answer', detail: 'no requestId' } };
  return { kind: 'accepted', receipt: `${requestId}.${api.now()}${mark}` };
}

/** How long a request may stay unknown before it counts as lost. Milliseconds. */
const lostMs = 15 * 60_000;

/**
 * A request that is not done yet reads 404. One that failed, or is lost, is refused: the next change is told anew. A close that failed found
 * no open alert: an earlier try closed it, or a person did.
 */
async function settle(api: Api, receipt: string): Promise<Told> {
  const [requestId = '', takenAtMs = '0'] = receipt.split('.');
  const answer = await api.send('GET', `/requests/${requestId}`);
  const failure = failureOf(answer);
  if (answer.kind === 'answer' && answer.status === 404) {
    if (api.now() - Number(takenAtMs) < lostMs) return { kind: 'accepted', receipt };
    return { kind: 'failed', failure: { why: 'message-refused', detail: 'request lost' } };
  }
  // An API that does not want to speak of a request says nothing about the call itself: that is still to be asked for.
  if (failure?.why === 'message-refused')
    return { kind: 'failed', failure: { why: 'no-answer', detail: failure.detail } };
  if (failure !== undefined) return { kind: 'failed', failure };
  const { isSuccess, alias } = recordOf(recordOf(jsonOf(answer))['data']);
  if (isSuccess !== true && receipt.endsWith(closing))
    return { kind: 'failed', failure: { why: 'gone', detail: 'no open alert' } };
  if (isSuccess !== true) return { kind: 'failed', failure: { why: 'message-refused', detail: 'request failed' } };
  return typeof alias === 'string' && alias !== '' ? { kind: 'told', external: { id: alias } } : { kind: 'told' };
}

/** Lengths that the API takes. UTF-16 units. */
const mostTitle = 130;
const mostText = 15_000;
const mostNote = 20_000;

const priorities: Readonly<Record<Severity, string>> = { critical: 'P1', high: 'P2', medium: 'P3', low: 'P4' };

function alertOf(telling: Telling): unknown {
  const { facts, key } = telling;
  const parts = fittingParts(facts, (some) => plainText(some).length, mostText);
  return {
    message: titleOf(telling, mostTitle),
    alias: key,
    description: plainText(parts),
    entity: cutText(facts.registry, 512),
    source: 'pullmedic',
    tags: ['pullmedic', facts.cause],
    priority: priorities[facts.severity],
  };
}

function endOf({ facts }: Telling): unknown {
  return { source: 'pullmedic', note: cutText(endWords(facts), mostNote) };
}

interface Api {
  send(method: 'GET' | 'POST', path: string, body?: unknown): ReturnType<Outside['send']>;
  now(): number;
}

function apiOf({ url, apiKey }: JsmOptions, outside: Outside): Api {
  const headers = { authorization: `GenieKey ${apiKey.reveal()}` };
  return {
    now: () => outside.now(),
    send: (method, path, body) =>
      outside.send(jsonRequest(method, `${url}/jsm/ops/integration/v2/alerts${path}`, headers, body)),
  };
}
