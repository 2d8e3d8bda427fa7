// The rows that people and the deployment set for all remediations: with the real client on Azurite.
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Storage, startStorage } from '../../../../local/storage.ts';
import { controlsOf, pulseOf, readKillSwitch } from '../../../../src/lib/azure/store/controls.ts';
import { storageConnection } from '../../../../src/lib/azure/store/storage-connection.ts';
import { connectTables, createTables, type Tables } from '../../../../src/lib/azure/store/store.ts';
import { valueOf } from '../../../../src/lib/words/fact.ts';

let storage: Storage;
let tables: Tables<TableClient>;
const key = { partitionKey: 'controls', rowKey: 'kill-switch' } as const;
const ada = { by: 'Ada', atMs: 1_780_000_000_000 };

beforeAll(async () => {
  storage = await startStorage(['controls', 'empty']);
  tables = connectTables(storageConnection({ S: storage.connection('controls') }, 'S'));
  await createTables(tables);
});
afterAll(() => storage.stop());
beforeEach(() => tables.controls.deleteEntity(key.partitionKey, key.rowKey).catch(() => undefined));

describe('the kill switch', () => {
  it('is off without a row, on with one that says so, and unreadable without its table', async () => {
    const without = TableClient.fromConnectionString(storage.connection('empty'), 'pullmediccontrols', {
      allowInsecureConnection: true,
    });

    expect(await readKillSwitch(tables.controls)).toEqual({ read: true, value: false });
    await tables.controls.upsertEntity({ ...key, on: true });
    expect(await readKillSwitch(tables.controls)).toEqual({ read: true, value: true });
    expect((await readKillSwitch(without)).read).toBe(false);
  });

  it('is read back as it was set, with another version after each write', async () => {
    const controls = controlsOf(tables.controls);
    expect(await controls.setting()).toEqual({ read: true, value: undefined });

    await controls.turnOn(ada);
    const first = valueOf(await controls.setting());
    await controls.turnOn(ada);
    const second = valueOf(await controls.setting());

    expect(first).toEqual({ on: true, ...ada, version: first?.version });
    expect(second?.version).not.toBe(first?.version);
    expect(first?.version).toMatch(/^[0-9a-f]{12}$/);
  });

  it('that was written by hand is shown without a name, and can be turned off by who saw it', async () => {
    const controls = controlsOf(tables.controls);
    await tables.controls.upsertEntity({ ...key, on: true }, 'Replace');
    const seen = valueOf(await controls.setting());

    expect(seen).toMatchObject({ on: true, by: 'a person with access to the storage account' });
    expect(seen?.atMs).toBeGreaterThan(1_700_000_000_000);
    expect(await controls.turnOff(ada, seen?.version)).toBe('off');
  });

  it('is turned off by hand behind the back of who saw it, and then they turn nothing off', async () => {
    const controls = controlsOf(tables.controls);
    await controls.turnOn(ada);
    const seen = valueOf(await controls.setting());
    await tables.controls.updateEntity({ ...key, on: true }, 'Merge');

    expect(await controls.turnOff(ada, seen?.version)).toBe('moved');
    expect(await readKillSwitch(tables.controls)).toEqual({ read: true, value: true });
  });

  it('with a row that says neither on nor off is unreadable, and turning it on puts the row right', async () => {
    const controls = controlsOf(tables.controls);
    await tables.controls.upsertEntity({ ...key, on: 'perhaps' }, 'Replace');
    expect(await controls.setting()).toMatchObject({ read: false });

    await controls.turnOn(ada);
    expect(await controls.setting()).toMatchObject({ read: true, value: { on: true, by: 'Ada' } });
  });
});

describe('the pulse', () => {
  it('is not there at first, is read back as it was written, and is unreadable without its table', async () => {
    const pulse = pulseOf(tables.controls);
    expect(await pulse.read()).toEqual({ read: true, value: undefined });

    await pulse.write({ sinceMs: 1_780_000_000_000, lastMs: 1_780_000_060_000 });
    expect(await pulse.read()).toEqual({
      read: true,
      value: { sinceMs: 1_780_000_000_000, lastMs: 1_780_000_060_000 },
    });

    const nowhere = connectTables(storageConnection({ S: storage.connection('empty') }, 'S'));
    expect(await pulseOf(nowhere.controls).read()).toMatchObject({ read: false });
  });
});
