// The verdict of `diagnose`: can the app pull the image, and if not, whose problem is it? A pure function of the diagnosis.

import { type Family as CauseFamily, causeCatalogue } from '../lib/causes/causes.ts';
import { type Suspicion, saysPullFailed } from '../lib/classify/classify.ts';
import { accessOf } from '../lib/diagnosis/access.ts';
import { standsDown } from '../lib/diagnosis/no-pull.ts';
import { isServing, showsPullTrouble } from '../lib/diagnosis/trouble.ts';
import type { Evidence } from '../lib/evidence/evidence.ts';
import { appOf, declaredIdentity, declaredResource } from '../lib/evidence/evidence.ts';
import type { Diagnosis } from '../lib/history/diagnosis.ts';
import { valueOf } from '../lib/words/fact.ts';
import type { Target } from '../lib/words/target.ts';

export type Family = Exclude<CauseFamily, 'unexplained'>;

/** Exit codes: part of the interface, so that a pipeline can branch on them. */
export const exitCodes = {
  pulls: 0,
  unreadable: 1,
  usage: 2,
  identity: 10,
  network: 11,
  image: 12,
  registry: 13,
  deployment: 14,
  unexplained: 15,
  'cannot-tell': 16,
} as const;

export type Verdict =
  /** Everything that was asked allows the pull. */
  | { readonly kind: 'pulls' }
  /** Confirmed or suspected: the diagnosis says which. */
  | { readonly kind: 'fails'; readonly family: Family }
  /** It fails, and nothing that was read says why. */
  | { readonly kind: 'unexplained' }
  /** Nothing speaks against it, and not everything could be read. */
  | { readonly kind: 'cannot-tell'; readonly missing: readonly string[] };

/** The facts that are still unknown and without which `diagnose` cannot say "it pulls". */
function unknowns(target: Target, evidence: Evidence, diagnosis: Diagnosis): string[] {
  const access = accessOf(target, evidence);
  const missing: string[] = [];
  if (access?.answer !== 'can') missing.push('whether the identity may pull');
  if (diagnosis.against.some(({ code }) => code === 'denied-cannot-tell'))
    missing.push('whether it is denied the pull');
  if (declaredResource(declaredIdentity(target, evidence)) !== undefined && !evidence.identity?.read)
    missing.push('whether the identity still exists');
  if (diagnosis.network !== 'allows') missing.push('whether the network lets it through');
  if (valueOf(evidence.manifest)?.state !== 'exists') missing.push('whether the registry has the image');
  if (diagnosis.causes.includes('pull-role-propagating') && !hasPulledSince(target, evidence, diagnosis.roleSinceMs))
    missing.push('whether the young role is in effect yet');
  return missing;
}

/** Whether a row says that the image was pulled with the role. Replicas can also be ready with an image that was there before. */
function hasPulledSince(target: Target, evidence: Evidence, sinceMs: number | undefined): boolean {
  if (sinceMs === undefined) return false;
  const rows = valueOf(evidence.logs) ?? [];
  return rows.some((row) => row.reason === 'PulledImage' && row.atMs > sinceMs && row.text.includes(target.image));
}

/** The titles of the two lists of findings below a verdict. */
export function findingTitles({ kind }: Verdict): { readonly for: string; readonly against: string } {
  switch (kind) {
    case 'pulls':
      return { for: 'What spoke of a failure', against: 'What lets the app pull' };
    case 'fails':
      return { for: 'What shows the cause', against: 'What speaks against it, or has nothing to do with it' };
    case 'unexplained':
    case 'cannot-tell':
      return {
        for: 'What speaks of a failure',
        against: 'What speaks against a failure, or has nothing to do with it',
      };
  }
}

/**
 * Whether the logs or ARM say that the pull fails now, by the same rules as in pullmedic itself: a write that Azure rejected in words about
 * something else is no failed pull. Old rows stay in the log after the trouble is over, so an app that serves does not count as failing.
 */
export function isFailing(
  target: Target,
  evidence: Evidence,
  diagnosis: Diagnosis,
  suspicions: readonly Suspicion[],
): boolean {
  if (appOf(evidence)?.images.includes(target.image) !== true) return false;
  if (diagnosis.causes[0] === 'no-replica-scheduled') return true;
  if (standsDown(target, evidence, suspicions, diagnosis)) return false;
  const claims = suspicions.some((suspicion) => saysPullFailed(suspicion));
  return showsPullTrouble(target, evidence) || (claims && !isServing(target, evidence));
}

/** `failing`: the logs or ARM say that the pull fails now. It is false for an image that the app does not run yet. */
export function verdictOf(target: Target, evidence: Evidence, diagnosis: Diagnosis, failing: boolean): Verdict {
  const [cause = 'unexplained'] = diagnosis.causes;
  const { family } = causeCatalogue[cause];
  // A young role stops nothing in an app that serves.
  const young = cause === 'pull-role-propagating' && diagnosis.serves === true && diagnosis.causes.length === 1;
  if (family !== 'unexplained' && !young && (diagnosis.sure === 'confirmed' || failing))
    return { kind: 'fails', family };
  if (failing) return { kind: 'unexplained' };
  const missing = unknowns(target, evidence, diagnosis);
  return missing.length === 0 ? { kind: 'pulls' } : { kind: 'cannot-tell', missing };
}

export function exitCodeOf(verdict: Verdict): number {
  switch (verdict.kind) {
    case 'fails':
      return exitCodes[verdict.family];
    case 'pulls':
    case 'unexplained':
    case 'cannot-tell':
      return exitCodes[verdict.kind];
  }
}
