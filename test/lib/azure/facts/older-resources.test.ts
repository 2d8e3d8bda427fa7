// Which resources are read in an older API version: remembered for each connection, and never more than a process can hold.
import { expect, it } from 'vitest';
import { mostOlder, olderResources } from '../../../../src/lib/azure/facts/older-resources.ts';
import type { ArmId } from '../../../../src/lib/words/arm-id.ts';

const group = (at: number): ArmId =>
  `/subscriptions/s/resourcegroups/rg/providers/microsoft.containerinstance/containergroups/build-${at}` as ArmId;

it('is remembered for the connection that learned it, and for no other', () => {
  const [one, other] = [{}, {}];
  const older = olderResources();
  older.add(one, group(1));

  expect([older.has(one, group(1)), older.has(one, group(2)), older.has(other, group(1))]).toEqual([
    true,
    false,
    false,
  ]);
});

it('forgets the first resources where a pipeline makes a new one for each of its runs', () => {
  const clients = {};
  const older = olderResources();
  for (let at = 0; at <= mostOlder; at += 1) older.add(clients, group(at));

  expect([older.has(clients, group(0)), older.has(clients, group(1)), older.has(clients, group(mostOlder))]).toEqual([
    false,
    true,
    true,
  ]);
});
