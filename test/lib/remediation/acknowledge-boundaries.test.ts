// Alerts one by one: what is written about each, what waits for requests, what is settled by reading, and which alert others still need.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { seeToAlerts } from '../../../src/lib/remediation/acknowledge.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import { type AlertId, parseAlertId } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import {
  alert,
  appId,
  arm,
  config,
  firedAlert,
  minute,
  nowMs,
  roleMissing,
  signal,
  target,
  targetId,
} from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { toldAtOnce } from '../told-at-once.ts';

const on = config({ PULLMEDIC_SETTINGS: JSON.stringify({ alerts: { setState: true } }) });
const id = remediationIdOf(targetId, 1);
const second = parseAlertId(alert.id.replace(/1$/, '2')) as AlertId;
const workspace = arm(
  `${appId.slice(0, appId.indexOf('/providers'))}/providers/Microsoft.OperationalInsights/workspaces/log-shop`,
);
const byName = { ...firedAlert, target: workspace, names: [{ kind: 'app-name', name: 'ca-orders' }] } as const;
const opened = (of: AlertId = alert.id): Entry => ({
  kind: 'opened',
  target,
  signal: { ...signal, alert: { ...alert, id: of } },
  mode: 'act',
});
const waits: Entry = {
  kind: 'decided',
  decision: { do: 'wait', because: 'role-propagating' },
  dueAtMs: nowMs,
  refusals: [],
};
const closed: Entry = { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' };
const begun = (more: object = {}): Entry =>
  ({ kind: 'alert-decided', remediation: id, alert: alert.id, state: 'Acknowledged', refusals: [], ...more }) as Entry;
const about = { remediation: id, alert: alert.id, state: 'Acknowledged' } as const;

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly calls: string[];
  readonly see: () => Promise<number | undefined>;
  /** The entries about alerts that were written since the beginning. */
  readonly written: () => Promise<Entry[]>;
}

async function after(...entries: Entry[]): Promise<Run> {
  const running = memory(on, roleMissing, nowMs);
  toldAtOnce(running);
  const lines: (readonly [string, object])[] = [];
  const calls: string[] = [];
  Object.assign(running.ports, { log: (event: string, said: object) => void lines.push([event, said]) });
  for (const [at, entry] of entries.entries()) await running.ports.history.append(targetId, at, entry);
  running.world.alerts.set(alert.id, known(firedAlert));
  running.world.before = (call) => void calls.push(call);
  return {
    running,
    lines,
    calls,
    see: async () => {
      const [remediation] = (await readTarget(running.ports, targetId)).remediations;
      if (remediation === undefined) throw new Error('There is a remediation.');
      return seeToAlerts(running.ports, on, remediation);
    },
    written: async () => (await running.ports.history.read(targetId)).slice(entries.length).map(({ entry }) => entry),
  };
}

