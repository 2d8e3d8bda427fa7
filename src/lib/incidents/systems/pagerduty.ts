// PagerDuty, Events API v2 (developer.pagerduty.com, "Send an Alert Event": fields, limits and status codes). PagerDuty deduplicates by
// `dedup_key` while an alert is open; after a resolve the same key would open another alert.

import { instantOf } from '../../words/say-instant.ts';
import type { Secret } from '../../words/secret.ts';
import { recordOf } from '../answer-record.ts';
import type { IncidentFacts, Severity } from '../incident-facts.ts';
import { bytesOf, cutText, fittingParts, type Part } from '../parts.ts';
import { plainText } from '../plain-text.ts';
import {
  type Failure,
  failureOf,
  type IncidentSystem,
  jsonOf,
  jsonRequest,
  type Outside,
  type OutsideAnswer,
  type Telling,
  type Told,
  toldUnless,
} from '../system.ts';
import { questionNews, titleOf } from '../telling-words.ts';

export interface PagerDutyOptions {
  /** Without a path: `https://events.pagerduty.com`, or `https://events.eu.pagerduty.com` for an account in the EU. */
  readonly url: string;
  /** The integration key of an Events API v2 integration. */
  readonly routingKey: Secret;
}

/**
 * An answer of 202 says that PagerDuty took the event in; whether an alert came of it, nothing that a routing key may ask says. A trigger on
 * an open alert adds to its log and pages no one again.
 */
export function pagerDuty(options: PagerDutyOptions, outside: Outside): IncidentSystem {
  const trigger = (telling: Telling, news: readonly Part[] = []): Promise<Told> =>
    enqueue(options, outside, telling, { event_action: 'trigger', ...detailsOf(telling, news) });
  return {
    // A resolved alert is never opened again: an incident that comes back is another alert, which pages again.
    reopenWindowMs: 0,
    // A repeated trigger meets the alert of its key, so there is nothing to look for.
    findLagMs: 0,
    open: (telling) => trigger(telling),
    update: (telling) => trigger(telling),
    reopen: (telling) => trigger(telling),
    resolve: (telling) => enqueue(options, outside, telling, { event_action: 'resolve' }),
    ask: (telling) => trigger(telling, questionNews(telling)),
    answered: (telling) => trigger(telling, questionNews(telling)),
  };
}

async function enqueue(
  { url, routingKey }: PagerDutyOptions,
  outside: Outside,
  { key }: Telling,
  event: Readonly<Record<string, unknown>>,
): Promise<Told> {
  const body = { routing_key: routingKey.reveal(), dedup_key: key, ...event };
  const answer = await outside.send(jsonRequest('POST', `${url}/v2/enqueue`, {}, body));
  const failure = pagerDutyFailure(answer);
  return toldUnless(failure, { id: key });
}

/** A routing key of the wrong form is a 400 whose list of errors names the field, not a 401. */
function pagerDutyFailure(answer: OutsideAnswer): Failure | undefined {
  const failure = failureOf(answer);
  if (failure?.why === 'message-refused' && namesRoutingKey(jsonOf(answer)))
    return { why: 'key-refused', detail: failure.detail };
  return failure;
}

function namesRoutingKey(body: unknown): boolean {
  const { errors } = recordOf(body);
  return Array.isArray(errors) && errors.some((error) => typeof error === 'string' && error.includes('routing_key'));
}

/** An event may have 512 KB. JSON at most doubles the text, which holds no control characters but ends of lines. Bytes. */
const mostText = 200_000;
/** UTF-16 units of `summary`. */
const mostSummary = 1024;

const severities: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
};

function detailsOf(telling: Telling, news: readonly Part[]): Readonly<Record<string, unknown>> {
  const { facts, atMs } = telling;
  const parts = fittingParts(facts, (some) => bytesOf(plainText([...news, ...some])), mostText);
  return {
    client: 'pullmedic',
    ...(facts.links.page === undefined ? {} : { client_url: facts.links.page }),
    links: linksOf(facts),
    payload: {
      summary: titleOf(telling, mostSummary),
      source: cutText(facts.registry, 255),
      severity: severities[facts.severity],
      timestamp: instantOf(atMs),
      component: cutText(facts.registry, 255),
      class: facts.cause,
      custom_details: { owner: facts.owner, text: plainText([...news, ...parts]) },
    },
  };
}

function linksOf({ links: { page, runbook } }: IncidentFacts): readonly { href: string; text: string }[] {
  return [
    ...(page === undefined ? [] : [{ href: page, text: 'Page of the incident' }]),
    ...(runbook === undefined ? [] : [{ href: runbook, text: 'Runbook' }]),
  ];
}
