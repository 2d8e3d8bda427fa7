// When the alert that started a remediation is set, what is written down first, and that no remediation waits for it.
import { describe, expect, it } from 'vitest';
import { listRemediations, type RemediationView, showRemediation } from '../../../src/lib/console/views.ts';
import type { AlertFacts } from '../../../src/lib/decision/alert-state.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { StoredEntry } from '../../../src/lib/history/ledger.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { type AlertId, parseAlertId } from '../../../src/lib/words/arm-id.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import {
  alert,
  appId,
  assignment,
  config,
  firedAlert,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  roleMissing,
  signal,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { toldAtOnce } from '../told-at-once.ts';

const on = config({ PULLMEDIC_SETTINGS: JSON.stringify({ alerts: { setState: true } }) });
const fired: Signal = { ...signal, alert };

async function view(running: Memory): Promise<RemediationView> {
  const found = (await listRemediations(running.ports)).at(-1);
  if (found === undefined) throw new Error('there is no remediation');
  return found;
}

async function entries(running: Memory): Promise<readonly StoredEntry<Entry>[]> {
  return (await showRemediation(running.ports, (await view(running)).id))?.entries ?? [];
}

async function aboutAlerts(running: Memory): Promise<Entry[]> {
  return (await entries(running)).map(({ entry }) => entry).filter((entry) => entry.kind.startsWith('alert-'));
}

function start(chosen: Config = on, facts: Fact<AlertFacts> = known(firedAlert)): Memory {
  const running = memory(chosen, roleMissing, nowMs);
  toldAtOnce(running);
  running.world.alerts.set(alert.id, facts);
  return running;
}

/** The grant takes effect, the image is pulled, and it stays so. */
async function recover(running: Memory): Promise<void> {
  running.world.evidence = {
    ...roleMissing,
    logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + 4 * minute }]),
    replicas: known([{ ...readyReplica, createdAtMs: nowMs + 4 * minute }]),
    roles: known([assignment(0, { createdAtMs: nowMs })]),
  };
  await running.pass(40 * minute);
}

const states = ({ world }: Memory): string[] => world.alertsSet.map(({ state }) => state);

