// Azure Static Web Apps for the page: its plan without cost sends headers that static hosting cannot. The page is sent to it by its own tool.
param tags object
param token string
@description('One of the regions that Static Web Apps has; the page itself is served from everywhere.')
param location string

resource site 'Microsoft.Web/staticSites@2025-03-01' = {
  name: 'stapp-${token}'
  location: location
  tags: tags
  sku: { name: 'Free', tier: 'Free' }
  properties: { allowConfigFileUpdates: true, stagingEnvironmentPolicy: 'Disabled' }
}

output name string = site.name
output hostName string = site.properties.defaultHostname
