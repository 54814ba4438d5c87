// One of the three apps on a Flex Consumption plan of its own, with an identity of its own.

@description('What the three apps have in common.')
type Shared = {
  location: string
  tags: object
  token: string
  nodeVersion: string
  updateStrategy: 'Recreate' | 'RollingUpdate'
  hostStorageName: string
  dataStorageName: string
  furtherStorageNames: string[]
  insightsName: string
}

param role 'http' | 'control' | 'process'
param shared Shared
param memory int
param maximumInstances int
@description('Instances that are always there, by scale group.')
param alwaysReady { name: string, instanceCount: int }[]
@description('Requests that an instance takes at a time; the platform chooses if 0.')
param httpConcurrency int = 0
@description('Origins of pages that may call the app.')
param origins string[] = []
@description('The app registration whose tokens let callers in; the platform asks for none if null.')
param authentication { clientId: string, tenantId: string }?
param settings object

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: shared.hostStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: shared.dataStorageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: shared.insightsName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${role}-${shared.token}'
  location: shared.location
  tags: shared.tags
}

module roles 'roles.bicep' = {
  params: {
    principalId: identity.properties.principalId
    hostStorageName: shared.hostStorageName
    dataStorageName: shared.dataStorageName
    furtherStorageNames: shared.furtherStorageNames
    insightsName: shared.insightsName
  }
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${role}-${shared.token}'
  location: shared.location
  tags: shared.tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

var data = dataStorage.properties.primaryEndpoints
var allSettings = {
  TESSERA_ROLE: role
  INSTANCE_CORES: memory == 512 ? '0.25' : string(memory / 2048)
  AzureWebJobsStorage__accountName: shared.hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  TESSERA_STORAGE__blobServiceUri: data.blob
  TESSERA_STORAGE__queueServiceUri: data.queue
  TESSERA_STORAGE__tableServiceUri: data.table
  TESSERA_STORAGE__credential: 'managedidentity'
  TESSERA_STORAGE__clientId: identity.properties.clientId
  TESSERA_FURTHER_STORAGE: join(shared.furtherStorageNames, ',')
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  ...settings
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-${role}-${shared.token}'
  location: shared.location
  tags: { ...shared.tags, 'azd-service-name': role }
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  // The host reads its keys from the storage when it starts.
  dependsOn: [roles]
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}package-${role}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      runtime: { name: 'node', version: shared.nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: memory
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReady
        triggers: httpConcurrency == 0 ? {} : { http: { perInstanceConcurrency: httpConcurrency } }
      }
      #disable-next-line BCP037 // Newer than the published types.
      siteUpdateStrategy: { type: shared.updateStrategy }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      cors: { allowedOrigins: origins }
      appSettings: map(items(allSettings), setting => { name: setting.key, value: setting.value })
    }
  }

  // Passwords are another kind of key.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource authSettings 'config' = if (authentication != null) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: { requireAuthentication: true, unauthenticatedClientAction: 'Return401' }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: authentication!.clientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${authentication!.tenantId}/v2.0'
          }
          validation: { allowedAudiences: [authentication!.clientId, 'api://${authentication!.clientId}'] }
        }
      }
    }
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
