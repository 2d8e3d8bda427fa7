// The review of a month: the measures as a text.
import { describe, expect, it } from 'vitest';
import { review } from '../../../src/lib/console/review.ts';
import { markdown } from '../../../src/lib/incidents/markdown.ts';
import { noMeasures, someMeasures } from './measured.ts';

const textOf = (measures = someMeasures()): string => markdown(review(measures)).replaceAll('\\', '');

describe('the review', () => {
  it('says what it counts before it counts, in words of a reader who does not know pullmedic', () => {
    const text = textOf();

    expect(text.indexOf('A remediation is one image')).toBeLessThan(text.indexOf('Remediations opened'));
    expect(text).toContain('Why pullmedic did not act by itself');
  });

  it('says what became of them, how long it took and what was refused', () => {
    const text = textOf();

    expect(text).toContain('- **Remediations opened**: 3');
    expect(text).toContain('- week from 2026-05-25: nothing was opened');
    expect(text).toContain('- **Handled without a person**: 50 % (1 of 2)');
    expect(text).toContain('- **Time to recover**: 6 min 00 s (of 1), from the opening');
    expect(text).toContain(
      '- the identity has no role that lets it pull (pull-role-missing): 1; without a person 100 % (1 of 1)',
    );
    expect(text).toContain('the mode is approve: a person has to say yes first (1): 1 remediation in all (guard mode)');
    expect(text).toContain('5 min 00 s: ca-orders, granted at 2026-06-01 01:01:00 UTC');
  });

  it('names the bad days of a registry, and how many days it knows nothing of', () => {
    expect(textOf()).toMatch(/acrshop\.azurecr\.io: 3 remediations; 2026-06-01 still failing/);
    expect(textOf(someMeasures({ awakeSinceMs: Date.parse('2026-05-31T00:00:00Z') }))).toContain('; 28 days not known');
  });

  it('says that what cannot be computed is not known', () => {
    expect(textOf()).toContain('(private-dns-unlinked): 1; without a person 0 % (0 of 1); time to recover: not known');
  });

  it('of a time in which nothing happened is short', () => {
    const text = textOf(noMeasures());

    expect(text).toContain('No remediation was opened in this time.');
    expect(text).not.toContain('By cause');
  });

  it('says where a list is longer than it shows', () => {
    const measures = someMeasures();
    const [week] = measures.byWeek;
    if (week === undefined) throw new Error('There is no week.');

    expect(textOf({ ...measures, byWeek: Array.from({ length: 25 }, () => week) })).toContain('- and 5 more');
  });
});
