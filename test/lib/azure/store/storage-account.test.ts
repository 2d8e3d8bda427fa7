// The storage account of the settings, checked without the SDK: what the SDK takes must pass, and what it refuses must be said at the start.
import { TableClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { describe, expect, it } from 'vitest';
import { blobAccount, storageAccount } from '../../../../src/lib/azure/store/storage-account.ts';

const key = 'AccountName=stshop;AccountKey=c2VjcmV0';
const addresses = 'TableEndpoint=http://127.0.0.1:10002/st;QueueEndpoint=http://127.0.0.1:10001/st';
const usable = [
  'UseDevelopmentStorage=true',
  `DefaultEndpointsProtocol=https;${key};EndpointSuffix=core.windows.net`,
  `DefaultEndpointsProtocol=https;${key}==;EndpointSuffix=core.chinacloudapi.cn;`,
  `DefaultEndpointsProtocol=http;${key};${addresses};`,
  `${addresses};SharedAccessSignature=sv=2024-11-04&sig=a%3D`,
];
const unusable = [
  'connect to stshop, please',
  key,
  `DefaultEndpointsProtocol=https;${key}`,
  `DefaultEndpointsProtocol=ftp;${key};EndpointSuffix=core.windows.net`,
  'DefaultEndpointsProtocol=https;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net',
  'DefaultEndpointsProtocol=https;AccountName=stshop;AccountKey=;EndpointSuffix=core.windows.net',
  'SharedAccessSignature=sv=2024-11-04&sig=a%3D',
  'TableEndpoint=somewhere;QueueEndpoint=somewhere;SharedAccessSignature=sv=2024-11-04&sig=a%3D',
];

/** Whether both clients of the SDK connect with the text. */
function connects(text: string): boolean {
  try {
    QueueServiceClient.fromConnectionString(text);
    return URL.canParse(TableClient.fromConnectionString(text, 'pulses', { allowInsecureConnection: true }).url);
  } catch {
    return false;
  }
}

describe('a connection string', () => {
  it.each(usable)('that the SDK takes names the account: %s', (text) => {
    expect(storageAccount({ S: ` ${text} ` }, 'S')).toEqual({ by: 'string', connection: text });
    expect(connects(text)).toBe(true);
  });

  it.each(unusable)('that the SDK refuses is refused at the start, and is not quoted: %s', (text) => {
    expect(() => storageAccount({ S: text }, 'S')).toThrow(/^S is not a connection string\.$/);
    expect(connects(text)).toBe(false);
  });
});

describe('an account that is reached with an identity', () => {
  it('is named, or its addresses are', () => {
    const uris = { S__tableServiceUri: 'https://t.example', S__queueServiceUri: 'https://q.example' };

    expect(storageAccount({ S__accountName: 'stshop', S__clientId: ' ' }, 'S')).toEqual({
      by: 'identity',
      tables: 'https://stshop.table.core.windows.net',
      queues: 'https://stshop.queue.core.windows.net',
      blobs: 'https://stshop.blob.core.windows.net',
      clientId: undefined,
    });
    expect(storageAccount({ ...uris, S__clientId: 'one' }, 'S')).toEqual({
      by: 'identity',
      tables: 'https://t.example',
      queues: 'https://q.example',
      blobs: undefined,
      clientId: 'one',
    });
  });
});

describe('the blobs of an account', () => {
  const blobs = (env: Record<string, string>): unknown => blobAccount(storageAccount(env, 'S'));
  const identity = { S__tableServiceUri: 'https://t.example', S__queueServiceUri: 'https://q.example' };
  const named = 'DefaultEndpointsProtocol=https;AccountName=shop;EndpointSuffix=core.windows.net';
  const addresses = 'TableEndpoint=https://t.example;QueueEndpoint=https://q.example';

  it.each<[string, Record<string, string>, unknown]>([
    [
      'an identity and their address',
      { ...identity, S__blobServiceUri: 'https://b.example/' },
      { endpoint: 'https://b.example', signIn: { by: 'identity', clientId: undefined } },
    ],
    [
      'an account and its key',
      { S: `${named};AccountKey=a2V5` },
      { endpoint: 'https://shop.blob.core.windows.net', signIn: { by: 'key', account: 'shop', key: 'a2V5' } },
    ],
    [
      'an address of their own',
      { S: `${named};AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/shop` },
      { endpoint: 'http://127.0.0.1:1/shop', signIn: { by: 'key', account: 'shop', key: 'a2V5' } },
    ],
    [
      'a shared access signature',
      { S: `BlobEndpoint=https://b.example;${addresses};SharedAccessSignature=?sv=1&sig=x` },
      { endpoint: 'https://b.example', signIn: { by: 'signature', signature: 'sv=1&sig=x' } },
    ],
  ])('are found by %s', (_, env, found) => {
    expect(blobs(env)).toEqual(found);
  });

  it('are those of the emulator where the account is', () => {
    expect(blobs({ S: 'UseDevelopmentStorage=true' })).toMatchObject({
      endpoint: 'http://127.0.0.1:10000/devstoreaccount1',
      signIn: { account: 'devstoreaccount1' },
    });
  });

  it.each<[string, Record<string, string>]>([
    ['identity', identity],
    ['signature', { S: `${addresses};SharedAccessSignature=sv=1&sig=x` }],
  ])('are not found where only tables and queues have an address (%s)', (_, env) => {
    expect(blobs(env)).toBeUndefined();
  });
});
