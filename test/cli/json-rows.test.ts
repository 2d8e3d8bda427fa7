// The rows of a JSON value, read while it comes: the same rows wherever its text is cut into pieces.
import { describe, expect, it } from 'vitest';
import { JsonRows } from '../../src/cli/json-rows.ts';

function rowsOf(text: string, pieceLength = text.length): unknown[] {
  const rows = new JsonRows();
  const all: string[] = [];
  for (let at = 0; at < text.length; at += pieceLength) all.push(...rows.feed(text.slice(at, at + pieceLength)));
  return all.map((row): unknown => JSON.parse(row));
}

const nasty = { Msg: 'a "quoted" \\ [{,]} text', deep: [[1, { a: [] }]] };

describe('the rows of a JSON value', () => {
  it.each([
    ['an array', [nasty, { Msg: 'two' }], [nasty, { Msg: 'two' }]],
    ['an array of texts and numbers', ['a, b', 1, null], ['a, b', 1, null]],
    ['the items of Kubernetes', { kind: 'List', metadata: { items: 1 }, items: [nasty, nasty] }, [nasty, nasty]],
    ['the value of ARM, with a link after it', { value: [nasty], nextLink: 'x' }, [nasty]],
    [
      'the tables of Log Analytics, as objects',
      {
        tables: [
          { name: 'a', columns: [{ name: 'Log_s', type: 'string' }, { name: 'Reason_s' }], rows: [['one', 'A']] },
          { name: 'b', columns: [{ name: 'Log' }], rows: [['two'], ['three']] },
        ],
      },
      [{ Log_s: 'one', Reason_s: 'A' }, { Log: 'two' }, { Log: 'three' }],
    ],
    ['nothing in an object without rows', { error: { code: 'X', items: {} } }, []],
    ['nothing in an empty array', [], []],
  ])('are those of %s', (_of, value, rows) => {
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)])
      for (const pieceLength of [1, 2, 7, text.length]) expect(rowsOf(text, pieceLength)).toEqual(rows);
  });

  it('come as soon as they are complete, and what is open is known', () => {
    const rows = new JsonRows();

    expect(rows.feed('[{"a":1},{"b"')).toEqual(['{"a":1}']);
    expect([rows.hasRows, rows.isOver, rows.rest]).toEqual([true, false, '{"b"']);
    expect(rows.feed(':2}]')).toEqual(['{"b":2}']);
    expect([rows.isOver, rows.rest]).toEqual([true, '']);
  });

  it('may be nested as deep as anyone likes', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

    expect(new JsonRows().feed(`[${deep},{"a":1}]`)).toEqual([deep, '{"a":1}']);
  });
});
