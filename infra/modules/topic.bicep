// A system topic: where Azure raises the events of one source. Azure allows one for each source.
param topicName string
param location string
param tags object
param source string
param topicType string

@description('The identity with which the topic keeps events that it cannot deliver. Empty: it keeps none.')
param identityId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: topicName
  location: location
  tags: tags
  identity: empty(identityId)
    ? null
    : {
        type: 'UserAssigned'
        userAssignedIdentities: { '${identityId}': {} }
      }
  properties: {
    source: source
    topicType: topicType
  }
}
