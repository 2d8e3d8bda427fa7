import { describe, expect, it } from 'vitest';
import { leaseMs } from '../../../src/lib/telling/deliver.ts';
import { sendDue } from '../../../src/lib/telling/due.ts';
import { nowMs } from '../facts.ts';
import { incidentId } from '../incidents/incident-data.ts';
import { joined, opened, Scripted, Team } from './scripted.ts';

describe('what is due in the outbox', () => {
  it('gets a message again', async () => {
    const team = new Team({ pager: new Scripted(), chat: new Scripted() });
    await team.changes(opened, joined(0));
    team.running.world.tells.splice(0);

    expect(await sendDue(team.running.ports)).toBe(2);
    expect(team.running.world.tells.map(({ tell }) => tell)).toEqual(
      ['pager', 'chat'].map((system) => ({ incident: incidentId, system })),
    );
    await team.deliver();
    expect(await sendDue(team.running.ports)).toBe(0);
  });

  it('gets none while a host makes the call', async () => {
    const team = new Team({ pager: new Scripted() });
    await team.changes(opened, joined(0));
    const stored = await team.running.ports.outbox.read(incidentId, 'pager');
    if (stored === undefined) throw new Error('no row');
    const begun = {
      call: { do: 'open' },
      delivery: 'd',
      seq: 2,
      atMs: nowMs,
      leaseUntilMs: nowMs + leaseMs,
      holder: 'x',
      again: false,
    } as const;
    await team.running.ports.outbox.write({ ...stored.value, begun }, stored.version);

    expect(await sendDue(team.running.ports)).toBe(0);
    team.running.world.nowMs += leaseMs;
    expect(await sendDue(team.running.ports)).toBe(1);
  });
});
