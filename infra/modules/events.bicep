// One system topic and its subscription. Event Grid writes an event that it cannot deliver within a day to the storage account.
param topicName string
param location string
param tags object
param source string
param topicType string
param eventTypes string[]

@description('One subscription for each list. A list names the values of data.operationName that pass; with an empty list all events pass.')
param filters array

param eventFunctionId string
param codeIsDeployed bool
param eventsIdentityId string
param storageAccountId string
param deadLetterContainer string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: topicName
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${eventsIdentityId}': {} }
  }
  properties: {
    source: source
    topicType: topicType
  }
}

resource toPullmedic 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = [
  for (operations, index) in filters: if (codeIsDeployed) {
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
      deadLetterWithResourceIdentity: {
        identity: {
          type: 'UserAssigned'
          userAssignedIdentity: eventsIdentityId
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
