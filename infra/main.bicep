// Tessera in a resource group of its own. `azd up` deploys it, `azd down` leaves nothing.
targetScope = 'subscription'

@description('Names the resource group and, with the subscription, all resources.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region with Flex Consumption: `az functionapp list-flexconsumption-locations`.')
param location string

@description('Version of Node.js: `az functionapp list-flexconsumption-runtimes --runtime node --location <location>`.')
param nodeVersion string = '24'

@description('Who may call: `key` asks for function keys, `entra` for tokens of Microsoft Entra ID, `anonymous` lets everyone in.')
@allowed(['key', 'entra', 'anonymous'])
param authMode string = 'key'

@description('Client id of the app registration that callers get tokens for. Needed for `entra`.')
param entraClientId string = ''

@description('Where the page is: in `storage` without response headers of its own; there behind `front-door`, for about 35 USD a month; or in a `static-web-app`, to which it is sent by hand.')
@allowed(['storage', 'front-door', 'static-web-app'])
param pageHosting string = 'storage'

@description('Region of the static web app.')
@allowed(['westus2', 'centralus', 'eastus2', 'westeurope', 'eastasia'])
param staticWebAppLocation string = 'westeurope'

@description('Memory in MB of an instance that works on images: 2048 has one core, 4096 two.')
@allowed([2048, 4096])
param processMemory int = 2048

@description('The most instances of each function that works on images. A subscription has 250 cores in a region, unless more are asked for.')
@minValue(1)
@maxValue(1000)
param processMaximum int = 100

@description('Instances that always wait for single tasks: they save the cold start, and are paid for.')
@minValue(0)
@maxValue(100)
param processAlwaysReady int = 0

@description('What a deployment does to instances at work: `Recreate` ends them at once, `RollingUpdate` (preview) lets them finish.')
@allowed(['Recreate', 'RollingUpdate'])
param updateStrategy string = 'Recreate'

@description('Requests that an instance of the API takes at a time. Long polls wait most of their time.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 250

@description('Tasks and images are deleted after so many days.')
@minValue(1)
@maxValue(3650)
param retentionDays int = 7

@description('Storage accounts over which tasks and images are spread. It can be raised, but not lowered.')
@minValue(1)
@maxValue(16)
param dataAccounts int = 1

@description('Whether each request to the storage is logged: useful in an inquiry, costly at scale.')
param logStorageRequests bool = false

@description('Seconds that a task may wait before an alert is raised.')
@minValue(30)
param alertBacklogAge int = 600

@description('Cores that the subscription has for Flex Consumption in this region.')
@minValue(40)
param coreQuota int = 250

@description('Who gets the alerts by mail; nobody if empty: they are in the portal alone.')
param alertMail string = ''

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var deployerId = deployer().objectId

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token }
}

module watching 'modules/watching.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    processMaximum: processMaximum
    backlogAge: alertBacklogAge
    coreQuota: coreQuota
    mailTo: alertMail
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, deployerId: deployerId }
}

module frontDoor 'modules/front-door.bicep' = if (pageHosting == 'front-door') {
  scope: group
  params: {
    tags: tags
    token: token
    pageHost: hostStorage.outputs.pageHost
    logs: monitoring.outputs.workspaceId
  }
}

module staticWebApp 'modules/static-web-app.bicep' = if (pageHosting == 'static-web-app') {
  scope: group
  params: { tags: tags, token: token, location: staticWebAppLocation }
}

var pageHosts = {
  storage: hostStorage.outputs.pageHost
  'front-door': frontDoor.?outputs.hostName
  'static-web-app': staticWebApp.?outputs.hostName
}
var pageOrigin = 'https://${pageHosts[pageHosting]}'

module dataStorage 'modules/data-storage.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'stdata${token}'
    deployerId: deployerId
    origins: [pageOrigin]
    retentionDays: retentionDays
    logs: logStorageRequests ? monitoring.outputs.workspaceId : ''
  }
}

// The order is that of the setting TESSERA_FURTHER_STORAGE, for good.
var furtherStorageNames = map(range(2, dataAccounts - 1), number => 'stdata${token}${number}')

module furtherStorage 'modules/data-storage.bicep' = [
  for name in furtherStorageNames: {
    scope: group
    params: {
      location: location
      tags: tags
      name: name
      isFurther: true
      deployerId: deployerId
      origins: [pageOrigin]
      retentionDays: retentionDays
      logs: logStorageRequests ? monitoring.outputs.workspaceId : ''
    }
  }
]

module intake 'modules/intake.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, dataStorageName: dataStorage.outputs.name }
}

var shared = {
  location: location
  tags: tags
  token: token
  nodeVersion: nodeVersion
  updateStrategy: updateStrategy
  hostStorageName: hostStorage.outputs.name
  dataStorageName: dataStorage.outputs.name
  furtherStorageNames: furtherStorageNames
  insightsName: monitoring.outputs.insightsName
}
var settings = { RETENTION_DAYS: string(retentionDays) }

// Of each queue an instance holds twice (batchSize + newBatchThreshold) messages: one computes, others move bytes.
var processCores = processMemory / 2048
var processSettings = {
  WORKER_THREADS: string(processCores)
  AzureFunctionsJobHost__extensions__queues__batchSize: string(2 * processCores)
  AzureFunctionsJobHost__extensions__queues__newBatchThreshold: string(processCores)
}

module http 'modules/function-app.bicep' = {
  scope: group
  dependsOn: [furtherStorage]
  params: {
    role: 'http'
    shared: shared
    memory: 2048
    maximumInstances: 100
    alwaysReady: []
    httpConcurrency: httpConcurrency
    origins: [pageOrigin]
    authentication: authMode == 'entra'
      ? {
          clientId: entraClientId == '' ? fail('authMode entra needs entraClientId (TESSERA_ENTRA_CLIENT_ID).') : entraClientId
          tenantId: tenant().tenantId
        }
      : null
    settings: { ...settings, AUTH_MODE: authMode }
  }
}

module control 'modules/function-app.bicep' = {
  scope: group
  dependsOn: [furtherStorage]
  params: {
    role: 'control'
    shared: shared
    memory: 512
    maximumInstances: 40
    alwaysReady: []
    settings: settings
  }
}

module process 'modules/function-app.bicep' = {
  scope: group
  dependsOn: [furtherStorage]
  params: {
    role: 'process'
    shared: shared
    memory: processMemory
    maximumInstances: processMaximum
    alwaysReady: processAlwaysReady == 0 ? [] : [{ name: 'function:process-task', instanceCount: processAlwaysReady }]
    settings: { ...settings, ...processSettings }
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output API_APP string = http.outputs.name
output API_URL string = http.outputs.url
// The page offers to sign in where these are not empty.
output SIGN_IN_AUTHORITY string = authMode == 'entra' ? '${environment().authentication.loginEndpoint}${tenant().tenantId}' : ''
output SIGN_IN_CLIENT_ID string = authMode == 'entra' ? entraClientId : ''
output PAGE_URL string = pageOrigin
output PAGE_STATIC_WEB_APP string = staticWebApp.?outputs.name ?? ''
output PAGE_STORAGE__accountName string = hostStorage.outputs.name
output AzureWebJobsStorage__accountName string = dataStorage.outputs.name
