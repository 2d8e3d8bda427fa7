// The table of a measurement, as Markdown.
import type { Line, Measured } from './measure.ts';

const columns: readonly { readonly head: string; readonly of: (line: Line) => string }[] = [
  { head: 'way', of: ({ way }) => way },
  { head: 'ratio', of: ({ figures: { ratio } }) => `${number(ratio.median, 2)} (${number(ratio.p95, 2)})` },
  { head: 'late, s', of: ({ figures: { lateSeconds: late } }) => `${number(late.median, 0)} (${number(late.p95, 0)})` },
  { head: 'over 2 min', of: ({ figures }) => percent(figures.laterThanTwoMinutes) },
  { head: 'restarts', of: ({ figures }) => `${number(figures.restarts, 1)} (${figures.mostRestarts})` },
  { head: 'looks', of: ({ figures }) => number(figures.looks, 0) },
  { head: 'good pulls lost', of: ({ figures }) => percent(figures.interrupted) },
  { head: 'never', of: ({ figures }) => percent(figures.neverRecovered) },
  { head: 'person asked', of: ({ figures }) => percent(figures.leftToAPerson) },
  { head: 'slower than alone, s', of: ({ slowerThanAlone }) => number(slowerThanAlone, 0) },
  { head: 'serving restarted', of: ({ figures }) => String(figures.servingRestarted) },
];

export function tableOf(measured: readonly Measured[]): string {
  const heads = ['propagation', ...columns.map(({ head }) => head)];
  const rows = measured.flatMap(({ tenant, lines }) =>
    lines.map((line) => [tenant, ...columns.map(({ of }) => of(line))]),
  );
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : 'never';
}

function percent(share: number): string {
  return share === 0 ? '0' : `${(share * 100).toFixed(1)} %`;
}
