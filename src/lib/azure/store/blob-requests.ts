// Append blobs over plain requests: the SDK of blobs would add a third to the bundle for the five that pullmedic sends. It loads with the first
// history that is archived, or read from the archive.
//
// Sources: the operations Get Container Properties, Create Container, Put Blob, Append Block and Get Blob of the REST API of Azure Storage
// (https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api).

import { createHmac } from 'node:crypto';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { AppendBlobs } from '../clients/append-blobs.ts';
import { managedIdentity } from '../clients/credential.ts';
import type { BlobAccount } from './storage-account.ts';
import type { StoragePatience } from './storage-later.ts';

/** The version of the protocol. Any from 2017-11-09 on takes a managed identity. */
const version = '2023-11-03';
/** https://learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory */
const storageScope = 'https://storage.azure.com/.default';

/** The append blobs of a container. Without `httpClient` requests go over the network. */
export function blobsOver(
  account: BlobAccount,
  container: string,
  patience: StoragePatience,
  httpClient: HttpClient = createDefaultHttpClient(),
): AppendBlobs {
  const send = sending(account, patience, httpClient);
  const pathOf = (name: string): string => `${container}/${encodeURIComponent(name)}`;
  return {
    async makeContainer() {
      // Who may write blobs need not be one who may make containers, so it is asked for first. What else that answers, the blobs will say.
      if (codeIn(await send('GET', container, 'restype=container')) !== 'ContainerNotFound') return;
      const made = await send('PUT', container, 'restype=container');
      if (made.status !== 201 && codeIn(made) !== 'ContainerAlreadyExists') throw failure(made);
    },
    async create(name) {
      // Put Blob makes an append blob empty, or changes nothing where there is a blob: If-None-Match holds for no blob of the name.
      const answer = await send('PUT', pathOf(name), '', {
        'x-ms-blob-type': 'AppendBlob',
        'content-type': 'text/tab-separated-values; charset=us-ascii',
        'if-none-match': '*',
      });
      if (answer.status === 201) return 'created';
      // Also where the answer to the first try of ours was lost.
      if (/^(?:BlobAlreadyExists|ConditionNotMet)$/.test(codeIn(answer))) return 'there';
      throw failure(answer);
    },
    async append(name, atByte, block) {
      const condition = { 'x-ms-blob-condition-appendpos': String(atByte), 'content-type': 'application/octet-stream' };
      const answer = await send('PUT', pathOf(name), 'comp=appendblock', condition, block);
      if (answer.status === 201) return 'appended';
      if (codeIn(answer) === 'AppendPositionConditionNotMet') return 'moved';
      throw failure(answer);
    },
    async read(name) {
      const answer = await send('GET', pathOf(name));
      if (answer.status === 200) return answer.bodyAsText ?? '';
      if (/^(?:Blob|Container)NotFound$/.test(codeIn(answer))) return undefined;
      throw failure(answer);
    },
  };
}

type Send = (
  method: 'GET' | 'PUT',
  path: string,
  asks?: string,
  headers?: Readonly<Record<string, string>>,
  body?: string,
) => Promise<PipelineResponse>;

/** Sends requests to the account, signed, and again where it is busy. */
function sending({ endpoint, signIn }: BlobAccount, { answerMs, pauseMs }: StoragePatience, client: HttpClient): Send {
  const retryOptions = { maxRetries: 3, retryDelayInMs: pauseMs, maxRetryDelayInMs: 8 * pauseMs };
  // Storage sends no request elsewhere, and a signature is for its own host.
  const pipeline = createPipelineFromOptions({ retryOptions, redirectOptions: { maxRetries: 0 } });
  const signs = signingBy(signIn);
  if (signs !== undefined) pipeline.addPolicy(signs, { afterPhase: 'Retry' });
  // The emulator. A token of an identity never goes over such a connection.
  const allowInsecureConnection = signIn.by !== 'identity' && endpoint.startsWith('http://');
  const signature = signIn.by === 'signature' ? signIn.signature : '';
  return (method, path, asks = '', more = {}, body) => {
    const query = [asks, signature].filter((part) => part !== '').join('&');
    const url = `${endpoint}/${path}${query === '' ? '' : `?${query}`}`;
    const length = method === 'PUT' ? { 'content-length': String(body?.length ?? 0) } : {};
    const headers = createHttpHeaders({ 'x-ms-version': version, ...more, ...length });
    const request = { url, method, headers, timeout: answerMs, allowInsecureConnection };
    return pipeline.sendRequest(client, createPipelineRequest(body === undefined ? request : { ...request, body }));
  };
}

/** Storage names the trouble in a header, whatever the form of the body. */
function codeIn({ headers }: PipelineResponse): string {
  return headers.get('x-ms-error-code') ?? '';
}

/** Status and code, never a body or an address. */
function failure(answer: PipelineResponse): RestError {
  const code = codeIn(answer);
  return new RestError(`Blob storage answered ${answer.status} ${code}`.trimEnd(), { statusCode: answer.status, code });
}

function signingBy(signIn: BlobAccount['signIn']): PipelinePolicy | undefined {
  switch (signIn.by) {
    case 'identity':
      return bearerTokenAuthenticationPolicy({ credential: managedIdentity(signIn.clientId), scopes: storageScope });
    case 'key':
      return sharedKey(signIn);
    case 'signature':
      return undefined;
  }
}

/** Signs each try: https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
function sharedKey({ account, key }: { readonly account: string; readonly key: string }): PipelinePolicy {
  return {
    name: 'pullmedic-shared-key',
    sendRequest(request, next) {
      request.headers.set('x-ms-date', new Date().toUTCString());
      const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(textToSign(account, request), 'utf8');
      request.headers.set('authorization', `SharedKey ${account}:${signature.digest('base64')}`);
      return next(request);
    },
  };
}

/** The headers of a request that a signature covers, in the order of the specification. A length of zero is left out. */
const signedHeaders = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
];

function textToSign(account: string, { method, headers, url }: PipelineRequest): string {
  const own = [...headers]
    .filter(([name]) => name.toLowerCase().startsWith('x-ms-'))
    .map(([name, value]) => `${name.toLowerCase()}:${value.trim()}`)
    .sort();
  const { pathname, searchParams } = new URL(url);
  const asked = [...searchParams].map(([name, value]) => `${name.toLowerCase()}:${value}`).sort();
  const standard = signedHeaders.map((name) => {
    const value = headers.get(name) ?? '';
    return name === 'content-length' && value === '0' ? '' : value;
  });
  return [method, ...standard, ...own, `/${account}${pathname}`, ...asked].join('\n');
}
