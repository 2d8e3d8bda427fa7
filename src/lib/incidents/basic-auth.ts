// Signs a request in with a name and a password or token.

import type { Secret } from '../words/secret.ts';

/** The value of `authorization` (RFC 7617): in UTF-8, because a password may hold any letter. */
export function basicAuth(user: string, password: Secret): string {
  const bytes = new TextEncoder().encode(`${user}:${password.reveal()}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
