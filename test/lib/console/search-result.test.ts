import { describe, expect, it } from 'vitest';
import { rowsOfPage, searchResult } from '../../../src/lib/console/search-result.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import type { PageKey } from '../../../src/lib/ports/index-store.ts';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import { grant, opened } from '../console-entries.ts';
import { config, dnsUnlinked, nowMs, signal } from '../facts.ts';
import { endedRow, liveRow, targetNumber } from '../found.ts';
import { memory } from '../memory-ports.ts';

async function ports(rows: readonly IndexRow[]): Promise<Ports> {
  const running = memory(config(), dnsUnlinked, nowMs);
  for (const row of rows) await running.ports.index.put(row);
  return running.ports;
}

describe('the result of a search', () => {
  it('shows a page of rows and counts more', async () => {
    const reading = await ports(Array.from({ length: rowsOfPage + 10 }, (_, at) => endedRow(at)));
    const result = await searchResult(reading, { text: '', nowMs });

    expect([result.rows.length, result.found.length, result.more]).toEqual([rowsOfPage, rowsOfPage + 10, false]);
    const rest = await searchResult(reading, { text: '', after: result.next, nowMs });
    expect([rest.rows.length, rest.isFirst, rest.next]).toEqual([10, false, undefined]);
  });

  it('says what it did not understand and searches for the rest', async () => {
    const result = await searchResult(await ports([liveRow(1), liveRow(2)]), { text: 'app:ca-1 foo:bar', nowMs });

    expect(result.rows).toHaveLength(1);
    expect(result.problems).toHaveLength(1);
  });

  it('knows who “me” is', async () => {
    const reading = await ports([liveRow(1, { askedAtMs: nowMs })]);
    const answer = { kind: 'answered', answer: 'rejected', by: 'Ada (8d2f)', question: 2, grant } as const;
    for (const [seq, entry] of [opened, answer].entries()) await reading.history.append(targetNumber(1), seq, entry);

    expect((await searchResult(reading, { text: 'by:me', me: '8d2f', nowMs })).rows).toHaveLength(1);
    expect((await searchResult(reading, { text: 'by:me', me: 'ffff', nowMs })).rows).toHaveLength(0);
  });

  it('has the incidents beside it', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);

    expect((await searchResult(running.ports, { text: '', nowMs })).incidents).toMatchObject([
      { facts: { cause: 'private-dns-unlinked' } },
    ]);
  });

  it('finds nothing of “me” where the sign-in does not say who that is: without an id nobody can answer', async () => {
    const reading = await ports([liveRow(1), liveRow(2)]);

    expect(await searchResult(reading, { text: 'by:me app:ca-1', nowMs })).toMatchObject({
      rows: [],
      found: [],
      problems: [expect.stringContaining('by:me finds nothing') as string],
    });
  });

  it('says that it has not all incidents, and how many rows of them cannot be read', async () => {
    const reading = await ports([]);
    const index = {
      ...reading.index,
      openIncidents: () => Promise.resolve({ rows: [], skipped: 1 }),
      closedIncidents: () => Promise.resolve({ rows: [], skipped: 2, next: '0.abc' as PageKey }),
    };

    expect((await searchResult({ ...reading, index }, { text: '', nowMs })).otherIncidents).toEqual({
      more: true,
      skipped: 3,
    });
  });
});
