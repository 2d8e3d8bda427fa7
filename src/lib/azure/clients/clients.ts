// The connection to Azure. Clients are made once and shared, because a new client would ask for a new token. The SDK's clients and its
// sign-in load when they are first needed (docs/decisions/0009-what-loads-when.md).
import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpClient, PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { LookContext } from '../../evidence/reads.ts';
import { addressesOf, type Cloud, type CloudAddresses } from '../../words/cloud.ts';
import { budgetKeyOf, type RequestBudget } from './budget.ts';
import type { Connection } from './connection.ts';
import { managedIdentity } from './credential.ts';
import { LookCapReached, OverBudget } from './reading.ts';
import type { LoadedClients } from './sdk-clients.ts';

/** The longest wait before a retry, whatever `Retry-After` asks for. If the retries fail, the fact is unreadable for now. Seconds. */
const longestRetryAfter = 5;
/** The longest time for which a 429 blocks the requests of all instances, whatever `Retry-After` says. Seconds. */
const longestBlock = 300;

const counters = new AsyncLocalStorage<{ calls: number; readonly maySend: LookContext['maySend'] }>();

/** Runs a read and counts the requests that it sends, retries included. If `maySend` says no, a request throws {@link LookCapReached}. */
export async function counted<T>(
  read: () => Promise<T>,
  maySend?: LookContext['maySend'],
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
      if (counter?.maySend?.() === false) throw new LookCapReached('The look has sent as many requests as it may.');
      const key = budget === undefined ? undefined : budgetKeyOf(request, cloud);
      if (key !== undefined && (await budget?.take(key, counter?.maySend)) === false)
        throw new OverBudget('The budget is spent.');
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

export interface Clients extends LoadedClients {
  /** An Entra token of our own identity. Never logged, never sent to a host that ARM did not name. */
  token(scope: string): Promise<string>;
  /** Signs in to ARM with our own identity. Rejects if that fails. */
  signIn(abortSignal: AbortSignal): Promise<void>;
  /** The HTTP client that a test passes; absent where requests go over the network. */
  readonly httpClient?: HttpClient;
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

/** Connects with the function app's own managed identity, within the budget of all instances. */
export function connect(clientId: string | undefined, cloud: Cloud, budget?: RequestBudget): Clients {
  return connectWith(managedIdentity(clientId), addressesOf(cloud), budget);
}

/** Connects with a credential, over the network or over the HTTP client that a test passes instead. */
export function connectWith(
  credential: TokenCredential,
  cloud: CloudAddresses,
  budget?: RequestBudget,
  httpClient?: HttpClient,
): Clients {
  const armScope = `${cloud.arm}/.default`;
  const patience = patienceWith(cloud, budget);
  let lastLogs: LastAnswer | undefined;
  const watch = watching((last) => {
    lastLogs = last;
  });
  const connection: Connection = { credential, cloud, armScope, httpClient, patience, watch, retryOptions };
  return {
    ...clientsLater(connection),
    async signIn(abortSignal) {
      await credential.getToken(armScope, { abortSignal });
    },
    async token(wanted) {
      const token = await credential.getToken(wanted);
      if (token === null) throw new Error('There is no token of our own identity.');
      return token.token;
    },
    ...(httpClient === undefined ? {} : { httpClient }),
    lastLogsAnswer: () => lastLogs,
  };
}

/** Clients that load with the first request to one of them, all together: one look needs most of them. */
function clientsLater(connection: Connection): LoadedClients {
  let loading: Promise<LoadedClients> | undefined;
  const load = () => (loading ??= import('./sdk-clients.ts').then((sdk) => sdk.connectAll(connection)));
  return {
    graph: { resources: async (...asked) => (await load()).graph.resources(...asked) },
    apps: async (subscription) => (await load()).apps(subscription),
    newestApps: async (subscription) => (await load()).newestApps(subscription),
    appsForWrites: async (subscription) => (await load()).appsForWrites(subscription),
    registries: async (subscription) => (await load()).registries(subscription),
    authorization: async (subscription) => (await load()).authorization(subscription),
    authorizationForWrites: async (subscription) => (await load()).authorizationForWrites(subscription),
    privateDns: async (subscription) => (await load()).privateDns(subscription),
    logs: {
      queryWorkspace: async (...asked) => (await load()).logs.queryWorkspace(...asked),
      queryResource: async (...asked) => (await load()).logs.queryResource(...asked),
    },
    get: async (...asked) => (await load()).get(...asked),
    post: async (...asked) => (await load()).post(...asked),
    send: async (...asked) => (await load()).send(...asked),
  };
}
