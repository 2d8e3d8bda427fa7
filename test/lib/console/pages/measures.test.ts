import { describe, expect, it } from 'vitest';
import { measuresMarkdown, measuresPage } from '../../../../src/lib/console/pages/measures.ts';
import { markdown } from '../../../../src/lib/incidents/markdown.ts';
import { minute, nowMs } from '../../facts.ts';
import { noMeasures, someMeasures } from '../measured.ts';

const shell = { nowMs, address: '/api/measures' };
const page = (measures = someMeasures()): string => measuresPage(measures, 5 * minute, shell);

describe('the page of measures', () => {
  it('says each measure in words, with of how many it is', () => {
    const text = page();

    expect(text).toContain('<strong>3</strong><span>opened</span>');
    expect(text).toContain('<strong>50 %</strong><span>handled without a person, 1 of 2</span>');
    expect(text).toContain('<strong>6 min 00 s</strong><span>to recover, median of 1</span>');
    expect(text).toContain('The last 30 days');
  });

  it('shows what cannot be computed as not known, and never as 0', () => {
    const text = page(someMeasures({ days: 7 }));
    const dns = text.slice(text.indexOf('runbooks#private-dns-unlinked'));

    expect(dns.slice(0, dns.indexOf('</li>'))).toContain('recovered: none, so how long it takes is not known');
  });

  it('says of a week in which nothing was opened just that', () => {
    expect(page()).toMatch(/Week from 2026-05-25<\/span> <span class="value">nothing was opened<\/span><\/li>/);
  });

  it('leads from a cause to its runbook, from a grant to its remediation, and to the other times', () => {
    const text = page();

    expect(text).toContain('href="/api/runbooks#pull-role-missing"');
    expect(text).toMatch(/5 min 00 s: <a href="\/api\/history\/t0+\.1">ca-orders<\/a>/);
    expect(text).toContain('<a href="/api/measures?days=30" aria-current="true">');
    expect(text).toContain('<a href="/api/measures?days=90">');
  });

  it('says why a guard refused, in its words', () => {
    expect(page()).toContain('a person has to say yes first');
  });

  it('of a time in which nothing happened says so, and measures nothing', () => {
    const text = page(noMeasures());

    expect(text).toContain('nothing to measure');
    expect(text).not.toContain('How long it took');
  });

  it('is the review as Markdown', () => {
    expect(markdown(measuresMarkdown(someMeasures()))).toContain('### pullmedic: the last 30 days');
  });
});
