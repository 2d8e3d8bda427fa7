// Connects to the storage account as the Functions host does: with the connection string of a setting, or with an identity.
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { QueueServiceClient, type StoragePipelineOptions } from '@azure/storage-queue';
import { managedIdentity } from '../clients/credential.ts';

/** How long pullmedic waits for storage, in milliseconds. */
export interface StoragePatience {
  /** Time-out of one answer. Without it, a dead connection would hold a step until the host ends it. */
  readonly answerMs: number;
  /** The pause before the first of three retries. Later pauses are longer. */
  readonly pauseMs: number;
}

export interface StorageConnection {
  readonly patience: StoragePatience;
  table(name: string): TableClient;
  queues(): QueueServiceClient;
}

const usualPatience: StoragePatience = { answerMs: 15_000, pauseMs: 500 };

type Environment = Readonly<Record<string, string | undefined>>;

/** The connection string of the emulator on its usual ports, as the host spells it. */
const emulator = 'UseDevelopmentStorage=true';

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

function byString(connection: string, patience: StoragePatience): StorageConnection {
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
): StorageConnection {
  return {
    patience,
    table: (name) => new TableClient(tables, name, credential, tableOptions(patience)),
    queues: () => new QueueServiceClient(queues, credential, queueOptions(patience)),
  };
}

/**
 * Reads the connection named `name` from the settings: `<name>` holds a connection string, or `<name>__tableServiceUri` and
 * `<name>__queueServiceUri` (or `<name>__accountName`) name the account for identity-based access. Throws if the settings hold neither.
 */
export function storageConnection(env: Environment, name: string, patience = usualPatience): StorageConnection {
  const connection = env[name]?.trim();
  if (connection) return byString(connection, patience);
  const account = env[`${name}__accountName`]?.trim();
  const tables =
    env[`${name}__tableServiceUri`]?.trim() ?? (account ? `https://${account}.table.core.windows.net` : undefined);
  const queues =
    env[`${name}__queueServiceUri`]?.trim() ?? (account ? `https://${account}.queue.core.windows.net` : undefined);
  if (!tables || !queues)
    throw new Error(
      `${name} is missing: set a connection string, or ${name}__tableServiceUri and ${name}__queueServiceUri.`,
    );
  const clientId = env[`${name}__clientId`]?.trim();
  return byIdentity(tables, queues, managedIdentity(clientId || undefined), patience);
}
