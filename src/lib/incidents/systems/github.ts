// GitHub issues, REST API (docs.github.com: "REST API endpoints for issues", "… for issue comments", "Rate limits for the REST API"). The
// search of GitHub lags, so an issue is looked for in the list of its label, by a marker in its body. Only people with triage rights set
// labels, so a stranger's issue with our marker is not taken for ours.

import { instantOf } from '../../words/say-instant.ts';
import type { Secret } from '../../words/secret.ts';
import { recordOf } from '../answer-record.ts';
import { markdown } from '../markdown.ts';
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

export interface GitHubOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server. */
  readonly url: string;
  /** `OWNER/NAME`. */
  readonly repository: string;
  readonly label: string;
  /** A token that may read and write issues of the repository. */
  readonly token: Secret;
}

const day = 24 * 3_600_000;

export function gitHub(options: GitHubOptions, outside: Outside): IncidentSystem {
  const api = apiOf(options, outside);
  const ask = (telling: QuestionTelling, external: External): Promise<Told> =>
    change(api, telling, external, {}, questionNews(telling));
  return {
    reopenWindowMs: 7 * day,
    findLagMs: 10_000,
    find: (telling) => find(api, options.label, telling),
    open: (telling) => open(api, options.label, telling),
    update: (telling, external) => change(api, telling, external, {}),
    resolve: (telling, external) => resolve(api, telling, external),
    reopen: (telling, external) => reopen(api, telling, external),
    ask,
    answered: ask,
  };
}

async function open(api: Api, label: string, telling: Telling): Promise<Told> {
  const { failure, body } = await api.call('POST', '/issues', { ...textOf(telling), labels: [label] });
  if (failure !== undefined) return { kind: 'failed', failure };
  const external = externalIn(body);
  return external === undefined
    ? { kind: 'failed', failure: { why: 'no-answer', detail: 'no number' } }
    : { kind: 'told', external };
}

/** Pages of the list that are read: it holds the issues of the label that changed since the first try. */
const mostPages = 5;
const pageSize = 100;
/** How far our clock may be before that of GitHub. Milliseconds. */
const clockMs = 300_000;

async function find(api: Api, label: string, { key, atMs }: Telling): Promise<Found> {
  const query = { labels: label, state: 'all', since: instantOf(atMs - clockMs), per_page: String(pageSize) };
  for (let page = 1; page <= mostPages; page += 1) {
    const { failure, body } = await api.call('GET', `/issues?${queryOf({ ...query, page: String(page) })}`);
    if (failure !== undefined) return { kind: 'failed', failure };
    const issues = listOf(body);
    const ours = issues.find((issue) => !('pull_request' in issue) && isMarked(issue, key));
    const external = externalIn(ours);
    if (external !== undefined) return { kind: 'found', external };
    if (issues.length < pageSize) return { kind: 'nothing' };
  }
  return { kind: 'failed', failure: { why: 'no-answer', detail: 'too many issues' } };
}

/** A comment comes first: where its answer is lost, the repetition finds the issue as it was. */
async function change(
  api: Api,
  telling: Telling,
  { id }: External,
  state: Readonly<Record<string, string>>,
  news: readonly Part[] = [],
): Promise<Told> {
  if (news.length > 0) {
    const failure = await comment(api, telling, id, news);
    if (failure !== undefined) return { kind: 'failed', failure };
  }
  const { failure } = await api.call('PATCH', `/issues/${id}`, { ...textOf(telling), ...state });
  return toldUnless(failure);
}

/** An edit of the text notifies no one; a comment does. A repetition looks whether it is there. */
async function comment(api: Api, telling: Telling, id: string, news: readonly Part[]): Promise<Failure | undefined> {
  if (telling.again) {
    const since = instantOf(telling.atMs - clockMs);
    const read = await api.call('GET', `/issues/${id}/comments?${queryOf({ since, per_page: String(pageSize) })}`);
    if (read.failure !== undefined) return read.failure;
    if (listOf(read.body).some((one) => isMarked(one, telling.delivery))) return undefined;
  }
  const body = `${markdown(news)}\n\n${markerOf(telling.delivery)}`;
  return (await api.call('POST', `/issues/${id}/comments`, { body })).failure;
}

