// A restart that a person has to allow: asked for, made on a yes, refused on a no.
import { describe, expect, it } from 'vitest';
import { ownRolePropagates } from '../../../src/lib/decision/retry-rules.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Asked } from '../../../src/lib/history/asked.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { app, minute, nowMs, revision } from '../facts.ts';
import { decideOn, decisionInput, type Earlier, type Story } from '../situations.ts';
import {
  approving,
  approvingRedeploys,
  attempted,
  held,
  needsApproval,
  ownRole,
  questioned,
  redeploying,
  restarted,
  second,
  wait,
} from './retried.ts';

/** The question ends now. */
function ending(one: Earlier): Earlier {
  return 'entry' in one && one.entry.kind === 'decided' && one.entry.decision.do === 'ask'
    ? { ...one, entry: { ...one.entry, decision: { ...one.entry.decision, expiresAtMs: nowMs } } }
    : one;
}

describe('a person who allows a restart', () => {
  const early = 10 * second;
  const decideWith = (past: readonly Earlier[], ageMs = early, more: Story = {}) =>
    decideOn(held(ageMs), { config: approving, past, ...more });

  it('gets it at once, before any rung is due, and the decision names the question', () => {
    expect(decideWith(questioned({ restart: revision.name }, 'approved')).decision).toMatchObject({
      do: 'restart',
      question: 2,
      retry: { rung: 0, number: 1 },
    });
  });

  it('is asked on while the question is open, also before a rung is due', () => {
    expect(decideWith(questioned({ restart: revision.name })).decision.do).toBe('ask');
  });

  it.each<[string, Asked]>([
    ['of another revision', { restart: 'ca-orders--0000000' }],
    ['by a new revision', { newRevision: 'as-deployed' }],
  ])('%s gets no restart of this one before a rung is due', (_, about) => {
    expect(decideWith(questioned(about, 'approved')).decision).toEqual(wait('role-propagating'));
  });

  it('and had the first of several restarts waits for the next rung', () => {
    const [first] = attempted('restart', undefined);
    const past = questioned({ restart: revision.name, upTo: 3 }, 'approved');
    const used: Earlier[] = first === undefined ? past : [...past, { agoMs: 2 * second, entry: first }];

    expect(decideWith(used).decision).toEqual(wait('role-propagating'));
  });

  it('does not overrule what no person may overrule', () => {
    const { decision, refusals } = decideWith(questioned({ restart: revision.name }, 'approved'), early, {
      killSwitch: known(true),
    });

    expect(decision).toEqual(wait('role-propagating'));
    expect(refusals).toEqual([needsApproval, { guard: 'kill-switch', why: 'on' }]);
  });

  it('is asked for as many restarts as the attempt may still have, and for one at least', () => {
    const asks = (made: number) => {
      const restarts = known(Array.from({ length: made }, () => restarted(7 * minute, { rung: 1 })));
      return decideOn(held(8 * minute), { config: approving, restarts }).decision;
    };

    expect(asks(1)).toMatchObject({ do: 'ask', upTo: 5 });
    expect(asks(5)).toMatchObject({ do: 'ask', upTo: 1 });
  });

  it('and said no, or did not answer in time, is told that this is why nothing is restarted', () => {
    const late = questioned({ restart: revision.name }).map((one) => ({ ...one, agoMs: 4 * minute }));
    const expired = late.map(ending);
    const why = (past: readonly Earlier[]) => decideWith(past, 32 * second, { openedAgoMs: 5 * minute }).refusals;

    expect(why(questioned({ restart: revision.name }, 'rejected'))).toEqual([
      needsApproval,
      { guard: 'approval', why: 'rejected' },
    ]);
    expect(why(expired)).toEqual([needsApproval, { guard: 'approval', why: 'expired' }]);
  });

  it('and said no is told of that once, also where the no is remembered for the whole app', () => {
    const remembered = { revision: revision.name, by: 'anna', remediation: restarted(0).remediation, atMs: nowMs - 1 };
    const refusals = (past: readonly Earlier[]) =>
      decideWith(past, 32 * second, { openedAgoMs: 5 * minute, refusedRestarts: known([remembered]) }).refusals;
    const [asked] = questioned({ restart: revision.name });
    const ended = asked !== undefined && { ...asked, agoMs: 4 * minute };
    const rejected = { guard: 'approval', why: 'rejected' };

    expect(refusals(questioned({ restart: revision.name }, 'rejected'))).toEqual([needsApproval, rejected]);
    expect(ended && refusals([ending(ended)])).toEqual([
      needsApproval,
      rejected,
      { guard: 'approval', why: 'expired' },
    ]);
  });
});

describe('a new revision', () => {
  const superseded = { guard: 'superseded', why: 'unreadable' };
  const inItsPlace = attempted('restart', 'failed', 'refused');
  const answer = (more: Partial<Evidence>, past: readonly Entry[] = inItsPlace) =>
    ownRolePropagates(decisionInput(held(32 * second, more), { config: redeploying, past, diagnosis: ownRole() }));

  it('is asked for in place of a restart that Azure refused', () => {
    expect(answer({})?.decision).toMatchObject({ do: 'new-revision', template: 'as-deployed' });
  });

  it('is not asked for where the template of the app was not read, and the refusal says so', () => {
    const { template: _unread, ...untold } = app;
    const unread = answer({ app: known(untold) });
    const without = answer({ app: unreadable('forbidden') });

    expect(unread).toMatchObject({ decision: wait('role-propagating'), refusals: [superseded] });
    expect(without?.decision).toEqual(wait('role-propagating'));
    expect(without?.refusals).toEqual([{ guard: 'traffic-pinned', why: 'unreadable' }, superseded]);
  });

  it('is not what a person is asked about while a restart is possible', () => {
    const asks = (past: readonly Entry[]) => decideOn(held(32 * second), { config: approvingRedeploys, past }).decision;

    expect(asks([])).toMatchObject({ do: 'ask', restart: revision.name });
    expect(asks(inItsPlace)).toMatchObject({ do: 'ask', newRevision: 'as-deployed' });
  });
});
