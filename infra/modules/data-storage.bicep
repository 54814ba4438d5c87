// An account of tasks and images. Its tables, queues and containers are made here, as the app would make them.
param location string
param tags object
param name string
@description('Whether it is one of those over which tasks and images are spread, besides the first.')
param isFurther bool = false
@description('Who deploys: pauses and drains the instances.')
param deployerId string
@description('Origins of pages that send images to the account, and show them.')
param origins string[]
param retentionDays int
@description('Id of the workspace to which each request is logged; none if empty.')
param logs string

var tables = ['tasks', 'jobs', 'instances', 'due', 'backlog', 'callers']
var containers = ['inputs', 'results', 'intake', 'outbox']
var spreadTables = ['tasks']
var spreadContainers = ['inputs', 'results']
var taskQueues = ['image-tasks', 'job-tasks', 'job-commands', 'intake-events']
var queues = flatten([
  taskQueues
  ['callbacks', 'callbacks-poison']
  map(taskQueues, name => '${name}-poison')
  map(taskQueues, name => '${name}-poison-poison')
])

// The app deletes what is past its time. What it could not delete goes a while later. What lies in `intake` and `outbox` is its owner's.
var deleteAfterDays = 2 * retentionDays + 7

var deployerRoles = [
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      cors: {
        corsRules: [
          {
            allowedOrigins: origins
            allowedMethods: ['GET', 'HEAD', 'PUT', 'OPTIONS']
            allowedHeaders: ['content-type', 'range', 'x-ms-*']
            exposedHeaders: ['etag', 'content-length', 'content-range', 'content-type', 'x-ms-*']
            maxAgeInSeconds: 3600
          }
        ]
      }
    }

    resource container 'containers' = [for item in isFurther ? spreadContainers : containers: { name: item }]
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [for item in isFurther ? [] : queues: { name: item }]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [for item in isFurther ? spreadTables : tables: { name: item }]
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    dependsOn: [blobs]
    properties: {
      policy: {
        rules: [
          {
            name: 'delete-what-was-left'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['inputs/', 'results/'] }
              actions: {
                baseBlob: { delete: { daysAfterModificationGreaterThan: deleteAfterDays } }
                snapshot: { delete: { daysAfterCreationGreaterThan: deleteAfterDays } }
              }
            }
          }
        ]
      }
    }
  }
}

resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in isFurther ? [] : deployerRoles: {
    scope: account
    name: guid(account.id, deployerId, role)
    properties: {
      principalId: deployerId
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (logs != '') {
  scope: account::blobs
  name: 'requests'
  properties: { workspaceId: logs, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (logs != '') {
  scope: account::queueService
  name: 'requests'
  properties: { workspaceId: logs, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (logs != '') {
  scope: account::tableService
  name: 'requests'
  properties: { workspaceId: logs, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

output name string = account.name
