// Decides what to do about a diagnosis. No other file decides a change.
// The room decision/ holds what to do next, every guard, when to look again, and whether an alert may be set. Not here: the
// change itself.

import { bindingOf } from '../history/binding-refusal.ts';
import type { Decided, RuleName, UndoDecision } from '../history/decision.ts';
import { undoableGrant } from '../history/queries.ts';
import { bindingRefusal } from './access-guards.ts';
import { type DecisionInput, decisionInputOf, type Situation, type Standing } from './decision-input.ts';
import { proposedGrant } from './grant-rules.ts';
import { type UndoInput, undoRefusals } from './request-guards.ts';
import type { Rule } from './rule.ts';
import { lastRule, rules } from './rules.ts';

/** A decision with the rule that made it. */
export interface DecidedByRule extends Decided {
  readonly rule: RuleName;
}

/** The decision on one look: that of the first rule that answers. */
export function decide(situation: Situation, standing: Standing): DecidedByRule {
  return decideBy(rules, decisionInputOf(situation, standing));
}

/** The same by any list of rules. Where none of them answers, a person is asked. */
export function decideBy(list: readonly Rule[], input: DecisionInput): DecidedByRule {
  for (const rule of list) {
    const decided = rule.decide(input);
    if (decided !== undefined) return { ...withBinding(input, decided), rule: rule.name };
  }
  return { ...lastRule.decide(input), rule: lastRule.name };
}

/** The decision with the no that binds it, so that its history says who said it and when. */
function withBinding(input: DecisionInput, decided: Decided): Decided {
  const grant = proposedGrant(input);
  if (grant === undefined || !decided.refusals.some(({ guard }) => guard === 'refused-before')) return decided;
  const refusal = bindingRefusal(input, grant);
  return refusal === undefined ? decided : { ...decided, bound: bindingOf(refusal) };
}

/** The decision on an undo that was asked for: the assignment that was recorded, or nothing. */
export function decideUndo(input: UndoInput): UndoDecision {
  const refusals = undoRefusals(input);
  const made = undoableGrant(input.remediation);
  return made === undefined || refusals.length > 0 ? { do: 'refuse', refusals } : { do: 'remove', grant: made.grant };
}
