// A browser that asks for a page it may not see: to the platform's sign-in and back, or a page that says what is missing.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { noAnswerPage } from '../lib/console/confirm-page.ts';
import type { App } from './app.ts';
import { formPage, pageHeaders } from './page-headers.ts';
import { isSignedIn } from './sign-in.ts';

/**
 * Sends a browser that is not signed in to the platform's sign-in, which brings it back to the same page. A person who is signed in without
 * a role is told so instead: the sign-in would send that person around in a circle. A program, which asks for no HTML, gets 401.
 */
export function turnedAway(pullmedic: Pick<App, 'callers' | 'ports'>, request: HttpRequest): HttpResponseInit {
  if (!(request.headers.get('accept') ?? '').includes('text/html'))
    return { status: 401, headers: pageHeaders, jsonBody: { error: 'Sign in with the role Reader or Operator.' } };
  const shell = { nowMs: pullmedic.ports.now(), address: '/api/now', alone: true } as const;
  if (pullmedic.callers.state === 'off')
    return formPage(403, noAnswerPage({ title: 'Pages are off', says: withoutSignIn, back: '/api/now' }, shell));
  if (isSignedIn(pullmedic, request))
    return formPage(403, noAnswerPage({ title: 'You may not see this', says: withoutRole, back: '/api/now' }, shell));
  return { status: 302, headers: { ...pageHeaders, location: signInAddress(pathOf(request)) } };
}

const withoutSignIn =
  'This app does not sign callers in, so it shows no page. Switch on the authentication of the function app (infra/modules/sign-in.bicep does).';
const withoutRole =
  'You are signed in without the role Reader or Operator. A person who manages the enterprise application in Entra can give you one (docs/operations.md); then sign out at /.auth/logout and sign in again.';

/**
 * Where the platform signs a person in and then leads back to this path of the same host. Source: Microsoft Learn, App Service, "Customize
 * sign-in and sign-out in Azure App Service authentication" (`post_login_redirect_uri`).
 */
export function signInAddress(path: string): string {
  return `/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent(isOwnPath(path) ? path : '/api/now')}`;
}

/** Path and query of the request, without what was said once. */
function pathOf(request: HttpRequest): string {
  const query = new URLSearchParams([...request.query]);
  for (const name of ['said', 'until', 'seal']) query.delete(name);
  const text = query.toString();
  const { pathname } = new URL(request.url);
  return text === '' ? pathname : `${pathname}?${text}`;
}

/** The longest path that a person is led back to, in characters. */
const longestPath = 1500;

/**
 * True if a browser takes this for a path of our own pages, and for nothing else: it begins with `/api/`, and holds neither a second slash
 * nor a backslash nor a character that a browser would drop before it reads the address.
 */
export function isOwnPath(path: string): boolean {
  return path.length <= longestPath && /^\/api(?:\/[A-Za-z0-9][\w.~%-]*)+(?:\?[\w.~%&=+*:-]*)?$/.test(path);
}
