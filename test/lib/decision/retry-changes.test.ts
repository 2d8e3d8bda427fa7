// A restart that a person has to allow: asked for, made on a yes, refused on a no.
import { describe, expect, it } from 'vitest';
import type { Asked } from '../../../src/lib/history/asked.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { minute, nowMs, revision } from '../facts.ts';
import { decideOn, type Earlier, type Story } from '../situations.ts';
import { approving, attempted, held, needsApproval, questioned, restarted, second, wait } from './retried.ts';

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
    const expired = late.map((one) =>
      'entry' in one && one.entry.kind === 'decided' && one.entry.decision.do === 'ask'
        ? { ...one, entry: { ...one.entry, decision: { ...one.entry.decision, expiresAtMs: nowMs } } }
        : one,
    );
    const why = (past: readonly Earlier[]) => decideWith(past, 20 * second, { openedAgoMs: 5 * minute }).refusals;

    expect(why(questioned({ restart: revision.name }, 'rejected'))).toEqual([
      needsApproval,
      { guard: 'approval', why: 'rejected' },
    ]);
    expect(why(expired)).toEqual([needsApproval, { guard: 'approval', why: 'expired' }]);
  });
});
