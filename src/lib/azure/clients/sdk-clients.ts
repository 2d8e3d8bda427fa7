// The clients of Azure's SDK. This module is large, so only `clients.ts` imports it, when a request first needs one of its clients.
import { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { PrivateDnsManagementClient } from '@azure/arm-privatedns';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { HttpClient, PipelinePolicy, PipelineRetryOptions } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { LogsQueryClient } from '@azure/monitor-query-logs';
import type { CloudAddresses } from '../../words/cloud.ts';
import { appsVersion, newestAppsVersion } from './wire.ts';

/** The parts that every client of one connection shares. */
export interface Connection {
  readonly credential: TokenCredential;
  readonly cloud: CloudAddresses;
  /** The scope of a token for ARM. */
  readonly armScope: string;
  readonly httpClient: HttpClient;
  readonly patience: PipelinePolicy;
  /** How a read is tried again. A write is never sent again. */
  readonly retryOptions: PipelineRetryOptions;
}

export interface SdkClients {
  readonly graph: Pick<ResourceGraphClient, 'resources'>;
  apps(subscription: string): Promise<ContainerAppsAPIClient>;
  /** In the younger API version, which a region may not have yet. */
  newestApps(subscription: string): Promise<ContainerAppsAPIClient>;
  appsForWrites(subscription: string): Promise<ContainerAppsAPIClient>;
  registries(subscription: string): Promise<ContainerRegistryManagementClient>;
  authorization(subscription: string): Promise<AuthorizationManagementClient>;
  authorizationForWrites(subscription: string): Promise<AuthorizationManagementClient>;
  privateDns(subscription: string): Promise<PrivateDnsManagementClient>;
}

export type LogClient = Pick<LogsQueryClient, 'queryWorkspace' | 'queryResource'>;

/** Makes the clients of ARM. Each subscription has its own, made when it is first asked for. */
export function connectSdk(connection: Connection): SdkClients {
  const { credential, cloud, armScope, httpClient } = connection;
  const readOptions = readOptionsOf(connection);
  // A write is sent once. After a time-out, a read shows its effect; the write is never sent again.
  const writeOptions = { ...readOptions, retryOptions: { maxRetries: 0 } };
  const reads = { ...readOptions, cloudSetting: cloud.setting, httpClient };
  const writes = { ...writeOptions, cloudSetting: cloud.setting, httpClient };
  const ofApps = { apiVersion: appsVersion };
  // The client of role assignments takes no cloud, only an address.
  const authorization = { endpoint: cloud.arm, credentialScopes: armScope, httpClient };
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

/** Makes the client of Log Analytics, which takes an address and no cloud. `watch` sees every answer. */
export function connectLogs(connection: Connection, watch: PipelinePolicy): LogClient {
  const { credential, cloud, httpClient } = connection;
  const readOptions = readOptionsOf(connection);
  const logs = { endpoint: `${cloud.logs}/v1`, credentials: { scopes: [`${cloud.logs}/.default`] }, httpClient };
  const watched = [...readOptions.additionalPolicies, { policy: watch, position: 'perRetry' as const }];
  return new LogsQueryClient(credential, { ...readOptions, ...logs, additionalPolicies: watched });
}

function readOptionsOf({ patience, retryOptions }: Connection) {
  return { retryOptions, additionalPolicies: [{ policy: patience, position: 'perRetry' as const }] };
}

function remembered<T>(make: (subscription: string) => T): (subscription: string) => Promise<T> {
  const made = new Map<string, T>();
  return async (subscription) => {
    const known = made.get(subscription) ?? make(subscription);
    made.set(subscription, known);
    return known;
  };
}
