// What a question to a person is about, as entries store it.

import { type Grant, sameGrant } from './grant.ts';

/** What a question or an answer is about, as entries store it: a grant, a revision to restart, or the template of a new revision. */
export type Asked = { readonly grant: Grant } | AskedRestart | { readonly newRevision: string };

export interface AskedRestart {
  readonly restart: string;
  /** How many restarts a yes allows, as long as nothing of the revision serves; questions of older versions are about one. */
  readonly upTo?: number;
}

export function sameAsked(a: Asked, b: Asked): boolean {
  if ('grant' in a) return 'grant' in b && sameGrant(a.grant, b.grant);
  if ('restart' in a) return 'restart' in b && a.restart === b.restart;
  return 'newRevision' in b && a.newRevision === b.newRevision;
}

/** What a decision asks about. */
export function askedIn(decision: Asked): Asked {
  if ('grant' in decision) return { grant: decision.grant };
  if ('newRevision' in decision) return { newRevision: decision.newRevision };
  return { restart: decision.restart, ...(decision.upTo === undefined ? {} : { upTo: decision.upTo }) };
}
