// The answer of a guard. The guards themselves are in the files named after what they protect.

import type { GuardName, Reason, Refusal, RefusalOf } from '../history/refusals.ts';
import type { DecisionInput } from './decision-input.ts';

/** Returns a refusal, or `undefined` if it lets the change pass. A guard refuses if it cannot read a fact that it needs. */
export type Guard<Change> = (input: DecisionInput, change: Change) => Refusal | undefined;

/** The refusals of all guards of a list, in its order; empty if all of them let the change pass. */
export function refusalsOf<Change>(guards: readonly Guard<Change>[], input: DecisionInput, change: Change): Refusal[] {
  return guards.flatMap((guard) => guard(input, change) ?? []);
}

/** A refusal with a reason that its guard has; the compiler refuses any other pair. */
export function refuse<Name extends GuardName>(guard: Name, why: Reason<Name>): RefusalOf<Name> {
  return { guard, why };
}
