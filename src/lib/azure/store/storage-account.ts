// Reads from the settings which storage account is meant, without the SDK: the start of the app checks the settings, and the SDK loads later.

/** How the settings name the account. */
export type StorageAccount =
  | { readonly by: 'string'; readonly connection: string }
  | {
      readonly by: 'identity';
      readonly tables: string;
      readonly queues: string;
      /** Only the archive of old histories needs blobs. */
      readonly blobs: string | undefined;
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
  const blobs =
    env[`${name}__blobServiceUri`]?.trim() || (account ? `https://${account}.blob.core.windows.net` : undefined);
  return { by: 'identity', tables, queues, blobs, clientId: env[`${name}__clientId`]?.trim() || undefined };
}

/** Where the blobs of an account are, and how to sign in there. */
export interface BlobAccount {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly signIn:
    | { readonly by: 'identity'; readonly clientId: string | undefined }
    | { readonly by: 'key'; readonly account: string; readonly key: string }
    /** A query that each request carries. */
    | { readonly by: 'signature'; readonly signature: string };
}

/** The blobs of the account; `undefined` where the settings do not say where they are. */
export function blobAccount(account: StorageAccount): BlobAccount | undefined {
  if (account.by === 'identity') {
    const { blobs, clientId } = account;
    return blobs === undefined ? undefined : { endpoint: withoutSlash(blobs), signIn: { by: 'identity', clientId } };
  }
  const parts = partsOf(account.connection.startsWith(emulator) ? emulatorInFull : account.connection);
  const name = parts.get('AccountName') ?? '';
  const suffix = parts.get('EndpointSuffix') ?? '';
  const made = name && suffix ? `${parts.get('DefaultEndpointsProtocol') ?? 'https'}://${name}.blob.${suffix}` : '';
  const endpoint = withoutSlash(parts.get('BlobEndpoint') || made);
  if (!isAddress(endpoint)) return undefined;
  const [key = '', signature = ''] = [parts.get('AccountKey'), parts.get('SharedAccessSignature')];
  if (name !== '' && key !== '') return { endpoint, signIn: { by: 'key', account: name, key } };
  return signature === ''
    ? undefined
    : { endpoint, signIn: { by: 'signature', signature: signature.replace(/^\?/, '') } };
}

function withoutSlash(address: string): string {
  return address.replace(/\/$/, '');
}

/** The connection string of the emulator on its usual ports, as the host spells it. */
export const emulator = 'UseDevelopmentStorage=true';
/** What it stands for. The key is the same everywhere: https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key */
const emulatorInFull =
  'AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1';

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
