// The platform's sign-in (Easy Auth) for the local host: everybody on loopback is the local operator.
import type { IncomingMessage } from 'node:http';

type Caller = Pick<IncomingMessage, 'method' | 'headers'>;

/** Only the platform may say these; what a caller says is stripped. */
const platformHeaders = /^x-ms-(?:client-principal|token-)/i;
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * A page of another site can make a browser call us. Under a name that it owns and points to loopback it could read the
 * answer, and a form of it could post: in Azure the session cookie would be missing, so neither is signed in here.
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

/** The headers that the app sees: those of the caller, and who the platform says that the caller is. */
export function signedInHeaders(request: Caller): Record<string, string> {
  const sent = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    platformHeaders.test(name) ? [] : [[name, Array.isArray(value) ? value.join(', ') : (value ?? '')]],
  );
  return { ...Object.fromEntries(sent), ...(isLocalCaller(request) ? operator() : {}) };
}
