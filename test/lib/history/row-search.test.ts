// Which rows a search finds, where storage cannot be asked: what is live.
import { describe, expect, it } from 'vitest';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import { endOf, instantOf, isFound } from '../../../src/lib/history/row-search.ts';
import { config, nowMs, roleMissing, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

async function liveRow(): Promise<IndexRow> {
  const running = memory(config(), roleMissing, nowMs);
  await running.deliver(signal);
  const [row] = [...running.rows.values()];
  if (row === undefined) throw new Error('nothing was opened');
  return row;
}

describe('a search of rows', () => {
  it('finds what is live by its facts and by its opening', async () => {
    const row = await liveRow();

    expect(isFound(row, {})).toBe(true);
    expect(isFound(row, { app: 'ca-', causes: ['pull-role-missing'], neededPerson: false })).toBe(true);
    expect(isFound(row, { closedHow: 'recovered' })).toBe(false);
    expect(isFound(row, { fromMs: nowMs, untilMs: nowMs + 1 })).toBe(true);
    expect(isFound(row, { fromMs: nowMs + 1 })).toBe(false);
    expect(isFound(row, { untilMs: nowMs })).toBe(false);
  });

  it('compares names in lower case, as a person types them', async () => {
    const row = await liveRow();
    if (row.facts === undefined) throw new Error('nothing is known');
    const loud = { ...row, facts: { ...row.facts, appName: 'CA-Orders', registry: 'ACRSHOP.azurecr.io' } };

    expect(isFound(loud, { app: 'ca-orders', registry: 'acrshop' })).toBe(true);
  });

  it('finds no row that does not know what is asked for', async () => {
    const { facts: _facts, ...row } = await liveRow();

    expect(isFound(row, { app: 'ca-orders' })).toBe(false);
    expect(isFound(row, { neededPerson: false })).toBe(false);
    expect(isFound(row, { fromMs: nowMs })).toBe(true);
  });

  it('takes the last change of a row of an older version for its end', async () => {
    const row = { ...(await liveRow()), closed: true, updatedAtMs: 7 };

    expect([endOf(row), instantOf(row), instantOf({ ...row, closedAtMs: 5 })]).toEqual([7, 7, 5]);
  });
});
