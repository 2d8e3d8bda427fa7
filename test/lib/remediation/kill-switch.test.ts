// The kill switch wins: over a late "off", over everything that was read or counted before, and it is noted where it came too late.
import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../src/lib/console/health.ts';
import { killSwitchBlock } from '../../../src/lib/console/standing.ts';
import { listRemediations, showRemediation } from '../../../src/lib/console/views.ts';
import { sayEntry } from '../../../src/lib/console/words.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { setKillSwitch, underKillSwitch } from '../../../src/lib/remediation/kill-switch.ts';
import { askUndo } from '../../../src/lib/remediation/undo.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import { alert, assignment, config, firedAlert, minute, nowMs, readyReplica, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { memoryUpkeep } from '../memory-upkeep.ts';
import { toldAtOnce } from '../told-at-once.ts';

async function pageOf({ ports }: Memory): Promise<string> {
  const [killSwitch, setting] = await Promise.all([ports.killSwitch(), ports.controls.setting()]);
  return killSwitchBlock({ mode: 'act', killSwitch, setting }, nowMs).text;
}

async function seenIn({ ports }: Memory): Promise<string> {
  return valueOf(await ports.controls.setting())?.version ?? '';
}

async function recorded({ ports }: Memory): Promise<unknown[]> {
  return (await ports.deployment.read('deployment')).map(({ entry }) => entry);
}

describe('the kill switch', () => {
  it('is thrown by a person: recorded, and shown on the page and in health', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await setKillSwitch(running.ports, { on: true, by: '<b>Ada</b>' });
    const [entry] = await running.ports.deployment.read('deployment');

    expect(entry).toMatchObject({ atMs: nowMs, entry: { kind: 'kill-switch-set', on: true, by: '<b>Ada</b>' } });
    expect(await checkHealth(running.ports, memoryUpkeep().upkeep)).toMatchObject({
      killSwitch: 'on',
      killSwitchSet: { by: '<b>Ada</b>', atMs: nowMs, version: await seenIn(running) },
    });
    const page = await pageOf(running);
    expect(page).toContain(`Set by &lt;b&gt;Ada&lt;/b&gt; at 2026-06-01 02:00:00 UTC`);
    expect(page).toContain('pullmedic changes nothing while it is on.');
    expect(page).toContain('/api/kill-switch');
    expect(page).toContain(`&quot;seen&quot;: &quot;${await seenIn(running)}&quot;`);
  });

  it('lets nothing be changed while it is on, and looks and follow-ups go on', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await setKillSwitch(running.ports, { on: true, by: 'Ada' });
    await running.deliver(signal);
    expect(running.world.granted).toEqual([]);
    const looks = (await running.ports.index.all())[0]?.seq ?? 0;

    await running.pass(10 * minute);
    expect((await running.ports.index.all())[0]?.seq).toBeGreaterThan(looks);

    await setKillSwitch(running.ports, { on: false, by: 'Ada', seen: await seenIn(running) });
    await running.pass(30 * minute);
    expect(running.world.granted).toHaveLength(1);
  });

  it('holds back a restart too', async () => {
    const running = memory(config(), { ...roleMissing, roles: known([assignment(6 * minute)]) }, nowMs);
    await setKillSwitch(running.ports, { on: true, by: 'Ada' });
    await running.deliver(signal);
    await running.pass(10 * minute);

    expect(running.world.restarted).toEqual([]);
  });

  it('is on at once where the record cannot be written, and stays on where turning it off cannot', async () => {
    const running = memory(config(), { ...roleMissing, replicas: known([readyReplica]) }, nowMs);
    running.world.before = (call) => {
      if (call === 'deployment.append') throw new Error('down');
    };

    await expect(setKillSwitch(running.ports, { on: true, by: 'Ada' })).rejects.toThrow('down');
    expect(running.world.killSwitch).toEqual(known(true));
    const seen = await seenIn(running);
    await expect(setKillSwitch(running.ports, { on: false, by: 'Ada', seen })).rejects.toThrow('down');
    expect(running.world.killSwitch).toEqual(known(true));
  });

  it('that cannot be read is shown as on', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.killSwitch = unreadable('unavailable');

    expect(await pageOf(running)).toContain('could not be read, and that counts as on');
  });
});

