// Facts that many looks need are read once: only readable ones, only young ones, and none that our own changes alter.

import { describe, expect, it } from 'vitest';
import { lately, sharing } from '../../../../src/lib/azure/facts/shared-facts.ts';
import type { Evidence, Probe } from '../../../../src/lib/evidence/evidence.ts';
import type { LookContext, ProbeAnswer } from '../../../../src/lib/evidence/reads.ts';
import { smallLook } from '../../../../src/lib/evidence/reads.ts';
import { type Fact, known, unreadable, valueOf } from '../../../../src/lib/words/fact.ts';
import { arm, dnsUnlinked, nowMs, registry, roleMissing, target } from '../../facts.ts';

const [endpoint] = valueOf(dnsUnlinked.endpoints) ?? [];
if (endpoint === undefined) throw new Error('The registry has an endpoint.');

/** Looks of several apps at one Azure; `answer` is what it answers now. */
function looks(answer: () => Partial<Evidence>) {
  let atMs = nowMs;
  let reads = 0;
  const read = sharing(
    () => atMs,
    async () => {
      reads += 1;
      return { facts: answer(), calls: 1 };
    },
  );
  return {
    reads: () => reads,
    pass: (ms: number) => {
      atMs += ms;
    },
    look: (probe: Probe, sharedSinceMs?: number): Promise<ProbeAnswer> =>
      read(probe, target, roleMissing, nowMs, {
        ...smallLook(),
        ...(sharedSinceMs === undefined ? {} : { sharedSinceMs }),
      }),
  };
}

const found = (): Partial<Evidence> => ({ registry: known(registry) });

describe('a fact about a shared resource', () => {
  it('is read once for looks that accept it, with the time at which it was read', async () => {
    const { look, reads, pass } = looks(found);
    await look('registry', nowMs);
    pass(1000);

    expect(await look('registry', nowMs)).toEqual({ facts: found(), calls: 0, readAtMs: nowMs });
    expect(reads()).toBe(1);
  });

  it('is read anew by a look that accepts only younger ones, or none', async () => {
    const { look, reads } = looks(found);
    await look('registry', nowMs);
    await look('registry', nowMs + 1);
    await look('registry');

    expect(reads()).toBe(3);
  });

  it('is waited for by looks that accept what is under way, however long ago it began', async () => {
    let answer: (found: ProbeAnswer) => void = () => undefined;
    let reads = 0;
    const read = sharing(
      () => nowMs,
      () => {
        reads += 1;
        return new Promise((resolve) => (answer = resolve));
      },
    );
    const look = (more: Partial<LookContext>) =>
      read('registry', target, roleMissing, nowMs, { ...smallLook(), sharedSinceMs: nowMs + 1, ...more });
    const first = look({});
    const others = [look({ underWaySinceMs: nowMs }), look({ underWaySinceMs: nowMs })];
    answer({ facts: found(), calls: 1 });

    expect(await Promise.all(others)).toEqual(others.map(() => ({ facts: found(), calls: 0, readAtMs: nowMs })));
    expect([await first, reads]).toEqual([{ facts: found(), calls: 1 }, 1]);
    void look({ underWaySinceMs: nowMs });
    expect(reads).toBe(2);
    void look({ underWaySinceMs: nowMs + 1 });
    expect(reads).toBe(3);
  });

  it('that the budget had no request for puts off all looks that wait for it, and is asked for again by the next one', async () => {
    const { look, reads } = looks(() => ({ registry: unreadable('over-budget') }));
    const waiting = await Promise.all([1, 2, 3].map(() => look('registry', nowMs)));

    expect(waiting.map(({ facts }) => facts)).toEqual([1, 2, 3].map(() => ({ registry: unreadable('over-budget') })));
    expect(reads()).toBe(1);
    await look('registry', nowMs);
    expect(reads()).toBe(2);
  });

  it.each<[Probe, Partial<Evidence>, Partial<Evidence>]>([
    [
      'endpoints',
      { registry: known({ ...registry, endpoints: [] }) },
      { registry: known({ ...registry, endpoints: [{ id: arm('/subscriptions/s/e'), status: 'approved' }] }) },
    ],
    ['zoneGroups', { endpoints: known([]) }, { endpoints: known([endpoint]) }],
  ])('that is read from a list (%s) is not shared with a look that has a longer one', async (probe, short, long) => {
    const asked: Evidence[] = [];
    const read = sharing(
      () => nowMs,
      async (_, _target, soFar) => {
        asked.push(soFar);
        return { facts: { [probe]: known([]) }, calls: 1 };
      },
    );
    const look = (soFar: Partial<Evidence>) =>
      read(probe, target, { ...roleMissing, ...soFar }, nowMs, { ...smallLook(), sharedSinceMs: nowMs });
    await look(short);
    await look(long);
    await look(long);

    expect(asked).toHaveLength(2);
  });

  it('that could not be read is not shared', async () => {
    const { look, reads } = looks(() => ({ registry: unreadable('throttled') }));
    await look('registry', nowMs);
    await look('registry', nowMs);

    expect(reads()).toBe(2);
  });

  it.each<Probe>(['app', 'revisions', 'replicas', 'logs', 'roles', 'writes', 'manifest', 'token'])(
    'is not %s: they concern one app, or our own changes alter them',
    async (probe) => {
      const { look, reads } = looks(found);
      await look(probe, nowMs);
      await look(probe, nowMs);

      expect(reads()).toBe(2);
    },
  );
});

describe('a list', () => {
  it('is read once for callers that accept it, and again if it is older or could not be read', async () => {
    let atMs = nowMs;
    const answers: Fact<number>[] = [unreadable('throttled'), known(1), known(2)];
    const read = lately(
      () => atMs,
      async () => answers.shift() ?? unreadable('unavailable'),
    );

    expect(await read(nowMs)).toEqual(unreadable('throttled'));
    expect(await read(nowMs)).toEqual(known(1));
    expect(await read(nowMs)).toEqual(known(1));
    atMs += 1;
    expect(await read()).toEqual(known(2));
  });

  it('that could not be read is read again once for all that waited for it', async () => {
    let reads = 0;
    const read = lately(
      () => nowMs,
      async () => {
        reads += 1;
        return unreadable<number>('over-budget');
      },
    );

    expect(await Promise.all([1, 2, 3, 4].map(() => read(nowMs)))).toEqual(
      [1, 2, 3, 4].map(() => unreadable('over-budget')),
    );
    expect(reads).toBe(2);
  });
});
