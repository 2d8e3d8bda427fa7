// The rights of pullmedic on one opted-in registry: grant the pull roles under a condition, and with the option ask for images.
param name string
param principalId string
param registryName string
param grant bool
param grantRoleId string
param grantCondition string
param readImages bool
param imageRoleId string

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: registryName
}

resource grants 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (grant) {
  name: guid(registry.id, name, principalId, 'grant')
  scope: registry
  properties: {
    roleDefinitionId: grantRoleId
    principalId: principalId
    principalType: 'ServicePrincipal'
    condition: grantCondition
    conditionVersion: '2.0'
    description: 'pullmedic grants the pull roles on this registry, to service principals only.'
  }
}

resource asks 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (readImages) {
  name: guid(registry.id, name, principalId, 'images')
  scope: registry
  properties: {
    roleDefinitionId: imageRoleId
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'pullmedic asks this registry whether an image exists.'
  }
}
