// The operations of Azure that the templates name, as Azure publishes them. A role with an operation that Azure does not know is refused
// (400 `InvalidActionOrNotAction`), and an event filter with one matches nothing.
//
// Source of each list: Microsoft Learn, "Azure resource provider operations", the section of the provider; the same list comes from
//   az provider operation show --namespace PROVIDER
// Only what the templates use is copied here. Before an operation is added, it has to be found there, letter by letter.

interface Provider {
  /** The page under "Azure permissions by category" on Microsoft Learn. */
  readonly source: string;
  readonly operations: readonly string[];
  readonly dataOperations?: readonly string[];
}

const provider: Readonly<Record<string, Provider>> = {
  'Microsoft.AlertsManagement': {
    source: 'Azure permissions for Monitor',
    operations: ['alerts/changestate/action', 'alerts/read'],
  },
  'Microsoft.App': {
    source: 'Azure permissions for Containers',
    operations: [
      'containerApps/delete',
      'containerApps/read',
      'containerApps/revisions/activate/action',
      'containerApps/revisions/deactivate/action',
      'containerApps/revisions/read',
      'containerApps/revisions/replicas/read',
      'containerApps/revisions/restart/action',
      'containerApps/start/action',
      'containerApps/stop/action',
      'containerApps/write',
      'jobs/delete',
      'jobs/executions/read',
      'jobs/read',
      'jobs/start/action',
      'jobs/write',
      'managedEnvironments/read',
      'sessionPools/read',
    ],
  },
  'Microsoft.Authorization': {
    source: 'Azure permissions for Management and governance',
    operations: [
      'denyAssignments/read',
      'roleAssignments/delete',
      'roleAssignments/read',
      'roleAssignments/write',
      'roleDefinitions/read',
      'roleDefinitions/write',
    ],
  },
  'Microsoft.ContainerInstance': {
    source: 'Azure permissions for Containers',
    operations: [
      'containerGroups/delete',
      'containerGroups/read',
      'containerGroups/restart/action',
      'containerGroups/start/action',
      'containerGroups/stop/action',
      'containerGroups/write',
    ],
  },
  'Microsoft.ContainerRegistry': {
    source: 'Azure permissions for Containers',
    operations: [
      'registries/cacheRules/read',
      'registries/credentialSets/read',
      'registries/generateCredentials/action',
      'registries/privateEndpointConnections/write',
      'registries/pull/read',
      'registries/read',
      'registries/regenerateCredential/action',
      'registries/tokens/read',
      'registries/tokens/write',
      'registries/write',
    ],
    dataOperations: ['registries/repositories/content/read', 'registries/repositories/metadata/read'],
  },
  'Microsoft.Insights': {
    // This section has `Logs/…/read` for many tables, and none for ContainerAppSystemLogs: workspaces are asked for their logs.
    source: 'Azure permissions for Monitor',
    operations: ['eventtypes/values/Read', 'ScheduledQueryRules/disable/action'],
  },
  'Microsoft.KeyVault': {
    source: 'Azure permissions for Security',
    operations: ['vaults/read'],
  },
  'Microsoft.ManagedIdentity': {
    source: 'Azure permissions for Identity',
    operations: [
      'userAssignedIdentities/federatedIdentityCredentials/read',
      'userAssignedIdentities/read',
      'userAssignedIdentities/write',
    ],
  },
  'Microsoft.Network': {
    source: 'Azure permissions for Networking',
    operations: [
      'azureFirewalls/write',
      'firewallPolicies/ruleCollectionGroups/write',
      'networkInterfaces/read',
      'networkSecurityGroups/read',
      'networkSecurityGroups/securityRules/delete',
      'networkSecurityGroups/securityRules/write',
      'networkSecurityGroups/write',
      'privateDnsZones/A/delete',
      'privateDnsZones/A/read',
      'privateDnsZones/A/write',
      'privateDnsZones/read',
      'privateDnsZones/virtualNetworkLinks/delete',
      'privateDnsZones/virtualNetworkLinks/read',
      'privateDnsZones/virtualNetworkLinks/write',
      'privateEndpoints/privateDnsZoneGroups/read',
      'privateEndpoints/privateDnsZoneGroups/write',
      'privateEndpoints/read',
      'privateEndpoints/write',
      'routeTables/read',
      'routeTables/routes/delete',
      'routeTables/routes/write',
      'routeTables/write',
      'virtualNetworks/read',
      'virtualNetworks/subnets/read',
      'virtualNetworks/subnets/write',
      'virtualNetworks/virtualNetworkPeerings/write',
      'virtualNetworks/write',
    ],
  },
  'Microsoft.OperationalInsights': {
    source: 'Azure permissions for Monitor',
    operations: [
      'workspaces/query/ContainerAppSystemLogs/read',
      'workspaces/query/Tables.Custom/read',
      'workspaces/query/read',
      'workspaces/read',
    ],
  },
  'Microsoft.Resources': {
    source: 'Azure permissions for Management and governance',
    operations: ['subscriptions/read'],
  },
};

function ofAll(which: 'operations' | 'dataOperations'): ReadonlySet<string> {
  return new Set(
    Object.entries(provider).flatMap(([namespace, one]) =>
      (one[which] ?? []).map((operation) => `${namespace}/${operation}`.toLowerCase()),
    ),
  );
}

/** Control-plane operations, lower case: Azure compares them without case. */
export const operations = ofAll('operations');

/** Data-plane operations, lower case. */
export const dataOperations = ofAll('dataOperations');
