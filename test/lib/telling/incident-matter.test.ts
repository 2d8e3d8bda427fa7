// An incident as the way out of the outbox sees it: named anew with each opening, and told as it was when a call began.
import { describe, expect, it } from 'vitest';
import { newRow } from '../../../src/lib/incidents/outbox.ts';
import { keyOf, readIncidentMatter } from '../../../src/lib/telling/incident-matter.ts';
import { dnsUnlinked, nowMs } from '../facts.ts';
import { incidentId } from '../incidents/incident-data.ts';
import { present } from '../incidents/remediation-data.ts';
import { memory } from '../memory-ports.ts';
import { closed, configWith, joined, opened, Scripted } from './scripted.ts';

const config = configWith(['pager']);

async function matterOf(entries: readonly Parameters<ReturnType<typeof memory>['ports']['incidents']['append']>[2][]) {
  const { ports } = memory(config, dnsUnlinked, nowMs);
  for (const [at, entry] of entries.entries()) await ports.incidents.append(incidentId, at, entry);
  const pager = new Scripted();
  const matter = await readIncidentMatter(ports, config, pager, incidentId);
  return { pager, matter: present(matter) };
}

describe('an incident', () => {
  it('has another name in every system with each opening', () => {
    expect(keyOf(incidentId, 2)).not.toBe(keyOf(incidentId, 1));
  });

  it('has a name for each call that is the same for every try, and another one once something changed', async () => {
    const before = await matterOf([opened, joined(0)]);
    const after = await matterOf([opened, joined(0), joined(1)]);
    expect(before.matter.deliveryOf({ do: 'update' }, 1)).toBe(`${keyOf(incidentId, 1)}.update.2`);
    expect(after.matter.deliveryOf({ do: 'update' }, 1)).toBe(`${keyOf(incidentId, 1)}.update.3`);
  });

  it('that is back is told of its end as it was, where the end has to be told again', async () => {
    const { matter, pager } = await matterOf([opened, joined(0), closed, opened]);
    const begun = { delivery: 'd', atMs: nowMs, leaseUntilMs: nowMs, holder: 'h', again: true };
    const row = { ...newRow(incidentId, 'pager'), opening: 1 };
    await matter.make(row, { ...begun, call: { do: 'resolve' }, seq: 3 });
    expect(pager.got[0]).toMatchObject({ call: 'resolve', telling: { facts: { state: 'resolved' } } });
  });

  it('without an entry is told nothing', async () => {
    const { matter } = await matterOf([]);
    expect(matter.next(newRow(incidentId, 'pager'), nowMs)).toEqual({ kind: 'rest' });
  });
});
