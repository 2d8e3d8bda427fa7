// The right to restart revisions in one resource group.
param name string
param principalId string
param roleDefinitionId string

resource responds 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, name, principalId, 'respond')
  properties: {
    roleDefinitionId: roleDefinitionId
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'pullmedic restarts revisions in this resource group.'
  }
}
