// A world whose histories stand in a table and, once they are archived, in blobs: with the real ledger and the real archive.
import { memoryStorage } from '../../local/engine/storage.ts';
import { entryKinds } from '../../src/lib/azure/ports.ts';
import { archiveOf } from '../../src/lib/azure/store/archive-port.ts';
import { archiveIn, moveToArchive } from '../../src/lib/azure/store/history-archive.ts';
import { indexOf } from '../../src/lib/azure/store/index-rows.ts';
import { connectTables, createTables, ledger, type Tables } from '../../src/lib/azure/store/store.ts';
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { Ledger } from '../../src/lib/history/ledger.ts';
import type { Ports } from '../../src/lib/ports/ports.ts';
import type { Config } from '../../src/lib/settings/config.ts';
import type { TargetId } from '../../src/lib/words/target.ts';
import { type Memory, memory } from './memory-ports.ts';

/** `never`: nothing is archived. `at-once`: each entry that is written, also of what is live, as if all of it were very old. */
export type Archiving = 'never' | 'at-once';

export interface Archived extends Memory {
  readonly tables: Tables;
  /** What the blobs of the archive hold; a test may tamper with it. */
  readonly blobs: Map<string, string>;
  /** Moves all that ended into the archive, however young it is. */
  moveAll(): Promise<void>;
}

export async function archivingWorld(
  config: Config,
  evidence: Evidence,
  nowMs: number,
  archiving: Archiving = 'never',
): Promise<Archived> {
  const running = memory(config, evidence, nowMs);
  const storage = memoryStorage(() => running.world.nowMs).connection;
  const tables = connectTables(storage);
  await createTables(tables);
  const blobs = storage.blobs('history-archive');
  // Each call is that of another host: none remembers what it read before.
  const host = (): Ledger<Entry> =>
    ledger<Entry>(tables.history, entryKinds, running.ports.now, { readArchive: archiveIn(blobs) });
  const history: Ports['history'] = {
    read: (partition) => host().read(partition),
    async append(partition, after, entry) {
      const answer = await host().append(partition, after, entry);
      if (archiving === 'at-once' && answer === 'appended')
        await moveToArchive(tables.history, blobs, partition, (entries) => entries.length);
      return answer;
    },
  };
  const archive = archiveOf(tables, blobs);
  // The functions of the world use this very object.
  Object.assign(running.ports, { history, archive, index: indexOf(tables.index) });
  return {
    ...running,
    tables,
    blobs: blobs.all,
    async moveAll() {
      const targets = new Set((await running.ports.index.all()).map((row) => row.targetId));
      for (const target of targets) await archive.move(target, (entries) => entries.length);
    },
  };
}

/** The entries of all targets, without where they stand. */
export async function entriesOf({ ports }: Memory): Promise<ReadonlyMap<TargetId, unknown>> {
  const targets = [...new Set((await ports.index.all()).map((row) => row.targetId))].sort();
  const read = targets.map(async (target) => {
    const entries = await ports.history.read(target);
    return [target, entries.map(({ archived: _archived, ...entry }) => entry)] as const;
  });
  return new Map(await Promise.all(read));
}
