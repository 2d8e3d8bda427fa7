// Charts stand beside the same in words, and no place lies outside of them.
import { describe, expect, it } from 'vitest';
import { dividedBar, patterns, rangeBar, scale } from '../../../src/lib/console/charts.ts';

const placesIn = (text: string): number[] =>
  [...text.matchAll(/(?:x|width)="(-?[\d.]+)%"/g)].map(([, place]) => Number(place));

describe('a bar of lengths', () => {
  it.each([
    [0, 0],
    [999, 1000],
    [60_000, 3_600_000],
    [1e12, 1e13],
  ])('from %d to %d stays within its chart', (p50, p95) => {
    const places = placesIn(rangeBar({ count: 2, p50, p95, longest: true }).text);

    expect(places.length).toBe(4);
    expect(places.every((place) => place >= 0 && place <= 100)).toBe(true);
  });

  it('is longer for what took longer', () => {
    const widthOf = (ms: number): number =>
      Number(
        /class="to-middle" width="([\d.]+)%"/.exec(rangeBar({ count: 1, p50: ms, p95: ms, longest: true }).text)?.[1],
      );

    expect(widthOf(60_000)).toBeGreaterThan(widthOf(30_000));
    expect(widthOf(3_600_000)).toBeGreaterThan(widthOf(60_000));
  });
});

describe('a divided bar', () => {
  it('has a part for each count but those of 0, and they fill it', () => {
    const { text } = dividedBar([
      { name: 'a', count: 1 },
      { name: 'b', count: 0 },
      { name: 'c', count: 3 },
    ]);

    expect(
      [...text.matchAll(/class="slice (\w)" x="([\d.]+)%" y="0" width="([\d.]+)%"/g)].map((part) => part.slice(1)),
    ).toEqual([
      ['a', '0', '25'],
      ['c', '25', '75'],
    ]);
  });

  it('of nothing is empty', () => {
    expect(dividedBar([{ name: 'a', count: 0 }]).text).not.toContain('rect');
  });
});

describe('every chart', () => {
  it.each([
    ['a bar of lengths', rangeBar({ count: 1, p50: 1, p95: 1, longest: true })],
    ['the scale', scale()],
    ['a divided bar', dividedBar([{ name: 'a', count: 1 }])],
    ['the patterns', patterns()],
  ])('is hidden from readers of the screen, and has no style of its own: %s', (_what, { text }) => {
    expect(text).toMatch(/^<svg [^>]*aria-hidden="true"/);
    expect(text).not.toContain('style=');
  });
});