describe('an alert', () => {
  it('is decided and set, and both are written and said in the log', async () => {
    const { see, written, lines } = await after(opened(), waits);

    expect(await see()).toBeUndefined();
    expect(await written()).toStrictEqual([
      { kind: 'alert-decided', ...about, refusals: [] },
      { kind: 'alert-outcome', ...about, outcome: 'done' },
    ]);
    expect(lines).toEqual([
      ['alert-decided', { remediation: id, state: 'Acknowledged', sets: true }],
      ['alert-set', { remediation: id, state: 'Acknowledged', outcome: 'done' }],
    ]);
  });

  it('that is refused is written with the reason, and not set', async () => {
    const { running, see, written, lines } = await after(opened(), waits);
    running.world.alerts.delete(alert.id);

    expect(await see()).toBeUndefined();
    expect(await written()).toEqual([
      { kind: 'alert-decided', ...about, refusals: [{ guard: 'alert-state', why: 'gone' }] },
    ]);
    expect(running.world.alertsSet).toEqual([]);
    expect(lines).toEqual([['alert-decided', { remediation: id, state: 'Acknowledged', sets: false }]]);
  });

  it('of what has ended needs no further step where it is refused', async () => {
    const { running, see, written } = await after(opened(), waits, closed);
    running.world.alerts.delete(alert.id);

    expect(await see()).toBeUndefined();
    expect(await written()).toMatchObject([{ state: 'Closed', refusals: [{ guard: 'alert-state', why: 'gone' }] }]);
  });

  it('is tried once for each state; another alert of the remediation has a try of its own', async () => {
    const { running, see, written } = await after(
      opened(),
      { kind: 'signal-joined', signal: { ...signal, id: 'alert|2', alert: { ...alert, id: second } } },
      waits,
      begun(),
      { kind: 'alert-outcome', ...about, outcome: 'done' },
    );
    running.world.alerts.set(second, known({ ...firedAlert, id: second }));
    await see();

    expect(running.world.alertsSet).toEqual([{ alert: second, state: 'Acknowledged' }]);
    expect(await written()).toHaveLength(2);
  });

  it('that failed is written with the reason and the detail', async () => {
    const { running, see, written } = await after(opened(), waits);
    running.world.alertAnswer = { outcome: 'failed', because: 'forbidden', detail: 'AuthorizationFailed' };
    await see();

    expect((await written()).at(-1)).toStrictEqual({
      kind: 'alert-outcome',
      ...about,
      outcome: 'failed',
      because: 'forbidden',
      detail: 'AuthorizationFailed',
    });
  });

  it('that was set while the kill switch was thrown says so', async () => {
    const { running, see, written } = await after(opened(), waits);
    running.world.before = (call) => {
      if (call === 'setAlert') running.world.killSwitch = known(true);
    };
    await see();

    expect((await written()).at(-1)).toStrictEqual({
      kind: 'alert-outcome',
      ...about,
      outcome: 'done',
      killSwitchMeanwhile: 'on',
    });
  });

  it('is not decided where another step decided it, or the remediation ended, meanwhile', async () => {
    for (const meanwhile of [begun(), closed]) {
      const { running, see, written, lines } = await after(opened(), waits);
      running.world.before = (call) => {
        if (call !== 'readAlert') return;
        running.world.before = () => undefined;
        void running.histories.append(targetId, 2, meanwhile);
      };
      await see();

      expect(await written()).toEqual([meanwhile]);
      expect([running.world.alertsSet, lines]).toEqual([[], []]);
    }
  });

  it('has one outcome, also where another step settled it while the call was under way', async () => {
    const { running, see, written } = await after(opened(), waits);
    const settled: Entry = { kind: 'alert-outcome', ...about, outcome: 'failed', because: 'not-made' };
    running.world.before = (call) => {
      if (call === 'setAlert') void running.histories.append(targetId, 3, settled);
    };
    await see();

    expect(await written()).toEqual([{ kind: 'alert-decided', ...about, refusals: [] }, settled]);
  });

  it('of a remediation that the history does not know is not decided', async () => {
    const { running, written } = await after(opened(), waits);
    const [remediation] = (await readTarget(running.ports, targetId)).remediations;
    if (remediation === undefined) throw new Error('There is a remediation.');
    await seeToAlerts(running.ports, on, { ...remediation, id: remediationIdOf(targetId, 7) });

    expect(await written()).toEqual([]);
    expect(running.world.alertsSet).toEqual([]);
  });
});

describe('an alert for which no request can be spared', () => {
  it('waits for the next look of what goes on', async () => {
    const { running, see, written } = await after(opened(), waits);
    running.world.alerts.set(alert.id, unreadable('over-budget'));

    expect(await see()).toBeUndefined();
    expect(await written()).toEqual([]);
  });

  it('waits as well where only its app could not be looked up', async () => {
    const { running, see, written } = await after(opened(), waits);
    running.world.alerts.set(alert.id, known(byName));
    const { azure } = running.ports;
    Object.assign(running.ports, { azure: { ...azure, findApps: async () => unreadable('over-budget') } });

    expect(await see()).toBeUndefined();
    expect(await written()).toEqual([]);
  });

  it('of what has ended has steps of its own, and after the last one it says that it was unreadable', async () => {
    const { running, see, written } = await after(opened(), waits, closed);
    running.world.alerts.set(alert.id, unreadable('over-budget'));

    expect(await see()).toBe(nowMs + minute);
    running.world.nowMs += 30 * minute - 1;
    expect(await see()).toBe(nowMs + 30 * minute);
    expect(await written()).toEqual([]);
    running.world.nowMs += 1;
    expect(await see()).toBeUndefined();
    expect(await written()).toMatchObject([
      { kind: 'alert-decided', state: 'Closed', refusals: [{ guard: 'alert-state', why: 'unreadable' }] },
    ]);
  });

  it('is not one that cannot be read for another reason: that is written', async () => {
    const { running, see, written } = await after(opened(), waits);
    running.world.alerts.set(alert.id, unreadable('forbidden'));
    await see();

    expect(await written()).toMatchObject([{ refusals: [{ guard: 'alert-state', why: 'unreadable' }] }]);
  });
});

describe('an alert whose app Azure says by its name', () => {
  it('is looked up, and set where only this app has the name', async () => {
    const { running, see, calls } = await after(opened(), waits);
    running.world.alerts.set(alert.id, known(byName));
    await see();

    expect(calls).toContain('findApps');
    expect(running.world.alertsSet).toHaveLength(1);
  });

  it('is not looked up where Azure says it by its id', async () => {
    const { see, calls } = await after(opened(), waits);
    await see();

    expect(calls).not.toContain('findApps');
  });
});

