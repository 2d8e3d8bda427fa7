// The platform's sign-in (Easy Auth) for the local host: every caller on loopback is signed in as the local operator, unless the person at
// the browser chose to play another part. It is a part of the host, which stands in for the platform, and never of the app: so it can never be
// on in Azure.
import { createHash } from 'node:crypto';
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

/** A local caller may say whom it plays: then the app records that name. The app never sees the header. */
const localPersonHeader = 'x-local-person';

/** The headers with which a local program posts to the app as this person, or as the local operator. */
export function visitorHeaders(person?: string): Record<string, string> {
  const played = person === undefined ? {} : { [localPersonHeader]: person };
  return { 'content-type': 'application/json', ...played };
}

const localOperator = 'local operator';

/** Whom a browser plays: with these app roles, or not signed in at all. */
export const parts = {
  operator: { name: localOperator, roles: ['Operator'] },
  reader: { name: 'local reader', roles: ['Reader'] },
  guest: { name: 'local guest', roles: [] },
  nobody: undefined,
} as const satisfies Readonly<Record<string, { readonly name: string; readonly roles: readonly string[] } | undefined>>;
export type Part = keyof typeof parts;

export function isPart(text: string): text is Part {
  return Object.hasOwn(parts, text);
}

/** The cookie in which a browser keeps whom it plays, as the platform's cookie keeps who is signed in. */
export const partCookie = 'local-sign-in';

function partOf({ headers }: Caller): Part {
  const said = new RegExp(`(?:^|;\\s*)${partCookie}=(\\w+)`).exec(headers.cookie ?? '')?.[1] ?? 'operator';
  return isPart(said) ? said : 'nobody';
}

/** An object id that follows from the name. */
function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function principal(name: string, roles: readonly string[]): Record<string, string> {
  const id = idOf(name);
  const claims = [
    { typ: 'name', val: name },
    { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: id },
    ...roles.map((val) => ({ typ: 'roles', val })),
  ];
  const token = { auth_typ: 'aad', name_typ: 'name', role_typ: 'roles', claims };
  return {
    'x-ms-client-principal': Buffer.from(JSON.stringify(token)).toString('base64'),
    'x-ms-client-principal-name': name,
    'x-ms-client-principal-id': id,
    'x-ms-client-principal-idp': 'aad',
  };
}

/** The headers that the app gets: the caller's own, and the principal that the platform adds. */
export function signedInHeaders(request: Caller): Record<string, string> {
  const sent = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    platformHeaders.test(name) || name === localPersonHeader
      ? []
      : [[name, Array.isArray(value) ? value.join(', ') : (value ?? '')]],
  );
  return { ...Object.fromEntries(sent), ...(isLocalCaller(request) ? signedIn(request) : {}) };
}

function signedIn(request: Caller): Record<string, string> {
  const part = parts[partOf(request)];
  return part === undefined ? {} : principal(part.name === localOperator ? personOf(request) : part.name, part.roles);
}

function personOf({ headers }: Caller): string {
  const said = headers[localPersonHeader];
  return typeof said === 'string' && /^[\w.@-]{1,100}$/.test(said) ? said : localOperator;
}
