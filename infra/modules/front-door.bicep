// Azure Front Door before the page: static hosting sends no headers of its own.
param tags object
param token string
param pageHost string
@description('Id of the workspace of the access log.')
param logs string

var headers = [
  { name: 'Content-Security-Policy', value: 'frame-ancestors \'none\'' }
  { name: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubDomains' }
  { name: 'X-Content-Type-Options', value: 'nosniff' }
  { name: 'X-Frame-Options', value: 'DENY' }
  { name: 'Referrer-Policy', value: 'no-referrer' }
]

resource profile 'Microsoft.Cdn/profiles@2025-06-01' = {
  name: 'afd-${token}'
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }

  resource endpoint 'afdEndpoints' = {
    name: 'page-${token}'
    location: 'global'

    resource route 'routes' = {
      name: 'page'
      dependsOn: [origins::page]
      properties: {
        originGroup: { id: origins.id }
        ruleSets: [{ id: rules.id }]
        patternsToMatch: ['/*']
        supportedProtocols: ['Http', 'Https']
        httpsRedirect: 'Enabled'
        forwardingProtocol: 'HttpsOnly'
        linkToDefaultDomain: 'Enabled'
      }
    }
  }

  resource origins 'originGroups' = {
    name: 'page'
    properties: {
      loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 }
      healthProbeSettings: { probePath: '/index.html', probeProtocol: 'Https', probeRequestType: 'HEAD', probeIntervalInSeconds: 240 }
    }

    resource page 'origins' = {
      name: 'static-hosting'
      properties: { hostName: pageHost, originHostHeader: pageHost, httpsPort: 443 }
    }
  }

  resource rules 'ruleSets' = {
    name: 'headers'

    resource rule 'rules' = {
      name: 'security'
      properties: {
        order: 0
        actions: [
          for header in headers: {
            name: 'ModifyResponseHeader'
            parameters: {
              typeName: 'DeliveryRuleHeaderActionParameters'
              headerAction: 'Overwrite'
              headerName: header.name
              value: header.value
            }
          }
        ]
      }
    }
  }
}

resource accessLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: profile
  name: 'access'
  properties: { workspaceId: logs, logs: [{ category: 'FrontDoorAccessLog', enabled: true }] }
}

output hostName string = profile::endpoint.properties.hostName
