import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../src/lib/console/health.ts';
import { historyPage } from '../../../src/lib/console/page.ts';
import { setKillSwitch } from '../../../src/lib/remediation/kill-switch.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { assignment, config, minute, nowMs, readyReplica, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { memoryUpkeep } from '../memory-upkeep.ts';

async function pageOf({ ports }: Memory): Promise<string> {
  const [killSwitch, setting] = await Promise.all([ports.killSwitch(), ports.controls.setting()]);
  return historyPage([], [], { mode: 'act', killSwitch, setting }, String);
}

describe('the kill switch', () => {
  it('is thrown by a person: recorded, and shown on the page and in health', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await setKillSwitch(running.ports, true, '<b>Ada</b>');
    const [entry] = await running.ports.deployment.read('deployment');

    expect(entry).toMatchObject({ atMs: nowMs, entry: { kind: 'kill-switch-set', on: true, by: '<b>Ada</b>' } });
    expect(await checkHealth(running.ports, memoryUpkeep().upkeep)).toMatchObject({
      killSwitch: 'on',
      killSwitchSet: { by: '<b>Ada</b>', atMs: nowMs },
    });
    const page = await pageOf(running);
    expect(page).toContain(`Set by &lt;b&gt;Ada&lt;/b&gt; at ${nowMs}.`);
    expect(page).toContain('pullmedic changes nothing while it is on.');
    expect(page).toContain('/api/kill-switch');
  });

  it('lets nothing be changed while it is on, and looks and follow-ups go on', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await setKillSwitch(running.ports, true, 'Ada');
    await running.deliver(signal);
    expect(running.world.granted).toEqual([]);
    const looks = (await running.ports.index.all())[0]?.seq ?? 0;

    await running.pass(10 * minute);
    expect((await running.ports.index.all())[0]?.seq).toBeGreaterThan(looks);

    await setKillSwitch(running.ports, false, 'Ada');
    await running.pass(30 * minute);
    expect(running.world.granted).toHaveLength(1);
  });

  it('holds back a restart too', async () => {
    const running = memory(config(), { ...roleMissing, roles: known([assignment(6 * minute)]) }, nowMs);
    await setKillSwitch(running.ports, true, 'Ada');
    await running.deliver(signal);
    await running.pass(10 * minute);

    expect(running.world.restarted).toEqual([]);
  });

  it('is on at once where the record cannot be written, and stays on where turning it off cannot', async () => {
    const running = memory(config(), { ...roleMissing, replicas: known([readyReplica]) }, nowMs);
    running.world.before = (call) => {
      if (call === 'deployment.append') throw new Error('down');
    };

    await expect(setKillSwitch(running.ports, true, 'Ada')).rejects.toThrow('down');
    expect(running.world.killSwitch).toEqual(known(true));
    await expect(setKillSwitch(running.ports, false, 'Ada')).rejects.toThrow('down');
    expect(running.world.killSwitch).toEqual(known(true));
  });

  it('that cannot be read is shown as on', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.killSwitch = unreadable('unavailable');

    expect(await pageOf(running)).toContain('could not be read, and that counts as on');
  });
});
