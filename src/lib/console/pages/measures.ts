// The page of measures: how long it takes, what becomes of it, and which days were bad. Every chart has the same in words beside it.

import type { Cause } from '../../causes/causes.ts';
import type { Part } from '../../incidents/parts.ts';
import { nameOf } from '../../words/arm-id.ts';
import { dividedBar, patterns, rangeBar, scale } from '../charts.ts';
import { type Html, html } from '../html.ts';
import { layout, type Shell } from '../layout.ts';
import { outcomeWords, sayDay, sayQuantiles, sayShare, sayWindow, spanNames, spanWords } from '../measure-words.ts';
import { type Measures, type Period, periods } from '../measures.ts';
import { outcomes } from '../outcomes.ts';
import { emptyState, instant, sayLength } from '../pieces.ts';
import type { Quantiles } from '../quantiles.ts';
import { review } from '../review.ts';
import { sayCause, sayRefusalCode } from '../words.ts';
import { heartbeatSection } from './heartbeat.ts';

/** `expectedPropagationMs`: what the settings say that a role takes to work. */
export function measuresPage(measures: Measures, expectedPropagationMs: number, shell: Shell): string {
  const { window, opened } = measures;
  return layout(
    'Measures',
    'measures',
    html`<h1>Measures</h1>
${periodLinks(window.days)}
${sayWindow(window).map((sentence) => html`<p class="meta">${sentence}</p>`)}
${patterns()}
${opened === 0 ? nothingMeasured() : numbers(measures)}
${heartbeatSection(measures.heartbeats, window.days)}
${opened === 0 ? undefined : details(measures, expectedPropagationMs, shell)}`,
    shell,
  );
}

/** The same as Markdown: the review of the window. */
export function measuresMarkdown(measures: Measures): readonly Part[] {
  return review(measures);
}

function periodLinks(shown: Period): Html {
  const links = [...periods]
    .sort((a, b) => a - b)
    .map((days) =>
      days === shown
        ? html`<a href="/api/measures?days=${days}" aria-current="true">${days} days</a>`
        : html`<a href="/api/measures?days=${days}">${days} days</a>`,
    );
  return html`<nav class="periods" aria-label="Time that is measured"><ul>${links.map((link) => html`<li>${link}</li>`)}</ul></nav>`;
}

function nothingMeasured(): Html {
  return emptyState(
    html`<p>No remediation was opened in this time, so there is nothing to measure. <a href="/api/now">Now</a> says what pullmedic watches.</p>`,
  );
}

function numbers(measures: Measures): Html {
  const { opened, withoutPerson, spans } = measures;
  return html`<ul class="big"><li><strong>${opened}</strong><span>opened</span></li><li><strong>${withoutPerson === undefined ? 'not known' : `${percentOf(withoutPerson)} %`}</strong><span>handled without a person${withoutPerson === undefined ? undefined : `, ${withoutPerson.handled} of ${withoutPerson.of}`}</span></li>${spanNames.map((name) => bigNumber(name, spans[name]))}</ul>
${outcomeSection(measures)}`;
}

function details(measures: Measures, expectedPropagationMs: number, shell: Shell): Html {
  const { spans } = measures;
  return html`<h2>How long it took</h2><p class="meta">A bar is solid up to the median and striped up to the longer time beside it. Each step of its scale is several times the one before.</p><ul class="measured">${spanNames.map((name) => measured(spanWords[name].title, sayQuantiles(spans[name]), spans[name], spanWords[name].from))}</ul>${scale()}
${causeSection(measures)}
${weekSection(measures)}
${refusalSection(measures)}
${propagationSection(measures, expectedPropagationMs, shell)}`;
}

function percentOf({ handled, of }: NonNullable<Measures['withoutPerson']>): number {
  return Math.round((100 * handled) / of);
}

function bigNumber(name: keyof typeof spanWords, lengths: Quantiles | undefined): Html {
  // The page Now counts the time to recover from the failure.
  const since = name === 'recover' ? ' after the opening' : '';
  return html`<li><strong>${lengths === undefined ? 'not known' : sayLength(lengths.p50)}</strong><span>to ${spanWords[name].title.toLowerCase()}${since}${lengths === undefined ? undefined : `, median of ${lengths.count}`}</span></li>`;
}

