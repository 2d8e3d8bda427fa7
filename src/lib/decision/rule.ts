// What a rule of the decision is. The list of all rules is in rules.ts.

import type { Decided, RuleName } from '../history/decision.ts';
import type { DecisionInput } from './decision-input.ts';

/** One reason to do something, and what is done then. The first rule of the list that answers decides. */
export interface Rule {
  readonly name: RuleName;
  /** When the rule answers, in one sentence for people: the page shows it beside the decision. */
  readonly because: string;
  /** `undefined`: the rule says nothing about this situation, and the next one is asked. */
  readonly decide: (input: DecisionInput) => Decided | undefined;
  /** The rule after it never answers in the same situation, so their order does not matter. A property test holds this. */
  readonly excludesNext?: true;
}
