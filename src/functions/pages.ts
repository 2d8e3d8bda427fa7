// HTTP: the one place that registers a page. A page is HTML at its own address, and the same as JSON (`?as=json`) and as Markdown (`?as=md`)
// beside it. Only people whom the platform has signed in see a page.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { noticeIn, sayNotice } from '../lib/answers/notice.ts';
import { noAnswerPage } from '../lib/console/confirm-page.ts';
import type { Shell } from '../lib/console/layout.ts';
import type { Viewer } from '../lib/console/viewer.ts';
import { markdown } from '../lib/incidents/markdown.ts';
import type { Part } from '../lib/incidents/parts.ts';
import { withoutUserinfoIn } from '../lib/words/userinfo.ts';
import type { App } from './app.ts';
import { formPage, pageHeaders } from './page-headers.ts';
import { mayRead, viewerOf } from './sign-in.ts';
import { turnedAway } from './turned-away.ts';
import { orUnread, type Wanted } from './unread-page.ts';

export { pageHeaders } from './page-headers.ts';

/** One page, ready to be written in the form that the reader asks for. Only the asked form is made. */
export interface Page {
  readonly html: (shell: Shell) => string;
  readonly json: () => unknown;
  /** Members of the JSON that give back what the reader wrote: no password is looked for in them. */
  readonly written?: Readonly<Record<string, unknown>>;
  readonly markdown: () => readonly Part[];
  /** The rows of the page as comma-separated values; absent where a page has no rows. */
  readonly csv?: () => string;
}

/** Why there is no page: nothing has this name (404), or it cannot be read (409). */
export interface NoPage {
  readonly status: 404 | 409;
  readonly sentence: string;
}

/** Reads what a page shows. `nowMs` is the instant of the request. */
export type Show = (pullmedic: App, request: HttpRequest, nowMs: number) => Promise<Page | NoPage>;

/** Registers a page for readers and operators at `/api/ROUTE`. */
export function registerPage(
  pullmedic: App,
  { name, route }: { readonly name: string; readonly route: string },
  show: Show,
): void {
  const handler = async (request: HttpRequest): Promise<HttpResponseInit> => {
    const viewer = viewerOf(pullmedic, request);
    if (viewer === undefined) return wantsHtml(request) ? turnedAway(pullmedic, request) : refused();
    const wanted = { name, form: formIn(request), ...refreshIn(request) };
    return orUnread(pullmedic, wanted, request, async () => {
      const nowMs = pullmedic.ports.now();
      const page = await show(pullmedic, request, nowMs);
      return answered(page, request, { viewer, nowMs, ...(await noticeOf(pullmedic, request, viewer)) });
    });
  };
  pullmedic.http(name, { methods: ['GET'], authLevel: 'anonymous', route, handler });
}

/** True if a browser asks for the page itself, and not for one of the other forms of it. */
function wantsHtml(request: HttpRequest): boolean {
  const isOther = ['json', 'md', 'csv'].includes(request.query.get('as') ?? '');
  return !isOther && (request.headers.get('accept') ?? '').includes('text/html');
}

/** The form of a page that is written where the page itself cannot be. */
function formIn(request: HttpRequest): Wanted['form'] {
  if (request.query.get('as') === 'json') return 'json';
  return wantsHtml(request) ? 'html' : 'text';
}

/** What the reader just did on this page, if the address says so in a way that only pullmedic can. */
async function noticeOf({ ports }: App, request: HttpRequest, viewer: Viewer): Promise<{ readonly notice?: string }> {
  if (!viewer.mayAnswer) return {};
  const notice = await noticeIn(ports, viewer.id, new URL(request.url).pathname, request.query);
  return notice === undefined ? {} : { notice: sayNotice(notice) };
}

/** Registers an address that readers and operators may read. */
export function registerRead(
  pullmedic: App,
  { name, route }: { readonly name: string; readonly route: string },
  answer: (pullmedic: App, request: HttpRequest) => Promise<HttpResponseInit>,
): void {
  pullmedic.http(name, {
    methods: ['GET'],
    authLevel: 'anonymous',
    route,
    handler: async (request) =>
      mayRead(pullmedic, request)
        ? orUnread(pullmedic, { name, form: 'json' }, request, async () => asRead(await answer(pullmedic, request)))
        : refused(),
  });
}

/** No answer is kept by a browser, or repeats a password of an image reference. */
function asRead({ jsonBody, ...answer }: HttpResponseInit): HttpResponseInit {
  return { ...answer, headers: pageHeaders, jsonBody: withoutUserinfoIn(jsonBody) };
}

function refused(): HttpResponseInit {
  return {
    status: 401,
    headers: pageHeaders,
    jsonBody: {
      error: 'Sign in with the role Reader or Operator. The history is shown only behind the platform’s own sign-in.',
    },
  };
}

function answered(page: Page | NoPage, request: HttpRequest, seen: Seen): HttpResponseInit {
  const as = request.query.get('as');
  if ('status' in page) {
    const { status, sentence } = page;
    if (as === 'json') return { status, headers: pageHeaders, jsonBody: { error: sentence } };
    if (!wantsHtml(request)) return { ...text('plain', sentence), status };
    const words = { title: 'There is no such page', says: sentence, back: '/api/now' };
    return formPage(status, noAnswerPage(words, { nowMs: seen.nowMs, address: '/api/now', alone: true }));
  }
  if (as === 'json') return { status: 200, headers: pageHeaders, jsonBody: jsonOf(page) };
  if (as === 'md') return text('markdown', markdown(page.markdown()));
  if (as === 'csv' && page.csv !== undefined) return text('csv', page.csv());
  return text('html', page.html(shellOf(request, seen, page)));
}

/** `by:ada@contoso.example` in a search reads like a name and a password before a host, and is none. */
function jsonOf({ json, written }: Page): unknown {
  const told = withoutUserinfoIn(json());
  return written === undefined ? told : { ...Object(told), ...written };
}

function text(type: 'html' | 'markdown' | 'csv' | 'plain', body: string): HttpResponseInit {
  return { status: 200, headers: { ...pageHeaders, 'content-type': `text/${type}; charset=utf-8` }, body };
}

/** How often a page may be asked for again by itself, in seconds. */
const refreshBounds = { least: 10, most: 3600 };

type Seen = Pick<Shell, 'nowMs' | 'viewer' | 'notice'>;

function shellOf(request: HttpRequest, seen: Seen, { csv }: Page): Shell {
  const { pathname } = new URL(request.url);
  const parameters = new URLSearchParams([...request.query]);
  for (const name of ['refresh', 'as', 'said', 'until', 'seal']) parameters.delete(name);
  const query = parameters.toString();
  return {
    ...seen,
    address: query === '' ? pathname : `${pathname}?${query}`,
    ...refreshIn(request),
    ...(csv === undefined ? {} : { csv: true }),
  };
}

function refreshIn({ query }: HttpRequest): Pick<Shell, 'refreshSeconds'> {
  const refresh = Number(query.get('refresh') ?? Number.NaN);
  const isWithin = Number.isInteger(refresh) && refresh >= refreshBounds.least && refresh <= refreshBounds.most;
  return isWithin ? { refreshSeconds: refresh } : {};
}
