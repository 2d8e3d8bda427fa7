import { describe, expect, it } from 'vitest';
import { chartStyle } from '../../../src/lib/console/chart-style.ts';
import { beats } from '../../../src/lib/console/heartbeat.ts';
import { outcomes } from '../../../src/lib/console/outcomes.ts';

describe('the style of charts', () => {
  it.each(outcomes)('gives a part for %s a filling of its own', (outcome) => {
    expect(chartStyle.text).toContain(`.slice.${outcome}{fill:`);
  });

  it.each(beats.filter((beat) => beat !== 'quiet'))('gives a day that was %s another look than a quiet one', (beat) => {
    expect(chartStyle.text).toContain(`.day.${beat}`);
  });
});
