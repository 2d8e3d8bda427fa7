// Append blobs over plain requests, as the emulator of storage and a model of what it does not play answer them.
import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Storage, startStorage } from '../../../../local/storage.ts';
import type { AppendBlobs } from '../../../../src/lib/azure/clients/append-blobs.ts';
import { mostBytesOfBlock } from '../../../../src/lib/azure/store/archive-text.ts';
import { blobsOver } from '../../../../src/lib/azure/store/blob-requests.ts';
import { blobAccount, storageAccount } from '../../../../src/lib/azure/store/storage-account.ts';
import { storageConnection } from '../../../../src/lib/azure/store/storage-connection.ts';

const patience = { answerMs: 5000, pauseMs: 1 };
let azurite: Storage;

beforeAll(async () => {
  azurite = await startStorage(['blobs']);
});

afterAll(() => azurite.stop());

function inAzurite(container: string): AppendBlobs {
  const blobs = storageConnection({ S: azurite.connection('blobs') }, 'S').blobs?.(container);
  if (blobs === undefined) throw new Error('The connection string names no blobs.');
  return blobs;
}

describe('an append blob in Azurite', () => {
  it('is made once, in a container that is there, and holds what is added to it', async () => {
    const blobs = inAzurite('made');
    expect(await blobs.read('one.tsv')).toBeUndefined();
    await expect(blobs.create('one.tsv')).rejects.toMatchObject({ statusCode: 404, code: 'ContainerNotFound' });
    await blobs.makeContainer();
    await blobs.makeContainer();

    expect(await blobs.create('one.tsv')).toBe('created');
    expect(await blobs.read('one.tsv')).toBe('');
    expect(await blobs.append('one.tsv', 0, 'first\n')).toBe('appended');
    expect(await blobs.append('one.tsv', 6, 'second\n')).toBe('appended');

    expect(await blobs.create('one.tsv')).toBe('there');
    expect(await blobs.read('one.tsv')).toBe('first\nsecond\n');
    expect(await blobs.read('two.tsv')).toBeUndefined();
  });

  it('takes one of two writers who add at the same place', async () => {
    const blobs = inAzurite('race');
    await blobs.makeContainer();
    await blobs.create('one.tsv');

    const answers = await Promise.all(['left\n', 'rest\n'].map((block) => blobs.append('one.tsv', 0, block)));

    expect(answers.toSorted()).toEqual(['appended', 'moved']);
    expect(await blobs.read('one.tsv')).toHaveLength(5);
  });

  it('is made by one of two writers', async () => {
    await Promise.all([1, 2].map(() => inAzurite('both').makeContainer()));

    const answers = await Promise.all([1, 2].map(() => inAzurite('both').create('one.tsv')));

    expect(answers.toSorted()).toEqual(['created', 'there']);
  });

  it('takes a block of the largest size', async () => {
    const blobs = inAzurite('large');
    await blobs.makeContainer();
    await blobs.create('one.tsv');

    expect(await blobs.append('one.tsv', 0, 'x'.repeat(mostBytesOfBlock))).toBe('appended');
    expect((await blobs.read('one.tsv'))?.length).toBe(mostBytesOfBlock);
  });

  it('cannot be added to where it is missing', async () => {
    await expect(inAzurite('missing').append('one.tsv', 0, 'x')).rejects.toMatchObject({ statusCode: 404 });
  });

  it('refuses a key that is not the one of the account', async () => {
    const account = blobAccount(storageAccount({ S: azurite.connection('blobs') }, 'S'));
    if (account?.signIn.by !== 'key') throw new Error('The connection string names no key.');
    const blobs = blobsOver({ ...account, signIn: { ...account.signIn, key: 'bm90IHRoZSBrZXk=' } }, 'made', patience);

    await expect(blobs.read('one.tsv')).rejects.toMatchObject({ statusCode: 403 });
  });
});

interface Said {
  readonly status: number;
  readonly code?: string;
  readonly body?: string;
}

/** Blobs whose storage gives these answers, one after another, and the requests that it got. */
function answering(...answers: readonly Said[]): { blobs: AppendBlobs; requests: PipelineRequest[] } {
  const requests: PipelineRequest[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const { status, code, body } = answers[requests.length] ?? answers.at(-1) ?? { status: 500 };
      requests.push(request);
      const headers = createHttpHeaders(code === undefined ? {} : { 'x-ms-error-code': code });
      return { request, status, headers, ...(body === undefined ? {} : { bodyAsText: body }) };
    },
  };
  const account = { endpoint: 'https://b.example', signIn: { by: 'signature', signature: 'sv=1&sig=x' } } as const;
  return { blobs: blobsOver(account, 'archive', patience, httpClient), requests };
}

