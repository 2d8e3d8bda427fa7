// The signals that start pullmedic in one subscription: log alerts, the alert on failed writes, and events of resources and registries.
import { topicType, workspaceType } from '../types.bicep'

param name string
param tags object

@description('Host name of the function app; action groups call it with a token of the identity of Azure Monitor.')
param hostName string

@description('Client id and object id of the app registration.')
param signInClientId string
param signInObjectId string

@description('Workspaces of this subscription with system logs.')
param workspaces workspaceType[]

@description('How often the log alerts run their query. Every minute costs more, and Azure does not allow it for every query.')
@allowed([
  'PT1M'
  'PT5M'
])
param frequency string = 'PT5M'

@description('Tell the revisions of an app apart. Without it a revision that fails while the alert of another one is open fires no alert of its own.')
param alertPerRevision bool = true

@description('True if pullmedic looks after apps of this subscription.')
param hasApps bool

@description('True if pullmedic gets the events of the subscription.')
param listen bool

@description('Registries of this subscription whose pushes pullmedic learns of.')
param registries string[]

@description('System topics that exist. For every other source this deployment makes one.')
param existingTopics topicType[]

@description('The Event Grid function, once its code is deployed. Event Grid checks that the function exists.')
param eventFunctionId string
param codeIsDeployed bool

param eventsIdentityId string

@description('True if the topic of the subscription, which is a global one, gets the identity as well.')
param identityOnSubscriptionTopic bool
param storageAccountId string
param deadLetterContainer string

// One query for each generation of the table of Container Apps, and one for container groups, whose events have a table of their own. The queries ignore the severity, because "unauthorized" is logged as Normal.
var queries = {
  ContainerAppSystemLogs: loadTextContent('../queries/pull-failures.kql')
  ContainerAppSystemLogs_CL: loadTextContent('../queries/pull-failures-classic.kql')
  ContainerEvent_CL: loadTextContent('../queries/group-pull-failures.kql')
}

// Each combination of values is an alert of its own, and a time series that Azure bills.
var named = alertPerRevision ? ['Environment', 'App', 'Revision'] : ['Environment', 'App']
var dimensions = map(named, column => {
  name: column
  operator: 'Include'
  values: ['*']
})

var here = subscription().id

// The operations that src/lib/signals reads. An event of any other operation would call the app for nothing. An event subscription takes 25 values.
var filters = [
  [
    'Microsoft.App/containerApps/write'
    'Microsoft.App/containerApps/delete'
    'Microsoft.App/containerApps/start/action'
    'Microsoft.App/containerApps/stop/action'
    'Microsoft.App/containerApps/revisions/activate/action'
    'Microsoft.App/containerApps/revisions/deactivate/action'
    'Microsoft.App/jobs/write'
    'Microsoft.App/jobs/delete'
    'Microsoft.App/jobs/start/action'
    'Microsoft.ContainerInstance/containerGroups/write'
    'Microsoft.ContainerInstance/containerGroups/delete'
    'Microsoft.ContainerInstance/containerGroups/restart/action'
    'Microsoft.ContainerInstance/containerGroups/start/action'
    'Microsoft.ContainerInstance/containerGroups/stop/action'
    'Microsoft.Authorization/roleAssignments/write'
    'Microsoft.Authorization/roleAssignments/delete'
    'Microsoft.Authorization/roleDefinitions/write'
    'Microsoft.ContainerRegistry/registries/write'
    'Microsoft.ContainerRegistry/registries/privateEndpointConnections/write'
    'Microsoft.ContainerRegistry/registries/tokens/write'
    'Microsoft.ContainerRegistry/registries/generateCredentials/action'
    'Microsoft.ContainerRegistry/registries/regenerateCredential/action'
    'Microsoft.ManagedIdentity/userAssignedIdentities/write'
  ]
  [
    'Microsoft.Network/azureFirewalls/write'
    'Microsoft.Network/firewallPolicies/ruleCollectionGroups/write'
    'Microsoft.Network/networkSecurityGroups/write'
    'Microsoft.Network/networkSecurityGroups/securityRules/write'
    'Microsoft.Network/networkSecurityGroups/securityRules/delete'
    'Microsoft.Network/privateDnsZones/A/write'
    'Microsoft.Network/privateDnsZones/A/delete'
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks/write'
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks/delete'
    'Microsoft.Network/privateEndpoints/write'
    'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/write'
    'Microsoft.Network/routeTables/write'
    'Microsoft.Network/routeTables/routes/write'
    'Microsoft.Network/routeTables/routes/delete'
    'Microsoft.Network/virtualNetworks/write'
    'Microsoft.Network/virtualNetworks/subnets/write'
    'Microsoft.Network/virtualNetworks/virtualNetworkPeerings/write'
  ]
]
var all = []
var everything = [all]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'Global'
  tags: tags
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    webhookReceivers: [
      {
        name: 'pullmedic'
        serviceUri: 'https://${hostName}/api/alerts/signed'
        useCommonAlertSchema: true
        useAadAuth: true
        objectId: signInObjectId
        identifierUri: 'api://${signInClientId}'
        tenantId: tenant().tenantId
      }
    ]
  }
}

