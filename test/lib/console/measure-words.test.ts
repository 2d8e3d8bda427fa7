import { describe, expect, it } from 'vitest';
import { sayDay, sayHeartbeatDay, sayQuantiles, sayShare, sayWindow } from '../../../src/lib/console/measure-words.ts';
import type { Window } from '../../../src/lib/console/measures.ts';
import { minute, nowMs } from '../facts.ts';

const window: Window = { days: 30, nowMs, fromMs: nowMs, skipped: 0 };

describe('a measure in words', () => {
  it('that cannot be computed is not known', () => {
    expect([sayShare(undefined), sayQuantiles(undefined)]).toEqual(['not known', 'not known']);
  });

  it('says of how many it is', () => {
    const lengths = { p50: minute, p95: 2 * minute };

    expect(sayShare({ handled: 2, of: 3 })).toBe('67 % (2 of 3)');
    expect(sayQuantiles({ ...lengths, count: 20, longest: false })).toBe(
      'half within 1 min 00 s, 95 % within 2 min 00 s (of 20)',
    );
    expect(sayQuantiles({ ...lengths, count: 3, longest: true })).toContain('all within 2 min 00 s (of 3)');
    expect(sayQuantiles({ count: 1, p50: minute, p95: minute, longest: true })).toBe('1 min 00 s (of 1)');
  });
});

describe('the time that is measured, in words', () => {
  const first = (more: Partial<Window>): string | undefined => sayWindow({ ...window, ...more })[0];

  it('is the days that were asked for, or says why it is less', () => {
    expect(first({})).toContain('The last 30 days');
    expect(first({ shortened: 'more-rows' })).toContain('the latest 1,000 are read');
    expect(first({ shortened: 'older-version' })).toContain(
      'What ended until 2026-06-01 02:00:00 UTC was written by an older version',
    );
  });

  it('has a sentence for what is missing, and none where nothing is', () => {
    expect(sayWindow(window)).toHaveLength(1);
    expect(sayWindow({ ...window, skipped: 1 })[1]).toBe(
      '1 row cannot be read or says too little, and is not counted.',
    );
    expect(sayWindow({ ...window, skipped: 2 })[1]).toContain('2 rows cannot be read or say too little, and are');
  });
});

describe('a day of a heartbeat in words', () => {
  it('says the date, the worst of it and of how many', () => {
    expect(sayDay(nowMs)).toBe('2026-06-01');
    expect(sayHeartbeatDay({ startMs: nowMs, worst: 'quiet', remediations: 0 })).toBe('2026-06-01: no failed pull');
    expect(sayHeartbeatDay({ startMs: nowMs, worst: 'asked', remediations: 3 })).toContain('(the worst of 3)');
  });
});
