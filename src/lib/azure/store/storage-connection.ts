// Connects to the storage account as the Functions host does: with the connection string of a setting, or with an identity. It brings the
// storage SDK, so in the running app only `storage-later.ts` imports it, when a request first needs it.

import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { QueueServiceClient, type StoragePipelineOptions } from '@azure/storage-queue';
import { once } from '../../ports/ports-later.ts';
import { managedIdentity } from '../clients/credential.ts';
import { blobAccount, emulator, type StorageAccount, storageAccount } from './storage-account.ts';
import { blobsLater, type StorageConnection, type StoragePatience, usualPatience } from './storage-later.ts';

/** A connection with the SDK's own clients. */
export interface SdkStorage extends StorageConnection {
  table(name: string): TableClient;
  queues(): QueueServiceClient;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the account named `name` from the settings and connects. Throws as {@link storageAccount} says. */
export function storageConnection(env: Environment, name: string, patience = usualPatience): SdkStorage {
  return connectTo(storageAccount(env, name), patience);
}

export function connectTo(account: StorageAccount, patience: StoragePatience): SdkStorage {
  const tablesAndQueues =
    account.by === 'string'
      ? byString(account.connection, patience)
      : byIdentity(account.tables, account.queues, managedIdentity(account.clientId), patience);
  return { ...tablesAndQueues, ...blobsOf(account, patience) };
}

/** The client of blobs is small and loads by itself, because most deployments keep no archive. */
function blobsOf(account: StorageAccount, patience: StoragePatience): Pick<StorageConnection, 'blobs'> {
  const named = blobAccount(account);
  if (named === undefined) return {};
  return {
    blobs: (container) =>
      blobsLater(once(async () => (await import('./blob-requests.ts')).blobsOver(named, container, patience))),
  };
}

function tableOptions({ answerMs, pauseMs }: StoragePatience): TableServiceClientOptions {
  const policy: PipelinePolicy = {
    name: 'pullmedic-storage-patience',
    sendRequest(request, next) {
      request.timeout = answerMs;
      return next(request);
    },
  };
  const retryOptions = { maxRetries: 3, retryDelayInMs: pauseMs, maxRetryDelayInMs: 8 * pauseMs };
  return { retryOptions, additionalPolicies: [{ policy, position: 'perCall' }] };
}

function queueOptions({ pauseMs }: StoragePatience): StoragePipelineOptions {
  return { retryOptions: { maxTries: 4, retryDelayInMs: pauseMs, maxRetryDelayInMs: 8 * pauseMs } };
}

function byString(connection: string, patience: StoragePatience): SdkStorage {
  const allowInsecureConnection = connection === emulator || connection.includes('=http://');
  const options = { allowInsecureConnection, ...tableOptions(patience) };
  return {
    patience,
    table: (name) => TableClient.fromConnectionString(connection, name, options),
    queues: () => QueueServiceClient.fromConnectionString(connection, queueOptions(patience)),
  };
}

function byIdentity(
  tables: string,
  queues: string,
  credential: TokenCredential,
  patience: StoragePatience,
): SdkStorage {
  return {
    patience,
    table: (name) => new TableClient(tables, name, credential, tableOptions(patience)),
    queues: () => new QueueServiceClient(queues, credential, queueOptions(patience)),
  };
}
