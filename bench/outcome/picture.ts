// A picture of figures as SVG: one bar a row, with a mark for a second figure and a line for the goal.

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** A second figure of the row, drawn as a stroke. */
  readonly mark?: number | undefined;
  /** What stands at the end of the bar; the value where it is left out. */
  readonly said?: string | undefined;
}

export interface Picture {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Drawn across all bars. */
  readonly goal?: number | undefined;
  /** Bars of very different length are told apart on a scale of powers of ten. */
  readonly scale?: 'linear' | 'logarithmic' | undefined;
}

const width = 820;
const left = 280;
const right = 130;
const top = 36;
const rowHeight = 20;

/** The picture. The names in it are those of our own figures. */
export function pictureOfBars({ title, bars, goal, scale = 'linear' }: Picture): string {
  const most = Math.max(1, goal ?? 0, ...bars.flatMap(({ value, mark = 0 }) => [value, mark]));
  const at = (value: number): number => {
    const share = scale === 'linear' ? value / most : Math.log10(Math.max(1, value)) / Math.max(1, Math.log10(most));
    return left + Math.round(share * (width - left - right));
  };
  const height = top + bars.length * rowHeight + 14;
  const rows = bars.map((bar, row) => drawn(bar, top + row * rowHeight, at));
  const line =
    goal === undefined
      ? ''
      : `<path d="M${at(goal)} ${top - 6}V${height - 8}" stroke="#b3261e" stroke-dasharray="4 3"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${text(10, 20, title, 'start')}
${rows.join('\n')}
${line}
</svg>
`;
}

function drawn(
  { name, value, mark, said = value.toLocaleString('en') }: Bar,
  y: number,
  at: (value: number) => number,
) {
  const end = at(value);
  const stroke =
    mark === undefined
      ? ''
      : `<path d="M${at(mark)} ${y + 1}V${y + rowHeight - 5}" stroke="#22303c" stroke-width="3"/>`;
  return `${text(left - 10, y + 13, name, 'end')}<rect x="${left}" y="${y + 3}" width="${Math.max(1, end - left)}" height="${rowHeight - 8}" fill="#2f7d5b"/>${stroke}${text(end + 8, y + 13, said, 'start')}`;
}

function text(x: number, y: number, said: string, anchor: string): string {
  const escaped = said.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#22303c">${escaped}</text>`;
}
