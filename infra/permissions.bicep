// All rights of pullmedic's identity on the resources that it reads or changes in one subscription, together with the modules that this
// file uses; modules/read-secret.bicep lets it read the secrets of incident systems. test/infra/permissions.test.ts derives from the code
// which operations pullmedic calls, and fails if these lists allow one operation less or more.
targetScope = 'subscription'

@description('Name of the deployment; part of the names of the roles.')
param name string

@description('Object id of the identity of pullmedic.')
param principalId string

@description('True if pullmedic looks after all apps in this subscription.')
param wholeSubscription bool

@description('Resource groups of this subscription whose apps pullmedic looks after.')
param groups string[]

@description('Resource ids of the registries of this subscription that are opted in.')
param registries string[]

@description('The mode. In observe pullmedic has no right to change anything: the roles for changes are not even defined.')
@allowed([
  'observe'
  'approve'
  'act'
])
param mode string

@description('Allow a new revision if a restart cannot help.')
param newRevision bool = false

@description('Allow pullmedic to start a job again that people start.')
param startJobs bool = false
@description('Allow the restart of a container group, which stops all of its containers.')
param restartGroups bool = false

@description('Allow the removal of a role assignment that pullmedic made.')
param undo bool = false

@description('Allow pullmedic to set the state of the alert that started a remediation.')
param setAlertState bool = false

@description('Allow pullmedic to ask opted-in registries whether an image exists. The right to ask is also the right to pull.')
param readImages bool = false

var mayChange = mode != 'observe'
var here = subscription().id
var assignable = [here]

// Read: app, network, registry, roles, logs. No operation here shows a secret: there is no listSecrets, listKeys or listCredentials.
var readActions = [
  'Microsoft.App/containerApps/read'
  'Microsoft.App/containerApps/revisions/read'
  'Microsoft.App/containerApps/revisions/replicas/read'
  'Microsoft.App/jobs/executions/read'
  'Microsoft.App/jobs/read'
  'Microsoft.App/managedEnvironments/read'
  'Microsoft.App/sessionPools/read'
  'Microsoft.Authorization/denyAssignments/read'
  'Microsoft.Authorization/roleAssignments/read'
  'Microsoft.Authorization/roleDefinitions/read'
  'Microsoft.ContainerInstance/containerGroups/read'
  'Microsoft.ContainerRegistry/registries/cacheRules/read'
  'Microsoft.ContainerRegistry/registries/credentialSets/read'
  'Microsoft.ContainerRegistry/registries/read'
  'Microsoft.ContainerRegistry/registries/tokens/read'
  'Microsoft.Insights/eventtypes/values/read'
  'Microsoft.KeyVault/vaults/read'
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read'
  'Microsoft.ManagedIdentity/userAssignedIdentities/read'
  'Microsoft.Network/networkInterfaces/read'
  'Microsoft.Network/networkSecurityGroups/read'
  'Microsoft.Network/privateDnsZones/A/read'
  'Microsoft.Network/privateDnsZones/read'
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks/read'
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read'
  'Microsoft.Network/privateEndpoints/read'
  'Microsoft.Network/routeTables/read'
  'Microsoft.Network/virtualNetworks/read'
  'Microsoft.Network/virtualNetworks/subnets/read'
  'Microsoft.OperationalInsights/workspaces/query/ContainerAppSystemLogs/read'
  'Microsoft.OperationalInsights/workspaces/query/Tables.Custom/read'
  'Microsoft.OperationalInsights/workspaces/query/read'
  'Microsoft.OperationalInsights/workspaces/read'
  'Microsoft.Resources/subscriptions/read'
]

// Change apps: restart a revision, and with the options make a new one, and start a job again or restart a container group.
var respondActions = concat(
  ['Microsoft.App/containerApps/revisions/restart/action'],
  newRevision ? ['Microsoft.App/containerApps/write'] : [],
  startJobs ? ['Microsoft.App/jobs/start/action'] : [],
  restartGroups ? ['Microsoft.ContainerInstance/containerGroups/restart/action'] : []
)

// Grant: make role assignments, under the condition below and only on opted-in registries.
var grantActions = concat(
  ['Microsoft.Authorization/roleAssignments/write'],
  undo ? ['Microsoft.Authorization/roleAssignments/delete'] : []
)

