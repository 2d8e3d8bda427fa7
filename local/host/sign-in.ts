// The platform's sign-in (Easy Auth) for the local host: every caller on loopback is signed in as the local operator.
import type { IncomingMessage } from 'node:http';

type Caller = Pick<IncomingMessage, 'method' | 'headers'>;

/** Headers that only the platform may set. The host removes them from a caller's request. */
const platformHeaders = /^x-ms-(?:client-principal|token-)/i;
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * True if the caller is a local one, not a page of another site in a local browser. Such a page could read answers under its own host
 * name that resolves to loopback, and its forms could post. In Azure the session cookie would be missing, so neither is signed in here.
 */
function isLocalCaller(request: Caller): boolean {
  if (!loopback.test(request.headers.host ?? '')) return false;
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

function operator(): Record<string, string> {
  const claims = [
    { typ: 'name', val: 'local operator' },
    { typ: 'roles', val: 'Operator' },
  ];
  const principal = { auth_typ: 'aad', name_typ: 'name', role_typ: 'roles', claims };
  return {
    'x-ms-client-principal': Buffer.from(JSON.stringify(principal)).toString('base64'),
    'x-ms-client-principal-name': 'local operator',
    'x-ms-client-principal-id': '00000000-0000-0000-0000-000000000001',
    'x-ms-client-principal-idp': 'aad',
  };
}

/** The headers that the app gets: the caller's own, and the principal that the platform adds. */
export function signedInHeaders(request: Caller): Record<string, string> {
  const sent = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    platformHeaders.test(name) ? [] : [[name, Array.isArray(value) ? value.join(', ') : (value ?? '')]],
  );
  return { ...Object.fromEntries(sent), ...(isLocalCaller(request) ? operator() : {}) };
}
