import { describe, expect, it } from 'vitest';
import {
  historyCsv,
  historyJson,
  historyMarkdown,
  historyPage,
  withTerm,
} from '../../../../src/lib/console/pages/history.ts';
import type { SearchResult } from '../../../../src/lib/console/search-result.ts';
import { markdown } from '../../../../src/lib/incidents/markdown.ts';
import type { IncidentId } from '../../../../src/lib/words/target.ts';
import { nowMs } from '../../facts.ts';
import { endedRow, liveRow } from '../../found.ts';

const shell = { nowMs, address: '/api/history?q=since%3A7d' };
const rows = [liveRow(1), endedRow(2)];

function result(more: Partial<SearchResult> = {}): SearchResult {
  const empty = {
    query: {},
    problems: [],
    more: false,
    skipped: 0,
    isFirst: true,
    incidents: [],
    otherIncidents: { more: false, skipped: 0 },
  };
  return { text: 'since:7d', rows, found: rows, ...empty, ...more };
}

describe('the page History', () => {
  it('has the search in its box, the rows, and the way to older ones', () => {
    const page = historyPage(result({ next: 'key-1' }), shell);

    expect(page).toContain('name="q" type="search" list="terms" value="since:7d"');
    expect(page).toContain('2 remediations found');
    expect(page).toContain('<strong>ca-1</strong>');
    expect(page).toContain('href="/api/history?q=since%3A7d&amp;after=key-1">Older ones');
  });

  it('says how many there are at least, where there are more than were counted', () => {
    expect(historyPage(result({ more: true }), shell)).toContain('More than 2 remediations found, 2 of them here');
  });

  it('says what it did not understand', () => {
    expect(historyPage(result({ problems: ['There is no term foo:'] }), shell)).toContain(
      'role="alert"><p>There is no term foo:</p>',
    );
  });

  it('narrows the search by a value with its count', () => {
    expect(historyPage(result(), shell)).toContain(
      'href="/api/history?q=since%3A7d%20state%3Arecovered">recovered</a>',
    );
    expect(withTerm('state:open since:7d', 'state', 'recovered')).toBe('since:7d state:recovered');
  });

  it('tells nothing that was found from nothing that ever failed', () => {
    const none = { rows: [], found: [] };

    expect(historyPage(result(none), shell)).toContain('Nothing was found.');
    expect(historyPage(result({ ...none, text: '' }), shell)).toContain('Nothing has failed yet.');
  });

  it('says that nothing was found only where everything was read', () => {
    const none = { rows: [], found: [], text: '' };
    const saying = (more: Partial<SearchResult>): string => historyPage(result({ ...none, ...more }), shell);

    expect(saying({ more: true, next: 'key-1' })).toContain('Nothing was found so far.');
    expect(saying({ skipped: 2 })).toContain('Nothing that can be read was found.');
    expect(saying({ isFirst: false })).toContain('Nothing more was found.');
    for (const more of [{ more: true, next: 'key-1' }, { skipped: 2 }, { isFirst: false }])
      expect(saying(more)).not.toContain('Nothing has failed yet.');
  });

  it('counts a later page from where it begins, and says how much of a longer list the table has', () => {
    expect(historyPage(result({ isFirst: false }), shell)).toContain('2 remediations found from here on');
    expect(historyPage(result({ more: true }), shell)).toContain('The CSV has 2 rows of them.');
    expect(historyPage(result(), shell)).not.toContain('The CSV has');
  });

  it('says what is left out, of remediations and of incidents', () => {
    const otherIncidents = { more: true, skipped: 1 };
    const page = historyPage(result({ text: '', skipped: 1, otherIncidents }), shell);

    expect(page).toContain('1 remediation cannot be read and is left out.');
    expect(page).toContain('All that are open, and those that ended last.');
    expect(page).toContain('1 incident cannot be read and is left out.');
    expect(markdown(historyMarkdown(result({ skipped: 1 })))).toContain('1 remediation cannot be read');
  });

  it('replaces a word without a name by the app that is chosen', () => {
    expect(withTerm('orders since:7d', 'app', 'ca-orders')).toBe('since:7d app:ca-orders');
    expect(withTerm('orders since:7d', 'state', 'recovered')).toBe('orders since:7d state:recovered');
  });

  it('has each incident at the place that links of older messages lead to', () => {
    const id = `i${'a'.repeat(24)}` as IncidentId;
    const page = historyPage(result({ text: '', incidents: [{ id }] }), shell);

    expect(page).toContain(`<li id="${id}"><p><a href="/api/incidents/${id}">`);
    expect(historyPage(result({ text: '', incidents: [{ id }], isFirst: false }), shell)).not.toContain(id);
    expect(historyPage(result({ incidents: [{ id }] }), shell)).not.toContain(id);
  });

  it('keeps a hostile search as text', () => {
    expect(historyPage(result({ text: '"><script>alert(1)</script>' }), shell)).not.toContain('<script');
  });

  it('is there as Markdown, JSON and a table', () => {
    expect(markdown(historyMarkdown(result()))).toContain('2 remediations found');
    expect(historyJson(result())).toMatchObject({
      search: 'since:7d',
      rows: [{}, {}],
      facets: [{ term: 'state' }, {}],
    });
    expect(historyCsv(result()).trim().split('\r\n')).toHaveLength(3);
  });
});
