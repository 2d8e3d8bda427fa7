// What the entries of a target add up to.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import type { Remediation, TargetHistory } from '../../../src/lib/history/state.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { acrPull, alert, history, minute, nowMs, principal, registryId, signal, target, targetId } from '../facts.ts';

const grant: Grant = { registryId, principalId: principal, roleId: acrPull };
const smaller: Grant = { ...grant, repository: 'shop/orders' };
const decided = (decision: (Entry & { kind: 'decided' })['decision']): Entry => ({
  kind: 'decided',
  decision,
  dueAtMs: nowMs,
  refusals: [],
});
const granting = decided({ do: 'grant', grant, because: 'pull-role-missing' });
const ask = (asked: Grant, expiresAtMs: number): Entry =>
  decided({ do: 'ask', grant: asked, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs });
const again = decided({ do: 'wait', because: 'looking-again' });
const closed: Entry = { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' };
const first = remediationIdOf(targetId, 1);

function lastOf(...entries: Entry[]): Remediation {
  const remediation = history(...entries).remediations.at(-1);
  if (remediation === undefined) throw new Error('A history begins with its opening.');
  return remediation;
}

describe('a change', () => {
  it('is one attempt from its decision on, and its outcome is added to it', () => {
    expect(lastOf(granting).attempts).toMatchObject([{ action: 'grant', grant }]);
    expect(lastOf(granting).attempts[0]).not.toHaveProperty('outcome');
    expect(lastOf(granting, { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'x' }).attempts).toMatchObject([
      { outcome: 'done', undo: 'x' },
    ]);
  });

  it('without an answer is settled by a later outcome, and a settled one is not touched any more', () => {
    const unknown: Entry = { kind: 'outcome', action: 'grant', outcome: 'unknown' };
    const done: Entry = { kind: 'outcome', action: 'grant', outcome: 'done', because: 'found' };
    const late: Entry = { kind: 'outcome', action: 'grant', outcome: 'failed' };

    expect(lastOf(granting, unknown, done, late).attempts).toMatchObject([{ outcome: 'done', because: 'found' }]);
  });

  it('belongs to the action that its outcome names', () => {
    const restarting = decided({ do: 'restart', revision: 'r', because: 'cause-is-gone' });
    const outcome: Entry = { kind: 'outcome', action: 'grant', outcome: 'done' };

    expect(lastOf(granting, restarting, outcome).attempts.map((one) => one.outcome)).toEqual(['done', undefined]);
  });
});

describe('an approval', () => {
  it('asked for again keeps its time, and one for another grant begins anew', () => {
    const [soon, later] = [nowMs + 10 * minute, nowMs + 99 * minute];

    expect(lastOf(ask(grant, soon), ask(grant, later)).approval?.expiresAtMs).toBe(soon);
    expect(lastOf(ask(grant, soon), ask(smaller, later)).approval).toMatchObject({
      about: { grant: smaller },
      expiresAtMs: later,
    });
  });

  it('takes the first answer to this very grant, and no other', () => {
    const answer = (said: 'approved' | 'rejected', to: Grant): Entry => ({
      kind: 'answered',
      answer: said,
      grant: to,
      by: said,
    });

    expect(lastOf(ask(grant, 10), answer('approved', smaller)).approval).not.toHaveProperty('answer');
    expect(lastOf(ask(grant, 10), answer('rejected', grant), answer('approved', grant)).approval?.answer?.answer).toBe(
      'rejected',
    );
  });
});

describe('looking again', () => {
  it('is counted as long as it happens in a row', () => {
    expect(lastOf(again, again).lookedAgain).toBe(2);
    expect(lastOf(again, again, decided({ do: 'wait', because: 'no-text-yet' })).lookedAgain).toBe(0);
  });
});

describe('waiting for a person', () => {
  const incident = decided({ do: 'incident', cause: 'tag-missing', because: 'needs-a-person' });

  it('counts from the first time that a person was asked, and ends with another decision', () => {
    const since = lastOf(incident).waitingForPersonSinceMs;

    expect(since).toBeDefined();
    expect(lastOf(incident, ask(grant, 10), incident).waitingForPersonSinceMs).toBe(since);
    expect(lastOf(incident, again)).not.toHaveProperty('waitingForPersonSinceMs');
  });
});

describe('a queued step', () => {
  const seqs = ({ lastSeq, staleBelowSeq }: TargetHistory): number[] => [lastSeq, staleBelowSeq];

  it('is made stale by what another step wrote, and not by a signal that joined or by an alert', () => {
    const joined: Entry = { kind: 'signal-joined', signal: { ...signal, id: 'alert|2' } };
    const alerted: Entry = {
      kind: 'alert-decided',
      remediation: first,
      alert: alert.id,
      state: 'Acknowledged',
      refusals: [],
    };

    expect(seqs(history(again))).toEqual([2, 2]);
    expect(seqs(history(again, joined, alerted))).toEqual([4, 2]);
  });
});

describe('what was read before', () => {
  it('is read again once another signal came or a person answered', () => {
    const joined: Entry = { kind: 'signal-joined', signal: { ...signal, id: 'alert|2' } };
    const answered: Entry = { kind: 'answered', answer: 'approved', grant, by: 'Ada' };

    expect(lastOf(again).cacheValidFromSeq).toBe(0);
    expect(lastOf(again, joined).cacheValidFromSeq).toBe(3);
    expect(lastOf(ask(grant, 10), answered, again).cacheValidFromSeq).toBe(3);
  });
});

describe('a remediation that has ended', () => {
  it('is followed by one of its own, and its undo still belongs to it', () => {
    const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
    const undo: Entry = { kind: 'undo-asked', remediation: first, grant, assignment: 'x', by: 'Ada' };
    const { remediations } = history(closed, opened, undo);

    expect(remediations.map(({ id }) => id)).toEqual([first, remediationIdOf(targetId, 2)]);
    expect(remediations.map((one) => one.undo?.by)).toEqual(['Ada', undefined]);
    expect(remediations.map((one) => one.closed?.how)).toEqual(['recovered', undefined]);
  });
});

describe('an alert', () => {
  const about = { remediation: first, alert: alert.id, state: 'Acknowledged' } as const;
  const tried: Entry = { kind: 'alert-decided', ...about, refusals: [] };

  it('gets its outcome, and does not count as a movement of the remediation', () => {
    const before = lastOf(again);
    const after = lastOf(again, tried, { kind: 'alert-outcome', ...about, outcome: 'done' });

    expect(after.alertTries).toMatchObject([{ state: 'Acknowledged', outcome: 'done' }]);
    expect(after.updatedAtMs).toBe(before.updatedAtMs);
  });
});

describe('a look that was put off', () => {
  it('is due later, until a look is made', () => {
    const off: Entry = { kind: 'put-off', because: 'over-budget', dueAtMs: nowMs + minute };

    expect(lastOf(off).putOffUntilMs).toBe(nowMs + minute);
  });

  it('is still to see what woke it, also where it is put off again', () => {
    const off: Entry = { kind: 'put-off', because: 'over-budget', dueAtMs: nowMs + minute };

    expect(lastOf(off).wokenBeforeMs).toBeUndefined();
    expect(lastOf({ ...off, woken: true }, off).wokenBeforeMs).toBe(nowMs - 4999);
    expect(lastOf({ ...off, woken: true }, { ...off, woken: true }).wokenBeforeMs).toBe(nowMs - 4998);
  });
});

describe('entries before any opening', () => {
  it('add up to nothing', () => {
    expect(foldTarget(targetId, [{ seq: 1, atMs: 1, entry: closed }]).remediations).toEqual([]);
  });
});
