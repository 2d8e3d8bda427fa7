// The store of a run on Azurite: the real clients of src/ on the real protocol, on a clock that jumps with the run's.
// Between a host and its storage stands a proxy; receiving and deleting messages is the Functions host's business and goes past it.
import { once } from 'node:events';
import type { TableClient } from '@azure/data-tables';
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import { QueueServiceClient } from '@azure/storage-queue';
import { type Storage, startStorage } from '../../local/storage.ts';
import type { AppendBlobs } from '../../src/lib/azure/clients/append-blobs.ts';
import { entryKinds, incidentKinds, ledgerKinds } from '../../src/lib/azure/ports.ts';
import { controlsOf, pulseOf, readKillSwitch } from '../../src/lib/azure/store/controls.ts';
import { countedSignalsOf } from '../../src/lib/azure/store/counted-signals.ts';
import { archiveIn, noBlobs } from '../../src/lib/azure/store/history-archive.ts';
import { indexOf } from '../../src/lib/azure/store/index-rows.ts';
import { outboxOf } from '../../src/lib/azure/store/outbox.ts';
import { connectQueues, signalQueue, stepQueue, tellQueue } from '../../src/lib/azure/store/queue.ts';
import { type SdkStorage, storageConnection } from '../../src/lib/azure/store/storage-connection.ts';
import { archiveContainer, connectTables, createTables, ledger, type Tables } from '../../src/lib/azure/store/store.ts';
import { wakesOf } from '../../src/lib/azure/store/wakes.ts';
import type { LedgerEntry } from '../../src/lib/history/deployment-ledger.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { IncidentEntry } from '../../src/lib/incidents/incident.ts';
import { readQueuedSignal } from '../../src/lib/signals/queued.ts';
import { readStep } from '../../src/lib/signals/step.ts';
import { readTell } from '../../src/lib/signals/tell.ts';
import { type Seen, type StorageFault, type Strike, startStorageProxy } from './storage-proxy.ts';
import { type ArchiveParts, type Delivery, leaseMs, type Message, type StoragePorts, type Store } from './store.ts';

/** The SDK reads this list once in a process: the wall's own clients come later and must find the loopback in it. */
process.env['NO_PROXY'] ??= '127.0.0.1,localhost';

/** Real milliseconds. Long enough for a busy machine, short enough for hundreds of runs. */
const patience = { answerMs: 1500, pauseMs: 10 };

/** One Azurite for many runs; each has an account of its own. */
export interface Azurite {
  /** An empty store, at this instant. One that archives is asked request by request. */
  open(startMs: number, fault: StorageFault | undefined, archives?: boolean): Promise<AzuriteStore>;
  stop(): Promise<void>;
}

export interface AzuriteStore extends Store {
  /** The tables themselves, past the proxy. */
  readonly tables: Tables<TableClient>;
  /** Requests that the host sent so far: where faults can be put. */
  requests(): number;
  /** How many of them went to blobs. */
  blobRequests(): number;
}

function portsOf(connection: SdkStorage, now: () => number): StoragePorts {
  const tables = connectTables(connection);
  return {
    history: ledger<Entry>(tables.history, entryKinds, now),
    incidents: ledger<IncidentEntry>(tables.incidents, incidentKinds, now, { shared: true }),
    deployment: ledger<LedgerEntry>(tables.deployment, ledgerKinds, now, { shared: true }),
    counted: countedSignalsOf(tables.index),
    index: indexOf(tables.index),
    queue: connectQueues(connection, now),
    killSwitch: () => readKillSwitch(tables.controls),
    controls: controlsOf(tables.controls),
    pulse: pulseOf(tables.controls),
    wakes: wakesOf(tables.controls),
    outbox: outboxOf(tables.outbox),
  };
}

function blobsOf(connection: SdkStorage): AppendBlobs {
  return connection.blobs?.(archiveContainer) ?? noBlobs;
}

function archivePartsOf(connection: SdkStorage): ArchiveParts {
  return { ...connectTables(connection), blobs: blobsOf(connection) };
}