describe('an off', () => {
  it('is refused where the person does not say which setting it turns off', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await setKillSwitch(running.ports, { on: true, by: 'Ada' });

    expect(await setKillSwitch(running.ports, { on: false, by: 'Bo' })).toMatchObject({
      done: false,
      because: 'not-seen',
      now: { by: 'Ada' },
    });
    expect(running.world.killSwitch).toEqual(known(true));
  });

  it('is refused where another person set it on since, although it was on before', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await setKillSwitch(running.ports, { on: true, by: 'Ada' });
    const seen = await seenIn(running);
    await setKillSwitch(running.ports, { on: true, by: 'Cy' });

    expect(await setKillSwitch(running.ports, { on: false, by: 'Bo', seen })).toMatchObject({
      because: 'set-since',
      now: { by: 'Cy' },
    });
    expect(running.world.killSwitch).toEqual(known(true));
    expect(await recorded(running)).toHaveLength(2);
  });

  it('that is late does not undo an on that comes while it is being recorded, and the last record says on', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await setKillSwitch(running.ports, { on: true, by: 'Ada' });
    const seen = await seenIn(running);
    running.world.before = (call) => {
      if (call !== 'deployment.append') return;
      running.world.before = () => undefined;
      void running.ports.controls.turnOn({ by: 'Cy', atMs: nowMs });
    };

    expect(await setKillSwitch(running.ports, { on: false, by: 'Bo', seen })).toMatchObject({
      because: 'set-since',
      now: { on: true, by: 'Cy' },
    });
    expect(running.world.killSwitch).toEqual(known(true));
    expect((await recorded(running)).at(-1)).toEqual({ kind: 'kill-switch-set', on: true, by: 'Cy', kept: true });
  });

  it('takes effect where the switch was never set, and the person saw that', async () => {
    const running = memory(config(), roleMissing, nowMs);

    expect(await setKillSwitch(running.ports, { on: false, by: 'Bo' })).toEqual({ done: true });
  });

  it('is refused where the setting cannot be read', async () => {
    const running = memory(config(), roleMissing, nowMs);
    const ports = {
      ...running.ports,
      controls: { ...running.ports.controls, setting: async () => unreadable<never>('unavailable') },
    };

    expect(await setKillSwitch(ports, { on: false, by: 'Bo', seen: '1' })).toEqual({
      done: false,
      because: 'unreadable',
    });
    expect(await recorded(running)).toEqual([]);
  });
});

const undoing = config({ PULLMEDIC_SETTINGS: JSON.stringify({ undo: true }) });
const alerting = config({ PULLMEDIC_SETTINGS: JSON.stringify({ alerts: { setState: true } }) });
const youngRole = { ...roleMissing, roles: known([assignment(6 * minute)]) };
const rejected = config({ PULLMEDIC_SETTINGS: JSON.stringify({ retry: { newRevision: true } }) });

interface Write {
  readonly config: Config;
  readonly start: (running: Memory) => Promise<void>;
  readonly made: (running: Memory) => number;
  readonly kind: Entry['kind'];
}

async function first({ ports }: Memory): Promise<string> {
  return (await listRemediations(ports))[0]?.id ?? '';
}

