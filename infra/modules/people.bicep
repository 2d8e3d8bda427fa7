// The people who learn of trouble with pullmedic in one subscription, and the alert on a rule that Azure has switched off: Azure does so
// after a week in which the query of a rule failed, and such a rule cannot report it.
param name string
param tags object

@description('E-mail addresses that get these alerts. Empty: only the portal shows them.')
param notify string[]

var here = subscription().id

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(notify)) {
  name: 'ag-${name}-people'
  location: 'Global'
  tags: tags
  properties: {
    groupShortName: 'pm-people'
    enabled: true
    emailReceivers: [
      for (address, index) in notify: {
        name: 'person-${index}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

// The rules of pullmedic are in this resource group; those of other people are theirs to watch.
resource disabledRule 'Microsoft.Insights/activityLogAlerts@2020-10-01' = {
  name: '${name}-rule-disabled'
  location: 'Global'
  tags: tags
  properties: {
    description: 'Azure has switched off an alert rule of pullmedic, because its query failed for a week. See docs/operations.md.'
    enabled: true
    scopes: [here]
    condition: {
      allOf: [
        {
          field: 'category'
          equals: 'Administrative'
        }
        {
          field: 'operationName'
          equals: 'Microsoft.Insights/ScheduledQueryRules/disable/action'
        }
        {
          field: 'resourceGroup'
          equals: resourceGroup().name
        }
      ]
    }
    actions: {
      actionGroups: empty(notify)
        ? []
        : [
            { actionGroupId: people.id }
          ]
    }
  }
}

output groupIds string[] = empty(notify) ? [] : [people.id]