/** What a person closed stays as they closed it. */
async function resolve(api: Api, telling: Telling, external: External): Promise<Told> {
  const { failure, body } = await api.call('GET', `/issues/${external.id}`);
  if (failure !== undefined) return { kind: 'failed', failure };
  if (recordOf(body)['state'] === 'closed') return { kind: 'told' };
  return change(api, telling, external, { state: 'closed', state_reason: 'completed' }, endNews(telling.facts));
}

/** An issue that a person closed as not planned is not opened again: what comes back is another issue. */
async function reopen(api: Api, telling: Telling, external: External): Promise<Told> {
  const { failure, body } = await api.call('GET', `/issues/${external.id}`);
  if (failure !== undefined) return { kind: 'failed', failure };
  const { state, state_reason: reason } = recordOf(body);
  if (state === 'closed' && (reason === 'not_planned' || reason === 'duplicate'))
    return { kind: 'failed', failure: { why: 'gone', detail: reason } };
  return change(api, telling, external, { state: 'open', state_reason: 'reopened' }, returnNews);
}

/** GitHub refuses a body of more than 65,536 characters and a title of more than 256. */
const mostBody = 60_000;
const mostTitle = 250;

function textOf(telling: Telling): Readonly<Record<string, string>> {
  const parts = fittingParts(telling.facts, (some) => markdown(some).length, mostBody);
  return { title: titleOf(telling, mostTitle), body: `${markdown(parts)}\n\n${markerOf(telling.key)}` };
}

/** A comment of HTML, which no one sees. The name holds letters, digits, `-` and `.` alone. */
function markerOf(name: string): string {
  return `<!-- pullmedic: ${name} -->`;
}

function isMarked({ body }: Readonly<Record<string, unknown>>, name: string): boolean {
  return typeof body === 'string' && body.includes(markerOf(name));
}

function externalIn(issue: unknown): External | undefined {
  const { number, html_url: url } = recordOf(issue);
  if (typeof number !== 'number') return undefined;
  return { id: String(number), ...(typeof url === 'string' ? { url } : {}) };
}

function queryOf(query: Readonly<Record<string, string>>): string {
  return new URLSearchParams(query).toString();
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

interface Api {
  call(
    method: OutsideRequest['method'],
    path: string,
    body?: unknown,
  ): Promise<{ readonly failure?: Failure; readonly body?: unknown }>;
}

function apiOf({ url, repository, token }: GitHubOptions, outside: Outside): Api {
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token.reveal()}`,
    'x-github-api-version': '2022-11-28',
  };
  return {
    async call(method, path, body) {
      const answer = await outside.send(jsonRequest(method, `${url}/repos/${repository}${path}`, headers, body));
      const failure = gitHubFailure(answer, /^\/issues\/\d/.test(path), outside.now());
      return failure === undefined ? { body: jsonOf(answer) } : { failure };
    },
  };
}

/**
 * Limits are 403 or 429, with `retry-after` or `x-ratelimit-remaining: 0`. A token without rights sees 404 instead of the repository. An issue
 * that was deleted is 410 or 404, one that was moved to another repository 301.
 */
function gitHubFailure(answer: OutsideAnswer, ofIssue: boolean, nowMs: number): Failure | undefined {
  const failure = failureOf(answer);
  if (answer.kind !== 'answer' || failure === undefined) return failure;
  const { status, headers, retryAfterMs } = answer;
  const detail = `HTTP ${status}`;
  const isSpent = headers['x-ratelimit-remaining'] === '0';
  if ((status === 403 || status === 429) && (isSpent || retryAfterMs !== undefined)) {
    const resetMs = Number(headers['x-ratelimit-reset']) * 1000 - nowMs;
    const waitMs = retryAfterMs ?? (Number.isFinite(resetMs) ? Math.max(0, resetMs) : 60_000);
    return { why: 'throttled', waitMs, detail };
  }
  if (![301, 404, 410].includes(status)) return failure;
  return { why: ofIssue ? 'gone' : 'key-refused', detail };
}
