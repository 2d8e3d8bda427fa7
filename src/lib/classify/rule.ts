// What a rule of the classifier is.

import type { Row } from './context.ts';
import type { Label } from './labels.ts';

/**
 * What the rest of the text must show before the row counts: `nothing` for words that only a registry or its client writes,
 * `registry` for words that any program may write, `pull` for words that mean something only where a pull failed, `statement` for plain
 * words, which count there too, but not in advice or a guess: "check whether the token has expired", "possibly a wrong tag".
 */
export type Needs = 'nothing' | 'registry' | 'pull' | 'statement';

/** Precedence is the order of the table: the more specific a cause is, the higher it stands. */
export interface Rule extends Row {
  readonly label: Label;
  readonly needs: Needs;
}