describe('a request for a blob', () => {
  it('carries the signature of the account, and names the version of the protocol', async () => {
    const { blobs, requests } = answering({ status: 200, body: 'text' });

    expect(await blobs.read('one.tsv')).toBe('text');
    expect(requests[0]?.url).toBe('https://b.example/archive/one.tsv?sv=1&sig=x');
    expect(requests[0]?.headers.get('x-ms-version')).toBe('2023-11-03');
  });

  it('adds only where the blob has exactly so many bytes', async () => {
    const { blobs, requests } = answering({ status: 201 });

    await blobs.append('one.tsv', 17, 'line\n');

    expect(requests[0]?.url).toContain('comp=appendblock');
    expect(requests[0]?.headers.get('x-ms-blob-condition-appendpos')).toBe('17');
  });

  it('makes a blob only where there is none', async () => {
    const { blobs, requests } = answering({ status: 201 });

    await blobs.create('one.tsv');

    expect(requests[0]?.headers.get('if-none-match')).toBe('*');
    expect(requests[0]?.headers.get('x-ms-blob-type')).toBe('AppendBlob');
  });

  it('is sent again when storage is busy', async () => {
    const { blobs, requests } = answering({ status: 503, code: 'ServerBusy' }, { status: 200, body: 'text' });

    expect(await blobs.read('one.tsv')).toBe('text');
    expect(requests).toHaveLength(2);
  });

  it.each<[string, (blobs: AppendBlobs) => Promise<unknown>, Said]>([
    ['a read that is refused', (blobs) => blobs.read('a'), { status: 403, code: 'AuthorizationPermissionMismatch' }],
    ['a read of an account that is not there', (blobs) => blobs.read('a'), { status: 404, code: 'ResourceNotFound' }],
    [
      'a block for a blob of another type',
      (blobs) => blobs.append('a', 0, 'x'),
      { status: 409, code: 'InvalidBlobType' },
    ],
    ['a blob under a lease', (blobs) => blobs.create('a'), { status: 412, code: 'LeaseIdMissing' }],
    ['a container that is being deleted', (blobs) => blobs.create('a'), { status: 409, code: 'ContainerBeingDeleted' }],
  ])('fails with status and code, and shows no address: %s', async (_, ask, said) => {
    const { blobs } = answering(said);
    const failed = ask(blobs);

    await expect(failed).rejects.toMatchObject({ statusCode: said.status, code: said.code });
    await expect(failed).rejects.not.toThrow(/b\.example|sig=/);
  });

  it('makes no container: one that somebody deleted could not be restored beside it', async () => {
    const { blobs, requests } = answering({ status: 404, code: 'ContainerNotFound' });

    await expect(blobs.create('a')).rejects.toMatchObject({ statusCode: 404, code: 'ContainerNotFound' });
    expect(requests.map(({ method }) => method)).toEqual(['PUT']);
  });
});

describe('a request for the container', () => {
  const made: Said = { status: 201 };
  const missing: Said = { status: 404, code: 'ContainerNotFound' };

  it.each<[string, readonly Said[], readonly string[]]>([
    ['is there', [{ status: 200 }], ['GET']],
    ['may not be looked at, and may be there', [{ status: 403, code: 'AuthorizationPermissionMismatch' }], ['GET']],
    ['is missing', [missing, made], ['GET', 'PUT']],
    [
      'was made by another instance in this moment',
      [missing, { status: 409, code: 'ContainerAlreadyExists' }],
      ['GET', 'PUT'],
    ],
  ])('makes one only where it is missing: it %s', async (_, answers, methods) => {
    const { blobs, requests } = answering(...answers);

    await blobs.makeContainer();

    expect(requests.map(({ method }) => method)).toEqual(methods);
    expect(requests[0]?.url).toBe('https://b.example/archive?restype=container&sv=1&sig=x');
  });

  it('fails where it cannot be made', async () => {
    const { blobs } = answering(missing, { status: 403, code: 'AuthorizationPermissionMismatch' });

    await expect(blobs.makeContainer()).rejects.toMatchObject({ statusCode: 403 });
  });
});
