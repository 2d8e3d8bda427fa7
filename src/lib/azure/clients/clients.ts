// The connection to Azure. Clients are made once and shared, because a new client would ask for a new token. The SDK's clients and its
// sign-in load when they are first needed (docs/decisions/0009-what-loads-when.md).
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequestOptions,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { addressesOf, type Cloud, type CloudAddresses } from '../../words/cloud.ts';
import { budgetKeyOf, type RequestBudget } from './budget.ts';
import { managedIdentity } from './credential.ts';
import { LookCapReached, OverBudget } from './reading.ts';
import type { Connection, LogClient, SdkClients } from './sdk-clients.ts';
import { requestTimeoutMs } from './wire.ts';

/** The longest wait before a retry, whatever `Retry-After` asks for. If the retries fail, the fact is unreadable for now. Seconds. */
const longestRetryAfter = 5;
/** The longest time for which a 429 blocks the requests of all instances, whatever `Retry-After` says. Seconds. */
const longestBlock = 300;

const counters = new AsyncLocalStorage<{ calls: number; readonly maySend: () => boolean }>();

/** Runs a read and counts the requests that it sends, retries included. If `maySend` says no, a request throws {@link LookCapReached}. */
export async function counted<T>(
  read: () => Promise<T>,
  maySend: () => boolean = () => true,
): Promise<{ value: T; calls: number }> {
  const counter = { calls: 0, maySend };
  const value = await counters.run(counter, read);
  return { value, calls: counter.calls };
}

/** Headers in which Azure says how many requests it still allows. The smallest number counts. */
const remainingHeaders = ['x-ms-ratelimit-remaining-subscription-reads', 'x-ms-user-quota-remaining'];

/** Reads the limits from an answer of Azure: how long to wait after a refusal, and how many requests are left. */
function limitsOf(response: PipelineResponse): { waitMs?: number; remaining?: number } {
  const left = remainingHeaders.flatMap((name) => {
    const said = response.headers.get(name);
    return said !== undefined && /^\d{1,9}$/.test(said) ? [Number(said)] : [];
  });
  const seconds = Number(response.headers.get('retry-after') ?? 1);
  return {
    ...(left.length === 0 ? {} : { remaining: Math.min(...left) }),
    ...(response.status === 429 ? { waitMs: 1000 * Math.min(Math.max(seconds, 1) || 1, longestBlock) } : {}),
  };
}

/**
 * Waits for the budget, counts requests, and shortens a long `Retry-After`, because the SDK's own policy obeys it without a limit. The
 * budget gets the full time (at most `longestBlock`), so that no instance asks again before it is over.
 */
function patienceWith(cloud: CloudAddresses, budget: RequestBudget | undefined): PipelinePolicy {
  return {
    name: 'pullmedic-patience',
    async sendRequest(request, next) {
      const counter = counters.getStore();
      if (counter?.maySend() === false) throw new LookCapReached('The look has sent as many requests as it may.');
      const key = budget === undefined ? undefined : budgetKeyOf(request, cloud);
      if (key !== undefined && (await budget?.take(key)) === false) throw new OverBudget('The budget is spent.');
      if (counter !== undefined) counter.calls += 1;
      const response = await next(request);
      if (key !== undefined) await budget?.heard(key, limitsOf(response));
      const asked = response.headers.get('retry-after');
      if (asked !== undefined && !(Number(asked) <= longestRetryAfter))
        response.headers.set('retry-after', String(longestRetryAfter));
      return response;
    },
  };
}

const retryOptions = { maxRetries: 2, retryDelayInMs: 400, maxRetryDelayInMs: 3000 };

