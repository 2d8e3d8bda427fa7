// Rows that people and the deployment set for all remediations, in Azure Table Storage: the kill switch, and since when it beats.

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { KillSwitchSetting, KillSwitchState, SweepNote } from '../../ports/controls.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Fact } from '../../words/fact.ts';
import { known, mapFact, unreadable, unreadableCodes } from '../../words/fact.ts';
import { sha256 } from '../clients/hash.ts';
import { isNoRow, writeIfUnchanged } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';

const killSwitchRow = z.object({ on: z.boolean() });

const pulseRow = z.object({ sinceMs: z.coerce.number(), lastMs: z.coerce.number() });

/** The kill switch as a person set it. A row that was written by hand says neither who wrote it nor when; Azure stamps each write. */
const settingRow = z
  .object({
    on: z.boolean(),
    by: z.string().default('a person with access to the storage account'),
    why: z.string().optional(),
    atMs: z.coerce.number().optional(),
    timestamp: z.string().optional(),
    etag: z.string(),
    writer: z.string().default(''),
  })
  .transform(({ on, by, why, atMs, timestamp, etag, writer }): KillSwitchState => {
    const stamped = Date.parse(timestamp ?? '');
    const reason = why === undefined ? {} : { why };
    const setAtMs = atMs ?? (Number.isNaN(stamped) ? 0 : stamped);
    return { on, by, atMs: setAtMs, ...reason, version: versionOf(etag, writer) };
  });

/** Reads the kill switch. No row means off. An unreadable switch counts as on. */
export async function readKillSwitch(table: Table): Promise<Fact<boolean>> {
  return mapFact(await readControl(table, 'kill-switch', killSwitchRow), (row) => row?.on ?? false);
}

const killSwitchKey = { partitionKey: 'controls', rowKey: 'kill-switch' } as const;

/** Reads the row with this key; `undefined` if there is none. If the table is missing, the fact is unreadable. */
async function readControl<T>(table: Table, key: string, schema: z.ZodType<T>): Promise<Fact<T | undefined>> {
  try {
    return known(schema.parse(await table.getEntity('controls', key)));
  } catch (error) {
    return isNoRow(error) ? known(undefined) : unreadable('unavailable');
  }
}

/** The controls that people set: the kill switch, and who set it last. */
export function controlsOf(table: Table): Ports['controls'] {
  return {
    setting: () => readControl(table, 'kill-switch', settingRow),
    async turnOn(set) {
      await table.upsertEntity(switchedTo(true, set), 'Replace');
    },
    async turnOff(set, seen) {
      const row = await rowOfSwitch(table);
      if (row?.version !== seen) return 'moved';
      return (await writeIfUnchanged(table, switchedTo(false, set), row?.etag)) ? 'off' : 'moved';
    },
  };
}

function switchedTo(on: boolean, { atMs, ...person }: Omit<KillSwitchSetting, 'on'>) {
  return { ...killSwitchKey, on, ...person, atMs: String(atMs), writer: randomUUID() };
}

async function rowOfSwitch(table: Table): Promise<{ etag: string; version: string } | undefined> {
  try {
    const row = await table.getEntity(killSwitchKey.partitionKey, killSwitchKey.rowKey);
    return { etag: row.etag, version: versionOf(row.etag, String(row['writer'] ?? '')) };
  } catch (error) {
    if (isNoRow(error)) return undefined;
    throw error;
  }
}

/** Short enough to be typed, and another one for each write. */
function versionOf(etag: string, writer: string): string {
  return sha256(`${etag}|${writer}`).slice(0, 12);
}

export function pulseOf(table: Table): Ports['pulse'] {
  return {
    read: () => readControl(table, 'pulse', pulseRow),
    async write({ sinceMs, lastMs }) {
      const entity = { partitionKey: 'controls', rowKey: 'pulse', sinceMs: String(sinceMs), lastMs: String(lastMs) };
      await table.upsertEntity(entity, 'Replace');
    },
  };
}

const sweepRow = z
  .object({
    atMs: z.coerce.number(),
    apps: z.number(),
    skipped: z.number(),
    unreadable: z.enum(unreadableCodes).optional().catch('unexpected-answer'),
  })
  .transform(({ unreadable: why, ...note }): SweepNote => (why === undefined ? note : { ...note, unreadable: why }));

/** What the last sweep saw. */
export function sweepsOf(table: Table): Ports['sweeps'] {
  return {
    read: () => readControl(table, 'sweep', sweepRow),
    async write({ atMs, ...note }) {
      const entity = { partitionKey: 'controls', rowKey: 'sweep', ...note, atMs: String(atMs) };
      await table.upsertEntity(entity, 'Replace');
    },
  };
}
