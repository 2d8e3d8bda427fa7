// Jira Cloud issues, REST API v3 (developer.atlassian.com: "Issue search" with `/search/jql`, "Issues", "Issue comments"). Jira deduplicates
// nothing: a label names the opening, and its index is late, so a lost answer is looked for only after a while.

import type { Secret } from '../../words/secret.ts';
import { recordOf } from '../answer-record.ts';
import { atlassianText } from '../atlassian-text.ts';
import { basicAuth } from '../basic-auth.ts';
import { fittingParts, type Part } from '../parts.ts';
import {
  type External,
  type Failure,
  type Found,
  failureOf,
  type IncidentSystem,
  jsonOf,
  jsonRequest,
  type Outside,
  type OutsideAnswer,
  type OutsideRequest,
  type QuestionTelling,
  type Telling,
  type Told,
  toldUnless,
} from '../system.ts';
import { endNews, questionNews, returnNews, titleOf } from '../telling-words.ts';

export interface JiraOptions {
  /** `https://SITE.atlassian.net`, without a path. */
  readonly url: string;
  readonly user: string;
  readonly token: Secret;
  /** The key of the project, such as `OPS`. */
  readonly project: string;
  readonly issueType: string;
  /** Names of transitions in the workflow of the project. */
  readonly resolveBy: string;
  readonly reopenBy: string;
  /** The name of the resolution that says that people want nothing more of it. */
  readonly wontFix: string;
}

const day = 24 * 3_600_000;

export function jira(options: JiraOptions, outside: Outside): IncidentSystem {
  const api = apiOf(options, outside);
  const ask = (telling: QuestionTelling, external: External): Promise<Told> =>
    tell(api, telling, external, questionNews(telling));
  return {
    reopenWindowMs: 7 * day,
    findLagMs: 120_000,
    find: (telling) => find(api, options, telling),
    open: (telling) => open(api, options, telling),
    update: (telling, external) => tell(api, telling, external, []),
    resolve: (telling, external) => resolve(api, options, telling, external),
    reopen: (telling, external) => reopen(api, options, telling, external),
    ask,
    answered: ask,
  };
}

async function find(api: Api, { url, project }: JiraOptions, { key }: Telling): Promise<Found> {
  const jql = `project = "${project}" AND labels = "${key}" ORDER BY created DESC`;
  const { failure, body } = await api.call('POST', '/search/jql', { jql, fields: ['status'], maxResults: 1 });
  if (failure !== undefined) return { kind: 'failed', failure };
  const { issues } = recordOf(body);
  if (!Array.isArray(issues)) return { kind: 'failed', failure: { why: 'no-answer', detail: 'no list' } };
  const external = externalIn(url, issues[0]);
  return external === undefined ? { kind: 'nothing' } : { kind: 'found', external };
}

async function open(api: Api, { url, project, issueType }: JiraOptions, telling: Telling): Promise<Told> {
  const where = { project: { key: project }, issuetype: { name: issueType } };
  const fields = { ...where, ...textOf(telling), labels: [telling.key, 'pullmedic'] };
  const { failure, body } = await api.call('POST', '/issue', { fields });
  if (failure !== undefined) return { kind: 'failed', failure };
  const external = externalIn(url, body);
  return external === undefined
    ? { kind: 'failed', failure: { why: 'no-answer', detail: 'no key' } }
    : { kind: 'told', external };
}

/** Writes the text anew, unless people have closed the issue, and adds a comment, which notifies people. */
async function tell(api: Api, telling: Telling, { id }: External, news: readonly Part[]): Promise<Told> {
  const read = await readIssue(api, id);
  if ('failure' in read) return { kind: 'failed', failure: read.failure };
  const failure = (read.done ? undefined : await write(api, telling, id)) ?? (await comment(api, telling, id, news));
  return toldUnless(failure);
}

/** The transition comes last: a workflow may let no one change an issue that is done. */
async function resolve(api: Api, { resolveBy }: JiraOptions, telling: Telling, { id }: External): Promise<Told> {
  const read = await readIssue(api, id);
  if ('failure' in read) return { kind: 'failed', failure: read.failure };
  if (read.done) return { kind: 'told' };
  const failure =
    (await write(api, telling, id)) ??
    (await comment(api, telling, id, endNews(telling.facts))) ??
    (await move(api, id, resolveBy));
  return toldUnless(failure);
}