export interface Clients extends SdkClients {
  readonly logs: LogClient;
  /** A GET on ARM, for members that the SDK models drop. Returns status and parsed body. */
  get(
    path: string,
    apiVersion: string,
    query?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  /** A POST on ARM without a body, for calls that no SDK has. Sent once; after a time-out, a read shows the effect. Returns the status. */
  post(path: string, apiVersion: string, query: Readonly<Record<string, string>>): Promise<number>;
  /** A request to a registry's own host, sent once, with the token that the caller puts on it. */
  send(request: PipelineRequestOptions): Promise<PipelineResponse>;
  /** An Entra token of our own identity. Never logged, never sent to a host that ARM did not name. */
  token(scope: string): Promise<string>;
  /** Signs in to ARM with our own identity. Rejects if that fails. */
  signIn(abortSignal: AbortSignal): Promise<void>;
  /** The last answer of Log Analytics. `answered` is true unless it was a server error or silence. */
  lastLogsAnswer(): LastAnswer | undefined;
}

interface LastAnswer {
  readonly atMs: number;
  readonly answered: boolean;
}

/** Remembers whether a service answered. A refusal counts as an answer; a server error and silence do not. */
function watching(seen: (last: LastAnswer) => void): PipelinePolicy {
  return {
    name: 'pullmedic-watching',
    async sendRequest(request, next) {
      try {
        const response = await next(request);
        seen({ atMs: Date.now(), answered: response.status < 500 });
        return response;
      } catch (error) {
        seen({ atMs: Date.now(), answered: false });
        throw error;
      }
    },
  };
}

function rawPipeline(
  credential: TokenCredential,
  scopes: string,
  patience: PipelinePolicy,
  maxRetries = retryOptions.maxRetries,
): Pipeline {
  const pipeline = createPipelineFromOptions({ retryOptions: { ...retryOptions, maxRetries } });
  pipeline.addPolicy(patience, { afterPhase: 'Retry' });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { afterPhase: 'Retry' });
  return pipeline;
}

/** Connects with the function app's own managed identity, within the budget of all instances. */
export function connect(clientId: string | undefined, cloud: Cloud, budget?: RequestBudget): Clients {
  return connectWith(managedIdentity(clientId), addressesOf(cloud), budget);
}

/** Connects with a credential, over the network or over the HTTP client that a test passes instead. */
export function connectWith(
  credential: TokenCredential,
  cloud: CloudAddresses,
  budget?: RequestBudget,
  httpClient: HttpClient = createDefaultHttpClient(),
): Clients {
  const armScope = `${cloud.arm}/.default`;
  const patience = patienceWith(cloud, budget);
  const connection: Connection = { credential, cloud, armScope, httpClient, patience, retryOptions };
  return { ...sdkClients(connection), ...logClient(connection), ...plainCalls(connection) };
}

/** Clients of ARM that load with the first request to one of them, all together: one look needs most of them. */
function sdkClients(connection: Connection): SdkClients {
  let loading: Promise<SdkClients> | undefined;
  const load = () => (loading ??= import('./sdk-clients.ts').then((sdk) => sdk.connectSdk(connection)));
  return {
    graph: { resources: async (...asked) => (await load()).graph.resources(...asked) },
    apps: async (subscription) => (await load()).apps(subscription),
    newestApps: async (subscription) => (await load()).newestApps(subscription),
    appsForWrites: async (subscription) => (await load()).appsForWrites(subscription),
    registries: async (subscription) => (await load()).registries(subscription),
    authorization: async (subscription) => (await load()).authorization(subscription),
    authorizationForWrites: async (subscription) => (await load()).authorizationForWrites(subscription),
    privateDns: async (subscription) => (await load()).privateDns(subscription),
  };
}

/** The client of Log Analytics, loaded with the first query. It keeps the last answer for the health page. */
function logClient(connection: Connection): Pick<Clients, 'logs' | 'lastLogsAnswer'> {
  let lastLogs: LastAnswer | undefined;
  const watch = watching((last) => {
    lastLogs = last;
  });
  let loading: Promise<LogClient> | undefined;
  const load = () => (loading ??= import('./sdk-clients.ts').then((sdk) => sdk.connectLogs(connection, watch)));
  return {
    logs: {
      queryWorkspace: async (...asked) => (await load()).queryWorkspace(...asked),
      queryResource: async (...asked) => (await load()).queryResource(...asked),
    },
    lastLogsAnswer: () => lastLogs,
  };
}

/** Requests that no SDK client can make, sent over pipelines of our own. */
function plainCalls({
  credential,
  cloud,
  armScope: scope,
  httpClient,
  patience,
}: Connection): Pick<Clients, 'signIn' | 'send' | 'token' | 'post' | 'get'> {
  const pipeline = rawPipeline(credential, scope, patience);
  const writePipeline = rawPipeline(credential, scope, patience, 0);
  const once = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  once.addPolicy(patience, { afterPhase: 'Retry' });
  const urlOf = (path: string, apiVersion: string, query: Readonly<Record<string, string>>): string =>
    `${cloud.arm}${encodeURI(path)}?${new URLSearchParams({ 'api-version': apiVersion, ...query }).toString()}`;
  return {
    async signIn(abortSignal) {
      await credential.getToken(scope, { abortSignal });
    },
    send: (request) => once.sendRequest(httpClient, createPipelineRequest(request)),
    async token(wanted) {
      const token = await credential.getToken(wanted);
      if (token === null) throw new Error('There is no token of our own identity.');
      return token.token;
    },
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
