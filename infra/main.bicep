// Deploys all of pullmedic, with `az deployment sub create` or `azd up`. docs/operations.md says how; infra/main.bicepparam is an example.
targetScope = 'subscription'

import { incidentSecretType, limitsType, registryType, signInType, topicType, workspaceType } from 'types.bicep'

@description('Region of the function app and its storage.')
param location string

@description('Name of this deployment: part of the names of all resources and roles.')
@minLength(3)
@maxLength(12)
param name string = 'pullmedic'

param resourceGroupName string = 'rg-${name}'
param tags object = {}

@description('observe: decide and record, change nothing. approve: ask a person first. act: change what every guard allows.')
@allowed([
  'observe'
  'approve'
  'act'
])
param mode string = 'observe'

@description('Resource ids of the subscriptions and resource groups whose apps pullmedic looks after.')
@minLength(1)
param scopes string[]

@description('Registries that are opted in, one line each, with the consumers that may get the pull role on them. List a user-assigned identity by its own id, or pullmedic asks a person.')
param registries registryType[] = []

@description('Workspaces with the system logs of the environments, one line each.')
param workspaces workspaceType[] = []

@description('Subscription ids of networks and DNS zones that the apps depend on, if pullmedic looks after no app there.')
param alsoRead string[] = []

@description('System topics that exist already, one line for each source: Azure allows no second one. pullmedic subscribes to these.')
param existingTopics topicType[] = []

@description('Ids of subscriptions and resource ids of registries whose events pullmedic leaves alone. It then learns of changes there by its own looks only.')
param withoutEvents string[] = []

@description('Give the system topics of subscriptions an identity, with which they keep events that cannot be delivered. Sources disagree on whether Azure accepts one there.')
param identityOnSubscriptionTopics bool = false

@description('The app registration that people and alerts sign in with. infra/sign-in.sh makes it.')
param signIn signInType

param limits limitsType = {}

@description('Further settings, as docs/operations.md lists them. The app refuses a setting that it does not know.')
param settings object = {}

@description('Make a new revision if a restart cannot help. Needs the right to write container apps.')
param newRevision bool = false

@description('Start a job again that people start, once its cause is put right. Needs the right to start jobs.')
param startJobs bool = false
@description('Allow pullmedic to restart a container group that the platform does not pull for any more. A restart stops all containers of the group.')
param restartGroups bool = false

@description('Allow people to remove a role assignment that pullmedic made.')
param undo bool = false

@description('Ask opted-in registries whether an image exists. The right to ask is also the right to pull.')
param readImages bool = false

@description('Acknowledge the alert that started a remediation once an incident system was told of it, and close it when the app has recovered.')
param setAlertState bool = false

@description('Incident systems and routes, as docs/incident-systems.md describes them. Without them pullmedic tells no other system.')
param incidents object = {}

@description('App settings with the secrets of incident systems, one line each. Each becomes a Key Vault reference, and pullmedic may read that secret and no other.')
param incidentSecrets incidentSecretType[] = []

@description('E-mail addresses that get a message when pullmedic itself is in trouble.')
param notify string[] = []

@description('Send a message to the people in notify for each incident that opens or ends and each question. Azure bills one log alert rule for it.')
param mailIncidents bool = false

@description('CIDR ranges of callers that may reach the app, besides Azure Monitor and Event Grid. Empty: every address may reach it.')
param allowedAddresses string[] = []

@description('How often the log alerts run their query.')
@allowed([
  'PT1M'
  'PT5M'
])
param alertFrequency string = 'PT5M'

@description('Fire an alert for each revision that fails, not one for each app. Azure bills each as a time series while it fails.')
param alertPerRevision bool = true

@description('True if the code is deployed already. Event Grid can subscribe a function only then.')
param codeIsDeployed bool = false

@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('The Node of the app. A region that does not offer 24 yet has 22; the package runs on both.')
@allowed([
  '22'
  '24'
])
param nodeVersion string = '24'

@minValue(1)
@maxValue(100)
param maximumInstances int = 40

@description('How many days pullmedic’s own telemetry is kept. The history of remediations stays in the storage account.')
param retentionDays int = 30