/** What people do not want to fix is not opened again: what comes back is another issue. */
async function reopen(api: Api, { reopenBy, wontFix }: JiraOptions, telling: Telling, { id }: External): Promise<Told> {
  const read = await readIssue(api, id);
  if ('failure' in read) return { kind: 'failed', failure: read.failure };
  if (read.done && read.resolution === wontFix) return { kind: 'failed', failure: { why: 'gone', detail: 'wontFix' } };
  const failure =
    (read.done ? await move(api, id, reopenBy) : undefined) ??
    (await write(api, telling, id)) ??
    (await comment(api, telling, id, returnNews));
  return toldUnless(failure);
}

type ReadIssue = { readonly done: boolean; readonly resolution: unknown } | { readonly failure: Failure };

/** The statuses of a workflow have names of their own; each belongs to one of three categories, of which `done` is one. */
async function readIssue(api: Api, id: string): Promise<ReadIssue> {
  const { failure, body } = await api.call('GET', `/issue/${id}?fields=status,resolution`);
  if (failure !== undefined) return { failure };
  const { status, resolution } = recordOf(recordOf(body)['fields']);
  const category = recordOf(recordOf(status)['statusCategory'])['key'];
  if (typeof category !== 'string') return { failure: { why: 'no-answer', detail: 'no status' } };
  return { done: category === 'done', resolution: recordOf(resolution)['name'] };
}

async function write(api: Api, telling: Telling, id: string): Promise<Failure | undefined> {
  return (await api.call('PUT', `/issue/${id}`, { fields: textOf(telling) })).failure;
}

/** A repetition looks among the latest comments whether this one is there. */
async function comment(
  api: Api,
  { again, delivery }: Telling,
  id: string,
  news: readonly Part[],
): Promise<Failure | undefined> {
  if (news.length === 0) return undefined;
  if (again) {
    const { failure, body } = await api.call('GET', `/issue/${id}/comment?orderBy=-created&maxResults=100`);
    if (failure !== undefined) return failure;
    if (JSON.stringify(recordOf(body)['comments'] ?? []).includes(`(${delivery})`)) return undefined;
  }
  const body = atlassianText([...news, { kind: 'paragraph', text: `(${delivery})` }]);
  return (await api.call('POST', `/issue/${id}/comment`, { body })).failure;
}

async function move(api: Api, id: string, name: string): Promise<Failure | undefined> {
  const { failure, body } = await api.call('GET', `/issue/${id}/transitions`);
  if (failure !== undefined) return failure;
  const { transitions } = recordOf(body);
  const all = Array.isArray(transitions) ? transitions.map(recordOf) : [];
  const found = all.find((one) => one['name'] === name)?.['id'];
  if (typeof found !== 'string') return { why: 'message-refused', detail: 'no such transition' };
  return (await api.call('POST', `/issue/${id}/transitions`, { transition: { id: found } })).failure;
}

/** Jira refuses a summary of more than 255 characters and a description of more than 32,767. The format counts: it is longer than the text. */
const mostTitle = 250;
const mostText = 30_000;

function textOf(telling: Telling): Readonly<Record<string, unknown>> {
  const parts = fittingParts(telling.facts, (some) => JSON.stringify(atlassianText(some)).length, mostText);
  return { summary: titleOf(telling, mostTitle), description: atlassianText(parts) };
}

/** The id and not the key: a key changes where people move the issue to another project. */
function externalIn(url: string, issue: unknown): External | undefined {
  const { id, key } = recordOf(issue);
  if (typeof id !== 'string' || !/^\d+$/.test(id)) return undefined;
  return { id, ...(typeof key === 'string' ? { url: `${url}/browse/${key}`, more: { key } } : {}) };
}

interface Api {
  call(
    method: OutsideRequest['method'],
    path: string,
    body?: unknown,
  ): Promise<{ readonly failure?: Failure; readonly body?: unknown }>;
}

function apiOf({ url, user, token }: JiraOptions, outside: Outside): Api {
  const headers = { authorization: basicAuth(user, token), accept: 'application/json' };
  return {
    async call(method, path, body) {
      const answer = await outside.send(jsonRequest(method, `${url}/rest/api/3${path}`, headers, body));
      const failure = jiraFailure(answer, path.startsWith('/issue/'));
      return failure === undefined ? { body: jsonOf(answer) } : { failure };
    },
  };
}

/** An issue that was deleted is 404, and so is one that the user may not see. */
function jiraFailure(answer: OutsideAnswer, ofIssue: boolean): Failure | undefined {
  const isGone = answer.kind === 'answer' && answer.status === 404 && ofIssue;
  return isGone ? { why: 'gone', detail: 'HTTP 404' } : failureOf(answer);
}
