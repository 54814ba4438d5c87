// What an app may do: nothing beyond these resources.
param principalId string
param hostStorageName string
param dataStorageName string
@description('The accounts over which tasks and images are spread, besides that one.')
param furtherStorageNames string[]
param insightsName string

var onHostStorage = [
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner: the host's locks and keys, the package
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor: the host's diagnostic events
]
var onDataStorage = [
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor: images; asking for user delegation keys
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor: triggers, sends, poison queues
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor: rows
]
var onFurtherStorage = [
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
]
var onInsights = ['3913510d-42f4-4e42-8a64-420c390055eb'] // Monitoring Metrics Publisher

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataStorageName
}

resource furtherStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = [for name in furtherStorageNames: { name: name }]

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource hostRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in onHostStorage: {
    scope: hostStorage
    name: guid(hostStorage.id, principalId, role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource dataRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in onDataStorage: {
    scope: dataStorage
    name: guid(dataStorage.id, principalId, role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource furtherRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for i in range(0, length(furtherStorageNames) * length(onFurtherStorage)): {
    scope: furtherStorage[i / length(onFurtherStorage)]
    name: guid(furtherStorage[i / length(onFurtherStorage)].id, principalId, onFurtherStorage[i % length(onFurtherStorage)])
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', onFurtherStorage[i % length(onFurtherStorage)])
    }
  }
]

resource insightsRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in onInsights: {
    scope: insights
    name: guid(insights.id, principalId, role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]