function outcomeSection({ outcomes: counts }: Measures): Html {
  const slices = outcomes.map((name) => ({ name, count: counts[name] }));
  const key = (name: string): Html =>
    html`<svg class="key" aria-hidden="true" focusable="false"><rect class="slice ${name}" width="100%" height="100%"/></svg>`;
  return html`<h2>What became of them</h2>${dividedBar(slices)}
<ul class="legend">${slices.map(({ name, count }) => html`<li>${key(name)}${outcomeWords[name]}: <strong>${count}</strong></li>`)}</ul>`;
}

function measured(name: Html | string, value: string, lengths: Quantiles | undefined, note?: string): Html {
  const bar = lengths === undefined ? undefined : rangeBar(lengths);
  return html`<li><span class="name">${name}</span> <span class="value">${value}</span>${note === undefined ? undefined : html`<p class="meta">${note}</p>`}${bar}</li>`;
}

/** How many causes have a bar beside their words: those with the most remediations. */
const mostBars = 20;

function causeSection({ byCause }: Measures): Html | undefined {
  if (byCause.length === 0) return undefined;
  const rows = byCause.map(({ cause, count, withoutPerson, recover }, at) => {
    const says = `${sayRemediations(count)} · without a person: ${sayShare(withoutPerson)}`;
    return at < mostBars
      ? measured(causeLink(cause), says, recover, recovery(recover))
      : measured(causeLink(cause), `${says} · ${recovery(recover)}`, undefined);
  });
  return html`<h2>By cause</h2><ul class="measured">${rows}</ul>${scale()}`;
}

function recovery(recover: Quantiles | undefined): string {
  return recover === undefined ? 'none recovered' : `recovered: ${sayQuantiles(recover)}`;
}

function causeLink(cause: Cause): Html {
  return html`<a href="/api/runbooks#${cause}">${sayCause(cause)}</a>`;
}

function weekSection({ byWeek }: Measures): Html {
  const rows = byWeek.map(({ startMs, part, opened, withoutPerson, recover }) => {
    const week = `Week from ${sayDay(startMs)}${part ? ' (in part)' : ''}`;
    if (opened === 0) return measured(week, 'nothing was opened', undefined);
    return measured(
      week,
      `${opened} opened · without a person: ${sayShare(withoutPerson)}`,
      recover,
      recovery(recover),
    );
  });
  return html`<h2>By week</h2><ul class="measured">${rows}</ul>${scale()}`;
}

/** A list, because a table of these reasons does not fit a phone. */
function refusalSection({ refusals }: Measures): Html {
  if (refusals.length === 0)
    return html`<h2>Refusals by guard</h2>${emptyState(html`<p>No guard refused a change.</p>`)}`;
  const rows = refusals.map(
    ({ guard, count, reasons }) =>
      html`<li><span class="name">${guard}</span> <span class="value">${sayRemediations(count)}</span><ul>${reasons.map(({ code, count: of }) => html`<li>${sayRefusalCode(code)}${reasons.length === 1 ? '' : ` (${of})`}</li>`)}</ul></li>`,
  );
  return html`<h2>Refusals by guard</h2><p class="meta">Every guard is asked before each change, and one that refuses stops it: then pullmedic asks a person, waits, or opens an incident. Each guard and each of its reasons counts once for a remediation, and a remediation counts for every guard that refused in it.</p><ul class="measured">${rows}</ul>`;
}

function sayRemediations(count: number): string {
  return `${count} ${count === 1 ? 'remediation' : 'remediations'}`;
}

/** How many grants the page lists. */
const mostGrants = 10;

function propagationSection({ propagations }: Measures, expectedMs: number, { nowMs }: Shell): Html {
  const expected = html`<p class="meta">The setting expectedPropagationSeconds says ${sayLength(expectedMs)}. What is seen is never shorter than the time between two looks.</p>`;
  if (propagations.length === 0)
    return html`<h2>Propagation times seen</h2>${expected}${emptyState(html`<p>No replica pulled after a grant of pullmedic, so this is not known.</p>`)}`;
  const rows = propagations
    .slice(0, mostGrants)
    .map(
      ({ remediation, appId, grantedAtMs, tookMs }) =>
        html`<li>${sayLength(tookMs)}: <a href="/api/history/${remediation}">${nameOf(appId)}</a>, granted ${instant(grantedAtMs, nowMs)}</li>`,
    );
  const more = propagations.length - rows.length;
  return html`<h2>Propagation times seen</h2>${expected}<ul>${rows}</ul>${more === 0 ? undefined : html`<p class="meta">And ${more} earlier.</p>`}`;
}
