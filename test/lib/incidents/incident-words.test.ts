// How an incident says that it came back, and how it ended.
import { describe, expect, it } from 'vitest';
import { sayIncidentEnd, sayRecurrence } from '../../../src/lib/incidents/incident-words.ts';
import { appId, groupId, jobId } from '../facts.ts';

describe('an incident', () => {
  it('came back from the second opening on', () => {
    expect(sayRecurrence(1, 'Monday')).toBeUndefined();
    expect(sayRecurrence(2, 'Monday')).toBe('It came back: opened 2 times since Monday.');
  });

  it('that ended names the apps that left without recovering', () => {
    expect(sayIncidentEnd('recovered', [{ app: appId, how: 'recovered' }], [appId])).toBe(
      'All its apps recovered, and the cause was not proved again.',
    );
    expect(sayIncidentEnd('no-members', [{ app: appId, how: 'withdrawn' }], [appId])).toBe(
      'It concerns no app any more. (ca-orders: withdrawn)',
    );
  });

  it.each([
    ['jobs', [jobId]],
    ['container groups', [groupId, groupId]],
    ['workloads', [appId, jobId]],
  ])('calls its %s what they are', (word, ids) => {
    expect(sayIncidentEnd('recovered', [], ids)).toBe(`All its ${word} recovered, and the cause was not proved again.`);
  });
});
