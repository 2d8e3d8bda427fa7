// Webhook: any receiver of our own or of others. The body is a CloudEvent 1.0 in structured JSON ("CloudEvents - Version 1.0.2" and "JSON
// Event Format for CloudEvents"), signed as Standard Webhooks says (standard-webhooks specification, "Webhook Headers", "Symmetric").

import { instantOf } from '../../words/say-instant.ts';
import type { Secret } from '../../words/secret.ts';
import type { IncidentFacts, QuestionFacts } from '../incident-facts.ts';
import { bytesOf, fittingParts, oneLine, titleWithin } from '../parts.ts';
import { plainText } from '../plain-text.ts';
import {
  failureOf,
  type IncidentSystem,
  type Outside,
  type QuestionTelling,
  type Telling,
  type Told,
  toldUnless,
} from '../system.ts';

export interface WebhookOptions {
  readonly url: Secret;
  /** `whsec_` and base64. The newest first; the receiver accepts a signature of any of them. */
  readonly secrets: readonly Secret[];
}

/** The receiver keeps what it likes: it deduplicates by `webhook-id`, and knows the incident by `subject`. */
export function webhook(options: WebhookOptions, outside: Outside): IncidentSystem {
  const send = (type: EventType, telling: Telling | QuestionTelling): Promise<Told> =>
    deliver(options, outside, type, telling);
  return {
    // To the receiver a reopened incident is the same one, however long ago it ended.
    reopenWindowMs: Number.POSITIVE_INFINITY,
    findLagMs: 0,
    open: (telling) => send('incident.opened', telling),
    update: (telling) => send('incident.updated', telling),
    resolve: (telling) => send('incident.resolved', telling),
    reopen: (telling) => send('incident.reopened', telling),
    ask: (telling) => send(telling.stage === 'reminded' ? 'question.reminded' : 'question.asked', telling),
    answered: (telling) => send(telling.stage === 'expired' ? 'question.expired' : 'question.answered', telling),
  };
}

type EventType =
  | 'incident.opened'
  | 'incident.updated'
  | 'incident.resolved'
  | 'incident.reopened'
  | 'question.asked'
  | 'question.reminded'
  | 'question.answered'
  | 'question.expired';

async function deliver(
  { url, secrets }: WebhookOptions,
  outside: Outside,
  type: EventType,
  telling: Telling | QuestionTelling,
): Promise<Told> {
  const body = eventOf(type, telling);
  const seconds = String(Math.floor(outside.now() / 1000));
  const signed = `${telling.delivery}.${seconds}.${body}`;
  const keys = secrets.map((secret) => secret.reveal().replace(/^whsec_/, ''));
  const answer = await outside.send({
    method: 'POST',
    url: url.reveal(),
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': telling.delivery,
      'webhook-timestamp': seconds,
      'webhook-signature': keys.map((key) => `v1,${outside.hmac(key, signed)}`).join(' '),
    },
    body,
  });
  // Standard Webhooks, "Reserved and suggested status codes": 410 asks the sender to stop for good.
  if (answer.kind === 'answer' && answer.status === 410)
    return { kind: 'failed', failure: { why: 'switched-off', detail: 'HTTP 410' } };
  return toldUnless(failureOf(answer), { id: telling.key });
}

/** Standard Webhooks asks for small payloads, "ideally" under 20 kB. Bytes of the whole event. */
const mostBytes = 20_000;
/** What the text may take of it. Bytes. */
const mostText = 8000;
const mostListed = 40;

function eventOf(type: EventType, telling: Telling | QuestionTelling): string {
  const sizes = [mostListed, 10, 3, 0];
  for (const size of sizes) {
    const body = JSON.stringify(eventWith(type, telling, size));
    if (bytesOf(body) <= mostBytes || size === 0) return body;
  }
  return '';
}

function eventWith(type: EventType, telling: Telling | QuestionTelling, listed: number): unknown {
  const { facts, key, delivery, atMs } = telling;
  return {
    specversion: '1.0',
    id: delivery,
    source: facts.links.page?.replace(/#.*$/, '') ?? 'urn:pullmedic',
    type: `pullmedic.${type}.v1`,
    subject: key,
    time: instantOf(atMs),
    datacontenttype: 'application/json',
    data: {
      ...(telling.test === true ? { test: true } : {}),
      incident: incidentData(facts, listed),
      ...('question' in telling ? { question: questionData(telling.question, telling.stage) } : {}),
    },
  };
}

function incidentData(facts: IncidentFacts, listed: number): unknown {
  const { id, state, cause, sure, family, owner, severity, registry, links, ended } = facts;
  const { openedAtMs, sinceMs, occurrences, affected, unaffected, commands, verify } = facts;
  const parts = fittingParts(facts, (some) => bytesOf(plainText(some)), mostText);
  return {
    id,
    state,
    cause,
    says: facts.says,
    sure,
    family,
    owner,
    severity,
    registry,
    title: titleWithin(facts, 250),
    openedAt: instantOf(openedAtMs),
    since: instantOf(sinceMs),
    occurrences,
    affected: affected.slice(0, listed).map((app) => ({ ...app, name: oneLine(app.name) })),
    affectedCount: affected.length,
    unaffected: unaffected.slice(0, Math.min(listed, 10)).map(({ app }) => app),
    command: commands[0]?.text,
    ...(listed === 0 ? {} : { verify }),
    links,
    ...(ended === undefined ? {} : { endedAt: instantOf(ended.atMs), because: ended.because }),
    text: plainText(parts),
  };
}

function questionData({ remediation, app, question, expiresAtMs, link }: QuestionFacts, stage: string): unknown {
  return { remediation, app, question, stage, until: instantOf(expiresAtMs), ...(link === undefined ? {} : { link }) };
}
