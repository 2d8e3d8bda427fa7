// The page History: a search over every remediation, with facets, saved searches and pages by key, and the incidents beside it.

import type { Part } from '../../incidents/parts.ts';
import { kindsInWords } from '../../workloads/workloads.ts';
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
<h2>${countOf(result)}</h2>${rows.length === 0 ? nothingFound(result) : foundRows(rows, nowMs)}${pageLinks(result, shell)}
${incidentList(result, nowMs)}`,
    shell,
  );
}

function searchForm(text: string): Html {
  return html`<form method="get" action="/api/history" role="search" class="search"><label for="q">Search</label>
<div><input id="q" name="q" type="search" list="terms" value="${text}" autocapitalize="none" autocomplete="off" spellcheck="false"><button type="submit">Search</button></div>
<datalist id="terms">${suggestions.map((suggestion) => html`<option value="${suggestion}"></option>`)}</datalist>
<p class="meta">Such as <code>app:ca-orders cause:dns state:open registry:acrshop since:7d by:me</code></p></form>`;
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

/** The search with this term; a term of the same name is replaced, also a word without a name, which means the app. */
export function withTerm(text: string, term: string, value: string): string {
  const isTerm = (word: string): boolean =>
    word.includes(':') ? word.toLowerCase().startsWith(`${term}:`) : term === 'app';
  const others = text.split(/\s+/u).filter((word) => word !== '' && !isTerm(word));
  return [...others, `${term}:${value}`].join(' ');
}

/** Only the first page and what follows it are all that was found; a later page counts from where it begins. */
function countOf({ rows, found, more, text, isFirst }: SearchResult): string {
  const number = counted(found.length, 'remediation', 'remediations');
  const all = more ? `${found.length === 0 ? 'At least' : 'More than'} ${number}` : number;
  const shown = rows.length < found.length || more ? `, ${rows.length.toLocaleString('en-US')} of them here` : '';
  return `${all}${text === '' ? '' : ' found'}${isFirst ? '' : ' from here on'}${shown}`;
}

/** That nothing was found, or that nothing failed, only where everything was read. */
function nothingFound({ text, isFirst, more, skipped }: SearchResult): Html {
  const all = html`<a href="/api/history">Show everything</a>`;
  if (more)
    return emptyState(
      html`<p><strong>Nothing was found so far.</strong> One page reads only so much: go on with “Older ones”.</p>`,
    );
  if (skipped > 0) return emptyState(html`<p><strong>Nothing that can be read was found.</strong> ${all}</p>`);
  if (!isFirst) return emptyState(html`<p><strong>Nothing more was found.</strong> ${all}</p>`);
  return text === ''
    ? emptyState(
        html`<p><strong>Nothing has failed yet.</strong> A remediation stands here once ${kindsInWords} that pullmedic watches cannot pull its image.</p>`,
      )
    : emptyState(html`<p><strong>Nothing was found.</strong> ${all}</p>`);
}

function pageLinks({ next, isFirst, skipped, more, found }: SearchResult, { address }: Shell): Html {
  const older =
    next === undefined ? undefined : html`<a href="${addressWith(address, { after: next })}">Older ones</a>`;
  const first = isFirst ? undefined : html`<a href="${addressWith(address, { after: '' })}">The latest ones</a> `;
  const notes = [
    ...(skipped === 0 ? [] : [sayLeftOut(skipped)]),
    ...(more ? [`The CSV has ${counted(found.length, 'row', 'rows')} of them. Narrow the search to have all.`] : []),
  ];
  return html`<p>${first}${older}</p>${notes.map((note) => html`<p class="meta">${note}</p>`)}`;
}

function sayLeftOut(skipped: number): string {
  return `${counted(skipped, 'remediation', 'remediations')} cannot be read and ${skipped === 1 ? 'is' : 'are'} left out.`;
}

/** The incidents, where nothing is searched for: links of older messages lead to this page with the id of an incident. */
function incidentList({ incidents, isFirst, text, otherIncidents }: SearchResult, nowMs: number): Html | undefined {
  const { more, skipped } = otherIncidents;
  if (!isFirst || text !== '' || incidents.length + skipped === 0) return undefined;
  const notes = [
    ...(more ? ['All that are open, and those that ended last.'] : []),
    ...(skipped === 0
      ? []
      : [`${counted(skipped, 'incident', 'incidents')} cannot be read and ${skipped === 1 ? 'is' : 'are'} left out.`]),
  ];
  return html`<h2>Incidents</h2>${notes.map((note) => html`<p class="meta">${note}</p>`)}<ul class="rows">${incidents.map(
    ({ id, facts }) =>
      html`<li id="${id}"><p><a href="/api/incidents/${id}"><strong>${facts?.title ?? `Incident ${id}`}</strong></a> ${facts === undefined ? undefined : badge(facts.state)}</p>${
        facts === undefined
          ? undefined
          : html`<p class="meta">For the ${facts.owner} · ${counted(facts.apps, 'workload', 'workloads')} · ${facts.closedAtMs === undefined ? html`opened ${instant(facts.openedAtMs, nowMs)}` : html`ended ${instant(facts.closedAtMs, nowMs)}`}</p>`
      }</li>`,
  )}</ul>`;
}

/** The page as parts of a Markdown text. */
export function historyMarkdown(result: SearchResult): readonly Part[] {
  const { rows, problems, text, skipped } = result;
  return [
    { kind: 'heading', text: 'History' },
    { kind: 'paragraph', text: `${countOf(result)}${text === '' ? '' : `: ${text}`}` },
    ...problems.map((problem): Part => ({ kind: 'paragraph', text: problem })),
    ...(skipped === 0 ? [] : ([{ kind: 'paragraph', text: sayLeftOut(skipped) }] as const)),
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