describe('an alert whose change has no answer', () => {
  it('is left alone while another host may be in the middle of it, and then read', async () => {
    const { running, see, written, calls } = await after(opened(), waits, begun());
    running.world.nowMs += minute - 1;
    expect(await see()).toBeUndefined();
    expect(calls).not.toContain('readAlert');
    running.world.nowMs += 1;
    await see();

    expect(await written()).toEqual([{ kind: 'alert-outcome', ...about, outcome: 'failed', because: 'not-made' }]);
    expect(running.world.alertsSet).toEqual([]);
  });

  it.each([
    ['it has the state', known({ ...firedAlert, state: 'Acknowledged' as const }), 'done', 'found'],
    ['it is another one', known({ ...firedAlert, id: second, state: 'Acknowledged' as const }), 'failed', 'not-made'],
    ['it has another state', known(firedAlert), 'failed', 'not-made'],
    ['it is gone', undefined, 'failed', 'not-made'],
  ] as const)('is settled by reading: %s', async (_, facts, outcome, because) => {
    const { running, see, written } = await after(opened(), waits, begun());
    running.world.nowMs += minute;
    if (facts === undefined) running.world.alerts.delete(alert.id);
    else running.world.alerts.set(alert.id, facts);
    await see();

    expect(await written()).toEqual([{ kind: 'alert-outcome', ...about, outcome, because }]);
  });

  it('is unknown while it cannot be read, which is written once; what has ended has a step to come back', async () => {
    const { running, see, written } = await after(opened(), waits, closed, begun({ state: 'Closed' }));
    running.world.nowMs += minute;
    running.world.alerts.set(alert.id, unreadable('timed-out'));

    expect(await see()).toBe(nowMs + 3 * minute);
    expect(await see()).toBe(nowMs + 3 * minute);
    expect(await written()).toEqual([
      {
        kind: 'alert-outcome',
        ...about,
        state: 'Closed',
        outcome: 'unknown',
        because: 'unreadable',
        detail: 'timed-out',
      },
    ]);
  });

  it('of what has ended has a step to come back also while another host may be in the middle of it', async () => {
    const { running, see, calls } = await after(opened(), waits, closed, begun({ state: 'Closed' }));
    running.world.nowMs += minute - 1;

    expect(await see()).toBe(nowMs + minute);
    expect(calls).not.toContain('readAlert');
  });

  it('of what has ended has a step that wakes nothing else', async () => {
    const { running } = await after(opened(), waits, closed, begun({ state: 'Closed' }));
    running.world.nowMs += 2 * minute;
    running.world.alerts.set(alert.id, unreadable('timed-out'));
    await handleStep(running.ports, on, { targetId, seq: 4, wake: false }, false);

    expect(running.world.steps.map(({ step }) => step)).toEqual([{ targetId, seq: 4, wake: false }]);
  });

  it('is read at once where its answer said that it may have been made', async () => {
    const unknown: Entry = { kind: 'alert-outcome', ...about, outcome: 'unknown' };
    const { see, written } = await after(opened(), waits, begun(), unknown);
    await see();

    expect(await written()).toEqual([{ kind: 'alert-outcome', ...about, outcome: 'failed', because: 'not-made' }]);
  });
});

describe('an alert that is to be closed', () => {
  const other = `t${'2'.repeat(24)}` as TargetId;

  async function closes(entries: readonly Entry[], spoiled = false): Promise<boolean> {
    const { running, see } = await after(opened(), waits, closed);
    for (const [at, entry] of entries.entries()) await running.ports.history.append(other, at, entry);
    if (spoiled) running.histories.all.set(other, (running.histories.all.get(other) ?? []).slice(1));
    const row = indexRow({ targetId: other });
    await running.ports.index.put(row);
    await see();
    return running.world.alertsSet.some(({ state }) => state === 'Closed');
  }

  it('is left open while another remediation of the app carries it', async () => {
    expect(await closes([opened(), waits])).toBe(false);
  });

  it('is closed where the others carry another alert, or have ended', async () => {
    expect(await closes([opened(second), waits])).toBe(true);
    expect(await closes([opened(), waits, closed])).toBe(true);
  });

  it('is left open where the history of another one cannot be read: it may carry it', async () => {
    expect(await closes([opened(second), waits], true)).toBe(false);
  });

  it('needs no further step once it is closed', async () => {
    const { running, see } = await after(opened(), waits, closed);

    expect(await see()).toBeUndefined();
    expect(running.world.alertsSet).toEqual([{ alert: alert.id, state: 'Closed' }]);
  });

  it('is acknowledged all the same while others carry it, and those are not read', async () => {
    const { running, see, calls } = await after(opened(), waits);
    await running.ports.history.append(other, 0, opened());
    await see();
    expect(calls).not.toContain('index.liveOf');

    expect(running.world.alertsSet).toEqual([{ alert: alert.id, state: 'Acknowledged' }]);
  });
});