describe('the alert that started a remediation', () => {
  it('is acknowledged with the first decision, and closed when the app has recovered', async () => {
    const running = start();
    await running.deliver(fired);

    expect(states(running)).toEqual(['Acknowledged']);
    await recover(running);
    expect((await view(running)).closed?.how).toBe('recovered');
    expect(states(running)).toEqual(['Acknowledged', 'Closed']);
    expect((await view(running)).alerts).toEqual([
      { alert: alert.id, state: 'Acknowledged', outcome: 'done', because: [] },
      { alert: alert.id, state: 'Closed', outcome: 'done', because: [] },
    ]);
  });

  it('is not acknowledged before any system was told of the remediation, and it is not decided either: it may be all that reaches a person', async () => {
    const running = memory(on, roleMissing, nowMs);
    running.world.alerts.set(alert.id, known(firedAlert));
    await running.deliver(fired);

    expect(states(running)).toEqual([]);
    expect(await aboutAlerts(running)).toEqual([]);
    toldAtOnce(running);
    await running.pass(5 * minute);
    expect(states(running)).toEqual(['Acknowledged']);
  });

  it('is closed once the app has recovered, also where no system was ever told', async () => {
    const running = memory(on, roleMissing, nowMs);
    running.world.alerts.set(alert.id, known(firedAlert));
    await running.deliver(fired);
    await recover(running);

    expect(states(running)).toEqual(['Closed']);
  });

  it('is set after the decision was written down, and the outcome after that', async () => {
    const running = start();
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);
    await running.deliver(fired);

    const after = calls.slice(calls.indexOf('readAlert')).filter((call) => /Alert$|history\.append/.test(call));
    expect(after.slice(0, 4)).toEqual(['readAlert', 'history.append', 'setAlert', 'history.append']);
    expect((await aboutAlerts(running)).map(({ kind }) => kind)).toEqual(['alert-decided', 'alert-outcome']);
  });

  it('is seen to after what the remediation needs: the grant is made and the next step is on its way', async () => {
    const running = start();
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);
    await running.deliver(fired);

    const at = calls.indexOf('readAlert');
    expect(calls.indexOf('grant')).toBeLessThan(at);
    expect(calls.lastIndexOf('queue.sendStep', at)).toBeGreaterThan(calls.indexOf('grant'));
  });

  it('is not set, and not even read, where the setting is off or the signal names none', async () => {
    for (const [chosen, one] of [
      [config(), fired],
      [on, signal],
    ] as const) {
      const running = start(chosen);
      const calls: string[] = [];
      running.world.before = (call) => void calls.push(call);
      await running.deliver(one);
      await recover(running);

      expect(calls.filter((call) => /Alert/.test(call))).toEqual([]);
      expect(await aboutAlerts(running)).toEqual([]);
    }
  });

  it('is not read and not set in the mode observe or under the kill switch, and the history says so', async () => {
    const cases: [Record<string, string>, Fact<boolean>, string][] = [
      [{ PULLMEDIC_MODE: 'observe' }, known(false), 'mode: observe'],
      [{}, known(true), 'kill-switch: on'],
      [{}, unreadable('timed-out'), 'kill-switch: unreadable'],
    ];
    for (const [chosen, killSwitch, why] of cases) {
      const running = start(config({ PULLMEDIC_SETTINGS: JSON.stringify({ alerts: { setState: true } }), ...chosen }));
      running.world.killSwitch = killSwitch;
      const calls: string[] = [];
      running.world.before = (call) => void calls.push(call);
      await running.deliver(fired);

      expect(calls.filter((call) => /Alert/.test(call))).toEqual([]);
      expect((await view(running)).alerts).toEqual([
        { alert: alert.id, state: 'Acknowledged', outcome: 'refused', because: [why] },
      ]);
    }
  });

  it('is not set when the kill switch is turned on between the decision and the write', async () => {
    const running = start();
    let asked = false;
    running.world.before = (call) => {
      asked ||= call === 'readAlert';
      if (asked && call === 'history.append') running.world.killSwitch = known(true);
    };
    await running.deliver(fired);

    expect(states(running)).toEqual([]);
    expect((await view(running)).alerts).toMatchObject([{ outcome: 'withheld', because: ['kill-switch: on'] }]);
  });

  it('is not set when its decision cannot be written down', async () => {
    const running = start();
    running.world.before = (call) => {
      if (call === 'readAlert')
        running.world.before = (next) => {
          if (next === 'history.append') throw new Error('no storage');
        };
    };

    await expect(running.deliver(fired)).rejects.toThrow('no storage');
    expect(states(running)).toEqual([]);
    expect(running.world.granted).toHaveLength(1);
  });

  it('is left as it is where the app is withdrawn or nothing was proved', async () => {
    const running = start();
    await running.deliver(fired);
    running.world.evidence = { ...roleMissing, app: known('gone') };
    await running.pass(60 * minute);

    expect((await view(running)).closed?.how).toBe('withdrawn');
    expect(states(running)).toEqual(['Acknowledged']);
  });

  it('is not acknowledged where the first look already stands down', async () => {
    const running = start();
    running.world.evidence = { ...roleMissing, app: known('gone') };
    await handle(running);

    expect(states(running)).toEqual([]);
  });
});

/** The app is deleted between the signal and the first look. */
async function handle(running: Memory): Promise<void> {
  const { evidence } = running.world;
  running.world.evidence = roleMissing;
  const { world } = running;
  world.before = (call) => {
    if (call === 'queue.sendStep') world.evidence = evidence;
  };
  await running.deliver(fired);
}

