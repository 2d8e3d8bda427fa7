// What starts the runs of a job, and who starts the next one.
import { describe, expect, it } from 'vitest';
import { startsEveryMinutes, startsNext, triggerOf } from '../../../../src/lib/workloads/job/trigger.ts';

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

describe('a schedule', () => {
  it.each([
    ['* * * * *', 1],
    ['*/1 * * * *', 1],
    [' */15  * * * * ', 15],
    ['*/5 * * * 1-5', 5],
    ['0 * * * *', undefined],
    ['*/5 3 * * *', undefined],
    ['*/0 * * * *', undefined],
    ['* * * *', undefined],
    ['* * * * * *', undefined],
    ['', undefined],
    [undefined, undefined],
  ] as const)('of %s starts an execution every %s minutes', (cron, minutes) => {
    expect(startsEveryMinutes(cron)).toBe(minutes);
  });
});
