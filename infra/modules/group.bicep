// The resource group of pullmedic in one subscription. Everything that it makes there is in this group, or is a role.
targetScope = 'subscription'

param resourceGroupName string
param location string
param tags object

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}