var clouds = {
  AzureCloud: 'public'
  AzureChinaCloud: 'china'
  AzureUSGovernment: 'usgovernment'
}
var cloud = clouds[environment().name]

var scopeSubscriptions = map(scopes, scope => toLower(split(scope, '/')[2]))
var registrySubscriptions = map(registries, registry => toLower(split(registry.id, '/')[2]))
var workspaceSubscriptions = map(workspaces, workspace => toLower(split(workspace.id, '/')[2]))
var otherSubscriptions = map(alsoRead, id => toLower(id))
var read = union(scopeSubscriptions, registrySubscriptions, workspaceSubscriptions, otherSubscriptions)
var own = toLower(subscription().subscriptionId)
var leftAlone = map(withoutEvents, one => toLower(one))
var withGroup = union([own], read)

module groups 'modules/group.bicep' = [
  for id in withGroup: {
    name: '${name}-group-${id}'
    scope: subscription(id)
    params: {
      resourceGroupName: resourceGroupName
      location: location
      tags: tags
    }
  }
]

module identity 'modules/identity.bicep' = {
  name: '${name}-identity'
  scope: resourceGroup(resourceGroupName)
  params: {
    name: name
    location: location
    tags: tags
  }
  dependsOn: [groups]
}

module storage 'modules/storage.bicep' = {
  name: '${name}-storage'
  scope: resourceGroup(resourceGroupName)
  params: {
    name: name
    location: location
    tags: tags
    appPrincipalId: identity.outputs.appPrincipalId
    eventsPrincipalId: identity.outputs.eventsPrincipalId
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: '${name}-monitoring'
  scope: resourceGroup(resourceGroupName)
  params: {
    name: name
    location: location
    tags: tags
    appPrincipalId: identity.outputs.appPrincipalId
    retentionDays: retentionDays
  }
}

module permissions 'permissions.bicep' = [
  for id in read: {
    name: '${name}-permissions-${id}'
    scope: subscription(id)
    params: {
      name: name
      principalId: identity.outputs.appPrincipalId
      wholeSubscription: contains(map(scopes, scope => toLower(scope)), '/subscriptions/${id}')
      groups: map(
        filter(scopes, scope => startsWith(toLower(scope), '/subscriptions/${id}/')),
        scope => toLower(split(scope, '/')[4])
      )
      registries: map(
        filter(registries, registry => startsWith(toLower(registry.id), '/subscriptions/${id}/')),
        registry => (registry.id)
      )
      mode: mode
      newRevision: newRevision
      startJobs: startJobs
      restartGroups: restartGroups
      undo: undo
      setAlertState: setAlertState
      readImages: readImages
    }
  }
]

module secrets 'modules/read-secret.bicep' = [
  for secret in incidentSecrets: {
    name: '${name}-secret-${uniqueString(secret.secretId)}'
    scope: resourceGroup(split(secret.secretId, '/')[2], split(secret.secretId, '/')[4])
    params: {
      name: name
      principalId: identity.outputs.appPrincipalId
      vaultName: split(secret.secretId, '/')[8]
      secretName: split(secret.secretId, '/')[10]
    }
  }
]

// The rights of pullmedic follow the incident systems in use: a topic is named by its resource id.
var incidentSystems = contains(incidents, 'systems') ? items(incidents.systems) : []
var systemsWithTopic = filter(incidentSystems, one => (contains(one.value, 'topic')))
var incidentTopics = map(systemsWithTopic, one => (one.value.topic))

module sendsEvents 'modules/send-events.bicep' = [
  for topic in incidentTopics: {
    name: '${name}-events-${uniqueString(topic)}'
    scope: resourceGroup(split(topic, '/')[2], split(topic, '/')[4])
    params: {
      name: name
      principalId: identity.outputs.appPrincipalId
      topicName: last(split(topic, '/'))
    }
  }
]

// Environments with diagnostic settings do not say where their logs are, so the app is told the ids of these workspaces.
var typedWorkspaces = filter(workspaces, workspace => (workspace.table == 'ContainerAppSystemLogs'))

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = [
  for workspace in typedWorkspaces: {
    scope: resourceGroup(split(workspace.id, '/')[2], split(workspace.id, '/')[4])
    name: last(split(workspace.id, '/'))
  }
]

module app 'modules/app.bicep' = {
  name: '${name}-app'
  scope: resourceGroup(resourceGroupName)
  params: {
    name: name
    location: location
    tags: tags
    identityId: identity.outputs.appIdentityId
    identityClientId: identity.outputs.appClientId
    storageAccountName: storage.outputs.accountName
    packageContainer: storage.outputs.packageContainer
    insightsConnectionString: monitoring.outputs.connectionString
    mode: mode
    cloud: cloud
    scopes: scopes
    registries: registries
    settings: settings
    incidents: incidents
    incidentSecrets: incidentSecrets
    limits: limits
    // An alert belongs to the subscription of the workspace that its rule queries.
    alsoRead: setAlertState ? union(otherSubscriptions, workspaceSubscriptions) : otherSubscriptions
    logWorkspaces: [for (workspace, index) in typedWorkspaces: logs[index].properties.customerId]
    newRevision: newRevision
    startJobs: startJobs
    restartGroups: restartGroups
    undo: undo
    setAlertState: setAlertState
    signInClientId: signIn.clientId
    allowedAddresses: allowedAddresses
    instanceMemoryMB: instanceMemoryMB
    nodeVersion: nodeVersion
    maximumInstances: maximumInstances
  }
  // A reference is resolved when the app starts: the right has to be there by then.
  dependsOn: [secrets]
}

module watch 'modules/watch.bicep' = [
  for id in read: {
    name: '${name}-watch-${id}'
    scope: resourceGroup(id, resourceGroupName)
    params: {
      name: name
      tags: tags
      hostName: app.outputs.hostName
      signInClientId: signIn.clientId
      signInObjectId: signIn.objectId
      workspaces: filter(workspaces, workspace => startsWith(toLower(workspace.id), '/subscriptions/${id}/'))
      frequency: alertFrequency
      alertPerRevision: alertPerRevision
      hasApps: contains(scopeSubscriptions, id)
      listen: !contains(leftAlone, id)
      registries: map(
        filter(
          registries,
          registry =>
            (startsWith(toLower(registry.id), '/subscriptions/${id}/') && !contains(leftAlone, toLower(registry.id)))
        ),
        registry => (registry.id)
      )
      existingTopics: existingTopics
      eventFunctionId: '${app.outputs.appId}/functions/on-event'
      codeIsDeployed: codeIsDeployed
      eventsIdentityId: identity.outputs.eventsIdentityId
      identityOnSubscriptionTopic: identityOnSubscriptionTopics
      storageAccountId: storage.outputs.accountId
      deadLetterContainer: storage.outputs.deadLetterContainer
    }
    dependsOn: [groups]
  }
]

module people 'modules/people.bicep' = [
  for id in withGroup: {
    name: '${name}-people-${id}'
    scope: resourceGroup(id, resourceGroupName)
    params: {
      name: name
      tags: tags
      notify: notify
    }
    dependsOn: [groups]
  }
]

module selfWatch 'modules/self-watch.bicep' = {
  name: '${name}-self-watch'
  scope: resourceGroup(resourceGroupName)
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    // The first subscription is our own.
    groupIds: people[0].outputs.groupIds
  }
}

module incidentMail 'modules/incident-mail.bicep' = if (mailIncidents && !empty(notify)) {
  name: '${name}-incident-mail'
  scope: resourceGroup(resourceGroupName)
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    groupIds: people[0].outputs.groupIds
    hostName: app.outputs.hostName
  }
}

module workbook 'modules/workbook.bicep' = {
  name: '${name}-workbook'
  scope: resourceGroup(resourceGroupName)
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

output AZURE_RESOURCE_GROUP string = resourceGroupName
output PULLMEDIC_APP string = app.outputs.appName
output PULLMEDIC_HOST string = app.outputs.hostName
output PULLMEDIC_IDENTITY_PRINCIPAL string = identity.outputs.appPrincipalId
