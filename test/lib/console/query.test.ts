import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery, termNames } from '../../../src/lib/console/query.ts';
import { nowMs } from '../facts.ts';

const day = 86_400_000;

describe('a search', () => {
  it('reads every term', () => {
    const { query, problems } = parseQuery(
      'app:Orders registry:acrshop sure:confirmed state:open since:7d by:Ada',
      nowMs,
    );

    expect(problems).toEqual([]);
    expect(query).toEqual({
      app: 'orders',
      registry: 'acrshop',
      sureness: 'confirmed',
      live: ['looking', 'waiting', 'partly-recovered', 'needs-approval', 'needs-person'],
      ended: [],
      fromMs: nowMs - 7 * day,
      by: 'ada',
    });
  });

  it('takes a word without a term for the beginning of an app’s name', () => {
    expect(parseQuery('  ca-orders ', nowMs).query).toEqual({ app: 'ca-orders' });
    expect(parseQuery('', nowMs)).toEqual({ query: {}, problems: [] });
  });

  it('finds causes by a part of their names', () => {
    expect(parseQuery('cause:dns', nowMs).query.causes).toEqual(
      expect.arrayContaining(['private-dns-unlinked', 'private-dns-record-missing', 'custom-dns']),
    );
    expect(parseQuery('cause:pull-role-missing', nowMs).query.causes).toEqual(['pull-role-missing']);
  });

  it.each([
    ['state:recovered', { live: [], ended: ['recovered'] }],
    ['state:left-alone', { live: [], ended: ['withdrawn', 'unproven'] }],
    ['state:needs-approval', { live: ['needs-approval'], ended: [] }],
    ['needs:person', { live: ['needs-approval', 'needs-person'], ended: [] }],
  ])('knows the state %s', (text, query) => {
    expect(parseQuery(text, nowMs).query).toEqual(query);
  });

  it.each([
    ['since:30m', nowMs - 30 * 60_000],
    ['since:2w', nowMs - 14 * day],
    ['since:2026-06-01', Date.parse('2026-06-01T00:00:00Z')],
    ['since:2024-02-29', Date.parse('2024-02-29T00:00:00Z')],
    ['since:2100-03-01', Date.parse('2100-03-01T00:00:00Z')],
  ])('knows the time %s', (text, fromMs) => {
    expect(parseQuery(text, nowMs)).toEqual({ query: { fromMs }, problems: [] });
  });

  it('finds what ended or began on one day', () => {
    const fromMs = Date.parse('2026-06-01T00:00:00Z');

    expect(parseQuery('on:2026-06-01', nowMs).query).toEqual({ fromMs, untilMs: fromMs + day });
    expect(parseQuery('on:today', nowMs).problems).toEqual(['on:today is no day. Write a day such as 2026-06-01.']);
  });

  it('reads a day as the calendar has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
        const text = new Date(days * day).toISOString().slice(0, 10);
        return parseQuery(`until:${text}`, nowMs).query.untilMs === days * day;
      }),
    );
  });
});

describe('a term without a meaning', () => {
  it.each([
    ['foo:bar', `There is no term foo: — the terms are ${termNames.map((one) => `${one}:`).join(' ')}`],
    ['constructor:x', expect.stringContaining('There is no term constructor:')],
    ['app:', 'The term app: needs a value: the beginning of an app’s name.'],
    ['app:a app:b', 'The term app: stands twice.'],
    ['cause:weather', 'No cause has “weather” in its name. The page Runbooks lists the causes.'],
    ['state:sad', expect.stringContaining('state:sad is not known. Write one of: open, live, ')],
    ['state:constructor', expect.stringContaining('state:constructor is not known.')],
    ['sure:very', 'sure:very is not known. Write one of: confirmed, suspected, unexplained.'],
    ['since:yesterday', expect.stringContaining('since:yesterday is no time.')],
    ['since:2023-02-29', expect.stringContaining('is no time.')],
    ['until:2023-13-01', expect.stringContaining('is no time.')],
  ])('gets a sentence and is left out: %s', (text, problem) => {
    const { problems } = parseQuery(text, nowMs);

    expect(problems).toEqual([problem]);
  });

  it('does not hide the others', () => {
    expect(parseQuery('foo:bar app:orders', nowMs).query).toEqual({ app: 'orders' });
  });

  it('never throws, whatever was written', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseQuery(text, nowMs).problems.length >= 0));
  });
});

describe('two terms about the state', () => {
  it('mean what both look for, whichever stands first', () => {
    for (const text of ['state:open needs:person', 'needs:person state:open'])
      expect(parseQuery(text, 0).query).toEqual({ live: ['needs-approval', 'needs-person'], ended: [] });
    expect(parseQuery('state:recovered needs:person', 0).query).toEqual({ live: [], ended: [] });
  });
});
