// Which changes an answer allows, and when a person is asked: on situations that were folded from their entries.
import { describe, expect, it } from 'vitest';
import { permissionFor, requestApproval } from '../../../src/lib/decision/approvals.ts';
import { approvalLastsMs } from '../../../src/lib/history/approval.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Refusal } from '../../../src/lib/history/refusals.ts';
import { acrPull, config, minute, nowMs, principal, registryId, roleMissing } from '../facts.ts';
import { decisionInput, type Earlier } from '../situations.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const mode: Refusal = { guard: 'mode', why: 'approval-needed' };
const wanted = { about: { grant }, cause: 'pull-role-missing', doubts: [mode] } as const;

function state(agoMs: number, ...after: Earlier[]): string {
  return permission(agoMs, ...after).state;
}

function permission(agoMs: number, ...after: Earlier[]): ReturnType<typeof permissionFor> {
  const expiresAtMs = nowMs - agoMs + 60 * minute;
  const decision = { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs } as const;
  const asked: Entry = { kind: 'decided', decision, dueAtMs: nowMs, refusals: [mode] };
  const past = [{ agoMs, entry: asked }, ...after];
  return permissionFor(decisionInput(roleMissing, { openedAgoMs: agoMs + 1, past }), wanted);
}

function answered(agoMs: number, answer: 'approved' | 'rejected'): Earlier {
  return { agoMs, entry: { kind: 'answered', answer, grant, by: 'anna' } };
}

describe('the permission for a change', () => {
  it('is to be asked for where no question was about it', () => {
    expect(permissionFor(decisionInput(), wanted).state).toBe('to-ask');
  });

  it('expires at the end of the time to answer, to the millisecond', () => {
    expect(state(60 * minute - 1)).toBe('pending');
    expect(state(60 * minute)).toBe('expired');
  });

  it('ends after the answer, to the millisecond, and is to be asked for again', () => {
    expect(state(30 * minute, answered(approvalLastsMs - 1, 'approved'))).toBe('approved');
    expect(state(30 * minute, answered(approvalLastsMs, 'approved'))).toBe('to-ask');
  });

  it('does not end with the question, where the answer came in its last moment', () => {
    expect(state(61 * minute, answered(2 * minute, 'approved'))).toBe('approved');
  });

  it('a no has no end', () => {
    expect(state(30 * minute, answered(29 * minute, 'rejected'))).toBe('rejected');
  });

  it('says since when a no or the end of a question holds', () => {
    expect(permission(30 * minute, answered(29 * minute, 'rejected'))).toEqual({
      state: 'rejected',
      sinceMs: nowMs - 29 * minute,
    });
    expect(permission(70 * minute)).toEqual({ state: 'expired', sinceMs: nowMs - 10 * minute });
  });

  it('looks again soon after the end of a question, and not before it', () => {
    const input = decisionInput(roleMissing, { config: config({ PULLMEDIC_MODE: 'approve' }) });
    const due = (leftMs: number) => requestApproval(input, wanted, { openUntilMs: nowMs + leftMs }).dueAtMs - nowMs;

    expect([due(5000), due(20_000), due(30_000), due(60 * minute)]).toEqual([20_000, 20_000, 30_000, 2 * minute]);
  });

  it('a question keeps its time where it is asked again, and has time of its own where it is new', () => {
    const input = decisionInput(roleMissing, { config: config({ PULLMEDIC_MODE: 'approve' }) });
    const again = requestApproval(input, wanted, { openUntilMs: nowMs + minute });
    const anew = requestApproval(input, wanted, {});

    expect(again.decision).toMatchObject({ do: 'ask', expiresAtMs: nowMs + minute });
    expect(anew).toMatchObject({ decision: { because: 'needs-approval' }, refusals: [mode] });
    expect(anew.decision).toMatchObject({ do: 'ask', grant, expiresAtMs: nowMs + 240 * minute });
  });
});
