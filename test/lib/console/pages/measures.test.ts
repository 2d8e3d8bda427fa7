import { describe, expect, it } from 'vitest';
import { type Cause, causes } from '../../../../src/lib/causes/causes.ts';
import { measuresMarkdown, measuresPage } from '../../../../src/lib/console/pages/measures.ts';
import { dayMs } from '../../../../src/lib/console/weeks.ts';
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
    expect(text).toContain('<strong>6 min 00 s</strong><span>to recover after the opening, median of 1</span>');
    expect(text).toContain('The last 30 days');
  });

  it('shows what cannot be computed as not known, and never as 0', () => {
    const text = page(someMeasures({ days: 7 }));
    const dns = text.slice(text.indexOf('runbooks#private-dns-unlinked'));

    expect(dns.slice(0, dns.indexOf('</li>'))).toContain('none recovered');
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

  it('says why a guard refused, in its words, and what is counted', () => {
    const guards = [
      {
        guard: 'kill-switch',
        count: 3,
        reasons: [
          { code: 'kill-switch: on', count: 2 },
          { code: 'kill-switch: unreadable', count: 1 },
        ],
      },
      { guard: 'mode', count: 1, reasons: [{ code: 'mode: approval-needed', count: 1 }] },
    ];
    const text = page({ ...someMeasures(), refusals: guards });

    expect(text).toContain('<span class="name">kill-switch</span> <span class="value">3 remediations</span>');
    expect(text).toContain('<li>the kill switch is on (2)');
    expect(text).toContain('a person has to say yes first</li></ul>');
    expect(text).toContain('one that refuses stops it');
    expect(page({ ...someMeasures(), refusals: [] })).toContain('No guard refused a change.');
  });

  it('of a time in which nothing happened says so, and measures nothing', () => {
    const text = page(noMeasures());

    expect(text).toContain('nothing to measure');
    expect(text).not.toContain('How long it took');
  });

  it('of 90 days stays below 60 KB, also where each cause, guard and day has something to say', () => {
    const causeNames = Object.keys(causes) as Cause[];
    const quantiles = { count: 1234, p50: 6 * minute, p95: 48 * minute, longest: false };
    const withoutPerson = { handled: 1000, of: 1234 };
    const days = Array.from({ length: 90 }, (_, at) => {
      const startMs = nowMs - (90 - at) * dayMs;
      return { startMs, worst: 'asked', remediations: 12, found: { firstMs: startMs, lastMs: startMs } } as const;
    });
    const measures = {
      ...someMeasures({ days: 90 }),
      byCause: causeNames.map((cause) => ({ cause, count: 1234, withoutPerson, recover: quantiles })),
      byWeek: Array.from({ length: 14 }, (_, at) => ({
        startMs: nowMs - at * 7 * dayMs,
        part: at === 0,
        opened: 1234,
        withoutPerson,
        recover: quantiles,
      })),
      heartbeats: Array.from({ length: 40 }, (_, at) => ({
        registry: `acrcontosoprod${at}.azurecr.io`,
        remediations: 1234,
        days,
      })),
    };
    const text = page(measures);

    expect(causeNames.length).toBeGreaterThan(40);
    expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  });

  it('is the review as Markdown', () => {
    expect(markdown(measuresMarkdown(someMeasures()))).toContain('### pullmedic: the last 30 days');
  });
});