/** What a store needs beside its own so that old histories move into blobs, and are read from there. */
function archivingBeside({ view }: Store, host: ArchiveParts, beside: ArchiveParts): Pick<Store, 'archive' | 'view'> {
  const history = ledger<Entry>(beside.history, entryKinds, Date.now, { readArchive: archiveIn(beside.blobs) });
  return { archive: { host, view: beside }, view: { ...view, history } };
}

async function setClock({ process: child }: Storage, nowMs: number): Promise<void> {
  const answered = once(child, 'message');
  child.send({ nowMs });
  await answered;
}

/** Strikes the request of this number, and the same request sent again as often as the fault says. */
function striking(fault: StorageFault | undefined): {
  readonly strikes: (seen: Seen) => Strike | undefined;
  readonly requests: () => number;
  readonly blobRequests: () => number;
} {
  let requests = 0;
  let blobRequests = 0;
  let counted = 0;
  let struck: { readonly seen: Seen; left: number } | undefined;
  return {
    requests: () => requests,
    blobRequests: () => blobRequests,
    strikes(seen) {
      requests += 1;
      if (seen.service === 'blob') blobRequests += 1;
      if (fault === undefined) return undefined;
      if (fault.of === undefined || fault.of === seen.service) counted += 1;
      if (counted === fault.request && struck === undefined) struck = { seen, left: fault.tries };
      const same = struck !== undefined && struck.seen.method === seen.method && struck.seen.path === seen.path;
      if (struck === undefined || !same || struck.left === 0) return undefined;
      struck.left -= 1;
      return fault.strike;
    },
  };
}

function read(kind: Message['kind'], text: string): Message {
  const body: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  const signal = kind === 'signal' ? readQueuedSignal(body) : undefined;
  const step = kind === 'step' ? readStep(body) : undefined;
  if (signal !== undefined) return { kind: 'signal', signal };
  if (step !== undefined) return { kind: 'step', step };
  const tell = kind === 'tell' ? readTell(body) : undefined;
  if (tell !== undefined) return { kind: 'tell', tell };
  throw new Error(`A message that cannot be read was sent: ${JSON.stringify(body)}`);
}

interface Agenda {
  /** Until when a message may be hidden. A send that failed is here too: looking once too often does no harm. */
  note(kind: Message['kind'], visibleMs: number): symbol;
  move(entry: symbol, visibleMs: number): void;
  drop(entry: symbol): void;
  dropDue(nowMs: number): void;
  pending: Store['pending'];
}

function agenda(): Agenda {
  const entries = new Map<symbol, { kind: Message['kind']; visibleMs: number }>();
  return {
    note(kind, visibleMs) {
      const entry = Symbol(kind);
      entries.set(entry, { kind, visibleMs });
      return entry;
    },
    move(entry, visibleMs) {
      const moved = entries.get(entry);
      if (moved !== undefined) moved.visibleMs = visibleMs;
    },
    drop: (entry) => void entries.delete(entry),
    dropDue(nowMs) {
      for (const [entry, { visibleMs }] of entries) if (visibleMs <= nowMs) entries.delete(entry);
    },
    pending: () => [...entries.values()],
  };
}

/** The Functions host's half of a queue: takes messages, hides them for the lease, deletes them or lets them come back. */
function taking(queue: QueueClient, kind: Message['kind'], known: Agenda, now: () => number) {
  const delivery = (message: DequeuedMessageItem): Delivery => {
    const { messageId, popReceipt } = message;
    const entry = known.note(kind, now() + leaseMs);
    return {
      message: read(kind, message.messageText),
      times: message.dequeueCount,
      async done() {
        await queue.deleteMessage(messageId, popReceipt);
        known.drop(entry);
      },
      async back(afterMs) {
        await queue.updateMessage(messageId, popReceipt, undefined, Math.round(afterMs / 1000));
        known.move(entry, now() + afterMs);
      },
    };
  };
  return async (most: number): Promise<Delivery[]> => {
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: Math.min(most, 32),
      visibilityTimeout: leaseMs / 1000,
    });
    return receivedMessageItems.map(delivery);
  };
}

