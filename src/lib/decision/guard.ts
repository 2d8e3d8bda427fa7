// What a guard is asked, and how it answers. The guards themselves stand in the files that are named after what they protect.

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
  /** Since when this deployment has been awake without a long silence. */
  readonly awakeSinceMs: Fact<number>;
  readonly ledger: Fact<readonly LedgerGrant[]>;
  /** Grants that a person had taken back, of the whole deployment. */
  readonly undone: Fact<readonly Grant[]>;
}

/** Answers with a refusal, or `undefined` where it lets the change pass. What a guard cannot read is a refusal. */
export type Guard<Change> = (input: GuardInput, change: Change) => Refusal | undefined;

/** The refusals of all guards of a list, in its order; empty where all of them let the change pass. */
export function refusalsOf<Change>(guards: readonly Guard<Change>[], input: GuardInput, change: Change): Refusal[] {
  return guards.flatMap((guard) => guard(input, change) ?? []);
}

/** A refusal with a reason that its guard has; the compiler refuses any other pair. */
export function refuse<Name extends GuardName>(guard: Name, why: Reason<Name>): RefusalOf<Name> {
  return { guard, why };
}
