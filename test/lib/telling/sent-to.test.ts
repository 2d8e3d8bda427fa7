import { describe, expect, it } from 'vitest';
import { newRow } from '../../../src/lib/incidents/outbox.ts';
import { sentTo } from '../../../src/lib/telling/sent-to.ts';
import { minute, nowMs } from '../facts.ts';
import { incidentId } from '../incidents/incident-data.ts';
import { memoryOutbox } from '../memory-outbox.ts';
import { joined, opened, Scripted, Team } from './scripted.ts';

describe('where an incident was sent', () => {
  it('is each system with its state and its address, by name', async () => {
    const [pager, chat] = [new Scripted(), new Scripted()];
    chat.answers.push({ kind: 'told', external: { id: '7', url: 'https://chat.example/7' } });
    pager.fails({ why: 'message-refused', detail: 'HTTP 400' });
    const team = new Team({ pager, chat, late: new Scripted() });
    await team.changes(opened, joined(0));
    expect((await sentTo(team.running.ports, incidentId)).map(({ state }) => state)).toEqual(Array(3).fill('waiting'));

    await team.pass(minute);
    expect(await sentTo(team.running.ports, incidentId)).toMatchObject([
      { system: 'chat', state: 'open', url: 'https://chat.example/7', toldAtMs: nowMs },
      { system: 'late', state: 'open' },
      { system: 'pager', state: 'refused' },
    ]);
  });

  it('has no address that is not https, whatever a system answered', async () => {
    const outbox = memoryOutbox();
    const external = { id: '1', url: 'javascript:alert(1)' };
    await outbox.write({ ...newRow(incidentId, 'chat'), state: 'resolved', external }, undefined);
    expect(await sentTo({ outbox }, incidentId)).toEqual([{ system: 'chat', state: 'resolved' }]);
  });

  it('is nowhere for an incident that no system is told of', async () => {
    expect(await sentTo({ outbox: memoryOutbox() }, incidentId)).toEqual([]);
  });
});
