// Requests that no SDK client can make, sent over pipelines of our own. It loads with the SDK's clients.
import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type Pipeline,
} from '@azure/core-rest-pipeline';
import type { Connected } from './connection.ts';
import { requestTimeoutMs } from './wire.ts';

/** A request to a host that is not ARM. */
export interface PlainRequest {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

export interface PlainAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly bodyAsText?: string | null | undefined;
}

export interface PlainCalls {
  /** A GET on ARM, for members that the SDK models drop. Returns status and parsed body. */
  get(
    path: string,
    apiVersion: string,
    query?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  /** A POST on ARM without a body, for calls that no SDK has. Sent once; after a time-out, a read shows the effect. Returns the status. */
  post(path: string, apiVersion: string, query: Readonly<Record<string, string>>): Promise<number>;
  /** A request to a registry's own host, sent once, with the token that the caller puts on it. */
  send(request: PlainRequest): Promise<PlainAnswer>;
}

export function plainCalls(connection: Connected): PlainCalls {
  const { cloud, httpClient, patience, retryOptions } = connection;
  const pipeline = signedIn(connection, retryOptions.maxRetries);
  const writePipeline = signedIn(connection, 0);
  const once = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  once.addPolicy(patience, { afterPhase: 'Retry' });
  const urlOf = (path: string, apiVersion: string, query: Readonly<Record<string, string>>): string =>
    `${cloud.arm}${encodeURI(path)}?${new URLSearchParams({ 'api-version': apiVersion, ...query }).toString()}`;
  return {
    send: ({ headers = {}, ...request }) =>
      once.sendRequest(httpClient, createPipelineRequest({ ...request, headers: createHttpHeaders({ ...headers }) })),
    async post(path, apiVersion, query) {
      const url = urlOf(path, apiVersion, query);
      const request = createPipelineRequest({ url, method: 'POST', timeout: requestTimeoutMs });
      return (await writePipeline.sendRequest(httpClient, request)).status;
    },
    async get(path, apiVersion, query = {}) {
      const request = createPipelineRequest({ url: urlOf(path, apiVersion, query), timeout: requestTimeoutMs });
      const response = await pipeline.sendRequest(httpClient, request);
      const text = response.bodyAsText ?? '';
      return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    },
  };
}

function signedIn(
  { credential, armScope: scopes, patience, retryOptions }: Connected,
  maxRetries: number | undefined,
): Pipeline {
  const pipeline = createPipelineFromOptions({
    retryOptions: { ...retryOptions, ...(maxRetries === undefined ? {} : { maxRetries }) },
  });
  pipeline.addPolicy(patience, { afterPhase: 'Retry' });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { afterPhase: 'Retry' });
  return pipeline;
}
