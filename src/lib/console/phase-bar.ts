// Draws the phases of a remediation as one bar, with a legend in words below it. What took far longer than the rest is drawn short, with a
// break mark.

import { type Html, html } from './html.ts';
import type { Phase, Whose } from './phases.ts';
import { exactInstant, sayLength } from './pieces.ts';

/** The bar and its legend; nothing where there are no phases. */
export function phaseBar(phases: readonly Phase[]): Html | undefined {
  if (phases.length === 0) return undefined;
  const drawn = widthsOf(phases);
  let x = 0;
  const bars = drawn.map(({ phase, width, broken }) => {
    const from = x;
    x += width;
    return html`<g class="${phase.whose}-time"><rect x="${round(from)}" y="2" width="${round(width)}" height="28"><title>${sayPhase(phase)}</title></rect>${broken ? breakMark(from + width / 2) : undefined}</g>`;
  });
  return html`<figure class="phases"><svg viewBox="0 0 ${total} 32" preserveAspectRatio="none" role="img" aria-label="${phases.map(sayPhase).join('; ')}">${bars}</svg>
<figcaption><ol>${phases.map((phase) => html`<li><span class="swatch ${phase.whose}-time" aria-hidden="true"></span> <span class="meta">${exactInstant(phase.fromMs).slice(11, 19)}</span> ${phase.name} <strong>${sayLength(phase.toMs - phase.fromMs)}</strong> <span class="meta">${whoseWords[phase.whose]}</span></li>`)}</ol></figcaption></figure>`;
}

const whoseWords: Readonly<Record<Whose, string>> = {
  azure: 'Azure’s time',
  pullmedic: 'pullmedic’s time',
  person: 'a person’s time',
};

function sayPhase(phase: Phase): string {
  return `${phase.name}: ${sayLength(phase.toMs - phase.fromMs)}, ${whoseWords[phase.whose]}`;
}

/** The width of the bar in units of the drawing. */
const total = 1000;
/** The least width of a phase, so that a short one can be seen. */
const least = 12;
/** A phase that is longer than this many times all the others together is drawn as if it were as long as that. */
const mostTimes = 2;

interface Drawn {
  readonly phase: Phase;
  readonly width: number;
  readonly broken: boolean;
}

function widthsOf(phases: readonly Phase[]): readonly Drawn[] {
  const lengths = phases.map(({ fromMs, toMs }) => toMs - fromMs);
  const sum = lengths.reduce((all, one) => all + one, 0);
  const shown = lengths.map((length) => {
    const most = (sum - length) * mostTimes;
    return most > 0 && length > most ? { length: most, broken: true } : { length, broken: false };
  });
  const shownSum = shown.reduce((all, { length }) => all + length, 0);
  const spare = total - least * phases.length;
  return phases.map((phase, index) => ({
    phase,
    width: least + (spare * (shown[index]?.length ?? 0)) / Math.max(1, shownSum),
    broken: shown[index]?.broken ?? false,
  }));
}

/** Two slanted lines through a phase that is drawn shorter than it was. */
function breakMark(x: number): Html {
  return html`<path class="break" d="M${round(x - 9)} 32 L${round(x - 1)} 0 M${round(x + 1)} 32 L${round(x + 9)} 0"></path>`;
}

function round(units: number): number {
  return Math.round(units * 10) / 10;
}
