import { describe, expect, it } from 'vitest';
import { counted, killSwitchBlock, troublesOf } from '../../../src/lib/console/standing.ts';
import type { SweepNote } from '../../../src/lib/ports/controls.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { minute, nowMs } from '../facts.ts';

const well = {
  pulse: known({ sinceMs: nowMs - 60 * minute, lastMs: nowMs - minute }),
  sweep: known({ atMs: nowMs - minute, apps: 8, skipped: 0 }),
  deadLetters: 0,
  overdue: 0,
  unreadable: 0,
};

describe('the kill switch on a page', () => {
  it('that cannot be read counts as on, and the page says so', () => {
    const { text } = killSwitchBlock(
      { mode: 'act', killSwitch: unreadable('unavailable'), setting: known(undefined) },
      nowMs,
    );

    expect(text).toContain('it could not be read, and that counts as on');
    expect(text).toContain('pullmedic changes nothing while it is on.');
  });

  it('has a button for the other setting, bound to the one that is shown, and says why it was set', () => {
    const viewer = { mayAnswer: true, name: 'Ada', id: 'a' } as const;
    const setting = known({ on: true, by: 'Bo', atMs: nowMs, why: '<a storm>', version: 'v7' });
    const { text } = killSwitchBlock({ mode: 'act', killSwitch: known(true), setting }, nowMs, viewer);

    expect(text).toContain('href="/api/answers/switch-off?of=deployment&amp;shown=v7"');
    expect(text).toContain('Reason: &lt;a storm&gt;.');
  });

  it('that is off can be turned on', () => {
    const { text } = killSwitchBlock({ mode: 'act', killSwitch: known(false), setting: known(undefined) }, nowMs);

    expect(text).toContain('Turn it on');
    expect(text).not.toContain('changes nothing');
  });
});

describe('what is wrong with pullmedic itself', () => {
  it('is nothing where it is well, also before its first sweep', () => {
    expect(troublesOf(well, nowMs)).toEqual([]);
    expect(troublesOf({ ...well, pulse: known(undefined), sweep: known(undefined) }, nowMs)).toEqual([]);
  });

  it('has a sentence each', () => {
    const bad = {
      pulse: known({ sinceMs: nowMs, lastMs: nowMs - 4 * minute }),
      sweep: known<SweepNote>({ atMs: nowMs, apps: 0, skipped: 0, unreadable: 'forbidden' }),
      deadLetters: 1,
      overdue: 2,
      unreadable: 3,
    } as const;

    expect(troublesOf(bad, nowMs)).toEqual([
      'Its timer has not run since 2026-06-01 01:56:00 UTC (4 minutes ago).',
      '2 remediations are late with the next step.',
      '3 histories of what is live cannot be read.',
      'The last sweep had no list of the apps (forbidden).',
      '1 message could not be handled, and waits for a person.',
    ]);
    expect(troublesOf({ ...well, pulse: unreadable('unavailable') }, nowMs)).toEqual([
      'Whether its timer runs could not be read.',
    ]);
  });

  it('is late only after three minutes', () => {
    const lastMs = nowMs - 3 * minute;

    expect(troublesOf({ ...well, pulse: known({ sinceMs: lastMs, lastMs }) }, nowMs)).toEqual([]);
  });
});

describe('a number with its noun', () => {
  it.each([
    [1, '1 app'],
    [0, '0 apps'],
    [12_345, '12,345 apps'],
  ])('%i is %s', (count, said) => {
    expect(counted(count, 'app', 'apps')).toBe(said);
  });
});
