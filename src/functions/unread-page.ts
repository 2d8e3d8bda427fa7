// What a person or a program gets where a page could not be read: words of its own, and never an empty page or an empty list.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { noAnswerPage } from '../lib/console/confirm-page.ts';
import { errorCode } from '../lib/words/error-code.ts';
import type { App } from './app.ts';
import { formPage, pageHeaders } from './page-headers.ts';

/** What failed: the name of the function, and the form in which its answer is wanted. `refreshSeconds`: the reader wants it read again. */
export interface Wanted {
  readonly name: string;
  readonly form: 'html' | 'json' | 'text';
  readonly refreshSeconds?: number;
}

/** The answer of `read`. Where that throws, the answer says that it is not known what the page would show, and the log says why. */
export async function orUnread(
  { ports }: Pick<App, 'ports'>,
  wanted: Wanted,
  request: HttpRequest,
  read: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  try {
    return await read();
  } catch (error) {
    const why = errorCode(error);
    ports.log('page-failed', { page: wanted.name, why });
    return unread(wanted, request, sayUnread(why), ports.now());
  }
}

function sayUnread(why: string): string {
  return `pullmedic could not read what belongs here (${why}), so it is not known whether something needs a person. Try again in a minute.`;
}

function unread({ form, ...shell }: Wanted, request: HttpRequest, says: string, nowMs: number): HttpResponseInit {
  if (form === 'json') return { status: 503, headers: pageHeaders, jsonBody: { error: says } };
  if (form === 'text')
    return { status: 503, headers: { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8' }, body: says };
  const { pathname, search } = new URL(request.url);
  const words = {
    title: 'This page could not be read',
    says,
    back: '/api/now',
    links: [{ href: `${pathname}${search}`, words: 'Read it again' }],
  };
  const { refreshSeconds } = shell;
  const again = refreshSeconds === undefined ? {} : { refreshSeconds };
  return formPage(503, noAnswerPage(words, { nowMs, address: pathname, alone: true, ...again }));
}
