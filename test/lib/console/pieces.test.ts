import { describe, expect, it } from 'vitest';
import { html } from '../../../src/lib/console/html.ts';
import {
  badge,
  commandBlock,
  emptyState,
  exactInstant,
  factList,
  folded,
  instant,
  sayDistance,
  sayLength,
  toneOf,
} from '../../../src/lib/console/pieces.ts';
import { minute, nowMs } from '../facts.ts';

describe('a state', () => {
  it('has words as well as a colour, and one that is not known is shown without a colour of its own', () => {
    expect(badge('needs-approval').text).toBe('<span class="badge bad">needs approval</span>');
    expect(badge('recovered').text).toContain('good');
    expect(toneOf('of-a-newer-version')).toBe('calm');
    expect(badge('"><script>').text).not.toContain('<script');
  });
});

describe('an instant', () => {
  it('is a distance in words with the exact instant in its title', () => {
    expect(instant(nowMs - 3 * minute, nowMs).text).toBe(
      '<time datetime="2026-06-01T01:57:00Z" title="2026-06-01 01:57:00 UTC">3 minutes ago</time>',
    );
  });

  it.each([
    [0, 'now'],
    [999, 'now'],
    [-1000, '1 second ago'],
    [-59_999, '59 seconds ago'],
    [-60_000, '1 minute ago'],
    [20_000, 'in 20 seconds'],
    [3 * minute, 'in 3 minutes'],
    [-49 * 60 * minute, '2 days ago'],
  ])('says %i ms from now as %s', (ms, said) => {
    expect(sayDistance(nowMs + ms, nowMs)).toBe(said);
  });

  it('is exact to the second', () => {
    expect(exactInstant(nowMs + 1999)).toBe('2026-06-01 02:00:01 UTC');
  });
});

describe('a length of time', () => {
  it.each([
    [-5, '0 s'],
    [45_400, '45 s'],
    [245_000, '4 min 05 s'],
    [200 * minute, '3 h 20 min'],
    [52 * 60 * minute, '2 d 4 h'],
  ])('of %i ms is %s', (ms, said) => {
    expect(sayLength(ms)).toBe(said);
  });
});

describe('a command', () => {
  it('can have the focus, has a name, and stays text', () => {
    const { text } = commandBlock('Assign the role', 'az role assignment create --assignee "<b>"');

    expect(text).toContain('<pre tabindex="0" role="group" aria-label="Assign the role">');
    expect(text).toContain('--assignee &quot;&lt;b&gt;&quot;');
  });
});

describe('the other pieces', () => {
  it('say what an empty list means', () => {
    expect(emptyState(html`Nothing needs you.`).text).toBe('<div class="empty">Nothing needs you.</div>');
  });

  it('fold away, unless the reader is to see it at once', () => {
    expect(folded('More', html`<p>rest</p>`).text).toBe('<details><summary>More</summary><p>rest</p></details>');
    expect(folded('More', html`<p>rest</p>`, true).text).toContain('<details open>');
  });

  it('leave out a name without a value', () => {
    const { text } = factList([
      ['App', 'ca-orders'],
      ['Group', undefined],
    ]);

    expect(text).toContain('<dt>App</dt><dd>ca-orders</dd>');
    expect(text).not.toContain('Group');
  });
});