resource pullFailures 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for (workspace, index) in workspaces: {
    name: '${name}-pull-failures-${index}-${workspace.table}'
    location: workspace.location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: an image could not be pulled (${workspace.table})'
      description: 'Starts pullmedic. The text of the log is a hint; pullmedic finds out why.'
      severity: 3
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: frequency
      windowSize: 'PT10M'
      criteria: {
        allOf: [
          {
            query: queries[workspace.table]
            timeAggregation: 'Count'
            dimensions: dimensions
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      // The classic table exists only after its first row was written.
      skipQueryValidation: true
      actions: { actionGroups: [group.id] }
    }
  }
]

// A rejected write leaves no row in the system log, so the log alerts miss it.
resource failedWrites 'Microsoft.Insights/activityLogAlerts@2020-10-01' = if (hasApps) {
  name: '${name}-failed-writes'
  location: 'Global'
  tags: tags
  properties: {
    description: 'Starts pullmedic when the write of a container app, a job or a container group failed.'
    enabled: true
    scopes: [here]
    condition: {
      allOf: [
        {
          field: 'category'
          equals: 'Administrative'
        }
        {
          anyOf: [
            {
              field: 'operationName'
              equals: 'Microsoft.App/containerApps/write'
            }
            {
              field: 'operationName'
              equals: 'Microsoft.App/jobs/write'
            }
            {
              field: 'operationName'
              equals: 'Microsoft.ContainerInstance/containerGroups/write'
            }
          ]
        }
        {
          field: 'status'
          equals: 'Failed'
        }
      ]
    }
    actions: {
      actionGroups: [
        { actionGroupId: group.id }
      ]
    }
  }
}

// The ids of the topics: the one that exists for the source, or else ours.
var ownTopics = '${resourceGroup().id}/providers/Microsoft.EventGrid/systemTopics/evgt-${name}-'
var resourceTopic = last(concat(
  ['${ownTopics}resources'],
  map(filter(existingTopics, one => toLower(one.source) == toLower(here)), one => (one.topic))
))
var pushTopics = [
  for registry in registries: last(concat(
    ['${ownTopics}${last(split(registry, '/'))}'],
    map(filter(existingTopics, one => toLower(one.source) == toLower(registry)), one => (one.topic))
  ))
]

module resources 'topic.bicep' = if (listen && startsWith(resourceTopic, ownTopics)) {
  name: '${name}-resource-topic'
  params: {
    topicName: 'evgt-${name}-resources'
    location: 'global'
    tags: tags
    source: here
    topicType: 'Microsoft.Resources.Subscriptions'
    identityId: identityOnSubscriptionTopic ? eventsIdentityId : ''
  }
}

module resourceEvents 'event-subscriptions.bicep' = if (listen && codeIsDeployed) {
  name: '${name}-resource-events'
  scope: resourceGroup(split(resourceTopic, '/')[2], split(resourceTopic, '/')[4])
  params: {
    topicName: last(split(resourceTopic, '/'))
    eventTypes: [
      'Microsoft.Resources.ResourceWriteSuccess'
      'Microsoft.Resources.ResourceWriteFailure'
      'Microsoft.Resources.ResourceDeleteSuccess'
      'Microsoft.Resources.ResourceActionSuccess'
    ]
    filters: filters
    eventFunctionId: eventFunctionId
    identityId: identityOnSubscriptionTopic && startsWith(resourceTopic, ownTopics) ? eventsIdentityId : ''
    storageAccountId: storageAccountId
    deadLetterContainer: deadLetterContainer
  }
  dependsOn: [resources]
}

resource pushedTo 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = [
  for registry in registries: {
    scope: resourceGroup(split(registry, '/')[4])
    name: last(split(registry, '/'))
  }
]

module pushes 'topic.bicep' = [
  for (registry, index) in registries: if (startsWith(pushTopics[index], ownTopics)) {
    name: '${name}-push-topic-${uniqueString(registry)}'
    params: {
      topicName: 'evgt-${name}-${last(split(registry, '/'))}'
      location: pushedTo[index].location
      tags: tags
      source: registry
      topicType: 'Microsoft.ContainerRegistry.Registries'
      identityId: eventsIdentityId
    }
  }
]

module pushEvents 'event-subscriptions.bicep' = [
  for (registry, index) in registries: if (codeIsDeployed) {
    name: '${name}-push-events-${uniqueString(registry)}'
    scope: resourceGroup(split(pushTopics[index], '/')[2], split(pushTopics[index], '/')[4])
    params: {
      topicName: last(split(pushTopics[index], '/'))
      eventTypes: ['Microsoft.ContainerRegistry.ImagePushed']
      filters: everything
      eventFunctionId: eventFunctionId
      identityId: startsWith(pushTopics[index], ownTopics) ? eventsIdentityId : ''
      storageAccountId: storageAccountId
      deadLetterContainer: deadLetterContainer
    }
    dependsOn: [pushes]
  }
]
