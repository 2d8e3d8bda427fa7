// What setting the kill switch leaves behind: the setting, the record in the ledger, a line in the log, and an answer that says what holds.
import { describe, expect, it } from 'vitest';
import { setKillSwitch, underKillSwitch } from '../../../src/lib/remediation/kill-switch.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { config, nowMs, roleMissing } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly ledger: () => Promise<object[]>;
}

function begin(): Run {
  const running = memory(config(), roleMissing, nowMs);
  const lines: (readonly [string, object])[] = [];
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  const ledger = async () => (await running.ports.deployment.read('deployment')).map(({ entry }) => entry);
  return { running, lines, ledger };
}

const off = { on: false, by: 'bert' } as const;

describe('the kill switch', () => {
  it('turned on says so in the setting, the ledger and the log', async () => {
    const { running, lines, ledger } = begin();

    expect(await setKillSwitch(running.ports, { on: true, by: 'anna' })).toEqual({ done: true });
    expect(running.world.setting).toEqual({ on: true, by: 'anna', atMs: nowMs, version: '1' });
    expect(await ledger()).toEqual([{ kind: 'kill-switch-set', on: true, by: 'anna' }]);
    expect(lines).toEqual([['kill-switch-set', { on: true }]]);
  });

  it('turned off by a person who saw it says so in the setting, the ledger and the log', async () => {
    const { running, lines, ledger } = begin();
    await setKillSwitch(running.ports, { on: true, by: 'anna' });
    lines.length = 0;

    expect(await setKillSwitch(running.ports, { ...off, seen: '1' })).toEqual({ done: true });
    expect(running.world.setting).toEqual({ on: false, by: 'bert', atMs: nowMs, version: '2' });
    expect((await ledger()).at(-1)).toEqual({ kind: 'kill-switch-set', on: false, by: 'bert' });
    expect(lines).toEqual([['kill-switch-set', { on: false }]]);
  });

  it('is not turned off by a person who saw nothing, or another setting', async () => {
    const { running, lines, ledger } = begin();
    await setKillSwitch(running.ports, { on: true, by: 'anna' });
    lines.length = 0;
    const now = { on: true, by: 'anna', atMs: nowMs, version: '1' };

    expect(await setKillSwitch(running.ports, off)).toStrictEqual({ done: false, because: 'not-seen', now });
    expect(await setKillSwitch(running.ports, { ...off, seen: '0' })).toStrictEqual({
      done: false,
      because: 'set-since',
      now,
    });
    expect(await ledger()).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  it('that was never set and was seen all the same is answered without a setting', async () => {
    const { running } = begin();

    expect(await setKillSwitch(running.ports, { ...off, seen: '1' })).toStrictEqual({
      done: false,
      because: 'set-since',
    });
  });

  it('that is set while a person turns it off stays as it was set, and the last record says what holds', async () => {
    const { running, ledger } = begin();
    await setKillSwitch(running.ports, { on: true, by: 'anna' });
    running.world.before = (call) => {
      if (call === 'controls.turnOff') running.world.setting = { on: true, by: 'carl', atMs: nowMs, version: '9' };
    };

    expect(await setKillSwitch(running.ports, { ...off, seen: '1' })).toMatchObject({
      done: false,
      because: 'set-since',
      now: { on: true, by: 'carl' },
    });
    expect((await ledger()).slice(1)).toEqual([
      { kind: 'kill-switch-set', on: false, by: 'bert' },
      { kind: 'kill-switch-set', on: true, by: 'carl', kept: true },
    ]);
  });

  it('that another person turned off meanwhile needs no second record', async () => {
    const { running, ledger } = begin();
    await setKillSwitch(running.ports, { on: true, by: 'anna' });
    running.world.before = (call) => {
      if (call === 'controls.turnOff') running.world.setting = { on: false, by: 'carl', atMs: nowMs, version: '9' };
    };
    await setKillSwitch(running.ports, { ...off, seen: '1' });

    expect((await ledger()).slice(1)).toEqual([{ kind: 'kill-switch-set', on: false, by: 'bert' }]);
  });

  it('that cannot be read after that counts as on, in the name of the person who wanted it off', async () => {
    const { running, ledger } = begin();
    await setKillSwitch(running.ports, { on: true, by: 'anna' });
    const { controls } = running.ports;
    Object.assign(running.ports, { controls: { ...controls, turnOff: async () => 'moved' } });
    let reads = 0;
    running.ports.controls.setting = async () => (++reads === 1 ? controls.setting() : unreadable('timed-out'));

    expect(await setKillSwitch(running.ports, { ...off, seen: '1' })).toStrictEqual({
      done: false,
      because: 'set-since',
    });
    expect((await ledger()).at(-1)).toEqual({ kind: 'kill-switch-set', on: true, by: 'bert', kept: true });
  });
});

describe('a change that the kill switch held back', () => {
  it('says that it was held back, and nothing about the time after it', async () => {
    const { running } = begin();
    running.world.killSwitch = known(true);

    expect(await underKillSwitch(running.ports, async (check) => ({ refusal: await check() }))).toEqual({
      refusal: { guard: 'kill-switch', why: 'on' },
    });
  });

  it('was let pass, and the switch was thrown while it was on its way: the answer says so', async () => {
    const { running } = begin();
    const thrown = underKillSwitch(running.ports, async (check) => {
      await check();
      running.world.killSwitch = known(true);
      return {};
    });

    expect(await thrown).toEqual({ killSwitchMeanwhile: 'on' });
  });
});
