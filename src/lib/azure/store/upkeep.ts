// How pullmedic looks after itself, in Azure Storage: dead letters in a table, poison queues, and which dependencies answer.
import type { DequeuedMessageItem } from '@azure/storage-queue';
import * as z from 'zod';
import { mostLetters } from '../../intake/dead-letter.ts';
import type { DeadLetter, Dependency, PoisonMessage, QueueName, Upkeep } from '../../ports/upkeep.ts';
import type { Clients } from '../clients/clients.ts';
import { factOf } from '../clients/reading.ts';
import { isNoRow } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { odata } from './odata.ts';
import type { Queues } from './queue.ts';
import type { Queue } from './storage-later.ts';
import { type Tables } from './store.ts';

const partition = 'dead-letters';
/** A string property holds 32 Ki UTF-16 units. */
const partLength = 30_000;
const mostParts = 3;
/** How many rows one list reads at most: more than a week of handled letters after a storm. */
const mostRead = 20_000;
/** Time-out of a health check. A dependency that does not answer must not delay the health page. Real milliseconds. */
const lookTimeoutMs = 5000;
/** An answer of Log Analytics that is older than this says nothing about its health now. Milliseconds. */
const recentMs = 15 * 60_000;
/** How long taken messages stay hidden: enough for a whole batch. After a crash the batch comes back when this is over. Seconds. */
const hiddenSeconds = 300;
const batch = 32;

const letterRow = z.looseObject({
  rowKey: z.string(),
  kind: z.enum(['signal', 'step', 'unreadable']),
  queue: z.enum(['signals', 'steps']),
  state: z.enum(['retrying', 'dead', 'replayed', 'dismissed']),
  tries: z.number(),
  lastError: z.string().optional(),
  by: z.string().optional(),
  why: z.string().optional(),
  firstAtMs: z.coerce.number(),
  lastAtMs: z.coerce.number(),
});

export interface UpkeepConnections {
  readonly clients: Clients;
  readonly tables: Tables;
  readonly queues: Queues;
}

/** The upkeep of a running function app. */
export function azureUpkeep({ clients, tables, queues }: UpkeepConnections): Upkeep {
  return {
    letters: lettersIn(tables.letters),
    poison: poisonIn(queues.poison),
    async dependencies() {
      const [queue, signIn] = await Promise.all([
        answers((abortSignal) => queues.poison.signals.getProperties({ abortSignal })),
        answers((abortSignal) => clients.signIn(abortSignal)),
      ]);
      return { queues: queue, signIn, logs: logsState(clients) };
    },
  };
}

function lettersIn(table: Table): Upkeep['letters'] {
  return {
    async get(id) {
      try {
        return readLetter(await table.getEntity(partition, id));
      } catch (error) {
        if (isNoRow(error)) return undefined;
        throw error;
      }
    },
    async put({ id, message, firstAtMs, lastAtMs, ...fields }) {
      const times = { firstAtMs: String(firstAtMs), lastAtMs: String(lastAtMs) };
      await table.upsertEntity(
        { partitionKey: partition, rowKey: id, ...fields, ...times, ...cut(message) },
        'Replace',
      );
    },
    async remove(id) {
      try {
        await table.deleteEntity(partition, id);
      } catch (error) {
        if (!isNoRow(error)) throw error;
      }
    },
    async all() {
      const waiting: DeadLetter[] = [];
      const others: DeadLetter[] = [];
      let read = 0;
      const filter = odata`PartitionKey eq ${partition}`;
      for await (const entity of table.listEntities({ queryOptions: { filter } })) {
        const letter = readLetter(entity);
        const list = letter.state === 'dead' ? waiting : others;
        if (list.length < mostLetters) list.push(letter);
        read += 1;
        if (waiting.length >= mostLetters || read >= mostRead) break;
      }
      return [...waiting, ...others];
    },
  };
}

