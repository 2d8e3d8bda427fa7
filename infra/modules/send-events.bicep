// The right to publish events to one Event Grid topic, for an incident system.
param name string
param principalId string
param topicName string

// EventGrid Data Sender: publishes events to a topic. Source: "Azure built-in roles for Integration".
var dataSender = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'd5a91429-5739-47e2-a06b-3470a27159e7'
)

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

resource sends 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, name, principalId, 'events')
  scope: topic
  properties: {
    roleDefinitionId: dataSender
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'pullmedic publishes events of incidents to this topic.'
  }
}
