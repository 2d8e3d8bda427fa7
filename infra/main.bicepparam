// An example: put in your own ids here (azd reads this file), and deploy. One line for each registry, one for each workspace.
using 'main.bicep'

param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')

// observe: pullmedic decides and records, and has no right to change anything.
param mode = 'observe'

param scopes = [
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop'
]

// The consumers name a resource group and the identity with which its apps pull. The identity on the list vouches for whatever else holds
// it: without it pullmedic asks a person before each grant to that identity.
param registries = [
  { id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/acrshop', consumers: ['/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop', '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop'] }
]

param workspaces = [
  { id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shop', location: 'westeurope', table: 'ContainerAppSystemLogs_CL' }
]

// What infra/sign-in.sh prints.
param signIn = {
  clientId: readEnvironmentVariable('PULLMEDIC_SIGN_IN_CLIENT_ID', '')
  objectId: readEnvironmentVariable('PULLMEDIC_SIGN_IN_OBJECT_ID', '')
}

param notify = ['on-call@example.com']

// True after the code was deployed once: then the events are subscribed to.
param codeIsDeployed = readEnvironmentVariable('PULLMEDIC_CODE_IS_DEPLOYED', 'false') == 'true'
