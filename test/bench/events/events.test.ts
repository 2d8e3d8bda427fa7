// A small storm of events is played on virtual time: none is lost, what waits for an image recovers, and what does not stays as it is.
import { describe, expect, it } from 'vitest';
import { figuresOf, measureEvents } from '../../../bench/events/measure.ts';
import type { Played } from '../../../bench/played/played.ts';

const storm = { waiting: 6, rolesAMinute: 60, pushesAMinute: 30, minutes: 2 };

it('reaches the function event by event, and the apps whose image was pushed recover', async () => {
  const figures = await measureEvents(storm);

  expect(figures.events).toBeGreaterThanOrEqual(figures.sent);
  expect(figures.byMinute.length).toBeGreaterThan(storm.minutes);
  expect(figures.steps).toBeGreaterThan(storm.waiting);
}, 120_000);

describe('the figures of a storm', () => {
  const call = (atMs: number, host: string) => ({ atMs, method: 'GET', host, path: '/' });
  const played: Played = {
    scenario: 'event-storm',
    calls: [
      call(1000, 'management.azure.com'),
      call(2000, 'api.loganalytics.io'),
      call(125_000, 'management.azure.com'),
    ],
    storage: {},
    executions: { 'on-event': 181, 'on-step': 20 },
    logBytes: 0,
    lastedMs: 1,
    looks: [],
    failures: [],
  };

  it('count requests minute by minute, quiet minutes too', () => {
    expect(figuresOf(storm, played).byMinute).toEqual([
      { arm: 1, logs: 1 },
      { arm: 0, logs: 0 },
      { arm: 1, logs: 0 },
    ]);
  });

  it('are none where a remediation did not end as it must; pages of a long Activity Log are no such failure', () => {
    const long = 'ca-c-1: control-plane calls of one look at a public registry: expected at most 12, seen 20';
    expect(figuresOf(storm, { ...played, failures: [long] }).sent).toBe(181);
    expect(() =>
      figuresOf(storm, { ...played, failures: [long, 'ca-a-1: ended: expected recovered, seen open'] }),
    ).toThrow('ca-a-1: ended');
  });
});
