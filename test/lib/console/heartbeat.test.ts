// A box a day: the worst of the day, and a day of which nothing is known is never shown as a good one.
import { describe, expect, it } from 'vitest';
import { type Beat, beats, heartbeatsOf } from '../../../src/lib/console/heartbeat.ts';
import { dayMs } from '../../../src/lib/console/weeks.ts';
import type { Figures } from '../../../src/lib/history/figures.ts';
import { nowMs } from '../facts.ts';
import { figures } from '../figures.ts';

const window = { days: 4, fromMs: 0, nowMs };
const recovered = (openedAtMs: number, closedAtMs: number, more: Partial<Figures> = {}): Figures =>
  figures({ openedAtMs, closed: { how: 'recovered', because: 'pulled-and-ready', atMs: closedAtMs }, ...more });

function worstOf(all: readonly Figures[], awakeSinceMs: number | 'not-read' = 0): Beat[] {
  const [one] = heartbeatsOf(all, window, awakeSinceMs === 'not-read' ? undefined : awakeSinceMs);
  return one?.days.map(({ worst }) => worst) ?? [];
}

describe('the heartbeat of a registry', () => {
  it('has a box for each day, today last', () => {
    const [one] = heartbeatsOf([recovered(nowMs, nowMs)], window, 0);

    expect(one?.days.map(({ startMs }) => new Date(startMs).toISOString().slice(0, 10))).toEqual([
      '2026-05-29',
      '2026-05-30',
      '2026-05-31',
      '2026-06-01',
    ]);
  });

  it('shows a remediation on every day that it was open', () => {
    expect(worstOf([recovered(nowMs - 2 * dayMs, nowMs - dayMs)])).toEqual([
      'quiet',
      'recovered',
      'recovered',
      'quiet',
    ]);
    expect(worstOf([figures({ openedAtMs: nowMs - dayMs })])).toEqual(['quiet', 'quiet', 'failing', 'failing']);
  });

  it('shows the worst of a day, and says of how many', () => {
    const all = [
      recovered(nowMs, nowMs),
      recovered(nowMs, nowMs, { ordinal: 2, askedAtMs: nowMs } as Partial<Figures>),
    ];

    expect(worstOf(all).at(-1)).toBe('asked');
    expect(heartbeatsOf(all, window, 0)[0]?.days.at(-1)?.remediations).toBe(2);
  });

  it.each([
    ['failing', figures()],
    ['failing', figures({ askedAtMs: nowMs })],
    ['asked', recovered(nowMs, nowMs, { askedAtMs: nowMs })],
    ['unproven', figures({ closed: { how: 'unproven', because: 'ready-without-a-row', atMs: nowMs } })],
    ['recovered', recovered(nowMs, nowMs)],
    ['recovered', recovered(nowMs, nowMs, { actedAtMs: nowMs })],
    ['stood-down', figures({ closed: { how: 'withdrawn', because: 'not-a-pull-failure', atMs: nowMs } })],
  ] as const)('is %s on the day of it', (beat, one) => {
    expect(worstOf([one]).at(-1)).toBe(beat);
  });

  it('orders what can happen from the worst to the least, with nothing known at the end', () => {
    expect([beats[0], beats.at(-2), beats.at(-1)]).toEqual(['failing', 'quiet', 'not-known']);
  });

  it('is quiet only on days on which pullmedic was awake from the beginning', () => {
    const today = recovered(nowMs, nowMs);

    expect(worstOf([today], 'not-read')).toEqual(['not-known', 'not-known', 'not-known', 'recovered']);
    expect(worstOf([today], nowMs - 2 * dayMs)).toEqual(['not-known', 'not-known', 'quiet', 'recovered']);
    // From midnight on it is the whole day.
    expect(worstOf([today], Date.parse('2026-05-30T00:00:00Z'))).toEqual(['not-known', 'quiet', 'quiet', 'recovered']);
  });

  it('is quiet only on days of which there are figures', () => {
    const [one] = heartbeatsOf([recovered(nowMs, nowMs)], { ...window, fromMs: nowMs - dayMs }, 0);

    expect(one?.days.map(({ worst }) => worst)).toEqual(['not-known', 'not-known', 'not-known', 'recovered']);
  });

  it('shows what goes on, however long ago it was opened', () => {
    expect(worstOf([figures({ openedAtMs: nowMs - 400 * dayMs })])).toEqual([
      'failing',
      'failing',
      'failing',
      'failing',
    ]);
  });

  it('says under which days History has what was open on a day: by its end, or by its opening where it goes on', () => {
    const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
    const ended = recovered(nowMs - 2 * dayMs, nowMs - dayMs);
    const [one] = heartbeatsOf([ended], window, 0);
    expect(one?.days[1]?.found).toEqual({ firstMs: day('2026-05-31'), lastMs: day('2026-05-31') });
    expect(one?.days[0]).not.toHaveProperty('found');

    const [both] = heartbeatsOf([ended, figures({ ordinal: 2, openedAtMs: nowMs - 9 * dayMs })], window, 0);
    expect(both?.days[1]?.found).toEqual({ firstMs: day('2026-05-23'), lastMs: day('2026-05-31') });
  });

  it('is one row for each registry, the one with the most remediations first, and none for one that was left alone', () => {
    const other = { registry: 'other.azurecr.io' };
    const gone = recovered(nowMs - 40 * dayMs, nowMs - 39 * dayMs, { registry: 'gone.azurecr.io' });
    const rows = heartbeatsOf([figures(), figures(other), figures({ ...other, ordinal: 2 }), gone], window, 0);

    expect(rows.map(({ registry, remediations }) => [registry, remediations])).toEqual([
      ['other.azurecr.io', 2],
      ['acrshop.azurecr.io', 1],
    ]);
  });
});
