// Writes the cookies of a function's answer as `Set-Cookie` headers.
import type { RpcCookie } from './core.ts';

const sameSite = { lax: 'lax', strict: 'strict', explicitNone: 'none' } as const;

/** The host's cookies have the path `/` unless the app names another one. */
export function setCookie(cookie: RpcCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`];
  const seconds = cookie.expires?.value?.seconds;
  if (seconds !== undefined) parts.push(`expires=${new Date(seconds * 1000).toUTCString()}`);
  const maxAge = cookie.maxAge?.value;
  if (maxAge !== undefined) parts.push(`max-age=${Math.trunc(maxAge)}`);
  if (cookie.domain?.value !== undefined) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? '/'}`);
  if (cookie.secure?.value === true) parts.push('secure');
  if (cookie.sameSite !== undefined && cookie.sameSite !== 'none') parts.push(`samesite=${sameSite[cookie.sameSite]}`);
  if (cookie.httpOnly?.value === true) parts.push('httponly');
  return parts.join('; ');
}
