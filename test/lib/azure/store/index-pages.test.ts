// Pages of rows: as many requests as a page needs and no more, and a row that cannot be read is counted.
import { describe, expect, it } from 'vitest';
import type { Table } from '../../../../src/lib/azure/clients/table.ts';
import { listWhere, pageWhere } from '../../../../src/lib/azure/store/index-pages.ts';

interface Asked {
  readonly filter: string;
  readonly most: number;
  readonly token: string | undefined;
}

interface Given {
  readonly rows: readonly string[];
  readonly goesOn?: boolean;
}

function tokenOf(position: number): string {
  return Buffer.from(JSON.stringify({ nextPartitionKey: 'p', nextRowKey: String(position) })).toString('base64');
}

/** A table that gives these answers one after the other, and remembers what it was asked. */
function answering(...answers: readonly Given[]): { table: Table; asked: Asked[] } {
  const asked: Asked[] = [];
  const table = {
    listEntities: ({ queryOptions }: { queryOptions: { filter: string } }) => ({
      byPage({ maxPageSize, continuationToken }: { maxPageSize: number; continuationToken?: string }) {
        const { rows, goesOn = false } = answers[asked.length] ?? { rows: [] };
        asked.push({ filter: queryOptions.filter, most: maxPageSize, token: continuationToken });
        const page = Object.assign([...rows], goesOn ? { continuationToken: tokenOf(asked.length) } : {});
        return (async function* () {
          yield page;
        })();
      },
    }),
  };
  return { table: table as unknown as Table, asked };
}

/** Reads everything but `bad`; `other` is not asked for. */
function reading(entity: unknown): string | undefined {
  if (entity === 'bad') return undefined;
  return entity === 'other' ? 'not-asked' : String(entity);
}

describe('a page of rows', () => {
  it('is one request where the first answer fills it, and the next page goes on where storage stopped', async () => {
    const { table, asked } = answering({ rows: ['a', 'b'], goesOn: true }, { rows: ['c'] });
    const first = await pageWhere(table, ['F'], reading, { limit: 2 });
    const second = await pageWhere(table, ['F'], reading, { limit: 2, after: first.next });

    expect(first).toMatchObject({ rows: ['a', 'b'], skipped: 0 });
    expect(second).toEqual({ rows: ['c'], skipped: 0 });
    expect(asked).toEqual([
      { filter: 'F', most: 2, token: undefined },
      { filter: 'F', most: 2, token: tokenOf(1) },
    ]);
  });

  it('asks only for the rows that are missing', async () => {
    const { table, asked } = answering({ rows: ['a'], goesOn: true }, { rows: ['b', 'c'], goesOn: true });

    expect((await pageWhere(table, ['F'], reading, { limit: 3 })).rows).toEqual(['a', 'b', 'c']);
    expect(asked.map(({ most }) => most)).toEqual([3, 2]);
  });

  it('ends after five requests without a row, and says where to go on', async () => {
    const { table, asked } = answering(...Array.from({ length: 9 }, () => ({ rows: [], goesOn: true })));
    const page = await pageWhere(table, ['F'], reading, { limit: 10 });

    expect(asked).toHaveLength(5);
    expect(page.rows).toEqual([]);
    await pageWhere(table, ['F'], reading, { limit: 10, after: page.next });
    expect(asked[5]?.token).toBe(tokenOf(5));
  });

  it('goes on with the second filter, and that page has its own key', async () => {
    const { table, asked } = answering({ rows: ['a'] }, { rows: ['b'], goesOn: true }, { rows: ['c'] });
    const page = await pageWhere(table, ['F', 'G'], reading, { limit: 2 });

    expect(page.rows).toEqual(['a', 'b']);
    expect((await pageWhere(table, ['F', 'G'], reading, { limit: 2, after: page.next })).rows).toEqual(['c']);
    expect(asked.map(({ filter }) => filter)).toEqual(['F', 'G', 'G']);
  });

  it('counts a row that cannot be read, and leaves out one that is not asked for', async () => {
    const { table } = answering({ rows: ['bad', 'a', 'other', 'bad'] });

    expect(await pageWhere(table, ['F'], reading, { limit: 9 })).toEqual({ rows: ['a'], skipped: 2 });
  });

  it.each(['', 'x', '0.', '7.', '0.!!', `0.${Buffer.from('{}').toString('base64url')}`, `0.${'a'.repeat(5000)}`])(
    'begins anew for a key that names no place: %j',
    async (after) => {
      const { table, asked } = answering({ rows: ['a'] });

      expect((await pageWhere(table, ['F'], reading, { limit: 2, after })).rows).toEqual(['a']);
      expect(asked).toEqual([{ filter: 'F', most: 2, token: undefined }]);
    },
  );

  it.each([
    [0, 1],
    [5000, 1000],
    [2.9, 2],
  ])('of %s rows asks for %s', async (limit, most) => {
    const { table, asked } = answering({ rows: [] });
    await pageWhere(table, ['F'], reading, { limit });

    expect(asked[0]?.most).toBe(most);
  });
});

describe('a whole list', () => {
  it('has every row that can be read, and the number of the others', async () => {
    const table = {
      async *listEntities() {
        yield* ['a', 'bad', 'b'];
      },
    } as unknown as Table;

    expect(await listWhere(table, 'F', reading)).toEqual({ rows: ['a', 'b'], skipped: 1 });
  });
});
