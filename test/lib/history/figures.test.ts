// What one remediation adds to the measures, from its history.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { figuresOf } from '../../../src/lib/history/figures.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import {
  acrPull,
  appId,
  config,
  history,
  minute,
  nowMs,
  principal,
  pulledAgain,
  registryId,
  roleMissing,
  signal,
} from '../facts.ts';
import { memory } from '../memory-ports.ts';

const grant: Grant = { registryId, principalId: principal, roleId: acrPull };
const granting: Entry = {
  kind: 'decided',
  decision: { do: 'grant', grant, because: 'pull-role-missing' },
  dueAtMs: nowMs,
  refusals: [],
};
const asking = (...refusals: (Entry & { kind: 'decided' })['refusals'][number][]): Entry => ({
  kind: 'decided',
  decision: { do: 'incident', cause: 'pull-role-missing', because: 'change-refused' },
  dueAtMs: nowMs,
  refusals,
});
const waiting: Entry = {
  kind: 'decided',
  decision: { do: 'wait', because: 'proving-stability' },
  dueAtMs: nowMs,
  refusals: [],
};
const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'nothing-failing' };

function of(...entries: Entry[]): ReturnType<typeof figuresOf> {
  const [remediation] = history(...entries).remediations;
  if (remediation === undefined) throw new Error('A history begins with its opening.');
  return figuresOf(remediation);
}

describe('the figures of a remediation', () => {
  it('that was only opened say where and when, and nothing that is not known', () => {
    expect(of()).toEqual({
      remediation: `t${'0'.repeat(24)}.1`,
      appId,
      registry: 'acrshop.azurecr.io',
      openedAtMs: nowMs - 5000,
      causes: [],
      refused: [],
    });
  });

  it('keep when a person was asked for the first time, also when no person is waited for any more', () => {
    const { askedAtMs } = of(waiting, asking(), waiting, asking(), waiting);

    expect(askedAtMs).toBe(nowMs - 5000 + 2);
  });

  it('name every guard that refused, each reason once', () => {
    const { refused } = of(
      asking({ guard: 'mode', why: 'observe' }, { guard: 'scope', why: 'outside' }),
      asking({ guard: 'mode', why: 'observe' }),
      asking({ guard: 'mode', why: 'approval-needed' }),
    );

    expect(refused).toEqual(['mode: observe', 'scope: outside', 'mode: approval-needed']);
  });

  it('name the guard that refused right before the change, which the outcome alone tells', () => {
    const outcome = { kind: 'outcome', action: 'grant' } as const;
    const withheld: Entry = { ...outcome, outcome: 'withheld', because: 'kill-switch: on' };

    expect(of(granting, withheld, granting, withheld).refused).toEqual(['kill-switch: on']);
    expect(of(granting, { ...outcome, outcome: 'failed', because: 'refused' }).refused).toEqual([]);
  });

  it.each([
    ['done', true, true],
    // The assignment was there: it was not made then.
    ['already-there', true, false],
    ['failed', false, false],
    ['withheld', false, false],
    ['unknown', false, false],
  ] as const)(
    'of a grant that was %s count it as a change, and as a grant of their own, only where it was',
    (outcome, acted, granted) => {
      const figures = of(granting, { kind: 'outcome', action: 'grant', outcome });

      expect(['actedAtMs' in figures, 'grantedAtMs' in figures]).toEqual([acted, granted]);
    },
  );

  it('say a recovery only where the end is one', () => {
    expect(of(closed)).toMatchObject({ closed: { how: 'withdrawn', because: 'nothing-failing' } });
    expect(of(closed)).not.toHaveProperty('recoveredAtMs');
  });
});

describe('the figures of a remediation that recovered', () => {
  it('say each instant, in their order', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'act' }), roleMissing, nowMs);
    const { world, rows } = running;
    await running.deliver(signal);
    await running.pass(5 * minute);
    world.evidence = pulledAgain(world.evidence, world.nowMs);
    await running.pass(60 * minute);

    const [one] = [...rows.values()].map(({ facts }) => facts);
    expect(one).toMatchObject({ causes: ['pull-role-missing'], sure: 'confirmed', closed: { how: 'recovered' } });
    const times = [one?.openedAtMs, one?.diagnosedAtMs, one?.grantedAtMs, one?.recoveredAtMs, one?.closed?.atMs];
    expect(times).toEqual(times.map(Number).sort((a, b) => a - b));
  });
});
