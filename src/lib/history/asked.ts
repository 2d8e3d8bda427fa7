// What a question to a person is about, as entries store it.

import { type Grant, sameGrant } from './grant.ts';

/** What a question or an answer is about, as entries store it: a grant, a revision to restart, or the template of a new revision. */
export type Asked = { readonly grant: Grant } | { readonly restart: string } | { readonly newRevision: string };

export function sameAsked(a: Asked, b: Asked): boolean {
  if ('grant' in a) return 'grant' in b && sameGrant(a.grant, b.grant);
  if ('restart' in a) return 'restart' in b && a.restart === b.restart;
  return 'newRevision' in b && a.newRevision === b.newRevision;
}

/** What a decision asks about. */
export function askedIn(decision: Asked): Asked {
  if ('grant' in decision) return { grant: decision.grant };
  return 'restart' in decision ? { restart: decision.restart } : { newRevision: decision.newRevision };
}
