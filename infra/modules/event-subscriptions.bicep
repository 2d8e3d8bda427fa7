// The subscriptions of the app to one system topic. Event Grid drops an event that it cannot deliver within a day, or writes it to the
// storage account where the topic has an identity.
param topicName string
param eventTypes string[]

@description('One subscription for each list. A list names the values of data.operationName that pass; with an empty list all events pass.')
param filters array

@description('The Event Grid function. Event Grid checks that it exists, so its code has to be deployed before.')
param eventFunctionId string

@description('The identity of the topic. Empty: the topic has none of ours, and events that cannot be delivered are dropped.')
param identityId string
param storageAccountId string
param deadLetterContainer string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource toPullmedic 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = [
  for (operations, index) in filters: {
    parent: topic
    name: 'pullmedic-${index}'
    properties: {
      destination: {
        endpointType: 'AzureFunction'
        properties: {
          resourceId: eventFunctionId
          maxEventsPerBatch: 1
          preferredBatchSizeInKilobytes: 64
        }
      }
      eventDeliverySchema: 'CloudEventSchemaV1_0'
      filter: {
        includedEventTypes: eventTypes
        isSubjectCaseSensitive: false
        advancedFilters: empty(operations)
          ? []
          : [
              {
                operatorType: 'StringIn'
                key: 'data.operationName'
                values: operations
              }
            ]
      }
      retryPolicy: {
        eventTimeToLiveInMinutes: 1440
        maxDeliveryAttempts: 30
      }
      deadLetterWithResourceIdentity: empty(identityId)
        ? null
        : {
            identity: {
              type: 'UserAssigned'
              userAssignedIdentity: identityId
            }
            deadLetterDestination: {
              endpointType: 'StorageBlob'
              properties: {
                resourceId: storageAccountId
                blobContainerName: deadLetterContainer
              }
            }
          }
    }
  }
]
