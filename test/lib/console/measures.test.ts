// What is measured from which instants, and what is said where it cannot be measured.
import { describe, expect, it } from 'vitest';
import type { Measured, MeasuredRows } from '../../../src/lib/console/measured-rows.ts';
import { type Known, type Measures, measuresOf } from '../../../src/lib/console/measures.ts';
import { dayMs } from '../../../src/lib/console/weeks.ts';
import { minute, nowMs } from '../facts.ts';
import { figures } from '../figures.ts';

const known: Known = { nowMs, days: 30, awakeSinceMs: 0 };

function measure(all: readonly Measured[], more: Partial<MeasuredRows> = {}, about: Partial<Known> = {}): Measures {
  const latest = [...all].sort((a, b) => b.openedAtMs - a.openedAtMs);
  return measuresOf({ figures: latest, skipped: 0, wholeSinceMs: 0, ...more }, { ...known, ...about });
}

/** Opened an hour ago. Each instant is minutes after that. */
function repaired(ordinal = 1, more: Partial<Measured> = {}): Measured & { openedAtMs: number } {
  const openedAtMs = more.openedAtMs ?? nowMs - 60 * minute;
  const after = (minutes: number): number => openedAtMs + minutes * minute;
  return figures({
    ordinal,
    openedAtMs,
    failedAtMs: after(-3),
    diagnosedAtMs: after(1),
    actedAtMs: after(2),
    grantedAtMs: after(2),
    recoveredAtMs: after(9),
    roleInEffectAtMs: after(9),
    causes: ['pull-role-missing'],
    sure: 'confirmed',
    closed: { how: 'recovered', because: 'pulled-and-ready', atMs: after(20) },
    ...more,
  });
}

const of = (count: number, minutes: number): object => ({ count, p50: minutes * minute, p95: minutes * minute });

describe('the lengths of time', () => {
  it('are measured between the instants of one remediation', () => {
    expect(measure([repaired()]).spans).toMatchObject({
      detect: of(1, 3),
      diagnose: of(1, 1),
      propagate: of(1, 7),
      recover: of(1, 9),
    });
  });

  it('are not known where no remediation has both ends, and never 0', () => {
    expect(measure([figures()]).spans).toEqual({});
    expect(measure([]).spans).toEqual({});
  });

  it('leave out a failure row that is younger than the opening: it is not the failure that was detected', () => {
    const { detect } = measure([repaired(1, { failedAtMs: nowMs }), repaired(2)]).spans;

    expect(detect).toMatchObject({ count: 1 });
  });

  it('count a recovery in the same instant', () => {
    expect(measure([repaired(1, { recoveredAtMs: nowMs - 60 * minute })]).spans.recover).toMatchObject(of(1, 0));
  });

  it('of propagation are of grants by pullmedic only: a role that was there already says nothing of its age', () => {
    const { grantedAtMs: _grant, ...alreadyThere } = repaired();

    expect(measure([alreadyThere]).spans).not.toHaveProperty('propagate');
    expect(measure([alreadyThere]).propagations).toEqual([]);
  });

  it('of each grant are listed, the latest first', () => {
    const old = repaired(2, { openedAtMs: nowMs - 3 * dayMs });

    expect(measure([old, repaired()]).propagations).toMatchObject([
      { remediation: repaired().remediation, tookMs: 7 * minute },
      { remediation: old.remediation, tookMs: 7 * minute },
    ]);
  });
});

describe('the causes', () => {
  it('are ordered by how many remediations had them, and one with two counts for both', () => {
    const both = repaired(2, { causes: ['pull-role-missing', 'private-dns-unlinked'], askedAtMs: nowMs });
    const { byCause } = measure([repaired(), both]);

    expect(byCause).toMatchObject([
      { cause: 'pull-role-missing', count: 2, withoutPerson: { handled: 1, of: 2 }, recover: { count: 2 } },
      { cause: 'private-dns-unlinked', count: 1, withoutPerson: { handled: 0, of: 1 } },
    ]);
  });

  it('are not those of a remediation that stood down: an earlier look only suspected them', () => {
    const closed = { how: 'withdrawn', because: 'not-a-pull-failure', atMs: nowMs } as const;

    expect(measure([figures({ causes: ['pull-role-missing'], closed })]).byCause).toEqual([]);
  });
});

describe('the weeks', () => {
  it('are all weeks of the time, also those in which nothing happened, the latest first', () => {
    const { byWeek } = measure([repaired(1, { openedAtMs: nowMs - 8 * dayMs })], {}, { days: 7 });
    expect(byWeek.map(({ opened }) => opened)).toEqual([0, 0]);

    const month = measure([repaired(1, { openedAtMs: nowMs - 8 * dayMs })]).byWeek;
    expect(month.map(({ opened }) => opened)).toEqual([0, 0, 1, 0, 0, 0]);
    expect(month.map(({ part }) => part)).toEqual([true, false, false, false, false, true]);
    expect(month.every(({ startMs }) => new Date(startMs).getUTCDay() === 1)).toBe(true);
  });
});

describe('the refusals', () => {
  it('count a guard once for each remediation, and its reasons each', () => {
    const { refusals } = measure([
      figures({ refused: ['mode: observe', 'mode: approval-needed', 'network: cannot-tell'] }),
      figures({ ordinal: 2, refused: ['mode: observe'] }),
    ]);

    expect(refusals).toEqual([
      {
        guard: 'mode',
        count: 2,
        reasons: [
          { code: 'mode: observe', count: 2 },
          { code: 'mode: approval-needed', count: 1 },
        ],
      },
      { guard: 'network', count: 1, reasons: [{ code: 'network: cannot-tell', count: 1 }] },
    ]);
  });
});

describe('the time that the measures speak of', () => {
  it('is the days that were asked for, and a remediation from before does not count', () => {
    const [in_, out] = [
      repaired(1, { openedAtMs: nowMs - 7 * dayMs }),
      repaired(2, { openedAtMs: nowMs - 7 * dayMs - 1 }),
    ];
    const { window, opened } = measure([in_, out], {}, { days: 7 });

    expect(opened).toBe(1);
    expect(window).toEqual({ days: 7, nowMs, fromMs: nowMs - 7 * dayMs, skipped: 0 });
  });

  it.each(['more-rows', 'older-version'] as const)(
    'begins where the rows begin to be whole, and says why: %s',
    (because) => {
      const { window, opened } = measure([repaired(), repaired(2, { openedAtMs: nowMs - 3 * dayMs })], {
        wholeSinceMs: nowMs - 2 * dayMs,
        because,
      });

      expect([window.fromMs, window.shortened, opened]).toEqual([nowMs - 2 * dayMs, because, 1]);
    },
  );

  it('is not shortened where the rows are whole for longer', () => {
    const { window } = measure([], { wholeSinceMs: nowMs - 31 * dayMs, because: 'more-rows' });

    expect(window).not.toHaveProperty('shortened');
  });

  it('says how many rows are missing', () => {
    expect(measure([], { skipped: 2 }).window.skipped).toBe(2);
  });
});
