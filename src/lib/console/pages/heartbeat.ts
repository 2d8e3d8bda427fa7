// The heartbeat of each registry as a row of boxes. A box has a mark and words beside its colour, and leads to what happened that day.

import { beats, type Heartbeat, type HeartbeatDay } from '../heartbeat.ts';
import { type Html, html } from '../html.ts';
import { beatWords, sayDay, sayHeartbeatDay } from '../measure-words.ts';
import { emptyState } from '../pieces.ts';
import { dayMs } from '../weeks.ts';

/** How many registries have a row at most, and how many characters all rows may have together; one row is always there. The others are named. */
const mostRows = 12;
const mostCharacters = 28_000;

export function heartbeatSection(heartbeats: readonly Heartbeat[], days: number): Html {
  if (heartbeats.length === 0)
    return html`<h2>Each registry, day by day</h2>${emptyState(html`<p>No remediation of the last ${days} days is about any registry. A registry gets a row with the first one.</p>`)}`;
  const from = firstKnown(heartbeats);
  const rows = rowsThatFit(heartbeats.slice(0, mostRows).map((heartbeat) => row(heartbeat, from)));
  const others = heartbeats.slice(rows.length);
  return html`<h2>Each registry, day by day</h2>
<p class="meta">${days - from === 1 ? 'Only today' : `The last ${days - from} days, today last`}. A box shows the worst that happened that day, and leads to it.${from === 0 ? undefined : ' Of the days before nothing is known.'}</p>
<ul class="legend">${beats.map((beat) => html`<li><span class="day ${beat}" aria-hidden="true"></span>${beatWords[beat]}</li>`)}</ul>
${rows}
${others.length === 0 ? undefined : html`<p>And ${others.length} with fewer remediations: ${others.slice(0, mostNamed).map(other)}.</p>`}`;
}

/** How many of the other registries are named. */
const mostNamed = 50;

function rowsThatFit(rows: readonly Html[]): readonly Html[] {
  let characters = 0;
  return rows.filter(({ text }, at) => {
    characters += text.length;
    return at === 0 || characters <= mostCharacters;
  });
}

function other({ registry }: Heartbeat, at: number): Html {
  return html`${at === 0 ? '' : ', '}<a href="/api/history?q=${inQuery(`registry:${registry}`)}">${registry}</a>`;
}

/** The place of the first day of which anything is known: days before it would only be boxes that say so. */
function firstKnown(heartbeats: readonly Heartbeat[]): number {
  return Math.min(...heartbeats.map(({ days }) => days.findIndex(({ worst }) => worst !== 'not-known')));
}

function row({ registry, remediations, days }: Heartbeat, from: number): Html {
  return html`<h3>${registry}</h3><p class="meta">${remediations} ${remediations === 1 ? 'remediation' : 'remediations'}</p>
<ol class="days">${days.slice(from).map((day) => html`<li>${box(registry, day)}`)}</ol>`;
}

/** A box has its mark from the style. Its title is its name, also for readers of the screen; a box that leads nowhere is an image to them. */
function box(registry: string, day: HeartbeatDay): Html {
  const says = sayHeartbeatDay(day);
  if (day.found === undefined) return html`<b class="day ${day.worst}" role="img" title="${says}"></b>`;
  return html`<a class="day ${day.worst}" title="${says}" href="/api/history?q=${inQuery(`registry:${registry} ${daysOf(day.found)}`)}"></a>`;
}

/** A text as the value of a query, with the colons left as they are: a page has hundreds of such links. */
function inQuery(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%20', '+');
}

/** The days as the search of History takes them. */
function daysOf({ firstMs, lastMs }: NonNullable<HeartbeatDay['found']>): string {
  return firstMs === lastMs ? `on:${sayDay(firstMs)}` : `since:${sayDay(firstMs)} until:${sayDay(lastMs + dayMs)}`;
}
