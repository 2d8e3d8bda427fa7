// The outbox in memory, with one writer of a version. What is read back went through JSON.
import {
  aboutOf,
  isFinished,
  type OutboxRow,
  type OutboxStore,
  type SystemStanding,
  type Versioned,
} from '../../src/lib/incidents/outbox.ts';

interface Kept {
  readonly text: string;
  readonly version: number;
}

export function memoryOutbox(before: (call: string) => void = () => undefined): OutboxStore {
  const rows = new Map<string, Kept>();
  const standings = new Map<string, Kept>();
  let holders = 0;
  const read = <T>(from: ReadonlyMap<string, Kept>, key: string): Versioned<T> | undefined => {
    const kept = from.get(key);
    return kept === undefined ? undefined : { value: JSON.parse(kept.text) as T, version: String(kept.version) };
  };
  const write = (to: Map<string, Kept>, key: string, value: unknown, version: string | undefined) => {
    const kept = to.get(key);
    if (version !== (kept === undefined ? undefined : String(kept.version))) return 'taken';
    to.set(key, { text: JSON.stringify(value), version: (kept?.version ?? 0) + 1 });
    return 'written';
  };
  const all = (): Versioned<OutboxRow>[] =>
    [...rows.keys()].map((key) => read<OutboxRow>(rows, key)).filter((row) => row !== undefined);
  return {
    newHolder: () => String((holders += 1)),
    async read(about, system) {
      before('outbox.read');
      return read<OutboxRow>(rows, `${about}|${system}`);
    },
    async write(row, version) {
      before('outbox.write');
      return write(rows, `${aboutOf(row)}|${row.system}`, row, version);
    },
    async of(about) {
      before('outbox.of');
      return all().filter(({ value }) => aboutOf(value) === about);
    },
    async due(atMs) {
      before('outbox.due');
      return all().flatMap(({ value }) => (value.dueAtMs !== undefined && value.dueAtMs <= atMs ? [value] : []));
    },
    async unfinished() {
      before('outbox.unfinished');
      return all().flatMap(({ value }) =>
        (value.dueAtMs !== undefined || value.dead === true) && !isFinished(value) ? [value] : [],
      );
    },
    async remove(about, system, version) {
      before('outbox.remove');
      const key = `${about}|${system}`;
      if (String(rows.get(key)?.version) !== version) return 'taken';
      rows.delete(key);
      return 'removed';
    },
    // Every row here was written by this version.
    async setAside() {
      before('outbox.setAside');
      return 'not-there';
    },
    async unreadable() {
      before('outbox.unreadable');
      return [];
    },
    async standing(system) {
      before('outbox.standing');
      return read<SystemStanding>(standings, system);
    },
    async writeStanding(standing, version) {
      before('outbox.writeStanding');
      return write(standings, standing.system, standing, version);
    },
  };
}
