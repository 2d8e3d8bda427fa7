// What a run keeps outside of the host that may die: histories, lists, queues. Once in memory, once in Azurite (azurite.ts).
import { memoryBlobs } from '../../local/engine/memory-blobs.ts';
import { memoryTable } from '../../local/engine/memory-tables.ts';
import type { AppendBlobs } from '../../src/lib/azure/clients/append-blobs.ts';
import type { Table } from '../../src/lib/azure/clients/table.ts';
import { entryKinds } from '../../src/lib/azure/ports.ts';
import { archiveIn } from '../../src/lib/azure/store/history-archive.ts';
import { indexOf } from '../../src/lib/azure/store/index-rows.ts';
import { ledger } from '../../src/lib/azure/store/store.ts';
import type { LedgerEntry } from '../../src/lib/history/deployment-ledger.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { IncidentEntry } from '../../src/lib/incidents/incident.ts';
import type { KillSwitchState } from '../../src/lib/ports/controls.ts';
import type { Ports } from '../../src/lib/ports/ports.ts';
import type { Signal } from '../../src/lib/signals/signal.ts';
import type { Step } from '../../src/lib/signals/step.ts';
import type { Tell } from '../../src/lib/signals/tell.ts';
import { type Fact, known } from '../../src/lib/words/fact.ts';
import { memoryOutbox } from '../lib/memory-outbox.ts';
import { type MemoryLedger, memoryCounts, memoryLedger, memoryWakes } from '../lib/memory-ports.ts';

export type Message =
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'tell'; readonly tell: Tell };

/** So long a message is hidden from others while a host works on it. */
export const leaseMs = 10 * 60_000;

/** A message that a host took. Should the host die, it comes back when the lease is over. */
export interface Delivery {
  readonly message: Message;
  /** How often it was taken, this time included. */
  readonly times: number;
  readonly done: () => Promise<void>;
  /** It failed and comes back after so long. */
  readonly back: (afterMs: number) => Promise<void>;
}

export type StoragePorts = Pick<
  Ports,
  | 'history'
  | 'counted'
  | 'incidents'
  | 'deployment'
  | 'index'
  | 'queue'
  | 'killSwitch'
  | 'controls'
  | 'pulse'
  | 'wakes'
  | 'outbox'
>;

/** What an archive is made of. */
export interface ArchiveParts {
  readonly history: Table;
  readonly index: Table;
  readonly controls: Table;
  readonly blobs: AppendBlobs;
}

export interface Store {
  /** The ports of a host whose clock is off by so much. */
  ports(skewMs: number): StoragePorts;
  /** The table of the index, where faults can be put between its requests. */
  readonly indexTable?: Table;
  /** Where histories are kept as in Azure, with an archive: as a host sees it, between whose requests faults can be put, and to look on. */
  readonly archive?: { readonly host: ArchiveParts; readonly view: ArchiveParts };
  /** Requests that the host sent so far, where faults can be put at them. */
  readonly requests?: () => number;
  /** Ports for looking on: they meet no fault. */
  readonly view: StoragePorts;
  /** Takes up to so many messages that are visible now. */
  receive(most: number): Promise<Delivery[]>;
  /** Time passes until this instant. */
  advance(nowMs: number): Promise<void>;
  /** When messages are, or may be, to be seen. */
  pending(): readonly { readonly kind: Message['kind']; readonly visibleMs: number }[];
  /** A host died: what it remembered is gone. */
  forget(): void;
}

interface Queued {
  readonly message: Message;
  visibleMs: number;
  times: number;
}

function memoryDelivery(queue: Queued[], queued: Queued, now: () => number): Delivery {
  return {
    message: queued.message,
    times: queued.times,
    async done() {
      const at = queue.indexOf(queued);
      if (at >= 0) queue.splice(at, 1);
    },
    async back(afterMs) {
      queued.visibleMs = now() + afterMs;
    },
  };
}

function tableOfOurs(): Table {
  const table = memoryTable(() => undefined);
  void table.createTable();
  return table;
}

/** A store whose histories are rows of a table, until they are archived. */
export function archivingStore(startMs: number): Store {
  const store = memoryStore(startMs);
  const parts = { history: tableOfOurs(), index: store.indexTable, controls: tableOfOurs(), blobs: memoryBlobs() };
  const history = ledger<Entry>(parts.history, entryKinds, () => startMs, { readArchive: archiveIn(parts.blobs) });
  return { ...store, archive: { host: parts, view: parts }, view: { ...store.view, history } };
}

export interface MemoryStore extends Store {
  readonly indexTable: Table;
  readonly histories: MemoryLedger<Entry>;
  setKillSwitch(to: Fact<boolean>): void;
}

/** Everything in memory, with a clock that jumps. */
export function memoryStore(startMs: number): MemoryStore {
  let killSwitch: Fact<boolean> = known(false);
  let setting: KillSwitchState | undefined;
  let settings = 0;
  let nowMs = startMs;
  const now = (): number => nowMs;
  const queue: Queued[] = [];
  const indexTable = tableOfOurs();
  const index = indexOf(indexTable);
  const histories = memoryLedger<Entry>(now, entryKinds);
  const incidents = memoryLedger<IncidentEntry>(now);
  const deployment = memoryLedger<LedgerEntry>(now);
  const counted = memoryCounts();
  const wakes = memoryWakes();
  const outbox = memoryOutbox();
  const send = async (message: Message, visibleMs: number): Promise<void> => {
    queue.push({ message, visibleMs: Math.max(nowMs, visibleMs), times: 0 });
  };
  const ports = (skewMs: number): StoragePorts => ({
    history: histories,
    incidents,
    deployment,
    counted,
    index,
    // The service counts from its own clock: a host whose clock is wrong asks for another delay.
    queue: {
      sendStep: (step, dueAtMs) => send({ kind: 'step', step }, dueAtMs - skewMs),
      sendSignal: (signal, dueAtMs) => send({ kind: 'signal', signal }, dueAtMs - skewMs),
      sendTell: (tell, dueAtMs) => send({ kind: 'tell', tell }, dueAtMs - skewMs),
    },
    killSwitch: async () => killSwitch,
    controls: {
      setting: async () => known(setting),
      async turnOn(set) {
        settings += 1;
        setting = { on: true, ...set, version: String(settings) };
        killSwitch = known(true);
      },
      async turnOff(set, seen) {
        if (setting?.version !== seen) return 'moved';
        settings += 1;
        setting = { on: false, ...set, version: String(settings) };
        killSwitch = known(false);
        return 'off';
      },
    },
    wakes,
    outbox,
    pulse: { read: async () => known({ sinceMs: 0, lastMs: nowMs }), write: async () => undefined },
  });
  return {
    histories,
    indexTable,
    setKillSwitch(to) {
      killSwitch = to;
    },
    ports,
    view: ports(0),
    async receive(most) {
      const due = queue.filter((queued) => queued.visibleMs <= nowMs).slice(0, most);
      for (const queued of due) {
        queued.times += 1;
        queued.visibleMs = nowMs + leaseMs;
      }
      return due.map((queued) => memoryDelivery(queue, queued, now));
    },
    async advance(untilMs) {
      nowMs = untilMs;
    },
    pending: () => queue.map(({ message, visibleMs }) => ({ kind: message.kind, visibleMs })),
    forget: () => undefined,
  };
}
