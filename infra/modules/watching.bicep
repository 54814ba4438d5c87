// What is to be seen of the system, and what raises an alarm. The queries are in files of their own, which a test holds against the code.
param location string
param tags object
@description('Id of the workspace that has the telemetry.')
param workspaceId string
@description('The most instances of each function that works on images.')
param processMaximum int
@description('Seconds that a task may wait.')
param backlogAge int
param coreQuota int
@description('Gets the alerts; nobody if empty.')
param mailTo string

var values = {
  backlogAge: string(backlogAge)
  processMaximum: string(processMaximum)
  coreQuota: string(coreQuota)
}
var rules = map(loadJsonContent('../alerts.json'), rule => {
  name: rule.name
  severity: rule.severity
  description: reduce(items(values), rule.description, (text, value) => replace(text, '{${value.key}}', value.value))
  query: reduce(items(values), rule.query, (text, value) => replace(text, '{${value.key}}', value.value))
})

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspaceId, 'tessera')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Tessera'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../workbook.json')
  }
}

resource mail 'Microsoft.Insights/actionGroups@2023-01-01' = if (mailTo != '') {
  name: 'tessera'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'tessera'
    enabled: true
    emailReceivers: [{ name: 'mail', emailAddress: mailTo, useCommonAlertSchema: true }]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: 'tessera-${rule.name}'
    location: location
    tags: tags
    properties: {
      displayName: 'Tessera: ${rule.name}'
      description: rule.description
      severity: rule.severity
      scopes: [workspaceId]
      // In a new workspace there is no table yet to check the query by.
      skipQueryValidation: true
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: { actionGroups: mailTo == '' ? [] : [mail.id] }
    }
  }
]