/** A storage account that a store is opened over. */
export interface Account {
  /** As those see it who look on, and the Functions host. */
  readonly beside: SdkStorage;
  /** As a host of pullmedic sees it: faults are met here. */
  readonly through: SdkStorage;
  readonly service: QueueServiceClient;
  setClock(nowMs: number): Promise<void>;
}

/** Opens the store of a run over an account, and makes its tables and queues. */
export async function openStore(
  account: Account,
  startMs: number,
): Promise<Store & { readonly tables: Tables<TableClient> }> {
  let nowMs = startMs;
  const now = (): number => nowMs;
  const { beside, through, service } = account;
  await account.setClock(nowMs);
  const tables = connectTables(beside);
  await Promise.all([createTables(tables), connectQueues(beside).create()]);
  const known = agenda();
  const take = {
    signal: taking(service.getQueueClient(signalQueue), 'signal', known, now),
    step: taking(service.getQueueClient(stepQueue), 'step', known, now),
    tell: taking(service.getQueueClient(tellQueue), 'tell', known, now),
  };
  const noted = (ports: StoragePorts, skewMs: number): StoragePorts => {
    // Visibility counts in whole seconds, rounded up, from the service's own clock.
    const seen = (dueAtMs: number): number => nowMs + Math.max(0, Math.ceil((dueAtMs - skewMs - nowMs) / 1000)) * 1000;
    return {
      ...ports,
      queue: {
        async sendStep(step, dueAtMs) {
          known.note('step', seen(dueAtMs));
          await ports.queue.sendStep(step, dueAtMs);
        },
        async sendSignal(signal, dueAtMs) {
          known.note('signal', seen(dueAtMs));
          await ports.queue.sendSignal(signal, dueAtMs);
        },
        async sendTell(tell, dueAtMs) {
          known.note('tell', seen(dueAtMs));
          await ports.queue.sendTell(tell, dueAtMs);
        },
      },
    };
  };
  const hosts = new Map<number, StoragePorts>();
  return {
    tables,
    view: noted(portsOf(beside, now), 0),
    ports(skewMs) {
      const kept =
        hosts.get(skewMs) ??
        noted(
          portsOf(through, () => nowMs + skewMs),
          skewMs,
        );
      hosts.set(skewMs, kept);
      return kept;
    },
    async receive(most) {
      const due = known.pending().filter(({ visibleMs }) => visibleMs <= nowMs);
      if (due.length === 0) return [];
      // Models without incident systems send no tells, and need no request for them.
      const tells = due.some(({ kind }) => kind === 'tell') ? take.tell(most) : [];
      const all = (await Promise.all([take.signal(most), take.step(most), tells])).flat();
      if (all.length === 0) known.dropDue(nowMs);
      return all;
    },
    async advance(untilMs) {
      nowMs = untilMs;
      await account.setClock(untilMs);
    },
    pending: known.pending,
    forget: () => hosts.clear(),
  };
}

/** Starts Azurite for so many runs. */
export async function startAzurite(runs: number): Promise<Azurite> {
  const accounts = Array.from({ length: runs }, (_, index) => `run${index}`);
  const storage = await startStorage(accounts, { preload: new URL('./steered-clock.ts', import.meta.url).href });
  let strikes: (seen: Seen) => Strike | undefined = () => undefined;
  const proxy = await startStorageProxy((seen) => strikes(seen));
  return {
    async open(startMs, fault, archives = false) {
      const account = accounts.shift();
      if (account === undefined) throw new Error('Azurite was started for fewer runs.');
      const meets = striking(fault);
      strikes = meets.strikes;
      const direct = storage.connection(account);
      const beside = storageConnection({ S: direct }, 'S');
      const through = storageConnection({ S: proxy.through(direct) }, 'S', patience);
      const store = await openStore(
        {
          beside,
          through,
          service: QueueServiceClient.fromConnectionString(direct),
          setClock: (nowMs) => setClock(storage, nowMs),
        },
        startMs,
      );
      const archive = archives ? archivingBeside(store, archivePartsOf(through), archivePartsOf(beside)) : {};
      return { ...store, ...archive, ...meets };
    },
    async stop() {
      await proxy.stop();
      await storage.stop();
    },
  };
}
