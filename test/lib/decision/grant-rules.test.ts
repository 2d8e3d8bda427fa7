// Rules that end in a grant, in a question to a person, or in an incident that says why there is none.
import { describe, expect, it } from 'vitest';
import { proposedGrant } from '../../../src/lib/decision/grant-rules.ts';
import { repositoryReaderRole } from '../../../src/lib/diagnosis/access.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { approvalLastsMs } from '../../../src/lib/history/approval.ts';
import type { Decided } from '../../../src/lib/history/decision.ts';
import type { Refusal } from '../../../src/lib/history/refusals.ts';
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
  const approving = config({ PULLMEDIC_MODE: 'approve' });
  const ask = {
    do: 'ask',
    grant,
    cause: 'pull-role-missing',
    because: 'needs-approval',
    expiresAtMs: nowMs + 60 * minute,
  } as const;
  const doubts = [{ guard: 'mode', why: 'approval-needed' }] as const;

  function decidedAfter(answer: 'approved' | 'rejected', agoMs: number, shown: readonly Refusal[] = doubts): Decided {
    const past: Earlier[] = [
      { agoMs: 50 * minute, saw: roleMissing },
      { agoMs: 50 * minute, entry: { kind: 'decided', decision: ask, dueAtMs: nowMs, refusals: shown } },
      { agoMs, entry: { kind: 'answered', answer, grant, by: 'Ada' } },
    ];
    return decideOn(roleMissing, { openedAgoMs: 60 * minute, past, config: approving });
  }

  it('leads to the grant up to its last instant, and then to another question', () => {
    expect(decidedAfter('approved', approvalLastsMs - 1).decision).toMatchObject({ do: 'grant', grant });
    expect(decidedAfter('approved', approvalLastsMs)).toMatchObject({
      decision: { do: 'ask', grant },
      refusals: doubts,
    });
  });

  it('of a question that did not show a doubt of now leads to another question', () => {
    expect(decidedAfter('approved', minute, []).decision).toMatchObject({ do: 'ask', grant });
  });

  it('that was a no leads to an incident', () => {
    expect(decidedAfter('rejected', minute)).toMatchObject({
      decision: { do: 'incident' },
      refusals: [{ guard: 'mode' }, { guard: 'refused-before' }, { guard: 'approval', why: 'rejected' }],
    });
  });
});
