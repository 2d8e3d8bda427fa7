// The input and the answer of a guard. The guards themselves are in the files named after what they protect.

import type { Evidence } from '../evidence/evidence.ts';
import type { LedgerGrant } from '../history/deployment-ledger.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import type { Grant } from '../history/grant.ts';
import type { GuardName, Reason, Refusal, RefusalOf } from '../history/refusals.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import type { Config } from '../settings/config.ts';
import type { Fact } from '../words/fact.ts';
import type { Target } from '../words/target.ts';

/** Everything that a decision and its guards may know. */
export interface GuardInput {
  readonly nowMs: number;
  readonly config: Config;
  readonly target: Target;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly remediation: Remediation;
  readonly history: TargetHistory;
  readonly killSwitch: Fact<boolean>;
  /** The instant since which this deployment has been awake without a long silence. */
  readonly awakeSinceMs: Fact<number>;
  readonly ledger: Fact<readonly LedgerGrant[]>;
  /** Grants of the whole deployment that a person took back. */
  readonly undone: Fact<readonly Grant[]>;
}

/** Returns a refusal, or `undefined` if it lets the change pass. A guard refuses if it cannot read a fact that it needs. */
export type Guard<Change> = (input: GuardInput, change: Change) => Refusal | undefined;

/** The refusals of all guards of a list, in its order; empty if all of them let the change pass. */
export function refusalsOf<Change>(guards: readonly Guard<Change>[], input: GuardInput, change: Change): Refusal[] {
  return guards.flatMap((guard) => guard(input, change) ?? []);
}

/** A refusal with a reason that its guard has; the compiler refuses any other pair. */
export function refuse<Name extends GuardName>(guard: Name, why: Reason<Name>): RefusalOf<Name> {
  return { guard, why };
}
