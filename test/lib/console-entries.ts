// Entries of a remediation for tests of its page: a look, a wait, a grant.
import { diagnose } from '../../src/lib/diagnosis/diagnose.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { StoredEntry } from '../../src/lib/history/ledger.ts';
import { acrPull, environmentId, nowMs, principal, registryId, roleMissing, signal, target } from './facts.ts';

export const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };

export const grant = { registryId, principalId: principal, roleId: acrPull };

/** A look that finds the role missing. */
export const looked: Entry & { kind: 'looked' } = {
  kind: 'looked',
  suspicions: [],
  diagnosis: diagnose({ target, evidence: roleMissing, suspicions: [], pulledBefore: false }),
  progress: { pulledRow: false, readyReplica: false, notReady: [], proof: 'not-yet' },
  pulls: { registryId, principalId: principal, environmentId },
  revisions: ['ca-orders--0000001'],
  unread: [],
  calls: 9,
};

/** A decision; `more` is the decision itself. */
export function decided(decision: (Entry & { kind: 'decided' })['decision']): Entry & { kind: 'decided' } {
  return { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] };
}

export const granting = decided({ do: 'grant', grant, because: 'pull-role-missing' });
export const asking = decided({
  do: 'ask',
  grant,
  cause: 'pull-role-missing',
  because: 'needs-approval',
  expiresAtMs: nowMs + 3_600_000,
});
export const waiting = decided({ do: 'wait', because: 'role-propagating' });
export const stabilising = decided({ do: 'wait', because: 'proving-stability' });
export const closed: Entry = { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' };

/** The entries at a minute's distance, the first one at {@link nowMs}. */
export function eachMinute(...entries: readonly Entry[]): StoredEntry<Entry>[] {
  return entries.map((entry, index) => ({ seq: index + 1, atMs: nowMs + index * 60_000, entry }));
}
