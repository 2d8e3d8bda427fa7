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
    expect(text.match(/<summary>Evidence<\/summary>/g)?.length).toBe(3);
  });

  it('folds looks in which nothing changed, and says how many and until when', () => {
    expect(timeline(entries, {}).text).toContain(
      '<summary>2 looks in which nothing changed, until 02:08:00 (+8 min 00 s)</summary>',
    );
  });

  it('names the identity instead of its principal id', () => {
    const { text } = timeline(entries, { pullsAs: { principalId: principal, name: 'id-orders' } });

    expect(text).toContain('Grants AcrPull to id-orders on the registry acrshop');
    expect(text).not.toContain(principal);
  });
});
