// Tables and queues whose SDK loads with the first request to one of them, all together (docs/decisions/0009-what-loads-when.md).

import type { DequeuedMessageItem } from '@azure/storage-queue';
import { once } from '../../ports/ports-later.ts';
import type { AppendBlobs } from '../clients/append-blobs.ts';
import type { Answer, Asked, PageSettings, Row, Table } from '../clients/table.ts';
import { blobAccount, storageAccount } from './storage-account.ts';

/** How long pullmedic waits for storage, in milliseconds. */
export interface StoragePatience {
  /** Time-out of one answer. Without it, a dead connection would hold a step until the host ends it. */
  readonly answerMs: number;
  /** The pause before the first of three retries. Later pauses are longer. */
  readonly pauseMs: number;
}

export interface StorageConnection {
  readonly patience: StoragePatience;
  table(name: string): Table;
  queues(): { getQueueClient(name: string): Queue };
  /** The append blobs of a container; absent where the settings do not say where the blobs of the account are. */
  readonly blobs?: (container: string) => AppendBlobs;
}

/** What pullmedic asks of a queue: methods of the SDK's `QueueClient`. */
export interface Queue {
  createIfNotExists(): Promise<unknown>;
  sendMessage(
    text: string,
    options: {
      readonly visibilityTimeout: number;
      readonly messageTimeToLive: number;
      readonly abortSignal: AbortSignal;
    },
  ): Promise<unknown>;
  receiveMessages(options: {
    readonly numberOfMessages: number;
    readonly visibilityTimeout: number;
  }): Promise<{ readonly receivedMessageItems: DequeuedMessageItem[] }>;
  deleteMessage(id: string, pop: string): Promise<unknown>;
  getProperties(options: {
    readonly abortSignal: AbortSignal;
  }): Promise<{ readonly approximateMessagesCount?: number | undefined }>;
}

export const usualPatience: StoragePatience = { answerMs: 15_000, pauseMs: 500 };

/** The account that the settings name with `name`. Throws at once if they name none, as {@link storageAccount} says. */
export function storageLater(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  load: () => Promise<Pick<typeof import('./storage-connection.ts'), 'connectTo'>> = () =>
    import('./storage-connection.ts'),
): StorageConnection {
  const account = storageAccount(env, name);
  const loaded = once(async () => (await load()).connectTo(account, usualPatience));
  const service = once(async () => (await loaded()).queues());
  return {
    patience: usualPatience,
    table: (table) => tableLater(once(async () => (await loaded()).table(table))),
    queues: () => ({
      getQueueClient: (queue) => queueLater(once(async () => (await service()).getQueueClient(queue))),
    }),
    ...(blobAccount(account) === undefined
      ? {}
      : { blobs: (container) => blobsLater(once(async () => there((await loaded()).blobs?.(container)))) }),
  };
}

function tableLater(table: () => Promise<Table>): Table {
  return {
    createTable: async () => (await table()).createTable(),
    getEntity: async (...asked) => (await table()).getEntity(...asked),
    createEntity: async (...asked) => (await table()).createEntity(...asked),
    updateEntity: async (...asked) => (await table()).updateEntity(...asked),
    upsertEntity: async (...asked) => (await table()).upsertEntity(...asked),
    deleteEntity: async (...asked) => (await table()).deleteEntity(...asked),
    listEntities: (asked) => Object.assign(rowsLater(table, asked), { byPage: pagesLater(table, asked) }),
  };
}

async function* rowsLater(table: () => Promise<Table>, asked: Asked): AsyncGenerator<Row> {
  yield* (await table()).listEntities(asked);
}

function pagesLater(table: () => Promise<Table>, asked: Asked): (settings: PageSettings) => AsyncGenerator<Answer> {
  return async function* pages(settings) {
    yield* (await table()).listEntities(asked).byPage(settings);
  };
}

function there(blobs: AppendBlobs | undefined): AppendBlobs {
  if (blobs === undefined) throw new Error('The storage account has no address for blobs.');
  return blobs;
}

/** Append blobs whose client loads with the first request to one of them. */
export function blobsLater(blobs: () => Promise<AppendBlobs>): AppendBlobs {
  return {
    makeContainer: async () => (await blobs()).makeContainer(),
    create: async (name) => (await blobs()).create(name),
    append: async (...asked) => (await blobs()).append(...asked),
    read: async (name) => (await blobs()).read(name),
  };
}

function queueLater(queue: () => Promise<Queue>): Queue {
  return {
    createIfNotExists: async () => (await queue()).createIfNotExists(),
    sendMessage: async (...asked) => (await queue()).sendMessage(...asked),
    receiveMessages: async (...asked) => (await queue()).receiveMessages(...asked),
    deleteMessage: async (...asked) => (await queue()).deleteMessage(...asked),
    getProperties: async (...asked) => (await queue()).getProperties(...asked),
  };
}
