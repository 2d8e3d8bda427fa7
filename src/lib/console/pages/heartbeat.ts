// The heartbeat of each registry as a row of boxes. A box has a mark and words beside its colour, and leads to what happened that day.

import { type Beat, beats, type Heartbeat, type HeartbeatDay } from '../heartbeat.ts';
import { type Html, html } from '../html.ts';
import { beatWords, sayDay, sayHeartbeatDay } from '../measure-words.ts';
import { emptyState } from '../pieces.ts';
import { dayMs } from '../weeks.ts';

/** How many registries have a row, and how many boxes all rows have together, so that the page stays small. The other registries are named. */
const mostRows = 12;
const mostBoxes = 360;

export function heartbeatSection(heartbeats: readonly Heartbeat[], days: number): Html {
  if (heartbeats.length === 0)
    return html`<h2>Each registry, day by day</h2>${emptyState(html`<p>No remediation of the last ${days} days is about any registry. A registry gets a row with the first one.</p>`)}`;
  const from = firstKnown(heartbeats);
  const rows = Math.min(mostRows, Math.max(1, Math.floor(mostBoxes / (days - from))));
  const others = heartbeats.slice(rows);
  return html`<h2>Each registry, day by day</h2>
<p class="meta">${days - from === 1 ? 'Only today' : `The last ${days - from} days, today last`}. A box shows the worst that happened that day, and leads to it.${from === 0 ? undefined : ' Of the days before nothing is known.'}</p>
<ul class="legend">${beats.map((beat) => html`<li><span class="day ${beat}" aria-hidden="true">${marks[beat]}</span>${beatWords[beat]}</li>`)}</ul>
${heartbeats.slice(0, rows).map((heartbeat) => row(heartbeat, from))}
${others.length === 0 ? undefined : html`<p>And ${others.length} with fewer remediations: ${others.map(({ registry }) => registry).join(', ')}.</p>`}`;
}

/** The place of the first day of which anything is known: days before it would only be boxes that say so. */
function firstKnown(heartbeats: readonly Heartbeat[]): number {
  return Math.min(...heartbeats.map(({ days }) => days.findIndex(({ worst }) => worst !== 'not-known')));
}

/** A mark for each colour. */
const marks: Readonly<Record<Beat, string>> = {
  failing: '✕',
  asked: '!',
  unproven: '~',
  recovered: '✓',
  'stood-down': '–',
  quiet: '·',
  'not-known': '?',
};

function row({ registry, remediations, days }: Heartbeat, from: number): Html {
  return html`<h3>${registry}</h3><p class="meta">${remediations} ${remediations === 1 ? 'remediation' : 'remediations'}</p>
<ol class="days">${days.slice(from).map((day) => html`<li>${box(registry, day)}</li>`)}</ol>`;
}

function box(registry: string, day: HeartbeatDay): Html {
  const says = sayHeartbeatDay(day);
  const inside = html`<span aria-hidden="true">${marks[day.worst]}</span><span class="unseen">${says}</span>`;
  return day.found === undefined
    ? html`<span class="day ${day.worst}" title="${says}">${inside}</span>`
    : html`<a class="day ${day.worst}" title="${says}" href="/api/history?q=${encodeURIComponent(`registry:${registry} ${daysOf(day.found)}`)}">${inside}</a>`;
}

/** The days as the search of History takes them. */
function daysOf({ firstMs, lastMs }: NonNullable<HeartbeatDay['found']>): string {
  return firstMs === lastMs ? `on:${sayDay(firstMs)}` : `since:${sayDay(firstMs)} until:${sayDay(lastMs + dayMs)}`;
}
