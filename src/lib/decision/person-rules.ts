// Rules that ask a person, and the two that wait before they do: for a registry in trouble, and for what could not be read.

import { causeCatalogue } from '../causes/causes.ts';
import { isWriteRejected } from '../evidence/evidence.ts';
import type { Decided } from '../history/decision.ts';
import { awaitedRole, mayLookAgain, openIncident, provedCause, wait } from './answers.ts';
import type { DecisionInput } from './decision-input.ts';

const minute = 60_000;
/** A registry that throttles or fails mostly recovers by itself, and the platform pulls again; a person is asked after this long. */
const registryPatienceMs = 30 * minute;

/** Throttling and outages of a registry show in the log alone: no look at Azure proves them, so this comes before any doubt. */
export function registryInTrouble(input: DecisionInput): Decided | undefined {
  const { remediation, diagnosis, nowMs } = input;
  const [cause = 'unexplained'] = diagnosis.causes;
  if (causeCatalogue[cause].answer !== 'wait-for-registry') return undefined;
  // Nothing repeats a write that Azure rejected, so there is no next try to wait for.
  if (isWriteRejected(input.target, input.evidence)) return openIncident(input, cause);
  if (nowMs - remediation.openedAtMs >= registryPatienceMs) return openIncident(input, cause);
  return wait(nowMs + 5 * minute, cause === 'credentials-from-before-abac' ? 'tokens-refresh' : 'registry-busy');
}

/** A time-out or throttling does not wake a person: pullmedic looks again, a few times. */
export function couldNotRead(input: DecisionInput): Decided | undefined {
  return input.diagnosis.sure !== 'confirmed' && mayLookAgain(input)
    ? wait(input.nowMs + minute, 'looking-again')
    : undefined;
}

/**
 * If there are several causes, a person is asked about the one that neither a grant nor time can repair. A young role is waited for also where it is
 * only suspected.
 */
export function causeInDoubt(input: DecisionInput): Decided | undefined {
  if (provedCause(input) !== undefined || awaitedRole(input) !== undefined) return undefined;
  const { causes } = input.diagnosis;
  const [first = 'unexplained'] = causes;
  return openIncident(input, causes.find((cause) => causeCatalogue[cause].answer === 'person') ?? first);
}

/** Always answers. */
export function askAPerson(input: DecisionInput): Decided {
  const [cause = 'unexplained'] = input.diagnosis.causes;
  return openIncident(input, cause);
}
