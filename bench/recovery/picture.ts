// A picture of a measurement, as SVG: how late each way recovers, the median as a bar and the 95th percentile as a line.
import type { Measured } from './measure.ts';

const width = 820;
const left = 250;
const top = 40;
const rowHeight = 16;
const gap = 18;
/** The scale ends at five minutes: what is later, or never, reaches the edge. Seconds. */
const mostSeconds = 300;
const colours: Readonly<Record<string, string>> = {
  'platform alone': '#9aa5b1',
  'fixed 5 min': '#e0a458',
  pullmedic: '#2f7d5b',
};

/** Tenants are the groups, and the ways that have a colour are the bars. */
export function pictureOf(measured: readonly Measured[]): string {
  const ways = Object.keys(colours);
  const groupHeight = ways.length * rowHeight + gap;
  const height = top + measured.length * groupHeight + 50;
  const groups = measured.map(({ tenant, lines }, at) => {
    const y = top + at * groupHeight;
    const bars = ways.flatMap((way, place) => {
      const late = lines.find((line) => line.way === way)?.figures.lateSeconds;
      return late === undefined ? [] : [bar(y + place * rowHeight, colours[way] ?? '', late.median, late.p95)];
    });
    return `${text(left - 10, y + 28, tenant, 'end')}${bars.join('')}`;
  });
  const ticks = [0, 60, 120, 180, 240, 300].map((seconds) => tick(seconds, height));
  const legend = ways.map((way, at) => {
    const x = left + at * 150;
    return `<rect x="${x}" y="${height - 16}" width="10" height="10" fill="${colours[way]}"/>${text(x + 16, height - 7, way, 'start')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${text(left, 20, 'Seconds later than the moment at which the role works: median, and a line to the 95th percentile', 'start')}
${[...ticks, ...groups, ...legend].join('\n')}
</svg>
`;
}

function bar(y: number, colour: string, median: number, p95: number): string {
  const middle = y + rowHeight / 2;
  return `<rect x="${left}" y="${y + 2}" width="${length(median)}" height="${rowHeight - 4}" fill="${colour}"/><path d="M${left} ${middle}H${left + length(p95)}" stroke="${colour}" stroke-width="2"/>`;
}

function tick(seconds: number, height: number): string {
  const x = left + length(seconds);
  return `<path d="M${x} ${top - 6}V${height - 44}" stroke="#d9dee3"/>${text(x, height - 28, String(seconds), 'middle')}`;
}

function length(seconds: number): number {
  return Math.round((Math.min(seconds, mostSeconds) / mostSeconds) * (width - left - 30));
}

function text(x: number, y: number, said: string, anchor: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#22303c">${said}</text>`;
}
