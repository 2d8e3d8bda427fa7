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
  unreadableRows: 0,
  systems: [],
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
    expect(troublesOf({ ...well, sweep: known(undefined) }, nowMs)).toEqual([]);
  });

  it('is a timer that never ran, a note of the sweep that cannot be read, and apps that it could not list', () => {
    expect(troublesOf({ ...well, pulse: known(undefined) }, nowMs)).toEqual(['Its timer has not run yet.']);
    expect(troublesOf({ ...well, sweep: unreadable('unavailable') }, nowMs)).toEqual([
      'Whether it looks for stuck workloads could not be read.',
    ]);
    expect(troublesOf({ ...well, sweep: known({ atMs: nowMs, apps: 8, skipped: 2 }) }, nowMs)).toEqual([
      '2 workloads have an id that cannot be read, and are not looked at.',
    ]);
  });

  it('is an incident system that cannot be told, and none that only asked us to wait', () => {
    const system = { system: 'pager', state: 'key-refused', waiting: 1, dead: 0, unreadable: 0 } as const;

    expect(troublesOf({ ...well, systems: [{ ...system, state: 'paused' }] }, nowMs)).toEqual([]);
    expect(troublesOf({ ...well, systems: [system, { ...system, system: 'chat' }] }, nowMs)).toEqual([
      'People may not hear of incidents through pager and chat: the page Messages says why.',
    ]);
  });

  it('has a sentence each', () => {
    const bad = {
      pulse: known({ sinceMs: nowMs, lastMs: nowMs - 4 * minute }),
      sweep: known<SweepNote>({ atMs: nowMs, apps: 0, skipped: 0, unreadable: 'forbidden' }),
      deadLetters: 1,
      overdue: 2,
      unreadable: 3,
      unreadableRows: 1,
      systems: [],
    } as const;

    expect(troublesOf(bad, nowMs)).toEqual([
      'Its timer has not run since 2026-06-01 01:56:00 UTC (4 minutes ago).',
      '2 remediations are late with the next step.',
      '3 histories of what is live cannot be read.',
      '1 row of what is live cannot be read: a remediation that is not shown may need a person.',
      'The last sweep had no list of the workloads (forbidden).',
      '1 message could not be handled, and waits for a person.',
    ]);
    expect(troublesOf({ ...well, pulse: unreadable('unavailable') }, nowMs)).toEqual([
      'Whether its timer runs could not be read.',
    ]);
  });

  it('is a lower bound of messages where the list of them is full', () => {
    expect(troublesOf({ ...well, deadLetters: 1000 }, nowMs)).toEqual([
      '1,000 messages or more could not be handled, and wait for a person.',
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
