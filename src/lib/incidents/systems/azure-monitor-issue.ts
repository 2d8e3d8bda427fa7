// Issues of an Azure Monitor workspace (Microsoft.Monitor/accounts/issues, API version 2025-10-03). The name of an issue is ours, so a repeated
// call meets the same one. An issue has a title and no text: the title ends with the link to the page. Alerts and apps are attached to it.
// Nothing of this was tried against Azure: docs/unverified.md.

import { instantOf, sayInstant } from '../../words/say-instant.ts';
import { recordOf } from '../answer-record.ts';
import type { IncidentFacts, QuestionFacts, Severity } from '../incident-facts.ts';
import {
  type External,
  type Failure,
  failureOf,
  type IncidentSystem,
  jsonOf,
  jsonRequest,
  type Outside,
  type OutsideAnswer,
  type OutsideRequest,
  type Telling,
  type Told,
  toldUnless,
} from '../system.ts';
import { titleOf } from '../telling-words.ts';

export interface AzureMonitorIssueOptions {
  /** The address of ARM in this cloud, without a path. */
  readonly arm: string;
  /** The resource id of the Azure Monitor workspace. */
  readonly workspace: string;
}

export function azureMonitorIssue(options: AzureMonitorIssueOptions, outside: Outside): IncidentSystem {
  const api = apiOf(options, outside);
  const tell = (telling: Telling, { id }: External): Promise<Told> => update(api, id, telling, {});
  return {
    // The name of an issue stays, so what comes back is the same one, however long ago it ended.
    reopenWindowMs: Number.POSITIVE_INFINITY,
    findLagMs: 0,
    open: (telling) => open(api, telling),
    update: tell,
    resolve: (telling, { id }) => update(api, id, telling, { status: 'Closed' }),
    reopen: (telling, { id }) => reopen(api, id, telling),
    ask: tell,
    answered: tell,
  };
}

/** A PUT of an issue that is there would undo what people set in it, so a repetition looks first. */
async function open(api: Api, telling: Telling): Promise<Told> {
  const { key, facts, again } = telling;
  const before = again ? await api.call('GET', key) : undefined;
  if (before !== undefined && before.failure === undefined) return update(api, key, telling, {});
  if (before?.failure !== undefined && before.failure.why !== 'gone') return toldUnless(before.failure);
  const properties = { ...shownOf(telling), status: 'New', impactTime: instantOf(facts.openedAtMs) };
  const { failure } = await api.call('PUT', key, { properties });
  return toldUnless(failure ?? (await attach(api, key, facts)), { id: key });
}

async function update(api: Api, id: string, telling: Telling, more: Readonly<Record<string, unknown>>): Promise<Told> {
  const { failure } = await api.call('PATCH', id, { properties: { ...shownOf(telling), ...more } });
  return toldUnless(failure ?? (await attach(api, id, telling.facts)), { id });
}

/** What people cancelled is not opened again: what comes back is another issue. */
async function reopen(api: Api, id: string, telling: Telling): Promise<Told> {
  const { failure, body } = await api.call('GET', id);
  if (failure !== undefined) return toldUnless(failure);
  const { status } = recordOf(recordOf(body)['properties']);
  if (status === 'Canceled') return { kind: 'failed', failure: { why: 'gone', detail: 'canceled' } };
  return update(api, id, telling, { status: 'New' });
}

/** How many alerts and apps an issue gets. */
const mostAttached = 50;

/**
 * Attaches the alerts and the apps. The issue stands without them: where Azure refuses one, because it is gone or was never there, people are
 * told all the same.
 */
async function attach(api: Api, id: string, { alerts, affected }: IncidentFacts): Promise<Failure | undefined> {
  const lists = [
    ['addOrUpdateAlerts', alerts],
    ['addOrUpdateResources', affected.map((app) => app.id)],
  ] as const;
  for (const [verb, ids] of lists) {
    if (ids.length === 0) continue;
    const value = ids.slice(0, mostAttached).map((one) => ({ id: one, relevance: 'Relevant' }));
    const { failure } = await api.call('POST', `${id}/${verb}`, { value });
    if (failure !== undefined && failure.why !== 'message-refused' && failure.why !== 'gone') return failure;
  }
  return undefined;
}

const severities: Readonly<Record<Severity, string>> = { critical: 'Sev0', high: 'Sev1', medium: 'Sev2', low: 'Sev3' };

/** UTF-16 units of the title without the link. */
const mostTitle = 200;

function shownOf(telling: Telling): Readonly<Record<string, unknown>> {
  const { facts } = telling;
  const { page } = facts.links;
  const asked = facts.state === 'open' ? facts.questions.filter(({ says }) => says === 'asked') : [];
  const words = [
    titleOf(telling, mostTitle),
    ...(asked[0] === undefined ? [] : [askedWords(asked[0], asked.length)]),
    ...(page === undefined ? [] : [page]),
  ];
  return { title: words.join(' '), severity: severities[facts.severity] };
}

function askedWords({ name, expiresAtMs }: QuestionFacts, count: number): string {
  const more = count > 1 ? ` and ${count - 1} more` : '';
  return `- asks about ${name}${more}, answer until ${sayInstant(expiresAtMs)}`;
}

interface Api {
  call(
    method: OutsideRequest['method'],
    path: string,
    body?: unknown,
  ): Promise<{ readonly failure?: Failure; readonly body?: unknown }>;
}

const apiVersion = '2025-10-03';

function apiOf({ arm, workspace }: AzureMonitorIssueOptions, outside: Outside): Api {
  return {
    async call(method, path, body) {
      const url = `${arm}${workspace}/issues/${path}?api-version=${apiVersion}`;
      const answer = await outside.send({ ...jsonRequest(method, url, {}, body), identityScope: `${arm}/.default` });
      const failure = issueFailure(answer);
      return failure === undefined ? { body: jsonOf(answer) } : { failure };
    },
  };
}

/** An issue that people deleted is 404. A conflict, as ARM answers while another change is under way (409, 412), goes by. */
function issueFailure(answer: OutsideAnswer): Failure | undefined {
  const status = answer.kind === 'answer' ? answer.status : 0;
  if (status === 404) return { why: 'gone', detail: 'HTTP 404' };
  if (status === 409 || status === 412) return { why: 'no-answer', detail: `HTTP ${status}` };
  return failureOf(answer);
}
