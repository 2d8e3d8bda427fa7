// The right to read one secret of a key vault, for an incident system. The vault must use roles, not access policies.
param name string
param principalId string
param vaultName string
param secretName string

// Key Vault Secrets User: reads the value of a secret. Source: "Azure built-in roles for Security".
var secretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b445-aaa5d3fb3e86'
)

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' existing = {
  parent: vault
  name: secretName
}

// On this secret alone: the other secrets of the vault stay closed.
resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(secret.id, name, principalId, 'secret')
  scope: secret
  properties: {
    roleDefinitionId: secretsUser
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'pullmedic reads the secret of an incident system.'
  }
}
