// Too many others write to the same history at once: the step comes back in seconds, whatever it was about to record.
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { alert, config, firedAlert, minute, nowMs, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { storedKinds } from '../stored.ts';
import { toldAtOnce } from '../told-at-once.ts';

const seconds = 1000;

/** Entries of this kind find the next number taken, as if others wrote all the time, until it is over. */
function crowd(running: Memory, kind: string): { over: () => void } {
  const { history } = running.ports;
  const port: { history: typeof history } = running.ports;
  port.history = {
    read: (partition) => history.read(partition),
    append: async (partition, after, entry) =>
      entry.kind === kind ? 'taken' : history.append(partition, after, entry),
  };
  return {
    over: () => {
      port.history = history;
    },
  };
}

function withAlert(): Memory {
  const running = memory(
    config({ PULLMEDIC_SETTINGS: JSON.stringify({ alerts: { setState: true } }) }),
    roleMissing,
    nowMs,
  );
  toldAtOnce(running);
  running.world.alerts.set(alert.id, known(firedAlert));
  return running;
}

const soonest = ({ world }: Memory): number => Math.min(...world.steps.map(({ dueAtMs }) => dueAtMs)) - world.nowMs;

describe('a history that is too busy', () => {
  it('for the outcome of a grant: the delivery does not fail, and a step comes back in seconds and settles it', async () => {
    const running = memory(config(), roleMissing, nowMs);
    const crowded = crowd(running, 'outcome');

    await running.deliver(signal);

    expect(running.world.granted).toHaveLength(1);
    expect(soonest(running)).toBeGreaterThanOrEqual(5 * seconds);
    expect(soonest(running)).toBeLessThanOrEqual(10 * seconds);
    crowded.over();
    running.world.grantExists = known(true);
    await running.pass(10 * minute);
    expect((await listRemediations(running.ports))[0]?.actions).toMatchObject([{ action: 'grant', outcome: 'done' }]);
    expect(running.world.granted).toHaveLength(1);
  });

  it('for the incident: the delivery does not fail, and the remediation is linked seconds later', async () => {
    const observe = config({ PULLMEDIC_MODE: 'observe' });
    const running = memory(observe, roleMissing, nowMs);
    const crowded = crowd(running, 'incident-linked');

    await running.deliver(signal);

    expect(soonest(running)).toBeLessThanOrEqual(10 * seconds);
    crowded.over();
    await running.pass(15 * seconds);
    expect((await listRemediations(running.ports))[0]?.incident).toBeDefined();
  });

  it.each(['alert-decided', 'alert-outcome'])(
    'for the entry %s: the step does not fail, and a late step comes in seconds, without another look before it is due',
    async (kind) => {
      const running = withAlert();
      const crowded = crowd(running, kind);

      await running.deliver({ ...signal, alert });

      const late = running.world.steps.filter(({ step }) => step.late === true);
      expect(late.map(({ dueAtMs }) => dueAtMs - nowMs <= 10 * seconds)).toEqual([true]);
      crowded.over();
      const before = storedKinds(running).filter((one) => one === 'looked').length;
      await running.pass(12 * seconds);
      expect(before).toBeGreaterThan(0);
      expect(storedKinds(running).filter((one) => one === 'looked')).toHaveLength(before);
    },
  );

  it('for the decision about an alert: the alert is set seconds later', async () => {
    const running = withAlert();
    const crowded = crowd(running, 'alert-decided');
    await running.deliver({ ...signal, alert });
    expect(running.world.alertsSet).toEqual([]);

    crowded.over();
    await running.pass(12 * seconds);

    expect(running.world.alertsSet.map(({ state }) => state)).toEqual(['Acknowledged']);
    expect(storedKinds(running)).toContain('alert-outcome');
  });
});
