// The sign-in. People sign in with their own account, alerts with the identity of Azure Monitor; the app then requires a role. Callers
// without a sign-in reach the app, which refuses them on every route that has no key.
param appName string
param signInClientId string

@description('The application that action groups use to call secured webhooks. It is the same in every tenant.')
param actionGroupClientId string = '461e8683-5575-4561-ac7f-899cc907d62a'

@description('The application Microsoft Azure CLI, with which people get a token for the command line. It is the same in every tenant.')
param azureCliClientId string = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName
}

resource auth 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
      runtimeVersion: '~1'
    }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: signInClientId
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [
            signInClientId
            'api://${signInClientId}'
          ]
          defaultAuthorizationPolicy: {
            allowedApplications: [
              signInClientId
              actionGroupClientId
              azureCliClientId
            ]
          }
        }
      }
    }
    login: {
      tokenStore: { enabled: false }
    }
  }
}
