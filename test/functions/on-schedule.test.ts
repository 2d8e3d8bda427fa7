// The timers: a heartbeat and lost steps every minute, stuck apps every five minutes.
import { describe, expect, it, vi } from 'vitest';
import { registerOnSchedule } from '../../src/functions/on-schedule.ts';
import { config, nowMs, signal } from '../lib/facts.ts';
import { doors } from './doors.ts';

describe('every minute', () => {
  it('the heartbeat is written and logged, because an alert rule waits for it', async () => {
    const { deliver, running, logged, options } = doors(registerOnSchedule);
    await deliver('on-schedule', {});

    expect(options('on-schedule')).toMatchObject({ schedule: '0 * * * * *' });
    expect(await running.ports.pulse.read()).toMatchObject({ value: { lastMs: nowMs } });
    expect(logged).toEqual([['heartbeat', { overdue: 0 }]]);
  });

  it('a step whose message was lost is sent again', async () => {
    const { deliver, running, logged } = doors(registerOnSchedule);
    await running.deliver(signal);
    running.world.steps.splice(0);
    running.world.nowMs += 24 * 3_600_000;
    await deliver('on-schedule', {});

    expect(running.world.steps).toMatchObject([{ step: { late: true } }]);
    expect(logged.at(-1)).toEqual(['heartbeat', { overdue: 1 }]);
  });

  it('no history of what is live or over is read, of an incident neither, and no ledger: those grow for ever', async () => {
    const { deliver, running } = doors(registerOnSchedule, {
      config: config({ PULLMEDIC_SETTINGS: '{"history":{"archiveAfterDays":30}}' }),
    });
    await running.deliver(signal);
    await running.settle();
    const { history, incidents, deployment } = running.ports;
    const reads = [history, incidents, deployment].map((ledger) => vi.spyOn(ledger, 'read'));
    running.world.nowMs += 3_600_000;
    await deliver('on-schedule', {});

    expect(running.world.granted).toHaveLength(1);
    expect(running.world.steps.at(-1)).toMatchObject({ step: { late: true } });
    expect(reads.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0]);
  });

  it('storage that cannot be used is tried again, and there is no heartbeat without it', async () => {
    let tries = 0;
    const { deliver, running, logged } = doors(registerOnSchedule, {
      prepare: async () => {
        tries += 1;
        return 'no-answer';
      },
    });
    const before = await running.ports.pulse.read();
    await deliver('on-schedule', {});

    expect([tries, logged, await running.ports.pulse.read()]).toEqual([1, [], before]);
  });
});

describe('every five minutes', () => {
  it('apps that are stuck without a signal get one', async () => {
    const { deliver, running, options } = doors(registerOnSchedule);
    running.world.nowMs += 3_600_000;
    await deliver('on-sweep', {});

    expect(options('on-sweep')).toMatchObject({ schedule: '30 */5 * * * *' });
    expect(running.world.signals).toMatchObject([{ signal: { via: 'schedule' } }]);
  });
});