describe('an alert that is not what the signal said', () => {
  it('is left alone although its id was sent, and the remediation goes on', async () => {
    const other = parseAlertId(alert.id.replace(/1$/, '9')) ?? alert.id;
    const target = firedAlert.target?.replace('ca-orders', 'ca-stock') as never;
    const running = start();
    running.world.alerts.set(other, known({ ...firedAlert, id: other, target }));
    await running.deliver({ ...fired, alert: { ...alert, id: other } });
    await recover(running);

    expect(running.world.alertsSet).toEqual([]);
    expect((await view(running)).closed?.how).toBe('recovered');
    expect((await view(running)).alerts.map(({ because }) => because)).toEqual([
      ['alert-state: another-app'],
      ['alert-state: another-app'],
    ]);
  });

  it('is asked for once for each state, whatever the number of looks', async () => {
    const running = start(on, unreadable('forbidden'));
    let asked = 0;
    running.world.before = (call) => void (asked += call === 'readAlert' ? 1 : 0);
    await running.deliver(fired);
    await running.pass(20 * minute);

    expect(asked).toBe(1);
    expect((await view(running)).alerts).toMatchObject([{ outcome: 'refused', because: ['alert-state: unreadable'] }]);
  });
});

describe('a change without an answer', () => {
  it('is settled by reading, and not made again', async () => {
    const running = start();
    running.world.alertAnswer = { outcome: 'unknown', because: 'no-answer' };
    await running.deliver(fired);
    running.world.alerts.set(alert.id, known({ ...firedAlert, state: 'Acknowledged' }));
    await running.pass(3 * minute);

    expect(states(running)).toEqual(['Acknowledged']);
    expect((await view(running)).alerts).toMatchObject([{ outcome: 'done', because: ['found'] }]);
  });

  it('is not settled by another alert', async () => {
    const running = start();
    running.world.alertAnswer = { outcome: 'unknown', because: 'no-answer' };
    await running.deliver(fired);
    const id = parseAlertId(alert.id.replace(/1$/, '9')) ?? alert.id;
    running.world.alerts.set(alert.id, known({ ...firedAlert, id, state: 'Acknowledged' }));
    await running.pass(3 * minute);

    expect((await view(running)).alerts).toMatchObject([{ outcome: 'failed', because: ['not-made'] }]);
  });

  it('that was not made is not made later either', async () => {
    const running = start();
    running.world.alertAnswer = { outcome: 'unknown', because: 'no-answer' };
    await running.deliver(fired);
    await running.pass(10 * minute);

    expect(states(running)).toEqual(['Acknowledged']);
    expect((await view(running)).alerts).toMatchObject([{ outcome: 'failed', because: ['not-made'] }]);
  });

  it('of a remediation that has ended is settled by a step of its own, a few times and no more', async () => {
    const running = start();
    await running.deliver(fired);
    running.world.alertAnswer = { outcome: 'unknown', because: 'no-answer' };
    let asked = 0;
    const settled = recover(running);
    running.world.before = (call) => {
      if (call === 'setAlert') running.world.alerts.set(alert.id, unreadable('unavailable'));
      asked += call === 'readAlert' ? 1 : 0;
    };
    await settled;
    await running.pass(180 * minute);

    expect(states(running)).toEqual(['Acknowledged', 'Closed']);
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(7);
    expect(running.world.steps).toEqual([]);
    expect((await aboutAlerts(running)).filter(({ kind }) => kind === 'alert-outcome')).toHaveLength(2);
    expect((await view(running)).alerts.at(-1)).toMatchObject({ state: 'Closed', outcome: 'unknown' });
  });

  it('whose host died is settled by whoever comes next', async () => {
    const running = start();
    running.world.before = (call) => {
      if (call === 'setAlert') throw new Error('killed');
    };
    await expect(running.deliver(fired)).rejects.toThrow('killed');
    running.world.before = () => undefined;
    await running.pass(5 * minute);

    expect(states(running)).toEqual([]);
    expect((await view(running)).alerts).toMatchObject([{ outcome: 'failed', because: ['not-made'] }]);
  });
});

