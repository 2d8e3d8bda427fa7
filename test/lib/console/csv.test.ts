import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from '../../../src/lib/console/csv.ts';

describe('a table for a spreadsheet', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\r=1', '|calc', '%0A', '＝1', '＠x'])(
    'has no formula: %j',
    (value) => {
      expect(csv(['a'], [[value]])).toBe(`"a"\r\n"'${value}"\r\n`);
    },
  );

  it('leaves other values as they are', () => {
    expect(csv(['a', 'b'], [['ca-orders', 'say "hi"']])).toBe('"a","b"\r\n"ca-orders","say ""hi"""\r\n');
  });

  it('is read back as it was written, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1 }), (rows) => {
        const read = parse(csv(['a', 'b'], rows), { from_line: 2 }) as string[][];

        expect(read.map((row) => row.map((value) => value.replace(/^'/, '')))).toEqual(
          rows.map((row) => row.map((value) => value.replace(/^'/, ''))),
        );
      }),
    );
  });
});
