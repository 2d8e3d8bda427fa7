// Filters of table queries: as the SDK of tables writes them, and a text never ends early.
import { odata as ofTheSdk } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import { odata } from '../../../../src/lib/azure/store/odata.ts';

describe('a filter', () => {
  it.each(['plain', "it's", "' or true eq true or '", "''", '', '$1', 'ключ'])('quotes the text %j', (text) => {
    const filter = odata`PartitionKey eq ${text} and RowKey gt ${text} and dead eq false`;

    expect(filter).toBe(ofTheSdk`PartitionKey eq ${text} and RowKey gt ${text} and dead eq false`);
    const quoted = `'${text.split("'").join("''")}'`;
    expect(filter).toBe(`PartitionKey eq ${quoted} and RowKey gt ${quoted} and dead eq false`);
  });

  it('without texts stays as it is', () => {
    expect(odata`dead eq true`).toBe('dead eq true');
  });
});
