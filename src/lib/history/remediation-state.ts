// In one word, where a remediation stands: for lists, for pages and for its row in the index.

import { asksAPerson } from './decision.ts';
import type { Remediation } from './state.ts';

export type State = 'looking' | 'waiting' | 'partly-recovered' | 'needs-approval' | 'needs-person' | 'closed';

export function stateOf(remediation: Remediation): State {
  if (remediation.closed !== undefined) return 'closed';
  const decision = remediation.decision?.decision;
  if (decision !== undefined && asksAPerson(decision)) return 'needs-approval';
  if (remediation.waitingForPersonSinceMs !== undefined) return 'needs-person';
  if (remediation.look?.progress.partly !== undefined) return 'partly-recovered';
  return decision?.do === 'wait' ? 'waiting' : 'looking';
}