// Alert: read an alert, and set its state. The narrowest scope that Azure has for this is the subscription of the alerts.
var alertActions = [
  'Microsoft.AlertsManagement/alerts/changestate/action'
  'Microsoft.AlertsManagement/alerts/read'
]

var imageActions = ['Microsoft.ContainerRegistry/registries/pull/read']
var imageDataActions = [
  'Microsoft.ContainerRegistry/registries/repositories/content/read'
  'Microsoft.ContainerRegistry/registries/repositories/metadata/read'
]

// AcrPull, and Container Registry Repository Reader for registries with repository permissions.
var pullRoles = '7f951dda-4ed3-4680-a7ca-43fe172d538d, b93aa761-3e63-49ed-ac28-beffa264f7ac'
var writeCondition = '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/write\'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${pullRoles}} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {\'ServicePrincipal\'}))'
var deleteCondition = '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/delete\'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${pullRoles}} AND @Resource[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {\'ServicePrincipal\'}))'
var grantCondition = undo ? '${writeCondition} AND ${deleteCondition}' : writeCondition

resource readRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, name, 'read')
  properties: {
    roleName: '${name} reads ${subscription().subscriptionId}'
    description: 'What pullmedic reads to find out why an image cannot be pulled. Shows no secret and changes nothing.'
    type: 'CustomRole'
    assignableScopes: assignable
    permissions: [
      {
        actions: readActions
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, name, principalId, 'read')
  properties: {
    roleDefinitionId: readRole.id
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'pullmedic reads the evidence.'
  }
}

resource respondRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (mayChange) {
  name: guid(subscription().id, name, 'respond')
  properties: {
    roleName: '${name} responds ${subscription().subscriptionId}'
    description: 'Restarts a revision that cannot start. With the option retry.newRevision: makes a new one. With retry.startJobs: starts a job again. With retry.restartGroups: restarts a container group.'
    type: 'CustomRole'
    assignableScopes: assignable
    permissions: [
      {
        actions: respondActions
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource responds 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (mayChange && wholeSubscription) {
  name: guid(subscription().id, name, principalId, 'respond')
  properties: {
    roleDefinitionId: respondRole.id
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'pullmedic restarts revisions in this subscription.'
  }
}

module respondsInGroup 'modules/respond-in-group.bicep' = [
  for group in groups: if (mayChange && !wholeSubscription) {
    name: '${name}-respond-${uniqueString(group)}'
    scope: resourceGroup(group)
    params: {
      name: name
      principalId: principalId
      roleDefinitionId: respondRole.id
    }
  }
]

resource grantRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (mayChange) {
  name: guid(subscription().id, name, 'grant')
  properties: {
    roleName: '${name} grants ${subscription().subscriptionId}'
    description: 'Assigns roles. Only ever assigned with a condition: the two pull roles, to service principals.'
    type: 'CustomRole'
    assignableScopes: assignable
    permissions: [
      {
        actions: grantActions
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource imageRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (readImages) {
  name: guid(subscription().id, name, 'images')
  properties: {
    roleName: '${name} asks for images ${subscription().subscriptionId}'
    description: 'Asks a registry whether an image exists and which tags are near.'
    type: 'CustomRole'
    assignableScopes: assignable
    permissions: [
      {
        actions: imageActions
        notActions: []
        dataActions: imageDataActions
        notDataActions: []
      }
    ]
  }
}

module onRegistry 'modules/on-registry.bicep' = [
  for registry in registries: if (mayChange || readImages) {
    name: '${name}-registry-${uniqueString(registry)}'
    scope: resourceGroup(split(registry, '/')[4])
    params: {
      name: name
      principalId: principalId
      registryName: last(split(registry, '/'))
      grant: mayChange
      grantRoleId: grantRole.id
      grantCondition: grantCondition
      readImages: readImages
      imageRoleId: imageRole.id
    }
  }
]

resource alertRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (mayChange && setAlertState) {
  name: guid(subscription().id, name, 'alert')
  properties: {
    roleName: '${name} sets alert states ${subscription().subscriptionId}'
    description: 'Acknowledges and closes the alert that started a remediation.'
    type: 'CustomRole'
    assignableScopes: assignable
    permissions: [
      {
        actions: alertActions
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource setsAlertState 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (mayChange && setAlertState) {
  name: guid(subscription().id, name, principalId, 'alert')
  properties: {
    roleDefinitionId: alertRole.id
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'pullmedic sets the state of the alert that started a remediation.'
  }
}
