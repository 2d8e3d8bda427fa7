// Says, for a look at an app that serves, whether the cause that was found before still reads true.

import type { Cause } from '../causes/causes.ts';
import { storedCause } from '../causes/causes.ts';
import type { Probe } from '../evidence/evidence.ts';
import type { Diagnosis, FindingCode } from './diagnosis.ts';

/**
 * `clear`: nothing that was found reads true any more. `true`: a cause is proved although the app serves, with images that it pulled
 * before, say. `suspected`: the text or a doubt still speaks of a cause. `cannot-tell`: what it is read from could not be read.
 */
export type CauseReads = 'clear' | 'true' | 'suspected' | 'cannot-tell';

/**
 * How the cause reads to a look at an app that serves; `undefined` where the app does not serve, or the look is of a version that did
 * not say. `unread` names the facts that the look could not read; `before` is the best diagnosis of the looks before it.
 */
export function causeReads(
  diagnosis: Diagnosis,
  unread: readonly string[],
  before: Diagnosis | undefined,
): CauseReads | undefined {
  if (diagnosis.serves !== true) return undefined;
  if (!diagnosis.causes.every((cause) => isExplainedByServing.has(cause)))
    return diagnosis.sure === 'confirmed' ? 'true' : 'suspected';
  const needed = factsBehind(before ?? diagnosis);
  const isUncertain = unread.some((name) => needed.includes(name)) || leavesOpen(diagnosis, before);
  return isUncertain ? 'cannot-tell' : 'clear';
}

/** A young role, or nothing that is known, stops no app that serves. */
const isExplainedByServing: ReadonlySet<Cause> = new Set<Cause>([
  'pull-role-propagating',
  'something-else',
  'unexplained',
]);

/** If the network could not be judged before either, the cause was found elsewhere. */
function leavesOpen({ against, network }: Diagnosis, before: Diagnosis | undefined): boolean {
  if (network === 'cannot-tell' && before?.network !== 'cannot-tell') return true;
  return against.some(({ code }) => openQuestions.has(code));
}

const openQuestions: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'role-cannot-tell',
  'denied-cannot-tell',
  'identity-cannot-tell',
  'token-unreadable',
]);

/**
 * The facts behind these causes. Some causes have a fact of their own; it matters to no other cause, and some tenants never permit
 * reading it.
 */
export function factsBehind({ causes }: Diagnosis): readonly string[] {
  return [...causeFacts, ...causes.flatMap((cause) => storedCause(cause)?.ownFact ?? [])];
}

/** The facts that causes are read from. While one of these cannot be read, it is not known whether a cause has cleared. */
const causeFacts: readonly Probe[] = [
  'app',
  'revisions',
  'environment',
  'registry',
  'roles',
  'vnet',
  'zones',
  'endpoints',
  'token',
];
