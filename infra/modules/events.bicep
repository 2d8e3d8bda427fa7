// One system topic and its subscription. What cannot be delivered within a day ends in the storage account, not nowhere.
param topicName string
param location string
param tags object
param source string
param topicType string
param eventTypes string[]

@description('One subscription for each list of values of data.operationName that are let through; an empty list lets all through.')
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
