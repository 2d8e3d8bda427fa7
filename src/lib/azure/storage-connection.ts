// Connects to the storage account as the Functions host does: by the connection string of a setting, or by identity.
import { TableClient } from '@azure/data-tables';
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { QueueServiceClient } from '@azure/storage-queue';

export interface StorageConnection {
  table(name: string): TableClient;
  queues(): QueueServiceClient;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The connection string of the emulator on its usual ports, as the host spells it. */
const emulator = 'UseDevelopmentStorage=true';

function byString(connection: string): StorageConnection {
  const allowInsecureConnection = connection === emulator || connection.includes('=http://');
  return {
    table: (name) => TableClient.fromConnectionString(connection, name, { allowInsecureConnection }),
    queues: () => QueueServiceClient.fromConnectionString(connection),
  };
}

function byIdentity(tables: string, queues: string, credential: TokenCredential): StorageConnection {
  return {
    table: (name) => new TableClient(tables, name, credential),
    queues: () => new QueueServiceClient(queues, credential),
  };
}

/**
 * Reads the connection named `name` from the settings: `<name>` holds a connection string, or `<name>__tableServiceUri` and
 * `<name>__queueServiceUri` (or `<name>__accountName`) name the account for identity-based access. Throws when neither is there.
 */
export function storageConnection(env: Environment, name: string): StorageConnection {
  const connection = env[name]?.trim();
  if (connection) return byString(connection);
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
  return byIdentity(
    tables,
    queues,
    clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential(),
  );
}
