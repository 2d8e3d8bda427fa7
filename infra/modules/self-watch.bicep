// Alerts for people about pullmedic itself, because a first responder that is down cannot report it.
param name string
param location string
param tags object

@description('The workspace of pullmedic’s own telemetry.')
param workspaceId string

@description('The action group of the people who get these alerts. Empty: only the portal shows them.')
param groupIds string[]

var rules = [
  {
    name: 'heartbeat'
    says: 'pullmedic has not run for fifteen minutes'
    query: loadTextContent('../queries/heartbeat.kql')
    operator: 'LessThan'
    threshold: 1
    severity: 1
  }
  {
    name: 'poison'
    says: 'a message of pullmedic failed five times'
    query: loadTextContent('../queries/poison.kql')
    operator: 'GreaterThan'
    threshold: 0
    severity: 2
  }
  {
    name: 'stopped'
    says: 'pullmedic has stopped granting: the breaker is open or the kill switch is on'
    query: loadTextContent('../queries/stopped.kql')
    operator: 'GreaterThan'
    threshold: 0
    severity: 2
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${name}-self-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: ${rule.says}'
      description: 'See docs/operations.md, "When pullmedic itself is in trouble".'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      skipQueryValidation: true
      actions: { actionGroups: groupIds }
    }
  }
]
