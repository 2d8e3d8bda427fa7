import { describe, expect, it } from 'vitest';
import { timeline } from '../../../src/lib/console/timeline.ts';
import { closed, eachMinute, granting, looked, opened, waiting } from '../console-entries.ts';
import { principal } from '../facts.ts';

describe('the timeline', () => {
  const entries = eachMinute(opened, looked, granting, looked, waiting, looked, waiting, looked, waiting, closed);

  it('shows the evidence of the deciding look at once, and folds that of the others', () => {
    const { text } = timeline(entries, {});

    expect(text.match(/<details open>/g)).toHaveLength(1);
    expect(text).toContain('<summary>Evidence, on which the decision rests</summary>');
    expect(text.match(/<summary>Evidence<\/summary>/g)).toHaveLength(1);
  });

  it('folds looks in which nothing changed, and says how many and until when', () => {
    expect(timeline(entries, {}).text).toContain(
      '<summary>2 looks in which nothing changed, until 02:08:00 (+8 min 00 s)</summary>',
    );
  });

  it('gives a repeat one line, and of a long wait the beginning and the end', () => {
    const many = eachMinute(opened, looked, waiting, ...Array.from({ length: 100 }, () => [looked, waiting]).flat());
    const { text } = timeline(many, {});

    expect(timeline(entries, {}).text).toContain('<li>2026-06-01 02:05:00 (+5 min 00 s) looked');
    expect(text.match(/ (?:looked|decided the same)\n?(?:<|$)/g)).toHaveLength(60);
    expect(text).toContain('and so on, 138 more');
    expect(text).toContain('The JSON of this page has each in full.');
    expect(text.length).toBeLessThan(8000);
  });

  it('names the identity instead of its principal id', () => {
    const { text } = timeline(entries, { pullsAs: { principalId: principal, name: 'id-orders' } });

    expect(text).toContain('Grants AcrPull to id-orders on the registry acrshop');
    expect(text).not.toContain(principal);
  });
});
