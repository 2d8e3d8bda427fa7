// Pictures of figures: a longer bar for a larger figure, a stroke for a second one, and a line at the goal.
import { expect, it } from 'vitest';
import { pictureOfBars } from '../../../bench/outcome/picture.ts';

const bars = [
  { name: 'first & last', value: 4, mark: 2 },
  { name: 'other', value: 8, said: 'eight' },
];

function widths(svg: string): number[] {
  return [...svg.matchAll(/<rect x="280"[^>]* width="(\d+)"/g)].map(([, width]) => Number(width));
}

it('bars are as long as their figures, and names are escaped', () => {
  const svg = pictureOfBars({ title: 'Answers', bars, goal: 8 });
  const [four, eight] = widths(svg);
  expect(eight).toBe(2 * (four ?? 0));
  expect(svg).toContain('first &amp; last');
  expect(svg).toContain('>eight<');
  expect(svg).toContain('stroke-dasharray');
});

it('on a scale of powers of ten, a hundred times as much is twice as long as ten times', () => {
  const svg = pictureOfBars({
    title: 'Rows',
    scale: 'logarithmic',
    bars: [10, 100].map((value) => ({ name: `${value}`, value })),
  });
  const [ten, hundred] = widths(svg);
  expect(hundred).toBe(2 * (ten ?? 0));
});
