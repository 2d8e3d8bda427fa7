// Reads from the settings which storage account is meant, without the SDK: the start of the app checks the settings, and the SDK loads later.

/** How the settings name the account. */
export type StorageAccount =
  | { readonly by: 'string'; readonly connection: string }
  | {
      readonly by: 'identity';
      readonly tables: string;
      readonly queues: string;
      /** The user-assigned identity; without it the app's own. */
      readonly clientId: string | undefined;
    };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the account named `name`: `<name>` holds a connection string, or `<name>__tableServiceUri` and `<name>__queueServiceUri` (or
 * `<name>__accountName`) name the account for identity-based access. Throws if the settings hold neither, or if the text is not a connection
 * string.
 */
export function storageAccount(env: Environment, name: string): StorageAccount {
  const connection = env[name]?.trim();
  if (connection) {
    if (!isConnectionString(connection)) throw new Error(`${name} is not a connection string.`);
    return { by: 'string', connection };
  }
  const account = env[`${name}__accountName`]?.trim();
  const tables =
    env[`${name}__tableServiceUri`]?.trim() ?? (account ? `https://${account}.table.core.windows.net` : undefined);
  const queues =
    env[`${name}__queueServiceUri`]?.trim() ?? (account ? `https://${account}.queue.core.windows.net` : undefined);
  if (!tables || !queues)
    throw new Error(
      `${name} is missing: set a connection string, or ${name}__tableServiceUri and ${name}__queueServiceUri.`,
    );
  return { by: 'identity', tables, queues, clientId: env[`${name}__clientId`]?.trim() || undefined };
}

/** The connection string of the emulator on its usual ports, as the host spells it. */
export const emulator = 'UseDevelopmentStorage=true';

/**
 * True if the SDK can connect with this text: the emulator's, one with an account and its key, or one with a shared access signature and the
 * addresses of tables and queues. Source: Azure Storage docs, "Configure Azure Storage connection strings", and the two readers of the SDK.
 */
function isConnectionString(text: string): boolean {
  if (text.startsWith(emulator)) return true;
  const parts = partsOf(text);
  const has = (key: string): boolean => (parts.get(key) ?? '') !== '';
  const addresses = ['TableEndpoint', 'QueueEndpoint'].map((key) => parts.get(key) ?? '');
  if (!addresses.every((address) => address === '' || isAddress(address))) return false;
  const named = addresses.every((address) => address !== '');
  if (!has('AccountKey') || !has('DefaultEndpointsProtocol')) return has('SharedAccessSignature') && named;
  const made = /^https?$/.test(parts.get('DefaultEndpointsProtocol') ?? '') && has('EndpointSuffix');
  return has('AccountName') && (named || made);
}

function partsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').map((part) => /^\s*([^=\s]+)=(.*)$/.exec(part));
  return new Map(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', (pair[2] ?? '').trim()] as const])));
}

function isAddress(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text);
}