describe('two hosts', () => {
  /** Another host appends this while ours reads the alert. */
  async function meanwhile(entry: (id: RemediationId) => Entry): Promise<Memory> {
    const running = start();
    const { actions } = running.ports;
    const before = { ...actions };
    let done = false;
    Object.assign(actions, {
      readAlert: async (id: AlertId) => {
        if (done) return before.readAlert(id);
        done = true;
        const [row] = running.rows.values();
        if (row === undefined) throw new Error('no row');
        const { length } = await running.ports.history.read(row.targetId);
        await running.ports.history.append(row.targetId, length, entry(row.remediation));
        return before.readAlert(id);
      },
    });
    await running.deliver(fired);
    return running;
  }
  const about = { alert: alert.id, state: 'Acknowledged' } as const;

  it('do not both set it: what one has decided the other leaves to it, until it must have died', async () => {
    const running = await meanwhile((remediation) => ({ kind: 'alert-decided', remediation, ...about, refusals: [] }));
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);
    await running.pass(minute - 1);
    expect([states(running), calls.filter((call) => /Alert/.test(call))]).toEqual([[], []]);

    await running.pass(3 * minute);
    expect(states(running)).toEqual([]);
    expect((await view(running)).alerts).toMatchObject([{ outcome: 'failed', because: ['not-made'] }]);
  });

  it('do not acknowledge what one of them has ended', async () => {
    const running = await meanwhile(() => ({ kind: 'closed', how: 'withdrawn', because: 'app-gone' }));

    expect(states(running)).toEqual([]);
    expect(await aboutAlerts(running)).toEqual([]);
  });
});

describe('what ended', () => {
  it('has its alert closed by the next delivery where the host died in between', async () => {
    const running = start();
    await running.deliver(fired);
    let reads = 0;
    running.world.before = (call) => {
      if (call === 'readAlert' && (reads += 1) === 1) throw new Error('killed');
    };
    await expect(recover(running)).rejects.toThrow('killed');
    const { targetId } = [...running.rows.values()][0] ?? {};
    if (targetId === undefined) throw new Error('no row');
    await handleStep(running.ports, on, { targetId, seq: 1, wake: false }, true);

    expect(states(running)).toEqual(['Acknowledged', 'Closed']);
  });

  it('has its alert closed also when the app has failed again by then', async () => {
    const running = start();
    await running.deliver(fired);
    running.world.before = (call) => {
      if (call === 'readAlert') throw new Error('killed');
    };
    await expect(recover(running)).rejects.toThrow('killed');
    running.world.before = () => undefined;
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await running.deliver({ ...signal, id: 'alert|again', atMs: running.world.nowMs });

    expect(await listRemediations(running.ports)).toHaveLength(2);
    expect(states(running)).toEqual(['Acknowledged', 'Closed']);
  });

  it('leaves the alert open while another image of the app still needs it', async () => {
    const running = start();
    await running.deliver(fired);
    const live = [...running.rows.values()][0];
    if (live === undefined) throw new Error('no row');
    const targetId = `t${'1'.repeat(24)}` as typeof live.targetId;
    await running.ports.history.append(targetId, 0, {
      kind: 'opened',
      target: { appId, appName: 'ca-orders', image: 'b', registry: 'acrshop.azurecr.io' },
      signal: fired,
      mode: 'act',
    });
    await running.ports.index.put({ ...live, targetId, remediation: `${targetId}.1` as typeof live.remediation });
    await recover(running);

    expect(states(running)).toEqual(['Acknowledged']);
    const all = await listRemediations(running.ports);
    expect(all.find((one) => one.closed !== undefined)?.alerts.at(-1)?.because).toEqual(['alert-state: still-needed']);
  });

  it('waits for requests that are scarce, and says so when it never got one', async () => {
    const running = start();
    await running.deliver(fired);
    running.world.alerts.set(alert.id, unreadable('over-budget'));
    await recover(running);

    expect(states(running)).toEqual(['Acknowledged']);
    await running.pass(60 * minute);
    expect((await view(running)).alerts.at(-1)).toMatchObject({
      state: 'Closed',
      outcome: 'refused',
      because: ['alert-state: unreadable'],
    });
  });
});
