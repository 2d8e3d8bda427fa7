import { describe, expect, it } from 'vitest';
import { html } from '../../../src/lib/console/html.ts';
import { addressWith, layout } from '../../../src/lib/console/layout.ts';
import { nowMs } from '../facts.ts';

const shell = { nowMs, address: '/api/history?q=app%3Aorders' };

describe('the frame of a page', () => {
  it('has one main part, a link that skips to it, and a navigation that marks where the reader is', () => {
    const page = layout('History', 'history', html`<h1>History</h1>`, shell);

    expect(page.match(/<main id="main"/g)).toHaveLength(1);
    expect(page).toContain('<a class="skip" href="#main">');
    expect(page.match(/ aria-current=/g)).toHaveLength(1);
    expect(page).toContain('<a href="/api/history" aria-current="true">History</a>');
    for (const name of ['now', 'measures', 'runbooks', 'settings', 'messages'])
      expect(page).toContain(`<a href="/api/${name}">`);
  });

  it('leads to the same as JSON and Markdown, with the search of the reader, and to CSV only where there are rows', () => {
    const page = layout('History', 'history', html``, shell);

    expect(page).toContain('/api/history?q=app%3Aorders&amp;as=json');
    expect(page).toContain('/api/history?q=app%3Aorders&amp;as=md');
    expect(page).not.toContain('as=csv');
    expect(layout('History', 'history', html``, { ...shell, csv: true })).toContain('as=csv');
  });

  it('is asked for again by itself only where the reader chose that, and says how to stop', () => {
    expect(layout('Now', 'now', html``, shell)).not.toContain('http-equiv');
    const refreshing = layout('Now', 'now', html``, { ...shell, refreshSeconds: 30 });

    expect(refreshing).toContain('<meta http-equiv="refresh" content="30">');
    expect(refreshing).toContain('<a href="/api/history?q=app%3Aorders">Stop that</a>');
  });

  it('shows a hostile title as text and has no script', () => {
    const page = layout('</title><script>alert(1)</script>', 'now', html``, shell);

    expect(page).not.toContain('<script');
  });
});

describe('an address with another parameter', () => {
  it('keeps the others, and a parameter that it has gets the new value', () => {
    expect(addressWith('/api/history?q=a&as=md', { as: 'json' })).toBe('/api/history?q=a&as=json');
    expect(addressWith('/api/now', {})).toBe('/api/now');
    expect(addressWith('/api/now', { refresh: '30' })).toBe('/api/now?refresh=30');
  });
});
