// The resource group of pullmedic in one subscription. It holds every resource that pullmedic deploys there, except roles.
targetScope = 'subscription'

param resourceGroupName string
param location string
param tags object

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}
