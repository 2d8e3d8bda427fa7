import { describe, expect, it } from 'vitest';
import { chartStyle } from '../../../src/lib/console/chart-style.ts';
import { beats } from '../../../src/lib/console/heartbeat.ts';
import { outcomes } from '../../../src/lib/console/outcomes.ts';

describe('the style of charts', () => {
  it.each(outcomes)('gives a part for %s a filling of its own', (outcome) => {
    expect(chartStyle.text).toContain(`.slice.${outcome}{fill:`);
  });

  it.each(beats.filter((beat) => beat !== 'quiet'))('gives a day that was %s another look than a quiet one', (beat) => {
    expect(chartStyle.text).toMatch(new RegExp(`\\.day\\.${beat}[,{]`));
  });

  it('gives each day a mark of its own, so that no reader needs the colour, and no words of it to readers of the screen', () => {
    const marks = beats.map((beat) => chartStyle.text.split(`.day.${beat}::before{content:`)[1]?.split('}')[0] ?? '');

    for (const mark of marks) expect(mark).toMatch(/^"(.)";content:"\1" \/ ""$/);
    expect(new Set(marks).size).toBe(beats.length);
  });
});
