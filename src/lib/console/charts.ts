// Charts as inline SVG, drawn on the server. Places are percentages, so that a chart is as wide as its page and its text keeps its size.
// Every chart stands beside the same in words: it is hidden from readers of the screen.

import { type Html, html } from './html.ts';
import type { Quantiles } from './quantiles.ts';

/** A bar on the scale of {@link scale}, over the lines of {@link patterns}: solid up to the median, and pale with stripes from there to the upper end. */
export function rangeBar({ p50, p95 }: Quantiles): Html {
  const [middle, end] = [placeOf(p50), placeOf(p95)];
  return html`<svg class="chart" aria-hidden="true"><use href="#ticks"/><rect class="to-middle" width="${percent(middle)}"/><rect class="to-end" x="${percent(middle)}" width="${percent(end - middle)}"/><rect class="mark" x="${percent(middle)}"/></svg>`;
}

/** The scale under range bars. Each step is a multiple of the one before, because the lengths reach from seconds to days. */
export function scale(): Html {
  return html`<svg class="chart scale" aria-hidden="true"><use href="#ticks"/>${ticks.map(({ ms, label }) => html`<text x="${percent(placeOf(ms))}" dx="3" y="14">${label}</text>`)}</svg>`;
}

export interface Slice {
  /** The class that gives it its colour. */
  readonly name: string;
  readonly count: number;
}

/** One bar that is divided by counts. Parts of 0 are not drawn. The patterns tell parts apart that have the same colour. */
export function dividedBar(slices: readonly Slice[]): Html {
  const all = slices.reduce((sum, { count }) => sum + count, 0);
  let from = 0;
  const parts = slices
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => {
      const width = count / all;
      const part = html`<rect class="slice ${name}" x="${percent(from)}" y="0" width="${percent(width)}" height="22"/>`;
      from += width;
      return part;
    });
  return html`<svg class="chart divided" aria-hidden="true">${parts}</svg>`;
}

/** What the charts of a page share: the patterns that they are filled with and the lines of their scale. A page has them once, before its first chart. */
export function patterns(): Html {
  return html`<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>${patternNames.map(pattern)}<g id="ticks">${ticks.map(({ ms }) => line(placeOf(ms)))}</g></defs></svg>`;
}

const patternNames = ['stripes', 'dots', 'cross'] as const;

function pattern(name: (typeof patternNames)[number]): Html {
  const drawn = {
    stripes: html`<path d="M-2 2 2 -2M0 8 8 0M6 10 10 6"/>`,
    dots: html`<circle cx="2" cy="2" r="1.4"/><circle cx="6" cy="6" r="1.4"/>`,
    cross: html`<path d="M0 0 8 8M8 0 0 8"/>`,
  };
  return html`<pattern id="${name}" width="8" height="8" patternUnits="userSpaceOnUse">${drawn[name]}</pattern>`;
}

/** The ends of the scale, in milliseconds: a second and a week. */
const [least, most] = [1000, 7 * 24 * 3_600_000];

const ticks = [
  { ms: 10_000, label: '10 s' },
  { ms: 60_000, label: '1 min' },
  { ms: 10 * 60_000, label: '10 min' },
  { ms: 3_600_000, label: '1 h' },
  { ms: 8 * 3_600_000, label: '8 h' },
  { ms: 2 * 24 * 3_600_000, label: '2 d' },
];

/** Where a length lies on the scale, from 0 to 1. What is shorter or longer than the scale lies at its end. */
function placeOf(ms: number): number {
  const inside = Math.min(most, Math.max(least, ms));
  return Math.log(inside / least) / Math.log(most / least);
}

function line(at: number): Html {
  return html`<rect class="tick" x="${percent(at)}" y="0" width="1" height="18"/>`;
}

/** A share of the width, such as `12.5%`. */
function percent(share: number): string {
  return `${Math.round(Math.max(0, share) * 10_000) / 100}%`;
}
