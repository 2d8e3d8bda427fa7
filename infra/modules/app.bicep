// The function app, on Flex Consumption. src/lib/settings/config.ts and src/lib/azure/store/storage-connection.ts read its settings.
import { incidentSecretType, limitsType, registryType } from '../types.bicep'

param name string
param location string
param tags object

@description('Resource id and client id of the identity of the app.')
param identityId string
param identityClientId string

param storageAccountName string
param packageContainer string
param insightsConnectionString string

@allowed([
  'observe'
  'approve'
  'act'
])
param mode string

@allowed([
  'public'
  'china'
  'usgovernment'
])
param cloud string

param scopes string[]
param registries registryType[]
param settings object
param incidents object
param incidentSecrets incidentSecretType[]
param limits limitsType

@description('Ids of subscriptions that pullmedic only reads.')
param alsoRead string[]

@description('Ids of the workspaces with the table ContainerAppSystemLogs.')
param logWorkspaces string[]

param newRevision bool
param startJobs bool
param restartGroups bool
param undo bool
param setAlertState bool

@description('Client id of the app registration that people and alerts sign in with.')
param signInClientId string

@description('CIDR ranges of callers that may reach the app, besides Azure Monitor and Event Grid. Empty: every address may reach it.')
param allowedAddresses string[]

param instanceMemoryMB int
param nodeVersion string
param maximumInstances int

// The settings contain an option only if it is on.
var retry = union(newRevision ? { newRevision: true } : {}, startJobs ? { startJobs: true } : {}, restartGroups ? { restartGroups: true } : {})
var options = union(
  empty(logWorkspaces) ? {} : { logWorkspaces: logWorkspaces },
  empty(retry) ? {} : { retry: retry },
  undo ? { undo: true } : {},
  setAlertState ? { alerts: { setState: true } } : {},
  empty(incidents) ? {} : { incidents: incidents }
)
var allSettings = union(settings, { limits: limits, alsoRead: alsoRead }, options)

// The platform reads the secrets with the identity of the app (keyVaultReferenceIdentity). Without a version it follows a new one by itself.
var secrets = [
  for secret in incidentSecrets: {
    setting: secret.setting
    vault: split(secret.secretId, '/')[8]
    name: split(secret.secretId, '/')[10]
  }
]
var vaults = environment().suffixes.keyvaultDns
var secretSettings = toObject(
  secrets,
  secret => (secret.setting),
  secret => '@Microsoft.KeyVault(SecretUri=https://${secret.vault}${vaults}/secrets/${secret.name})'
)

var callers = [
  for address in allowedAddresses: {
    name: 'people'
    action: 'Allow'
    priority: 300
    ipAddress: address
    tag: 'Default'
  }
]
var services = [
  {
    name: 'alerts'
    action: 'Allow'
    priority: 100
    ipAddress: 'ActionGroup'
    tag: 'ServiceTag'
  }
  {
    name: 'events'
    action: 'Allow'
    priority: 200
    ipAddress: 'AzureEventGrid'
    tag: 'ServiceTag'
  }
]

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageAccountName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: 'func-${name}-${uniqueString(resourceGroup().id)}'
  location: location
  tags: union(tags, { 'azd-service-name': 'pullmedic' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
      }
    }
    siteConfig: {
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ipSecurityRestrictionsDefaultAction: empty(allowedAddresses) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: empty(allowedAddresses) ? [] : concat(services, callers)
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'appsettings'
  properties: union(secretSettings, {
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    AzureWebJobsStorage__blobServiceUri: 'https://${storage.name}.blob.${environment().suffixes.storage}'
    AzureWebJobsStorage__queueServiceUri: 'https://${storage.name}.queue.${environment().suffixes.storage}'
    AzureWebJobsStorage__tableServiceUri: 'https://${storage.name}.table.${environment().suffixes.storage}'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    AZURE_CLIENT_ID: identityClientId
    PULLMEDIC_CLOUD: cloud
    PULLMEDIC_MODE: mode
    PULLMEDIC_SCOPES: string(scopes)
    PULLMEDIC_REGISTRIES: string(registries)
    PULLMEDIC_SETTINGS: string(allSettings)
    // Tells the app that the platform signs callers in, because the platform itself may not say so on this plan.
    PULLMEDIC_SIGN_IN: signInClientId
    // The sign-in authenticates itself with the app's identity instead of a secret.
    OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identityClientId
  })
}

// These policies forbid deployments with a password.
resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

module signIn 'sign-in.bicep' = {
  name: '${name}-sign-in'
  params: {
    appName: app.name
    signInClientId: signInClientId
  }
  dependsOn: [appSettings]
}

output appId string = app.id
output appName string = app.name
output hostName string = app.properties.defaultHostName