/** Every write that pullmedic makes in Azure, and how to bring it about. */
const writes: Readonly<Record<string, Write>> = {
  grant: {
    config: config(),
    start: (running) => running.deliver(signal),
    made: ({ world }) => world.granted.length,
    kind: 'outcome',
  },
  restart: {
    config: config(),
    async start(running) {
      running.world.evidence = youngRole;
      await running.deliver(signal);
      await running.pass(10 * minute);
    },
    made: ({ world }) => world.restarted.length,
    kind: 'outcome',
  },
  newRevision: {
    config: rejected,
    async start(running) {
      running.world.evidence = youngRole;
      running.world.restartAnswer = { outcome: 'failed', because: 'refused' };
      await running.deliver(signal);
      await running.pass(20 * minute);
    },
    made: ({ world }) => world.revised.length,
    kind: 'outcome',
  },
  removeGrant: {
    config: undoing,
    async start(running) {
      await running.deliver(signal);
      await askUndo(running.ports, undoing, await first(running), { by: 'anna' });
      await running.settle();
    },
    made: ({ world }) => world.removed.length,
    kind: 'undo-outcome',
  },
  setAlert: {
    config: alerting,
    async start(running) {
      toldAtOnce(running);
      running.world.alerts.set(alert.id, known(firedAlert));
      await running.deliver({ ...signal, alert });
    },
    made: ({ world }) => world.alertsSet.length,
    kind: 'alert-outcome',
  },
};

async function entriesOf(running: Memory): Promise<Entry[]> {
  return ((await showRemediation(running.ports, await first(running)))?.entries ?? []).map(({ entry }) => entry);
}

describe.each(Object.entries(writes))('before the write %s', (name, write) => {
  it('the switch is the last thing that is read, after everything else that is read or counted', async () => {
    const running = memory(write.config, roleMissing, nowMs);
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);
    await write.start(running);

    const at = calls.indexOf(name);
    expect(at).toBeGreaterThan(0);
    expect(calls[at - 1]).toBe('killSwitch');
    expect(calls.slice(0, at)).toContain(`${name}.reads`);
  });

  it('a switch that is thrown during its last read stops it', async () => {
    const running = memory(write.config, roleMissing, nowMs);
    running.world.before = (call) => {
      if (call === `${name}.reads`) running.world.killSwitch = known(true);
    };
    await write.start(running);

    expect(write.made(running)).toBe(0);
    expect((await entriesOf(running)).filter(({ kind }) => kind === write.kind)).toContainEqual(
      expect.objectContaining({ outcome: 'withheld', because: 'kill-switch: on' }),
    );
  });

  it('a switch that can no longer be read then stops it too', async () => {
    const running = memory(write.config, roleMissing, nowMs);
    running.world.before = (call) => {
      if (call === `${name}.reads`) running.world.killSwitch = unreadable('unavailable');
    };
    await write.start(running);

    expect(write.made(running)).toBe(0);
  });

  it('a switch that is thrown while the call is under way is noted in the history', async () => {
    const running = memory(write.config, roleMissing, nowMs);
    running.world.before = (call) => {
      if (call === name) running.world.killSwitch = known(true);
    };
    await write.start(running);

    const outcome = (await entriesOf(running)).find((entry) => 'killSwitchMeanwhile' in entry);
    expect(write.made(running)).toBe(1);
    expect(outcome).toMatchObject({ kind: write.kind, killSwitchMeanwhile: 'on' });
    expect(outcome === undefined ? '' : sayEntry(outcome)).toContain(
      'the kill switch was set on while this call was under way',
    );
  });

  it('nothing is noted where the switch stays off', async () => {
    const running = memory(write.config, roleMissing, nowMs);
    await write.start(running);

    expect(write.made(running)).toBeGreaterThan(0);
    expect(JSON.stringify(await entriesOf(running))).not.toContain('killSwitchMeanwhile');
  });
});

describe('a change under the kill switch', () => {
  it('that did not get to its write says nothing of the switch, which may be on by then', async () => {
    const ports = { killSwitch: async () => known(true) };

    expect(await underKillSwitch(ports, async () => ({ outcome: 'already-there' }))).toEqual({
      outcome: 'already-there',
    });
  });

  it('says so where the switch cannot be read after its write', async () => {
    const answers = [known(false), unreadable<boolean>('unavailable')];
    const ports = { killSwitch: async () => answers.shift() ?? known(false) };
    const answer = await underKillSwitch(ports, async (lastCheck) => {
      await lastCheck();
      return { outcome: 'done' };
    });

    expect(answer).toEqual({ outcome: 'done', killSwitchMeanwhile: 'unreadable' });
  });
});
