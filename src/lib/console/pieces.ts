// The small parts that pages are made of: a state with its words, an instant, a command, an empty list, and what is folded away.

import { sayAgo } from '../words/ago.ts';
import { instantOf } from '../words/say-instant.ts';
import { type Html, html } from './html.ts';

/** How a state is coloured: it needs a person, it is under way, it is well, or it is none of these. */
export type Tone = 'bad' | 'wait' | 'good' | 'calm';

/** A state in words, coloured by what it asks of the reader. A state that is not known here is shown as it is written. */
export function badge(state: string): Html {
  return html`<span class="badge ${toneOf(state)}">${sayState(state)}</span>`;
}

/** The colour of a state. */
export function toneOf(state: string): Tone {
  return stateTones[state] ?? 'calm';
}

/** A state as people read it: `needs-approval` is "needs approval". */
export function sayState(state: string): string {
  return state === 'needs-person' ? 'needs a person' : state.replaceAll('-', ' ');
}

const stateTones: Readonly<Partial<Record<string, Tone>>> = {
  'needs-person': 'bad',
  'needs-approval': 'bad',
  open: 'bad',
  dead: 'bad',
  on: 'bad',
  unreadable: 'bad',
  failed: 'bad',
  'not-well': 'bad',
  looking: 'wait',
  waiting: 'wait',
  'partly-recovered': 'wait',
  unproven: 'wait',
  recovered: 'good',
  resolved: 'good',
  off: 'good',
  done: 'good',
  well: 'good',
};

/** An instant as a distance from now, such as "3 minutes ago" or "in 20 seconds", with the exact instant in its title. */
export function instant(atMs: number, nowMs: number): Html {
  return html`<time datetime="${instantOf(atMs)}" title="${exactInstant(atMs)}">${sayDistance(atMs, nowMs)}</time>`;
}

/** An instant to the second, in UTC: `2026-06-01 02:00:00`. */
export function exactInstant(atMs: number): string {
  return instantOf(atMs).replace('T', ' ').replace('Z', ' UTC');
}

/** How far an instant is from now: "20 seconds ago", "in 3 minutes", "now". */
export function sayDistance(atMs: number, nowMs: number): string {
  const away = Math.abs(nowMs - atMs);
  if (away < 1000) return 'now';
  const seconds = Math.floor(away / 1000);
  const past = away < 60_000 ? `${seconds} second${seconds === 1 ? '' : 's'} ago` : sayAgo(away);
  return atMs <= nowMs ? past : `in ${past.replace(/ ago$/, '')}`;
}

/** A length of time to the second where it is short: "45 s", "4 min 05 s", "3 h 20 min", "2 d 4 h". */
export function sayLength(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A command: it wraps, has the keyboard's focus, and one click selects all of it. `title` says what it does. */
export function commandBlock(title: string, text: string): Html {
  return html`<p>${title}</p><pre tabindex="0" role="group" aria-label="${title}"><code>${text}</code></pre>`;
}

/** A half sentence as a sentence begins: with a capital letter. */
export function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** A subscription by its name, with the id in the title; by its id where the name could not be read. */
export function namedSubscription(id: string, name: string | undefined): Html {
  return name === undefined ? html`${id}` : html`<span title="${id}">${name}</span>`;
}

/** What a page says where a list is empty: that it is well so, or what would fill it. */
export function emptyState(body: Html): Html {
  return html`<div class="empty">${body}</div>`;
}

/** What a reader can unfold. `open` shows it unfolded at once. */
export function folded(summary: Html | string, body: Html, open = false): Html {
  return open
    ? html`<details open><summary>${summary}</summary>${body}</details>`
    : html`<details><summary>${summary}</summary>${body}</details>`;
}

/** Names and values, one pair a line; a pair without a value is left out. */
export function factList(pairs: readonly (readonly [name: string, value: Html | string | undefined])[]): Html {
  const shown = pairs.filter(([, value]) => value !== undefined);
  return html`<dl class="facts">${shown.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
