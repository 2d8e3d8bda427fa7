// How sure pullmedic was of the cause that a decision names. The look before the decision says it, so old histories say it too.

import type { Cause } from '../causes/causes.ts';
import type { Decision } from '../history/decision.ts';
import type { Diagnosis, Sureness } from '../history/diagnosis.ts';
import type { Entry } from '../history/entries.ts';
import type { StoredEntry } from '../history/ledger.ts';

/** By the sequence number of the entry. A decision has none where it names no cause, or one that the look before it does not name. */
export type Surenesses = ReadonlyMap<number, Sureness>;

/** How sure the cause of each decision was. `entries`: a whole history, in its order. */
export function surenessesIn(entries: readonly StoredEntry<Entry>[]): Surenesses {
  const found = new Map<number, Sureness>();
  let last: Diagnosis | undefined;
  for (const { seq, entry } of entries) {
    if (entry.kind === 'looked') last = entry.diagnosis;
    if (entry.kind !== 'decided' || last === undefined) continue;
    const cause = causeOf(entry.decision);
    if (cause !== undefined && last.causes.includes(cause)) found.set(seq, last.sure);
  }
  return found;
}

/** The cause that the sentence about the decision names. */
function causeOf(decision: Decision): Cause | undefined {
  switch (decision.do) {
    case 'grant':
      return decision.because;
    case 'ask':
    case 'incident':
      return decision.cause;
    case 'restart':
    case 'new-revision':
    case 'start':
    case 'wait':
    case 'close':
      return undefined;
  }
}
