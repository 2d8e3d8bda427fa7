// What one look adds to a remediation: the best diagnosis so far, and whether its cause has cleared.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  dnsLinked,
  dnsUnlinked,
  history,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  roleMissing,
  unauthorizedRow,
} from '../facts.ts';
import { decisionInput } from '../situations.ts';

/** The remediation after looks at these worlds, a minute apart. */
function after(...seen: readonly Evidence[]): Remediation {
  const past = seen.slice(0, -1).map((saw, at) => ({ agoMs: (seen.length - at) * minute, saw }));
  const openedAgoMs = (seen.length + 1) * minute;
  return decisionInput(seen.at(-1), { past, openedAgoMs }).remediation;
}

const recovered: Evidence = {
  ...roleMissing,
  roles: known([assignment(0)]),
  replicas: known([readyReplica]),
  logs: known([unauthorizedRow, pulledRow]),
};

describe('the best diagnosis', () => {
  it('is the first that is confirmed', () => {
    const { bestDiagnosis } = after({ ...roleMissing, roles: unreadable('throttled') }, roleMissing);

    expect(bestDiagnosis).toMatchObject({ diagnosis: { causes: ['pull-role-missing'], sure: 'confirmed' } });
    expect(bestDiagnosis?.atMs).toBe(nowMs);
  });

  it('is replaced by another confirmed cause, and not by a look that finds nothing', () => {
    expect(after(roleMissing, dnsUnlinked).bestDiagnosis?.diagnosis.causes).toEqual(['private-dns-unlinked']);
    expect(after(dnsUnlinked, dnsLinked).bestDiagnosis?.diagnosis.causes).toEqual(['private-dns-unlinked']);
  });

  it('stays the missing role while the grant takes effect: that is no new cause', () => {
    const young = { ...roleMissing, roles: known([assignment(0)]) };

    expect(after(roleMissing, young).bestDiagnosis?.diagnosis.causes).toEqual(['pull-role-missing']);
  });

  it('is not erased by the recovery', () => {
    const { bestDiagnosis, provenAtMs } = after(roleMissing, recovered);

    expect(provenAtMs).toBe(nowMs);
    expect(bestDiagnosis?.diagnosis.causes).toEqual(['pull-role-missing']);
  });
});

describe('a cause', () => {
  it('has cleared since the first look that does not find it any more', () => {
    expect(after(dnsUnlinked, dnsLinked, dnsLinked).clearedAtMs).toBe(nowMs - 2 * minute);
  });

  it('has not cleared while it is still found, or found again', () => {
    expect(after(dnsUnlinked, dnsUnlinked).clearedAtMs).toBeUndefined();
    expect(after(dnsUnlinked, dnsLinked, dnsUnlinked).clearedAtMs).toBeUndefined();
  });

  it('has not cleared because what it is read from could not be read', () => {
    expect(after(dnsUnlinked, { ...dnsLinked, zones: unreadable('forbidden') }).clearedAtMs).toBeUndefined();
    expect(after(dnsUnlinked, { ...dnsLinked, denials: unreadable('throttled') }).clearedAtMs).toBeUndefined();
  });
});

describe('a recovery', () => {
  it('counts from the look that proved it, and starts over when a look does not', () => {
    expect(after(roleMissing, recovered, recovered).provenAtMs).toBe(nowMs - 2 * minute);
    expect(after(roleMissing, recovered, roleMissing).provenAtMs).toBeUndefined();
  });
});

describe('a role', () => {
  it('was seen when a look last found one that permits the pull', () => {
    expect(after({ ...roleMissing, roles: known([assignment(minute)]) }, roleMissing).roleSeenAtMs).toBe(
      nowMs - 2 * minute,
    );
    expect(after(roleMissing).roleSeenAtMs).toBeUndefined();
  });
});

describe('the requests of a look', () => {
  const looked = (more: Partial<Entry & { kind: 'looked' }>): Entry => ({
    kind: 'looked',
    suspicions: [],
    diagnosis: { causes: [], sure: 'unexplained', for: [], against: [], network: 'allows', detail: {} },
    progress: { pulledRow: false, readyReplica: false, notReady: [], proof: 'not-yet' },
    revisions: [],
    unread: [],
    calls: 0,
    ...more,
  });
  const most = (...entries: Entry[]): object | undefined => history(...entries).remediations[0]?.mostCalls;

  it('are kept as the most of each kind, and those of older versions count as control plane', () => {
    expect(most(looked({ calls: 7 }), looked({ calls: 5, sent: { control: 3, logs: 2, registry: 0 } }))).toEqual({
      control: 7,
      logs: 2,
      registry: 0,
    });
  });

  it('of older versions do not say that something was unreadable for a while', () => {
    const [remediation] = history(looked({})).remediations;

    expect(remediation?.look?.transientlyUnreadable).toBe(false);
  });
});

describe('revisions and replicas', () => {
  it('of all looks are remembered, once each', () => {
    const remediation = after(roleMissing, roleMissing);

    expect(remediation.revisions).toEqual(['ca-orders--0000001']);
    expect(remediation.seenNotReady).toEqual(['ca-orders--0000001-a']);
  });
});
