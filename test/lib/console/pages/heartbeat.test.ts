import { describe, expect, it } from 'vitest';
import { beats, type Heartbeat } from '../../../../src/lib/console/heartbeat.ts';
import { beatWords } from '../../../../src/lib/console/measure-words.ts';
import { heartbeatSection } from '../../../../src/lib/console/pages/heartbeat.ts';
import { dayMs } from '../../../../src/lib/console/weeks.ts';

const day = Date.parse('2026-06-01T00:00:00Z');
const dark = { startMs: day, worst: 'not-known', remediations: 0 } as const;
const heartbeat = (registry: string, remediations = 1): Heartbeat => ({
  registry,
  remediations,
  days: beats.map((worst, index) => ({
    startMs: day + index * dayMs,
    worst,
    ...(worst === 'quiet' || worst === 'not-known'
      ? { remediations: 0 }
      : { remediations: 1, found: { firstMs: day, lastMs: day + index * dayMs } }),
  })),
});

describe('the heartbeat on the page', () => {
  it('says each day in words too, and leads to what happened on the days on which something did', () => {
    const { text } = heartbeatSection([heartbeat('acrshop.azurecr.io')], 30);

    const titles = [...text.matchAll(/ title="\d{4}-\d\d-\d\d: ([^"]+)"/g)].map(([, words]) => words);
    expect(titles).toEqual(beats.map((beat) => (beat === 'not-known' ? 'not known' : beatWords[beat])));
    expect([...text.matchAll(/<a class="day /g)]).toHaveLength(beats.length - 2);
    expect([...text.matchAll(/<b class="day (?:quiet|not-known)" role="img"/g)]).toHaveLength(2);
    expect(text).toContain('/api/history?q=registry:acrshop.azurecr.io+on:2026-06-01"');
    expect(text).toContain('registry:acrshop.azurecr.io+since:2026-06-01+until:2026-06-03"');
  });

  it('has rows for the registries with the most remediations, and names the others', () => {
    const many = Array.from({ length: 14 }, (_, index) => heartbeat(`acr${index}.azurecr.io`));
    const { text } = heartbeatSection(many, 30);

    expect([...text.matchAll(/<h3>/g)]).toHaveLength(12);
    expect(text).toContain(
      'And 2 with fewer remediations: <a href="/api/history?q=registry:acr12.azurecr.io">acr12.azurecr.io</a>, <a href="/api/history?q=registry:acr13.azurecr.io">acr13.azurecr.io</a>.',
    );
  });

  it('begins with the first day of which anything is known, and says that nothing is known of the days before', () => {
    const [one] = [heartbeat('acrshop.azurecr.io')];
    if (one === undefined) throw new Error('There is no heartbeat.');
    const { text } = heartbeatSection([{ ...one, days: [dark, dark, ...one.days] }], one.days.length + 2);

    expect([...text.matchAll(/<li><[ab] class="day [\w-]+"/g)]).toHaveLength(one.days.length);
    expect(text).toContain(
      `The last ${one.days.length} days, today last. A box shows the worst that happened that day, and leads to it. Of the days before nothing is known.`,
    );
    const today = { ...one, days: [dark, { startMs: day, worst: 'failing', remediations: 1 } as const] };
    expect(heartbeatSection([today], 2).text).toContain('Only today.');
    expect(heartbeatSection([one], one.days.length).text).not.toContain('Of the days before');
  });

  it('has fewer rows where boxes have more to say, always one, and names the others', () => {
    const rowsOf = (name: string, worst: 'quiet' | 'recovered'): number => {
      const many = Array.from({ length: 14 }, (_, index) => ({
        ...heartbeat(`${name}${index}.azurecr.io`),
        days: Array.from({ length: 90 }, (_day, at) => {
          const startMs = day + at * dayMs;
          const found = worst === 'quiet' ? {} : { found: { firstMs: startMs, lastMs: startMs } };
          return { startMs, worst, remediations: worst === 'quiet' ? 0 : 1, ...found };
        }),
      }));
      const { text } = heartbeatSection(many, 90);
      const rows = [...text.matchAll(/<h3>/g)].length;
      expect(text).toContain(`And ${14 - rows} with fewer remediations: <a `);
      return rows;
    };

    expect(rowsOf('acr', 'recovered')).toBeGreaterThanOrEqual(2);
    expect(rowsOf('acr', 'quiet')).toBeGreaterThan(rowsOf('acr', 'recovered'));
    expect(rowsOf('a'.repeat(500), 'recovered')).toBe(1);
  });

  it('says what would give a registry a row where there is none', () => {
    expect(heartbeatSection([], 7).text).toContain('No remediation of the last 7 days');
  });

  it('shows the name of a registry as text, whatever it holds', () => {
    const { text } = heartbeatSection([heartbeat('"><script>x')], 30);

    expect(text).not.toContain('<script');
  });
});
