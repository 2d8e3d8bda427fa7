// A message that has a system told: whatever fails, the outbox has it, and no message comes to the poison queue.
import { describe, expect, it } from 'vitest';
import { registerOnTell } from '../../src/functions/on-tell.ts';
import { minute } from '../lib/facts.ts';
import { incidentId } from '../lib/incidents/incident-data.ts';
import { joined, opened, Scripted, Team } from '../lib/telling/scripted.ts';
import { doors } from './doors.ts';

const tell = { incident: incidentId, system: 'pager' };

async function open(): Promise<{ pager: Scripted; team: Team; deliver: (message: unknown) => Promise<unknown> }> {
  const pager = new Scripted();
  const team = new Team({ pager });
  await team.changes(opened, joined(0));
  team.running.world.tells.splice(0);
  const { deliver } = doors(registerOnTell, { ports: team.running.ports, config: team.config });
  return { pager, team, deliver: (message) => deliver('on-tell', message) };
}

describe('a message that has a system told', () => {
  it('tells it', async () => {
    const { pager, deliver } = await open();
    await deliver(tell);
    expect(pager.calls()).toEqual(['open']);
  });

  it('that cannot be read is left: the outbox has what is due', async () => {
    const { pager, deliver } = await open();
    await deliver('nonsense');
    expect(pager.calls()).toEqual([]);
  });

  it('comes again soon where the pause is shorter than the schedule', async () => {
    const { pager, team, deliver } = await open();
    pager.fails({ why: 'no-answer', detail: 'HTTP 503' });
    await deliver(tell);
    expect(team.running.world.tells).toMatchObject([{ tell, dueAtMs: team.running.world.nowMs + 10_000 }]);

    pager.fails({ why: 'key-refused', detail: 'HTTP 401' });
    team.running.world.tells.splice(0);
    team.running.world.nowMs += minute;
    await deliver(tell);
    expect(team.running.world.tells).toEqual([]);
  });

  it('never fails, also where the store is down', async () => {
    const { team, deliver } = await open();
    team.running.world.before = () => {
      throw new Error('down');
    };
    await expect(deliver(tell)).resolves.toBeUndefined();
  });
});
