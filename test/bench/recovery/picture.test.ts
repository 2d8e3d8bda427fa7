// The picture of a measurement.
import { expect, it } from 'vitest';
import type { Line, Measured } from '../../../bench/recovery/measure.ts';
import { pictureOf } from '../../../bench/recovery/picture.ts';

function line(way: string, median: number, p95: number): Line {
  const figures = { lateSeconds: { median, p95 } } as Line['figures'];
  return { way, figures, slowerThanAlone: 0 };
}

const measured: Measured = {
  tenant: 'median 1 min',
  lines: [line('platform alone', 150, Number.POSITIVE_INFINITY), line('pullmedic', 15, 30), line('another', 1, 1)],
};

it('has a bar and a line for each way that is shown, as long as the seconds', () => {
  const svg = pictureOf([measured]);

  expect(svg.match(/<rect x="250" y="[\d.]+" width="(?:270|27)" height="12"/g)).toHaveLength(2);
  expect(svg.match(/stroke-width="2"/g)).toHaveLength(2);
  expect(svg).toContain('median 1 min');
});

it('ends at the edge where an app never recovers', () => {
  expect(pictureOf([measured])).toContain('H790');
  expect(pictureOf([measured])).not.toContain('Infinity');
});
