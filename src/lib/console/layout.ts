// The frame of every page: its head, its navigation, and what can be had beside it. A page gives a title and a body.
// The room console/ holds pages (pages/ has one file for each), the JSON beside them, the sentences for each code, and whether pullmedic itself is well. Not
// here: anything that changes a history.

import { sayInstant } from '../words/say-instant.ts';
import { type Html, html } from './html.ts';
import { pageStyle } from './style.ts';
import type { Viewer } from './viewer.ts';

/** The pages that the navigation leads to. A page of one remediation or one incident counts as part of the page that lists it. */
export type PageName = 'now' | 'history' | 'measures' | 'runbooks' | 'settings' | 'messages';

/** What a page knows of the request for it. */
export interface Shell {
  /** The instant of the request: relative times count from it. */
  readonly nowMs: number;
  /** Path and query of the page, without the parameters `as` and `refresh`, such as `/api/history?q=app:ca-orders`. */
  readonly address: string;
  /** After how many seconds the browser asks for the page again, where the reader chose that. */
  readonly refreshSeconds?: number;
  /** The person who looks; absent where a page has nothing to answer. */
  readonly viewer?: Viewer;
  /** What the reader just did, said once. */
  readonly notice?: string;
  /** A page of a form: there is nothing beside it, and it is not read again by itself. */
  readonly alone?: true;
  /** The page has its rows as CSV beside it. */
  readonly csv?: boolean;
}

/** A whole page. `title` is the name of the page without `pullmedic`; `current` is what the navigation marks. */
export function layout(title: string, current: PageName, body: Html, shell: Shell): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">${refreshTag(shell)}<title>${title} · pullmedic</title><style>${pageStyle}</style></head>
<body><a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="brand" href="/api/now">pullmedic</a><nav aria-label="Pages"><ul>${navigation.map((entry) => navigationLink(entry, current))}</ul></nav></header>
<main id="main" tabindex="-1">${noticeBlock(shell)}${body}</main>
<footer>${shell.alone === true ? readAt(shell) : beside(shell)}</footer></body></html>`;
  return page.text;
}

function noticeBlock({ notice }: Shell): Html | undefined {
  return notice === undefined ? undefined : html`<p role="status" class="notice good">${notice}</p>`;
}

/** The address with these parameters in its query; a parameter that it has already gets the new value. */
export function addressWith(address: string, parameters: Readonly<Record<string, string>>): string {
  const [path = '', query = ''] = address.split('?', 2);
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parameters)) all.set(name, value);
  const text = all.toString();
  return text === '' ? path : `${path}?${text}`;
}

interface NavigationEntry {
  readonly name: PageName;
  readonly title: string;
}

const navigation: readonly NavigationEntry[] = [
  { name: 'now', title: 'Now' },
  { name: 'history', title: 'History' },
  { name: 'measures', title: 'Measures' },
  { name: 'runbooks', title: 'Runbooks' },
  { name: 'settings', title: 'Settings' },
  { name: 'messages', title: 'Messages' },
];

function navigationLink({ name, title }: NavigationEntry, current: PageName): Html {
  return name === current
    ? html`<li><a href="/api/${name}" aria-current="true">${title}</a></li>`
    : html`<li><a href="/api/${name}">${title}</a></li>`;
}

function refreshTag({ refreshSeconds }: Shell): Html | undefined {
  return refreshSeconds === undefined ? undefined : html`<meta http-equiv="refresh" content="${refreshSeconds}">`;
}

/** How often a page is asked for again when a reader chooses it. Seconds. */
const refreshEach = 30;

function beside({ nowMs, address, refreshSeconds, csv }: Shell): Html {
  const table = csv === true ? html` · <a href="${addressWith(address, { as: 'csv' })}">CSV</a>` : undefined;
  const refresh =
    refreshSeconds === undefined
      ? html`<a href="${addressWith(address, { refresh: String(refreshEach) })}">Refresh every ${refreshEach} seconds</a>`
      : html`Refreshes every ${refreshSeconds} seconds. <a href="${address}">Stop that</a>`;
  return html`<p class="beside">This page as <a href="${addressWith(address, { as: 'json' })}">JSON</a> · <a href="${addressWith(address, { as: 'md' })}">Markdown</a>${table}</p>
<p class="beside">${refresh}</p>${readAt({ nowMs })}`;
}

function readAt({ nowMs }: Pick<Shell, 'nowMs'>): Html {
  return html`<p>Read at ${sayInstant(nowMs)}. All times are UTC.</p>`;
}
