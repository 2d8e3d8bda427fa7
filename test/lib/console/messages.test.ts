// Messages that did not arrive: those of the queues, and those to incident systems.
import { describe, expect, it } from 'vitest';
import { type Messages, readMessages } from '../../../src/lib/console/messages.ts';
import { newRow, type OutboxRow, type OutboxState } from '../../../src/lib/incidents/outbox.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { IncidentId, RemediationId } from '../../../src/lib/words/target.ts';
import { config, minute, nowMs, roleMissing } from '../facts.ts';
import { memory } from '../memory-ports.ts';
import { deadStep, memoryUpkeep } from '../memory-upkeep.ts';

const failure = { why: 'message-refused', detail: 'HTTP 400', atMs: nowMs } as const;
const rowOf = (digit: number, more: Partial<OutboxState>): OutboxRow => ({
  ...newRow(`i${String(digit).padStart(24, '0')}` as IncidentId, 'pager'),
  ...more,
});

async function read(rows: readonly OutboxRow[], systems = ['pager']): Promise<Messages> {
  const { ports } = memory(config(), roleMissing, nowMs);
  for (const row of rows) await ports.outbox.write(row, undefined);
  return readMessages(ports, memoryUpkeep().upkeep, systems);
}

describe('messages to incident systems', () => {
  it('that failed are listed with the code, those that were refused for good first', async () => {
    const trying = rowOf(1, {
      tries: 1,
      dueAtMs: nowMs + minute,
      failure: { ...failure, why: 'throttled', detail: 'HTTP 429' },
    });
    const refused = rowOf(2, { tries: 3, dead: true, failure: { ...failure, atMs: nowMs - minute } });

    const { untold, systems } = await read([trying, refused]);
    expect(untold).toEqual([
      {
        incident: refused.incident,
        system: 'pager',
        state: 'refused',
        tries: 3,
        why: 'message-refused',
        detail: 'HTTP 400',
        failedAtMs: nowMs - minute,
      },
      {
        incident: trying.incident,
        system: 'pager',
        state: 'trying',
        tries: 1,
        why: 'throttled',
        detail: 'HTTP 429',
        failedAtMs: nowMs,
        nextAtMs: nowMs + minute,
      },
    ]);
    expect(systems).toMatchObject([{ system: 'pager', dead: 1, waiting: 1 }]);
  });

  it('that only wait for their turn have not failed', async () => {
    expect((await read([rowOf(1, { dueAtMs: nowMs })])).untold).toEqual([]);
  });

  it('are all there, also where there are more than a page shows, each with what it is about', async () => {
    const remediation = `t${'b'.repeat(24)}.1` as RemediationId;
    const rows = Array.from({ length: 60 }, (_, index) => rowOf(index, { dead: true, failure }));
    rows.push({ ...newRow(remediation, 'pager'), dead: true, failure });

    const { untold, untoldInAll } = await read(rows);
    expect([untold.length, untoldInAll]).toEqual([61, 61]);
    expect(untold.filter((one) => one.remediation !== undefined)).toMatchObject([{ remediation, state: 'refused' }]);
  });

  it('are not asked for where the settings have no system', async () => {
    expect(await read([rowOf(1, { dead: true, failure })], [])).toMatchObject({ systems: [], untold: [] });
  });
});

describe('messages of the queues', () => {
  it('that are dead are listed, the latest first, and those on their way again are counted', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    const { upkeep } = memoryUpkeep();
    await upkeep.letters.put({ ...deadStep, id: 'old', lastAtMs: 1 });
    await upkeep.letters.put({ ...deadStep, id: 'late', lastAtMs: 2 });
    await upkeep.letters.put({ ...deadStep, id: 'again', state: 'retrying' });
    await upkeep.letters.put({ ...deadStep, id: 'seen', state: 'dismissed' });

    const { dead, retrying, poison } = await readMessages(ports, upkeep, []);
    expect(dead.map(({ id }) => id)).toEqual(['late', 'old']);
    expect([retrying, poison]).toEqual([1, 0]);
  });

  it('in the poison queues are unreadable where they cannot be counted, and not 0', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    const { upkeep } = memoryUpkeep();
    const poison = { ...upkeep.poison, waiting: async () => unreadable<number>('unavailable') };

    expect((await readMessages(ports, { ...upkeep, poison }, [])).poison).toBe('unreadable');
    const some = { ...upkeep.poison, waiting: async () => known(3) };
    expect((await readMessages(ports, { ...upkeep, poison: some }, [])).poison).toBe(3);
  });
});
