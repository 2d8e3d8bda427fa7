// A remediation as a history gives it, for the tests of what is told of it.
import type { Approval } from '../../../src/lib/history/approval.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { remediationFacts } from '../../../src/lib/incidents/remediation-facts.ts';
import type { RemediationTelling } from '../../../src/lib/incidents/system.ts';
import type { TargetId } from '../../../src/lib/words/target.ts';
import { minute, nowMs, signal, target } from '../facts.ts';
import { places } from './incident-data.ts';

const targetId = `t${'b'.repeat(24)}` as TargetId;

export const remediation: Remediation = (() => {
  const entry = { kind: 'opened', target, signal, mode: 'approve' } as const;
  const [one] = foldTarget(targetId, [{ seq: 1, atMs: nowMs, entry }]).remediations;
  if (one === undefined) throw new Error('no remediation');
  return one;
})();

export const diagnosed: Diagnosis = {
  causes: ['private-dns-unlinked'],
  sure: 'confirmed',
  for: [],
  against: [],
  network: 'blocks',
  detail: {},
};

/** The same, after a look found its cause. */
export const found: Remediation = {
  ...remediation,
  bestDiagnosis: { atMs: nowMs, diagnosis: diagnosed, suspicions: [] },
};

/** A question about a restart that can be answered for four hours. */
export const question: Approval = {
  question: 4,
  about: { restart: 'ca-orders--0000001' },
  cause: 'pull-role-propagating',
  doubts: [],
  askedAtMs: nowMs,
  expiresAtMs: nowMs + 240 * minute,
};

export const ended = { how: 'recovered', because: 'pulled-and-ready', atMs: nowMs + minute } as const;

/** What a system hears of this remediation. */
export function remediationTelling(
  says: RemediationTelling['says'],
  of: Remediation = found,
  more: Partial<RemediationTelling> = {},
): RemediationTelling {
  const key = `pullmedic-${of.id}`;
  const facts = remediationFacts(of, places);
  return { key, delivery: `${key}.${says}`, atMs: nowMs, again: false, says, facts, ...more };
}

/** The value, where there is one. Throws where there is none. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is none');
  return value;
}
