// The clients of Azure's SDK. This module is large, so only `clients.ts` imports it, when a request first needs one of its clients.
// Only the operations that pullmedic calls are imported: the whole clients of ARM would make the bundle a third of a megabyte larger.
import type { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { createContainerAppsAPI } from '@azure/arm-appcontainers/api';
import {
  get as getApp,
  listByResourceGroup,
  listBySubscription,
  update,
} from '@azure/arm-appcontainers/api/containerApps';
import { listReplicas } from '@azure/arm-appcontainers/api/containerAppsRevisionReplicas';
import { restartRevision } from '@azure/arm-appcontainers/api/containerAppsRevisions';
import {
  get as getJob,
  listByResourceGroup as listJobsByResourceGroup,
  listBySubscription as listJobsBySubscription,
  start as startJob,
} from '@azure/arm-appcontainers/api/jobs';
import { list as listExecutions } from '@azure/arm-appcontainers/api/jobsExecutions';
import { get as getEnvironment } from '@azure/arm-appcontainers/api/managedEnvironments';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import type { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { createContainerRegistryManagement } from '@azure/arm-containerregistry/api';
import { list as listCacheRules } from '@azure/arm-containerregistry/api/cacheRules';
import { list as listCredentialSets } from '@azure/arm-containerregistry/api/credentialSets';
import { get as getRegistry } from '@azure/arm-containerregistry/api/registries';
import { get as getToken } from '@azure/arm-containerregistry/api/tokens';
import type { PrivateDnsManagementClient } from '@azure/arm-privatedns';
import { createPrivateDnsManagement } from '@azure/arm-privatedns/api';
import { listByType } from '@azure/arm-privatedns/api/recordSets';
import { list as listLinks } from '@azure/arm-privatedns/api/virtualNetworkLinks';
import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { createResourceGraph, resources } from '@azure/arm-resourcegraph/api';
import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import { LogsQueryClient } from '@azure/monitor-query-logs';
import { latest } from '../../words/latest.ts';
import type { Connected, Connection } from './connection.ts';
import { type PlainCalls, plainCalls } from './plain-calls.ts';
import { appsVersion, newestAppsVersion } from './wire.ts';

/** What pullmedic calls on Container Apps. */
export interface AppsClient {
  readonly containerApps: Pick<
    ContainerAppsAPIClient['containerApps'],
    'get' | 'listByResourceGroup' | 'listBySubscription' | 'update'
  >;
  readonly containerAppsRevisions: Pick<ContainerAppsAPIClient['containerAppsRevisions'], 'restartRevision'>;
  readonly containerAppsRevisionReplicas: Pick<ContainerAppsAPIClient['containerAppsRevisionReplicas'], 'listReplicas'>;
  readonly managedEnvironments: Pick<ContainerAppsAPIClient['managedEnvironments'], 'get'>;
  readonly jobs: Pick<ContainerAppsAPIClient['jobs'], 'get' | 'listByResourceGroup' | 'listBySubscription' | 'start'>;
  readonly jobsExecutions: Pick<ContainerAppsAPIClient['jobsExecutions'], 'list'>;
}

/** What pullmedic calls on Container Registry. */
export interface RegistriesClient {
  readonly registries: Pick<ContainerRegistryManagementClient['registries'], 'get'>;
  readonly tokens: Pick<ContainerRegistryManagementClient['tokens'], 'get'>;
  readonly cacheRules: Pick<ContainerRegistryManagementClient['cacheRules'], 'list'>;
  readonly credentialSets: Pick<ContainerRegistryManagementClient['credentialSets'], 'list'>;
}

/** What pullmedic calls on private DNS zones. */
export interface PrivateDnsClient {
  readonly recordSets: Pick<PrivateDnsManagementClient['recordSets'], 'listByType'>;
  readonly virtualNetworkLinks: Pick<PrivateDnsManagementClient['virtualNetworkLinks'], 'list'>;
}

export interface SdkClients {
  readonly graph: Pick<ResourceGraphClient, 'resources'>;
  apps(subscription: string): Promise<AppsClient>;
  /** In the younger API version, which a region may not have yet. */
  newestApps(subscription: string): Promise<AppsClient>;
  appsForWrites(subscription: string): Promise<AppsClient>;
  registries(subscription: string): Promise<RegistriesClient>;
  authorization(subscription: string): Promise<AuthorizationManagementClient>;
  authorizationForWrites(subscription: string): Promise<AuthorizationManagementClient>;
  privateDns(subscription: string): Promise<PrivateDnsClient>;
}

export type LogClient = Pick<LogsQueryClient, 'queryWorkspace' | 'queryResource'>;

export interface LoadedClients extends SdkClients, PlainCalls {
  readonly logs: LogClient;
}

/** Makes every client of the connection. */
export function connectAll(connection: Connection): LoadedClients {
  const connected = { ...connection, httpClient: connection.httpClient ?? createDefaultHttpClient() };
  return { ...connectSdk(connected), ...plainCalls(connected), logs: connectLogs(connected) };
}

/** Makes the clients of ARM. Each subscription has its own, made when it is first asked for. */
function connectSdk(connection: Connected): SdkClients {
  const { credential, cloud, armScope, httpClient } = connection;
  const readOptions = readOptionsOf(connection);
  // A write is sent once. After a time-out, a read shows its effect; the write is never sent again.
  const writeOptions = { ...readOptions, retryOptions: { maxRetries: 0 } };
  const reads = { ...readOptions, cloudSetting: cloud.setting, httpClient };
  const writes = { ...writeOptions, cloudSetting: cloud.setting, httpClient };
  // The client of role assignments takes no cloud, only an address.
  const authorization = { endpoint: cloud.arm, credentialScopes: armScope, httpClient };
  const apps = (options: typeof reads, apiVersion: string) =>
    remembered((subscription) =>
      appsClient(createContainerAppsAPI(credential, subscription, { ...options, apiVersion })),
    );
  // The queries name their subscriptions, so the context has none.
  const graph = createResourceGraph(credential, '', reads);
  return {
    graph: { resources: (...asked) => resources(graph, ...asked) },
    apps: apps(reads, appsVersion),
    newestApps: apps(reads, newestAppsVersion),
    appsForWrites: apps(writes, appsVersion),
    registries: remembered((subscription) =>
      registriesClient(createContainerRegistryManagement(credential, subscription, reads)),
    ),
    authorization: remembered(
      (subscription) =>
        new AuthorizationManagementClient(credential, subscription, { ...readOptions, ...authorization }),
    ),
    authorizationForWrites: remembered(
      (subscription) =>
        new AuthorizationManagementClient(credential, subscription, { ...writeOptions, ...authorization }),
    ),
    privateDns: remembered((subscription) => {
      const context = createPrivateDnsManagement(credential, subscription, reads);
      return {
        recordSets: { listByType: (...asked) => listByType(context, ...asked) },
        virtualNetworkLinks: { list: (...asked) => listLinks(context, ...asked) },
      };
    }),
  };
}

function appsClient(context: ReturnType<typeof createContainerAppsAPI>): AppsClient {
  return {
    containerApps: {
      get: (...asked) => getApp(context, ...asked),
      listByResourceGroup: (...asked) => listByResourceGroup(context, ...asked),
      listBySubscription: (...asked) => listBySubscription(context, ...asked),
      update: (...asked) => update(context, ...asked),
    },
    containerAppsRevisions: { restartRevision: (...asked) => restartRevision(context, ...asked) },
    containerAppsRevisionReplicas: { listReplicas: (...asked) => listReplicas(context, ...asked) },
    managedEnvironments: { get: (...asked) => getEnvironment(context, ...asked) },
    jobs: {
      get: (...asked) => getJob(context, ...asked),
      listByResourceGroup: (...asked) => listJobsByResourceGroup(context, ...asked),
      listBySubscription: (...asked) => listJobsBySubscription(context, ...asked),
      start: (...asked) => startJob(context, ...asked),
    },
    jobsExecutions: { list: (...asked) => listExecutions(context, ...asked) },
  };
}

function registriesClient(context: ReturnType<typeof createContainerRegistryManagement>): RegistriesClient {
  return {
    registries: { get: (...asked) => getRegistry(context, ...asked) },
    tokens: { get: (...asked) => getToken(context, ...asked) },
    cacheRules: { list: (...asked) => listCacheRules(context, ...asked) },
    credentialSets: { list: (...asked) => listCredentialSets(context, ...asked) },
  };
}

/** Makes the client of Log Analytics, which takes an address and no cloud. */
function connectLogs(connection: Connected): LogClient {
  const { credential, cloud, httpClient, watch } = connection;
  const readOptions = readOptionsOf(connection);
  const logs = { endpoint: `${cloud.logs}/v1`, credentials: { scopes: [`${cloud.logs}/.default`] }, httpClient };
  const watched = [...readOptions.additionalPolicies, { policy: watch, position: 'perRetry' as const }];
  return new LogsQueryClient(credential, { ...readOptions, ...logs, additionalPolicies: watched });
}

function readOptionsOf({ patience, retryOptions }: Connected) {
  return { retryOptions, additionalPolicies: [{ policy: patience, position: 'perRetry' as const }] };
}

/** How many clients of a kind are kept. An identity, a zone or a network may lie in any subscription of the tenant. */
const mostClients = 200;

/** One client for each subscription. One that was forgotten is made anew. */
function remembered<T>(make: (subscription: string) => T): (subscription: string) => Promise<T> {
  const made = latest<string, T>(mostClients);
  return async (subscription) => {
    const known = made.get(subscription) ?? make(subscription);
    made.put(subscription, known);
    return known;
  };
}
