// The SDK clients. They are made once and shared, because a new client would ask for a new token.
import { AsyncLocalStorage } from 'node:async_hooks';
import { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { PrivateDnsManagementClient } from '@azure/arm-privatedns';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
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
import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { LogsQueryClient } from '@azure/monitor-query-logs';
import { addressesOf, type Cloud, type CloudAddresses } from '../../words/cloud.ts';
import { budgetKeyOf, type RequestBudget } from './budget.ts';
import { LookCapReached, OverBudget } from './reading.ts';

/** Time-out of one request, in real milliseconds. */
export const requestTimeoutMs = 20_000;
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

/**
 * The API version of Container Apps: every region has it. (The published resource types of August 2026 end with it; the younger one, which
 * the SDK speaks, came after them.)
 */
export const appsVersion = '2026-01-01';
/** The younger version, for what only it has: the subnet of an app in an Express environment. */
const newestAppsVersion = '2026-07-01';

export interface Clients {
  readonly graph: ResourceGraphClient;
  readonly logs: LogsQueryClient;
  apps(subscription: string): ContainerAppsAPIClient;
  /** In the younger API version, which a region may not have yet. */
  newestApps(subscription: string): ContainerAppsAPIClient;
  appsForWrites(subscription: string): ContainerAppsAPIClient;
  registries(subscription: string): ContainerRegistryManagementClient;
  authorization(subscription: string): AuthorizationManagementClient;
  authorizationForWrites(subscription: string): AuthorizationManagementClient;
  privateDns(subscription: string): PrivateDnsManagementClient;
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

function remembered<T>(make: (subscription: string) => T): (subscription: string) => T {
  const made = new Map<string, T>();
  return (subscription) => {
    const known = made.get(subscription) ?? make(subscription);
    made.set(subscription, known);
    return known;
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
  return connectWith(
    clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId }),
    addressesOf(cloud),
    budget,
  );
}

/** Connects with the caller's own sign-in: az login, environment variables or a managed identity. */
export function connectAsCaller(cloud: Cloud): Clients {
  return connectWith(new DefaultAzureCredential(), addressesOf(cloud));
}

/** Connects with a credential, over the network or over the HTTP client that a test passes instead. */
export function connectWith(
  credential: TokenCredential,
  cloud: CloudAddresses,
  budget?: RequestBudget,
  httpClient: HttpClient = createDefaultHttpClient(),
): Clients {
  const connection: Connection = { credential, cloud, httpClient, patience: patienceWith(cloud, budget) };
  return { ...sdkClients(connection), ...logClient(connection), ...plainCalls(connection) };
}

/** The parts that every client of one connection shares. */
interface Connection {
  readonly credential: TokenCredential;
  readonly cloud: CloudAddresses;
  readonly httpClient: HttpClient;
  readonly patience: PipelinePolicy;
}

type SdkClients = Omit<Clients, keyof ReturnType<typeof logClient> | keyof ReturnType<typeof plainCalls>>;

function armScope(cloud: CloudAddresses): string {
  return `${cloud.arm}/.default`;
}

function readOptionsOf({ patience }: Connection) {
  return { retryOptions, additionalPolicies: [{ policy: patience, position: 'perRetry' as const }] };
}

function sdkClients(connection: Connection): SdkClients {
  const { credential, cloud, httpClient } = connection;
  const readOptions = readOptionsOf(connection);
  // A write is sent once. After a time-out, a read shows its effect; the write is never sent again.
  const writeOptions = { ...readOptions, retryOptions: { maxRetries: 0 } };
  const reads = { ...readOptions, cloudSetting: cloud.setting, httpClient };
  const writes = { ...writeOptions, cloudSetting: cloud.setting, httpClient };
  const ofApps = { apiVersion: appsVersion };
  // The client of role assignments takes no cloud, only an address.
  const authorization = { endpoint: cloud.arm, credentialScopes: armScope(cloud), httpClient };
  return {
    graph: new ResourceGraphClient(credential, reads),
    apps: remembered((subscription) => new ContainerAppsAPIClient(credential, subscription, { ...reads, ...ofApps })),
    newestApps: remembered(
      (subscription) =>
        new ContainerAppsAPIClient(credential, subscription, { ...reads, apiVersion: newestAppsVersion }),
    ),
    appsForWrites: remembered(
      (subscription) => new ContainerAppsAPIClient(credential, subscription, { ...writes, ...ofApps }),
    ),
    registries: remembered((subscription) => new ContainerRegistryManagementClient(credential, subscription, reads)),
    authorization: remembered(
      (subscription) =>
        new AuthorizationManagementClient(credential, subscription, { ...readOptions, ...authorization }),
    ),
    authorizationForWrites: remembered(
      (subscription) =>
        new AuthorizationManagementClient(credential, subscription, { ...writeOptions, ...authorization }),
    ),
    privateDns: remembered((subscription) => new PrivateDnsManagementClient(credential, subscription, reads)),
  };
}

/** The client of Log Analytics, which takes an address and no cloud. It keeps the last answer for the health page. */
function logClient(connection: Connection): Pick<Clients, 'logs' | 'lastLogsAnswer'> {
  const { credential, cloud, httpClient } = connection;
  const readOptions = readOptionsOf(connection);
  const logs = { endpoint: `${cloud.logs}/v1`, credentials: { scopes: [`${cloud.logs}/.default`] }, httpClient };
  let lastLogs: LastAnswer | undefined;
  const watch = watching((last) => {
    lastLogs = last;
  });
  const watched = [...readOptions.additionalPolicies, { policy: watch, position: 'perRetry' as const }];
  return {
    logs: new LogsQueryClient(credential, { ...readOptions, ...logs, additionalPolicies: watched }),
    lastLogsAnswer: () => lastLogs,
  };
}

/** Requests that no SDK client can make, sent over pipelines of our own. */
function plainCalls({
  credential,
  cloud,
  httpClient,
  patience,
}: Connection): Pick<Clients, 'signIn' | 'send' | 'token' | 'post' | 'get'> {
  const scope = armScope(cloud);
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
