// A message to the people in `notify` for each incident that opens or ends and each question that is asked: a log alert on lines of pullmedic's own
// log, which needs no mail server and no secret. It comes some minutes later than other systems (ingestion and evaluation).
param name string
param location string
param tags object

@description('The workspace of pullmedic’s own telemetry.')
param workspaceId string

@description('The action groups of the people who get these messages.')
param groupIds string[]

@description('Where people find the incident.')
param hostName string

resource mail 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-incident-mail'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${name}: an incident was opened or ended, or a question was asked'
    description: 'See https://${hostName}/api/now for what happened, whose problem it is and what to run.'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      allOf: [
        {
          query: loadTextContent('../queries/incident-mail.kql')
          timeAggregation: 'Count'
          dimensions: [
            {
              name: 'What'
              operator: 'Include'
              values: ['*']
            }
            {
              name: 'About'
              operator: 'Include'
              values: ['*']
            }
            {
              name: 'Cause'
              operator: 'Include'
              values: ['*']
            }
            {
              name: 'Owner'
              operator: 'Include'
              values: ['*']
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    // Each line is a message of its own. An alert that Azure resolved by itself would say that an incident ended that goes on.
    autoMitigate: false
    skipQueryValidation: true
    actions: { actionGroups: groupIds }
  }
}
