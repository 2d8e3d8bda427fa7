// The issues of a repository on GitHub by its REST API (docs.github.com, "REST API endpoints for issues"): issues and pull requests in one list,
// labels, comments, reasons of an end, and limits of the length of texts.

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

export interface GitHub extends LocalSystem {
  issues(): readonly Readonly<Issue>[];
  /** A person sets fields of the issue of this number, or opens one. */
  personSets(number: number, fields: Partial<Issue>): void;
  personOpens(fields: Partial<Issue>): void;
  personDeletes(number: number): void;
}

interface Issue {
  readonly number: number;
  title: string;
  body: string;
  labels: readonly string[];
  state: 'open' | 'closed';
  state_reason: string | null;
  pull_request?: unknown;
  readonly comments: string[];
}

/** `repository`: `OWNER/NAME`. */
export async function startGitHub(repository: string, token: string, start: Start = startSystem): Promise<GitHub> {
  const issues: Issue[] = [];
  const root = `/repos/${repository}/issues`;
  const add = (fields: Partial<Issue>): Issue => {
    const blank = { title: '', body: '', labels: [], state: 'open', state_reason: null } as const;
    const number = 1 + Math.max(0, ...issues.map((one) => one.number));
    const made: Issue = { ...blank, ...fields, number, comments: [] };
    issues.push(made);
    return made;
  };
  const behaviour: Behaviour = {
    answer(request) {
      if (request.headers['authorization'] !== `Bearer ${token}`)
        return { status: 401, body: { message: 'Bad credentials' } };
      const { pathname, searchParams } = new URL(request.url, 'http://github');
      if (!pathname.startsWith(root)) return { status: 404, body: { message: 'Not Found' } };
      const wrong = request.method === 'GET' ? undefined : wrongIn(request);
      if (wrong !== undefined) return wrong;
      if (pathname === root) {
        if (request.method === 'GET') return listed(issues, searchParams);
        return { status: 201, body: shown(add(jsonIn(request) as Partial<Issue>)) };
      }
      const [number, comments] = pathname.slice(root.length + 1).split('/');
      const issue = issues.find((one) => one.number === Number(number));
      if (issue === undefined) return { status: 410, body: { message: 'This issue was deleted' } };
      return comments === undefined ? onIssue(issue, request) : onComments(issue, request);
    },
    trouble: (trouble) =>
      ({
        throttled: { status: 403, headers: { 'retry-after': '30' }, body: { message: 'secondary rate limit' } },
        'key-refused': { status: 401, body: { message: 'Bad credentials' } },
        'message-refused': { status: 422, body: { message: 'Validation Failed' } },
        down: { status: 502 },
      })[trouble],
    seen: () => issues.filter(({ pull_request: pull }) => pull === undefined).map(seenOf),
    reset: () => void issues.splice(0),
  };
  const system = await start(behaviour);
  return {
    ...system,
    issues: () => issues,
    personSets: (number, fields) => void Object.assign(issues.find((one) => one.number === number) ?? {}, fields),
    personOpens: (fields) => void add(fields),
    personDeletes: (number) =>
      void issues.splice(
        issues.findIndex((one) => one.number === number),
        1,
      ),
  };
}

function wrongIn(request: LocalRequest): LocalAnswer | undefined {
  const { title = '', body = '' } = jsonIn(request) as { readonly title?: string; readonly body?: string };
  return title.length > 256 || body.length > 65_536
    ? { status: 422, body: { message: 'Validation Failed' } }
    : undefined;
}

function listed(issues: readonly Issue[], query: URLSearchParams): LocalAnswer {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const begin = (Number(query.get('page') ?? 1) - 1) * size;
  const states = query.get('state') === 'all' ? ['open', 'closed'] : ['open'];
  const found = issues.filter(
    ({ labels, state }) => labels.includes(query.get('labels') ?? '') && states.includes(state),
  );
  return {
    status: 200,
    body: found
      .toReversed()
      .slice(begin, begin + size)
      .map(shown),
  };
}

function onIssue(issue: Issue, request: LocalRequest): LocalAnswer {
  if (request.method === 'PATCH') Object.assign(issue, jsonIn(request));
  return { status: 200, body: shown(issue) };
}

function onComments(issue: Issue, request: LocalRequest): LocalAnswer {
  if (request.method === 'GET') return { status: 200, body: issue.comments.map((body) => ({ body })) };
  const { body } = jsonIn(request) as { readonly body: string };
  issue.comments.push(body);
  return { status: 201, body: { body } };
}

function shown({ comments, ...issue }: Issue): unknown {
  return { ...issue, comments: comments.length, html_url: `https://github.example/issues/${issue.number}` };
}

function seenOf({ title, body, state, comments }: Issue): Seen {
  return {
    state: state === 'open' ? 'open' : 'resolved',
    text: [title, ...[body, ...comments].map(rendered)].join('\n'),
  };
}

/**
 * What a person reads of Markdown: links with their address, no comment or tag of HTML, no mark that makes type bold, and a backslash before a
 * mark makes it text. Blocks of code stay as they are; a word joiner is not seen.
 */
function rendered(text: string): string {
  const blocks = text.split(/^(`{3,}\w*\n[^]*?\n`{3,})$/m);
  return blocks.map((block) => (block.startsWith('```') ? block : renderedLine(block))).join('');
}

function renderedLine(text: string): string {
  // Marks that were kept are numbered between two characters of the private use area.
  const kept: string[] = [];
  const keep = (mark: string): string => `\ue000${kept.push(mark) - 1}\ue000`;
  return text
    .replace(/\\([!-/:-@[-`{-~])/g, (_all, mark: string) => keep(mark))
    .replace(/\[([^\]]*)\]\(<([^>]*)>\)/g, '$1 $2')
    .replace(/<!--[^]*?-->|<[a-z/!][^>]*>|[*_`]|^#+ /gim, '')
    .replaceAll('\u2060', '')
    .replace(/\ue000(\d+)\ue000/g, (_all, at: string) => kept[Number(at)] ?? '');
}
