// Storage at scale, in short: what the schedule, a step and the pages ask of it does not grow with how much has ended.
import { describe, expect, it } from 'vitest';
import { type Measured, measureScale } from '../../../bench/scale/measure.ts';
import type { Entity } from '../../../bench/scale/plant.ts';
import { tableOfScale } from '../../../bench/scale/table.ts';
import { memoryStorage } from '../../../local/engine/storage.ts';
import { connectTables, createTables } from '../../../src/lib/azure/store/store.ts';
import { nowMs } from '../../lib/facts.ts';

async function measured(remediations: number, incidents: number): Promise<Measured[]> {
  const tables = connectTables(memoryStorage(() => nowMs).connection);
  await createTables(tables);
  const plant = async (rows: readonly Entity[]): Promise<void> => {
    for (const row of rows) await tables.index.upsertEntity(row, 'Replace');
  };
  return measureScale({ tables, plant }, remediations, incidents, () => 0);
}

function of(all: readonly Measured[], what: string): Measured {
  const found = all.find((one) => one.what.startsWith(what));
  if (found === undefined) throw new Error(`${what} was not measured`);
  return found;
}

/** It reads a bounded number of rows. */
const measures = 'Measures of 90 days';

const pages = [
  'the page Now',
  'the first page of History',
  'a remediation of 200 entries',
  'an incident of 50 apps',
  measures,
];

describe('with ten times as many remediations and incidents', async () => {
  const [few, many] = [await measured(1000, 200), await measured(10_000, 2000)];

  it.each([
    'a minute of the schedule',
    'a step',
    'the first page of remediations as JSON',
    'a page of rows',
    'a search for a cause',
    'the page of incidents',
    ...pages.filter((page) => page !== measures),
  ])('%s takes as many requests, and storage reads as many rows for them', (what) => {
    const { requests, rows, scanned } = of(many, what);

    expect(of(few, what)).toMatchObject({ requests, rows, scanned });
  });

  it('a minute of the schedule reads what is live, and the first page of rows is one request', () => {
    expect(of(many, 'a minute').scanned).toBeLessThan(60);
    expect(of(many, 'a page of rows')).toMatchObject({ requests: 1, rows: 100, scanned: 100 });
  });

  it.each(pages)('%s stays below 60 KB', (what) => {
    expect(of(many, what).bytes).toBeLessThan(60_000);
    expect(of(many, what).bytes).toBeGreaterThan(10_000);
  });

  it('the measures read two answers full of rows at most', () => {
    expect(of(many, measures).rows).toBeLessThanOrEqual(2000);
    expect(of(many, measures).requests).toBeLessThanOrEqual(3);
  });

  it('a search that finds nothing reads all that ended within its time, in one request where storage is quick', () => {
    expect(of(few, 'a search that finds nothing')).toMatchObject({ requests: 1, rows: 0, scanned: 980 });
    expect(of(many, 'a search that finds nothing').scanned).toBeLessThan(10_000 - 20 + 1);
  });
});

describe('the table of the figures', () => {
  it('has a line for each measure and a column for each size', () => {
    const one = { what: 'a step', requests: 21, rows: 30, scanned: 1234, ms: 7.25 };

    expect(tableOfScale({ incidents: 2000, sizes: [{ remediations: 1000, measured: [one] }] })).toContain(
      '| remediations | 1,000 |\n|---|---|\n| a step | 21, 1,234, 7.3 |',
    );
    expect(
      tableOfScale({ incidents: 2000, sizes: [{ remediations: 1000, measured: [{ ...one, bytes: 41_900 }] }] }),
    ).toContain('| a step | 21, 1,234, 7.3, 42 KB |');
  });
});
