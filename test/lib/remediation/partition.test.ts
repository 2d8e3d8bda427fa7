// Whatever a partition adds up to: one that cannot be read is not empty, and a writer sees what another one wrote first.
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../src/lib/history/deployment-ledger.ts';
import { appendToPartition, type Partition, recall } from '../../../src/lib/remediation/partition.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { config, nowMs, roleMissing } from '../facts.ts';
import { memory } from '../memory-ports.ts';

const entry: LedgerEntry = { kind: 'kill-switch-set', on: true, by: 'anna' };
const partition: Partition<LedgerEntry, { kinds: string[]; lastSeq: number }> = {
  name: 'one',
  fold: (entries) => ({ kinds: entries.map((stored) => stored.entry.kind), lastSeq: entries.at(-1)?.seq ?? 0 }),
};

describe('a partition of the deployment’s ledger', () => {
  it('adds up its own entries, and no others', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    await appendToPartition(ports, { ...partition, name: 'two' }, entry, () => undefined);

    expect(await recall(ports, partition)).toEqual(known({ kinds: [], lastSeq: 0 }));
    expect(await appendToPartition(ports, partition, entry, () => undefined)).toBe('appended');
    expect(await recall(ports, partition)).toEqual(known({ kinds: ['kill-switch-set'], lastSeq: 1 }));
  });

  it('shows a writer that comes second what the first one wrote', async () => {
    const { ports } = memory(config(), roleMissing, nowMs);
    const once = () =>
      appendToPartition(ports, partition, entry, ({ lastSeq }) => (lastSeq > 0 ? 'second' : undefined));

    expect((await Promise.all([once(), once()])).toSorted()).toEqual(['appended', 'second']);
  });

  it('is busy where others are first each time, unreadable where the store does not answer, and never empty', async () => {
    const { ports, world } = memory(config(), roleMissing, nowMs);
    const crowded = { deployment: { ...ports.deployment, append: async () => 'taken' as const } };
    expect(await appendToPartition(crowded, partition, entry, () => undefined)).toBe('busy');

    world.before = () => {
      throw new Error('down');
    };

    expect(await recall(ports, partition)).toEqual(unreadable('unavailable'));
    await expect(appendToPartition(ports, partition, entry, () => undefined)).rejects.toThrow('down');
  });
});
