// What starts the runs of a job, and who starts the next one.
import { describe, expect, it } from 'vitest';
import { startsNext, triggerOf } from '../../../../src/lib/workloads/job/trigger.ts';

describe('a job', () => {
  it.each([
    ['Manual', 'manual', 'a-person'],
    ['Schedule', 'schedule', 'by-itself'],
    ['event', 'event', 'by-itself'],
    ['Sometimes', 'unknown', 'a-person'],
    [undefined, 'unknown', 'a-person'],
  ] as const)('with the trigger %s is read as %s: the next execution comes %s', (text, trigger, next) => {
    expect(triggerOf(text)).toBe(trigger);
    expect(startsNext({ trigger: triggerOf(text) })).toBe(next);
    expect(startsNext({ trigger: triggerOf(text), suspended: true })).toBe('a-person');
  });
});
