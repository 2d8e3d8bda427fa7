// The addresses of the platform's sign-in on the local host: where a person signs in, here by choosing whom to play, and signs out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { send } from './http.ts';
import { isPart, type Part, partCookie, parts } from './sign-in.ts';

const prefix = '/.auth/';

/** Answers a request for the sign-in. False if the address is none of it. */
export function serveSignIn({ method }: IncomingMessage, response: ServerResponse, url: URL): boolean {
  if (!url.pathname.startsWith(prefix) || method !== 'GET') return false;
  const back = backOf(url.searchParams.get('post_login_redirect_uri') ?? '');
  const as = url.searchParams.get('as') ?? '';
  switch (url.pathname.slice(prefix.length)) {
    case 'login/aad':
      if (isPart(as)) play(response, as, back);
      else send(response, 200, chooser(back), pageHeaders);
      return true;
    case 'logout':
      play(response, 'nobody', '/api/now');
      return true;
    default:
      return false;
  }
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
};

/** Only a path of this host; the platform, too, leads back to no other host unless its settings name it. */
function backOf(wanted: string): string {
  const home = 'http://localhost';
  return wanted.startsWith('/') && URL.canParse(wanted, home) && new URL(wanted, home).origin === home
    ? wanted
    : '/api/now';
}

function play(response: ServerResponse, part: Part, location: string): void {
  send(response, 302, '', { location, 'set-cookie': `${partCookie}=${part}; path=/; httponly; samesite=lax` });
}

const said: Readonly<Record<Part, string>> = {
  operator: 'an operator, who may answer',
  reader: 'a reader, who may look',
  guest: 'a person without a role',
  nobody: 'a browser that is not signed in',
};

function chooser(back: string): string {
  const links = Object.keys(parts)
    .filter(isPart)
    .map((part) => {
      const query = new URLSearchParams({ as: part, post_login_redirect_uri: back })
        .toString()
        .replaceAll('&', '&amp;');
      return `<li><a href="${prefix}login/aad?${query}">${said[part]}</a></li>`;
    });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in</title><style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem}li{margin:.6rem 0}</style></head><body><main><h1>Sign in</h1><p>This page stands in for the sign-in of the platform. In Azure a person signs in here with their own account. Whom do you play?</p><ul>${links.join('')}</ul></main></body></html>`;
}
