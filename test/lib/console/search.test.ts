import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../src/lib/console/query.ts';
import { search } from '../../../src/lib/console/search.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import type { PageKey } from '../../../src/lib/ports/index-store.ts';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { grant, opened } from '../console-entries.ts';
import { config, dnsUnlinked, nowMs, roleMissing, signal } from '../facts.ts';
import { endedRow, liveRow, targetNumber } from '../found.ts';
import { memory } from '../memory-ports.ts';
import { spoil } from '../spoiled-histories.ts';

async function ports(...rows: IndexRow[]): Promise<Ports> {
  const running = memory(config(), roleMissing, nowMs);
  for (const row of rows) await running.ports.index.put(row);
  return running.ports;
}

/** The numbers of the rows that the text finds, on all pages together. */
async function found(reading: Ports, text: string, limit = 50): Promise<number[]> {
  const all: number[] = [];
  let after: string | undefined;
  do {
    const { rows, next } = await search(reading, { query: parseQuery(text, nowMs).query, after, limit });
    all.push(...rows.map(({ targetId }) => Number(targetId.slice(1))));
    after = next;
  } while (after !== undefined);
  return all;
}

describe('a search', () => {
  it('finds what is live first, the latest opening first, then what has ended, the latest end first', async () => {
    const reading = await ports(endedRow(9), liveRow(5), endedRow(4), liveRow(2));

    expect(await found(reading, '')).toEqual([2, 5, 4, 9]);
  });

  it('comes to the same on pages of one row, and each row stands on one page', async () => {
    const reading = await ports(endedRow(9), liveRow(5), endedRow(4), liveRow(2), endedRow(11));

    expect(await found(reading, '', 1)).toEqual([2, 5, 4, 9, 11]);
    expect(await found(reading, '', 2)).toEqual([2, 5, 4, 9, 11]);
  });

  it('narrows by what the rows say', async () => {
    const reading = await ports(
      liveRow(1, { appName: 'ca-orders' }),
      liveRow(2, { causes: ['private-dns-unlinked'], state: 'needs-person' }),
      endedRow(3, 'withdrawn', { appName: 'ca-orders-2' }),
      endedRow(4, 'recovered', { registry: 'ghcr.io' }),
    );

    expect(await found(reading, 'app:ca-orders')).toEqual([1, 3]);
    expect(await found(reading, 'cause:dns')).toEqual([2]);
    expect(await found(reading, 'registry:ghcr')).toEqual([4]);
    expect(await found(reading, 'state:open')).toEqual([1, 2]);
    expect(await found(reading, 'needs:person')).toEqual([2]);
    expect(await found(reading, 'state:recovered')).toEqual([4]);
    expect(await found(reading, 'state:left-alone')).toEqual([3]);
    expect(await found(reading, 'app:other')).toEqual([]);
  });

  it('finds a live row of an older version by what it waits for', async () => {
    const { facts: _, ...older } = liveRow(1, {}, { asks: true });
    const reading = await ports(older);

    expect(await found(reading, 'state:needs-approval')).toEqual([1]);
    expect(await found(reading, 'state:looking')).toEqual([]);
  });

  it('finds those that a person answered, by name or id, and leaves out a history that cannot be read', async () => {
    const asked = { askedAtMs: nowMs };
    const reading = await ports(liveRow(1, asked), liveRow(2, asked), liveRow(3));
    const answer = {
      kind: 'answered',
      answer: 'approved',
      by: 'Ada@contoso.example (8d2f)',
      question: 2,
      grant,
    } as const;
    for (const [seq, entry] of [opened, answer].entries()) await reading.history.append(targetNumber(1), seq, entry);
    await reading.history.append(targetNumber(2), 0, opened);

    expect(await found(reading, 'by:ada')).toEqual([1]);
    expect(await found(reading, 'by:8d2f')).toEqual([1]);
    expect(await found(reading, 'by:grace')).toEqual([]);
  });

  it('finds the remediation that a person answered, and not another one of the same target', async () => {
    const answer = { kind: 'answered', answer: 'approved', by: 'ada', question: 2, grant } as const;
    const closed = { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' } as const;
    const asked = { askedAtMs: nowMs };
    const second = { ...liveRow(1, asked), remediation: remediationIdOf(targetNumber(1), 2) };
    const reading = await ports(endedRow(1, 'recovered', asked), second);
    for (const [seq, entry] of [opened, answer, closed, opened].entries())
      await reading.history.append(targetNumber(1), seq, entry);

    const { rows } = await search(reading, { query: parseQuery('by:ada', nowMs).query, limit: 50 });
    expect(rows.map(({ remediation }) => remediation)).toEqual([remediationIdOf(targetNumber(1), 1)]);
  });

  it('counts a history that cannot be read where it asks for a person, because it may be one of them', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [row] = [...running.rows.values()];
    if (row === undefined) throw new Error('no remediation');
    await spoil(running, row.targetId, 'newer-version');
    const [live] = await running.ports.index.live();
    if (live?.facts === undefined) throw new Error('no facts');
    await running.ports.index.put({ ...live, facts: { ...live.facts, askedAtMs: nowMs } });
    const { query } = parseQuery('by:ada', nowMs);

    expect(await search(running.ports, { query, limit: 50 })).toMatchObject({ rows: [], skipped: 1 });
    expect(await search(running.ports, { query: {}, limit: 50 })).toMatchObject({ rows: [{}], skipped: 0 });
  });

  it('goes on after a page of live rows where storage stopped before it found the first ended one', async () => {
    const reading = await ports(liveRow(1));
    const closed = () => Promise.resolve({ rows: [], skipped: 0, next: '0.abc' as PageKey });
    const index = { ...reading.index, closed };

    expect(await search({ ...reading, index }, { query: {}, limit: 1 })).toMatchObject({ rows: [{}], next: 'ended' });
  });
});
