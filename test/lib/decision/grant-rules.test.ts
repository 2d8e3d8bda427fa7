// Rules that end in a grant, in a question to a person, or in an incident that says why there is none.
import { describe, expect, it } from 'vitest';
import { approvalState, proposedGrant } from '../../../src/lib/decision/grant-rules.ts';
import { repositoryReaderRole } from '../../../src/lib/diagnosis/access.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  principal,
  registry,
  registryId,
  roleMissing,
  target,
} from '../facts.ts';
import { decideOn, type Earlier } from '../situations.ts';
import { grant } from './told.ts';

describe('the grant that the facts ask for', () => {
  const proposed = (evidence: Evidence) => proposedGrant({ target, evidence });

  it('is the pull role of the registry’s mode for the declared identity', () => {
    expect(proposed(roleMissing)).toEqual(grant);
  });

  it('is limited to the failing repository where the registry has repository permissions', () => {
    expect(proposed({ ...roleMissing, registry: known({ ...registry, roleMode: 'abac' }) })).toEqual({
      registryId,
      principalId: principal,
      roleId: repositoryReaderRole,
      repository: 'shop/orders',
    });
  });

  it('is none where a fact of it is missing', () => {
    expect(proposed({ ...roleMissing, registry: unreadable('forbidden') })).toBeUndefined();
    expect(proposed({ ...roleMissing, app: known({ ...app, registries: [] }) })).toBeUndefined();
  });
});

describe('a missing role', () => {
  it('is granted where every guard lets it pass', () => {
    expect(decideOn(roleMissing)).toMatchObject({ decision: { do: 'grant', grant }, refusals: [] });
  });

  it('is asked for where only doubts are left that a person may overrule', () => {
    const { decision, refusals } = decideOn(roleMissing, { config: config({ PULLMEDIC_MODE: 'approve' }) });

    expect(decision).toMatchObject({ do: 'ask', grant });
    expect(refusals).toEqual([{ guard: 'mode', why: 'approval-needed' }]);
  });

  it('becomes an incident that shows the grant where a guard stands', () => {
    expect(decideOn(roleMissing, { killSwitch: known(true) })).toMatchObject({
      decision: { do: 'incident', because: 'change-refused', grant },
      refusals: [{ guard: 'kill-switch', why: 'on' }],
    });
  });

  it('waits out the slow start by itself, ten minutes at a time at most', () => {
    const ledger = known(Array.from({ length: 9 }, () => ({ remediation: 'r', atMs: nowMs - minute, proven: true })));
    const decided = decideOn(roleMissing, { ledger, awakeSinceMs: known(nowMs - 5 * minute) });

    expect(decided.decision).toEqual({ do: 'wait', because: 'slow-start' });
    expect(decided.dueAtMs).toBe(nowMs + 10 * minute);
  });

  it('is looked at again where the evidence grew old on the way, instead of asking a person', () => {
    const old = { ...roleMissing, atMs: nowMs - 4 * minute };

    expect(decideOn(old).decision).toEqual({ do: 'wait', because: 'looking-again' });
  });

  it('under a network that blocks is no case for a grant', () => {
    expect(decideOn({ ...dnsUnlinked, roles: known([]) }).decision.do).toBe('incident');
  });
});

describe('an approval', () => {
  const approval = { grant, askedAtMs: nowMs - 60 * minute, expiresAtMs: nowMs };
  const answer = { answer: 'approved', by: 'Ada', atMs: nowMs - 50 * minute } as const;

  it('counts until its question expires, and not at that instant: an approved one ends like one without an answer', () => {
    expect(approvalState({ ...approval, answer }, grant, nowMs - 1)).toBe('approved');
    expect(approvalState({ ...approval, answer }, grant, nowMs)).toBe('expired');
    expect(approvalState(approval, grant, nowMs - 1)).toBe('pending');
    expect(approvalState(approval, grant, nowMs)).toBe('expired');
  });

  it('that was a no stays one', () => {
    expect(approvalState({ ...approval, answer: { ...answer, answer: 'rejected' } }, grant, nowMs)).toBe('rejected');
  });

  it('counts for the grant that was asked about, and for no other one', () => {
    const other = { ...grant, repository: 'shop/other' };

    expect(approvalState({ ...approval, answer }, other, nowMs - 1)).toBe('not-asked');
    expect(approvalState(undefined, grant, nowMs)).toBe('not-asked');
  });

  it('leads to the grant in approve mode up to its last instant, and then to a person', () => {
    const decided = (expiresAtMs: number) => {
      const ask = { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs } as const;
      const past: Earlier[] = [
        { agoMs: 50 * minute, saw: roleMissing },
        { agoMs: 50 * minute, entry: { kind: 'decided', decision: ask, dueAtMs: nowMs, refusals: [] } },
        { agoMs: 40 * minute, entry: { kind: 'answered', answer: 'approved', grant, by: 'Ada' } },
      ];
      return decideOn(roleMissing, { openedAgoMs: 60 * minute, past, config: config({ PULLMEDIC_MODE: 'approve' }) });
    };

    expect(decided(nowMs + 1).decision).toMatchObject({ do: 'grant', grant });
    expect(decided(nowMs)).toMatchObject({
      decision: { do: 'incident' },
      refusals: [{ guard: 'mode' }, { guard: 'approval', why: 'expired' }],
    });
  });
});
