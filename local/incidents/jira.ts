// A project of Jira Cloud by its REST API v3 (developer.atlassian.com: "Issue search", "Issues", "Issue comments"): a search whose index is late,
// the Atlassian Document Format, and a workflow with named transitions.

import {
  type Behaviour,
  jsonIn,
  type LocalAnswer,
  type LocalRequest,
  type LocalSystem,
  type Seen,
  type Start,
  startSystem,
} from './server.ts';

export interface Jira extends LocalSystem {
  issues(): readonly Readonly<Issue>[];
  /** A person sets fields of the issue of this number, from 0. */
  personSets(at: number, fields: Partial<Pick<Issue, 'done' | 'resolution'>>): void;
  personDeletes(at: number): void;
}

interface Issue {
  readonly id: string;
  readonly createdAtMs: number;
  readonly labels: readonly string[];
  summary: string;
  description: unknown;
  done: boolean;
  resolution: string | null;
  readonly comments: unknown[];
}

interface Fields {
  readonly project?: { readonly key: string };
  readonly summary: string;
  readonly description: unknown;
  readonly labels?: readonly string[];
}

/** How late the index is. Milliseconds. */
const indexMs = 20_000;
const root = '/rest/api/3';

/** `authorization`: the header that it accepts. `now`: milliseconds, by the clock of the sender. */
export async function startJira(
  authorization: string,
  project: string,
  now: () => number,
  start: Start = startSystem,
): Promise<Jira> {
  const issues: Issue[] = [];
  let made = 0;
  const create = (request: LocalRequest): LocalAnswer => {
    const { fields } = jsonIn(request) as { readonly fields: Fields };
    if (fields.project?.key !== project || isWrong(fields)) return { status: 400, body: { errors: {} } };
    const { summary, description, labels = [] } = fields;
    made += 1;
    const issue = { id: String(10_000 + made), createdAtMs: now(), labels, summary, description, comments: [] };
    issues.push({ ...issue, done: false, resolution: null });
    return { status: 201, body: { id: issue.id, key: `${project}-${made}` } };
  };
  const search = (request: LocalRequest): LocalAnswer => {
    const { jql } = jsonIn(request) as { readonly jql: string };
    const label = /labels = "([^"]*)"/.exec(jql)?.[1] ?? '';
    const found = issues.filter((one) => one.labels.includes(label) && now() - one.createdAtMs >= indexMs);
    return { status: 200, body: { issues: found.map(({ id }) => ({ id, key: `${project}-1` })), isLast: true } };
  };
  const behaviour: Behaviour = {
    answer(request) {
      if (request.headers['authorization'] !== authorization) return { status: 401 };
      const { pathname } = new URL(request.url, 'http://jira');
      if (pathname === `${root}/search/jql`) return search(request);
      if (pathname === `${root}/issue`) return create(request);
      const [id, part] = pathname.slice(`${root}/issue/`.length).split('/');
      const issue = issues.find((one) => one.id === id);
      return issue === undefined ? { status: 404, body: { errorMessages: [] } } : onIssue(issue, part, request);
    },
    isChange: ({ method, url }) => method !== 'GET' && !url.includes('/search/'),
    seen: () => issues.map(seenOf),
    reset: () => void issues.splice(0),
  };
  const system = await start(behaviour);
  return {
    ...system,
    issues: () => issues,
    personSets: (at, fields) => void Object.assign(issues[at] ?? {}, fields),
    personDeletes: (at) => void issues.splice(at, 1),
  };
}

function onIssue(issue: Issue, part: string | undefined, request: LocalRequest): LocalAnswer {
  switch (part) {
    case undefined:
      return request.method === 'GET' ? { status: 200, body: { fields: statusOf(issue) } } : edit(issue, request);
    case 'comment':
      return request.method === 'GET' ? { status: 200, body: { comments: issue.comments } } : comment(issue, request);
    case 'transitions':
      return request.method === 'GET'
        ? { status: 200, body: { transitions: transitionsOf(issue) } }
        : move(issue, request);
    default:
      return { status: 404 };
  }
}

function statusOf({ done, resolution }: Issue): unknown {
  const status = { name: done ? 'Done' : 'To Do', statusCategory: { key: done ? 'done' : 'new' } };
  return { status, resolution: resolution === null ? null : { name: resolution } };
}

function edit(issue: Issue, request: LocalRequest): LocalAnswer {
  const { fields } = jsonIn(request) as { readonly fields: Fields };
  if (isWrong(fields) || issue.done) return { status: 400, body: { errors: {} } };
  issue.summary = fields.summary;
  issue.description = fields.description;
  return { status: 204 };
}

function comment(issue: Issue, request: LocalRequest): LocalAnswer {
  const { body } = jsonIn(request) as { readonly body: unknown };
  if (hasEmptyText(body)) return { status: 400, body: { errors: { comment: 'INVALID_INPUT' } } };
  issue.comments.unshift({ body });
  return { status: 201, body: {} };
}

/** A workflow offers the transitions that lead away from the status. */
function transitionsOf({ done }: Issue): readonly { readonly id: string; readonly name: string }[] {
  return done ? [{ id: '11', name: 'Reopen' }] : [{ id: '31', name: 'Done' }];
}

function move(issue: Issue, request: LocalRequest): LocalAnswer {
  const { transition } = jsonIn(request) as { readonly transition: { readonly id: string } };
  if (!transitionsOf(issue).some(({ id }) => id === transition.id)) return { status: 400 };
  issue.done = transition.id === '31';
  issue.resolution = issue.done ? 'Done' : null;
  return { status: 204 };
}

function isWrong({ summary, description, labels = [] }: Fields): boolean {
  if (summary === '' || summary.length > 255 || summary.includes('\n')) return true;
  return (
    labels.some((label) => /\s/.test(label)) || hasEmptyText(description) || JSON.stringify(description).length > 32_767
  );
}

function hasEmptyText(document: unknown): boolean {
  return JSON.stringify(document).includes('"text":""');
}

/** What a person reads: text nodes as they are, and links with their address. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text, marks, ...others } = value as Readonly<Record<string, unknown>>;
  if (type !== 'text') return Object.values(others).flatMap(textsIn);
  const href = /"href":"([^"]*)"/.exec(JSON.stringify(marks ?? []))?.[1];
  return [href === undefined ? String(text) : `${String(text)} ${href}`];
}

function seenOf({ summary, description, comments, done }: Issue): Seen {
  return { state: done ? 'resolved' : 'open', text: [summary, ...textsIn([description, comments])].join('\n') };
}
