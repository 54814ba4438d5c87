// Event Grid tells the app's queue of images that are put in container `intake`.
param location string
param tags object
param token string
param dataStorageName string

var queueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    // Events that could not be delivered in a day, to look at.
    resource undelivered 'containers' = {
      name: 'intake-undelivered'
    }
  }
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'egst-${token}'
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: { source: account.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}

resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [queueDataMessageSender, blobDataContributor]: {
    scope: account
    name: guid(account.id, topic.id, role)
    properties: {
      principalId: topic.identity.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'intake'
  // A subscription is refused where its identity may not write to the queue.
  dependsOn: [roles, account::blobs::undelivered]
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        properties: { resourceId: account.id, queueName: 'intake-events', queueMessageTimeToLiveInSeconds: -1 }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: { resourceId: account.id, blobContainerName: 'intake-undelivered' }
      }
    }
    filter: {
      subjectBeginsWith: '/blobServices/default/containers/intake/'
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      advancedFilters: [
        // A blob in blocks is there when its list is; with a hierarchical namespace, when it is closed.
        { operatorType: 'StringIn', key: 'data.api', values: ['PutBlob', 'PutBlockList', 'CopyBlob', 'FlushWithClose'] }
        // The app's own answer to a broken pipeline.
        { operatorType: 'StringNotEndsWith', key: 'subject', values: ['/problem.json'] }
      ]
    }
    retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
  }
}