/** A letter. One that this version cannot read, because a newer version or a person wrote it, hides no other and waits for a person. */
function readLetter(entity: Record<string, unknown>): DeadLetter {
  const row = letterRow.safeParse(entity);
  if (!row.success) return unreadableLetter(entity);
  const { rowKey: id, kind, queue, state, tries, lastError, by, why, firstAtMs, lastAtMs } = row.data;
  const parts = Array.from({ length: mostParts }, (_, index) => textOf(entity[`part${index}`]));
  return {
    id,
    kind,
    queue,
    state,
    tries,
    firstAtMs,
    lastAtMs,
    message: parts.join(''),
    ...(lastError === undefined ? {} : { lastError }),
    ...(by === undefined ? {} : { by }),
    ...(why === undefined ? {} : { why }),
  };
}

function unreadableLetter(entity: Record<string, unknown>): DeadLetter {
  const writtenAtMs = Date.parse(textOf(entity['timestamp']));
  const atMs = Number.isNaN(writtenAtMs) ? 0 : writtenAtMs;
  const about = { kind: 'unreadable', queue: 'signals', state: 'dead' } as const;
  return { id: textOf(entity['rowKey']), ...about, tries: 0, message: '', firstAtMs: atMs, lastAtMs: atMs };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function cut(message: string): Record<string, string> {
  const parts = Array.from({ length: mostParts }, (_, index) => [
    `part${index}`,
    message.slice(index * partLength, (index + 1) * partLength),
  ]);
  return Object.fromEntries(parts) as Record<string, string>;
}

function poisonIn(queues: Queues['poison']): Upkeep['poison'] {
  const both = Object.entries(queues) as [QueueName, Queue][];
  return {
    async take() {
      const taken = await Promise.all(
        both.map(async ([name, queue]) => {
          const options = { numberOfMessages: batch, visibilityTimeout: hiddenSeconds };
          const { receivedMessageItems } = await queue.receiveMessages(options);
          return receivedMessageItems.map((item) => messageOf(name, item));
        }),
      );
      return taken.flat();
    },
    async remove({ queue, receipt }) {
      await queues[queue].deleteMessage(receipt.id, receipt.pop);
    },
    waiting: () =>
      factOf(async () => {
        const abortSignal = AbortSignal.timeout(lookTimeoutMs);
        const counts = await Promise.all(both.map(([, queue]) => queue.getProperties({ abortSignal })));
        return counts.reduce((sum, { approximateMessagesCount = 0 }) => sum + approximateMessagesCount, 0);
      }),
  };
}

function messageOf(queue: QueueName, item: DequeuedMessageItem): PoisonMessage {
  const receipt = { id: item.messageId, pop: item.popReceipt };
  return { queue, body: bodyOf(item.messageText), raw: item.messageText, receipt };
}

/** The JSON of a message in the encoding of our queues; `undefined` if it is anything else. */
function bodyOf(raw: string): unknown {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(raw)) return undefined;
  try {
    return JSON.parse(Buffer.from(raw, 'base64').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Asks a dependency. Not every client obeys an abort signal, so the dependency counts as down when the signal fires first. */
async function answers(ask: (abortSignal: AbortSignal) => Promise<unknown>): Promise<Dependency> {
  const abortSignal = AbortSignal.timeout(lookTimeoutMs);
  const silence = new Promise<Dependency>((resolve) => {
    abortSignal.addEventListener('abort', () => resolve('down'), { once: true });
  });
  const answer = ask(abortSignal).then(
    (): Dependency => 'up',
    (): Dependency => 'down',
  );
  return Promise.race([answer, silence]);
}

/** The state of Log Analytics, from its last answer to a look: the health check itself does not query the logs. */
function logsState(clients: Clients): Dependency {
  const last = clients.lastLogsAnswer();
  if (last === undefined || Date.now() - last.atMs > recentMs) return 'not-asked';
  return last.answered ? 'up' : 'down';
}
