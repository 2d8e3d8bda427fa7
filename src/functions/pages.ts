// HTTP: the one place that registers a page. A page is HTML at its own address, and the same as JSON (`?as=json`) and as Markdown (`?as=md`)
// beside it. Only people whom the platform has signed in see a page.
import { createHash } from 'node:crypto';
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import type { Shell } from '../lib/console/layout.ts';
import { pageStyle } from '../lib/console/style.ts';
import { markdown } from '../lib/incidents/markdown.ts';
import type { Part } from '../lib/incidents/parts.ts';
import type { App } from './app.ts';
import { mayRead } from './sign-in.ts';

/** One page, ready to be written in the form that the reader asks for. Only the asked form is made. */
export interface Page {
  readonly html: (shell: Shell) => string;
  readonly json: () => unknown;
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
  registerRead(pullmedic, { name, route }, async (asked, request) => {
    const nowMs = asked.ports.now();
    return answered(await show(asked, request, nowMs), request, nowMs);
  });
}

/** Registers an address that readers and operators may read. */
export function registerRead(
  pullmedic: App,
  { name, route }: { readonly name: string; readonly route: string },
  answer: (pullmedic: App, request: HttpRequest) => Promise<HttpResponseInit>,
): void {
  app.http(name, {
    methods: ['GET'],
    authLevel: 'anonymous',
    route,
    handler: async (request) => (mayRead(pullmedic, request) ? answer(pullmedic, request) : refused()),
  });
}

/** The headers of every page and of everything beside it. The style of the page is all that a browser may load; a form leads only back here. */
export const pageHeaders = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(pageStyle.text).digest('base64')}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

function refused(): HttpResponseInit {
  return {
    status: 401,
    headers: pageHeaders,
    jsonBody: {
      error: 'Sign in with the role Reader or Operator. The history is shown only behind the platform’s own sign-in.',
    },
  };
}

function answered(page: Page | NoPage, request: HttpRequest, nowMs: number): HttpResponseInit {
  const as = request.query.get('as');
  if ('status' in page) {
    const { status, sentence } = page;
    return as === 'json'
      ? { status, headers: pageHeaders, jsonBody: { error: sentence } }
      : { ...text('plain', sentence), status };
  }
  if (as === 'json') return { status: 200, headers: pageHeaders, jsonBody: page.json() };
  if (as === 'md') return text('markdown', markdown(page.markdown()));
  if (as === 'csv' && page.csv !== undefined) return text('csv', page.csv());
  return text('html', page.html(shellOf(request, nowMs, page)));
}

function text(type: 'html' | 'markdown' | 'csv' | 'plain', body: string): HttpResponseInit {
  return { status: 200, headers: { ...pageHeaders, 'content-type': `text/${type}; charset=utf-8` }, body };
}

/** How often a page may be asked for again by itself, in seconds. */
const refreshBounds = { least: 10, most: 3600 };

function shellOf(request: HttpRequest, nowMs: number, { csv }: Page): Shell {
  const { pathname } = new URL(request.url);
  const parameters = new URLSearchParams([...request.query]);
  const refresh = Number(parameters.get('refresh') ?? Number.NaN);
  parameters.delete('refresh');
  parameters.delete('as');
  const query = parameters.toString();
  return {
    nowMs,
    address: query === '' ? pathname : `${pathname}?${query}`,
    ...(Number.isInteger(refresh) && refresh >= refreshBounds.least && refresh <= refreshBounds.most
      ? { refreshSeconds: refresh }
      : {}),
    ...(csv === undefined ? {} : { csv: true }),
  };
}
