// The page History: a search over every remediation, with facets, saved searches and pages by key, and the incidents beside it.

import type { Part } from '../../incidents/parts.ts';
import { type Facet, facetsOf } from '../facets.ts';
import { foundRows, rowsAsCsv, sayRow } from '../found-rows.ts';
import { type Html, html } from '../html.ts';
import { addressWith, layout, type Shell } from '../layout.ts';
import { badge, emptyState, instant, sayState } from '../pieces.ts';
import type { SearchResult } from '../search-result.ts';
import { counted } from '../standing.ts';

export function historyPage(result: SearchResult, shell: Shell): string {
  const { text, rows, problems } = result;
  const { nowMs } = shell;
  return layout(
    'History',
    'history',
    html`<h1>History</h1>${searchForm(text)}${problems.length === 0 ? undefined : html`<div class="card bad-edge" role="alert">${problems.map((problem) => html`<p>${problem}</p>`)}</div>`}
${savedSearches()}${facets(result)}
<h2>${countOf(result)}</h2>${rows.length === 0 ? nothingFound(text) : foundRows(rows, nowMs)}${pageLinks(result, shell)}
${incidentList(result, nowMs)}`,
    shell,
  );
}

function searchForm(text: string): Html {
  return html`<form method="get" action="/api/history" role="search" class="search"><label for="q">Search</label>
<div><input id="q" name="q" type="search" list="terms" value="${text}" autocapitalize="none" autocomplete="off" spellcheck="false"><button type="submit">Search</button></div>
<datalist id="terms">${suggestions.map((suggestion) => html`<option value="${suggestion}"></option>`)}</datalist>
<p class="meta">Such as <code>app:orders cause:dns state:open registry:acrshop since:7d by:me</code></p></form>`;
}

const suggestions = [
  'state:open',
  'state:recovered',
  'state:left-alone',
  'needs:person',
  'cause:role',
  'cause:dns',
  'sure:confirmed',
  'since:24h',
  'since:7d',
  'by:me',
] as const;

const saved: readonly (readonly [words: string, query: string])[] = [
  ['Needs a person', 'needs:person'],
  ['Open', 'state:open'],
  ['Recovered in 7 days', 'state:recovered since:7d'],
  ['Left alone in 7 days', 'state:left-alone since:7d'],
  ['Missing roles in 30 days', 'cause:role since:30d'],
  ['Private networks in 30 days', 'cause:private since:30d'],
  ['Answered by me', 'by:me'],
];

function savedSearches(): Html {
  return html`<nav class="saved" aria-label="Saved searches"><ul class="links">${saved.map(([words, query]) => html`<li><a href="/api/history?q=${encodeURIComponent(query)}">${words}</a></li>`)}</ul></nav>`;
}

/** Each value leads to the same search with this term. */
function facets({ text, found, more }: SearchResult): Html | undefined {
  const all = facetsOf(found);
  if (all.length === 0) return undefined;
  const note = more
    ? html`<p class="meta">Counted in the first ${found.length.toLocaleString('en-US')}.</p>`
    : undefined;
  return html`<details class="facets"><summary>Narrow the search</summary>${note}${all.map((facet) => facetRow(facet, text))}</details>`;
}

function facetRow({ term, values }: Facet, text: string): Html {
  return html`<p><strong>${term}</strong></p><ul class="links">${values.map(({ value, count }) => html`<li><a href="/api/history?q=${encodeURIComponent(withTerm(text, term, value))}">${term === 'state' ? sayState(value) : value}</a> <span class="meta">${count}</span></li>`)}</ul>`;
}

/** The search with this term; a term of the same name is replaced. */
export function withTerm(text: string, term: string, value: string): string {
  const others = text.split(/\s+/u).filter((word) => word !== '' && !word.toLowerCase().startsWith(`${term}:`));
  return [...others, `${term}:${value}`].join(' ');
}

function countOf({ rows, found, more, text }: SearchResult): string {
  const number = counted(found.length, 'remediation', 'remediations');
  const all = more ? `More than ${number}` : number;
  const shown = rows.length < found.length || more ? `, ${rows.length.toLocaleString('en-US')} of them here` : '';
  return `${all}${text === '' ? '' : ' found'}${shown}`;
}

function nothingFound(text: string): Html {
  return text === ''
    ? emptyState(
        html`<p><strong>Nothing has failed yet.</strong> A remediation stands here once an app that pullmedic watches cannot pull its image.</p>`,
      )
    : emptyState(html`<p><strong>Nothing was found.</strong> <a href="/api/history">Show everything</a></p>`);
}

function pageLinks({ next, isFirst, skipped }: SearchResult, shell: Shell): Html {
  const older =
    next === undefined ? undefined : html`<a href="${addressWith(shell.address, { after: next })}">Older ones</a>`;
  const { address } = shell;
  const first = isFirst ? undefined : html`<a href="${addressWith(address, { after: '' })}">The latest ones</a> `;
  const bad =
    skipped === 0
      ? undefined
      : html`<p class="meta">${counted(skipped, 'row', 'rows')} cannot be read and ${skipped === 1 ? 'is' : 'are'} left out.</p>`;
  return html`<p>${first}${older}</p>${bad}`;
}

/** The incidents, where nothing is searched for: links of older messages lead to this page with the id of an incident. */
function incidentList({ incidents, isFirst, text }: SearchResult, nowMs: number): Html | undefined {
  if (!isFirst || text !== '' || incidents.length === 0) return undefined;
  return html`<h2>Incidents</h2><ul class="rows">${incidents.map(
    ({ id, facts }) =>
      html`<li id="${id}"><p><a href="/api/incidents/${id}"><strong>${facts?.title ?? `Incident ${id}`}</strong></a> ${facts === undefined ? undefined : badge(facts.state)}</p>${
        facts === undefined
          ? undefined
          : html`<p class="meta">For the ${facts.owner} · ${counted(facts.apps, 'app', 'apps')} · ${facts.closedAtMs === undefined ? html`opened ${instant(facts.openedAtMs, nowMs)}` : html`ended ${instant(facts.closedAtMs, nowMs)}`}</p>`
      }</li>`,
  )}</ul>`;
}

/** The page as parts of a Markdown text. */
export function historyMarkdown(result: SearchResult): readonly Part[] {
  const { rows, problems, text } = result;
  return [
    { kind: 'heading', text: 'History' },
    { kind: 'paragraph', text: `${countOf(result)}${text === '' ? '' : `: ${text}`}` },
    ...problems.map((problem): Part => ({ kind: 'paragraph', text: problem })),
    { kind: 'list', items: rows.map(sayRow) },
  ];
}

export function historyCsv({ found }: SearchResult): string {
  return rowsAsCsv(found);
}

/** The page as JSON: what was understood of the search, and the rows. */
export function historyJson({ text, query, problems, rows, next, skipped, found, more }: SearchResult): unknown {
  return {
    search: text,
    query,
    problems,
    rows,
    ...(next === undefined ? {} : { next }),
    skipped,
    facets: facetsOf(found),
    more,
  };
}
