// What the portal's "Test action group" sends for a log alert V2: a payload with made-up ids, whatever the rules say.

/** The payload of the portal's test. */
export const testAlert: unknown = {
  schemaId: 'azureMonitorCommonAlertSchema',
  data: {
    essentials: {
      alertId:
        '/subscriptions/aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e/providers/Microsoft.AlertsManagement/alerts/eeeeeeee-4444-5555-6666-ffffffffffff',
      alertRule: 'test-logAlertRule-v2',
      severity: 'Sev4',
      signalType: 'Log',
      monitorCondition: 'Fired',
      monitoringService: 'Log Alerts V2',
      alertTargetIDs: [
        '/subscriptions/aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e/resourcegroups/test-RG/providers/microsoft.operationalinsights/workspaces/test-logAnalyticsWorkspace',
      ],
      configurationItems: ['test-computer'],
      originAlertId: '22222222-2222-2222-2222-222222222222',
      firedDateTime: '2025-04-15T18:08:03.626Z',
      description: 'Alert rule description',
      essentialsVersion: '1.0',
      alertContextVersion: '1.0',
    },
    alertContext: {
      properties: {
        customKey1: 'value1',
        customKey2: 'value2',
      },
      conditionType: 'LogQueryCriteria',
      condition: {
        windowSize: 'PT1H',
        allOf: [
          {
            searchQuery: 'Heartbeat',
            metricMeasureColumn: null,
            targetResourceTypes: "['Microsoft.OperationalInsights/workspaces']",
            operator: 'GreaterThan',
            threshold: '0',
            timeAggregation: 'Count',
            dimensions: [
              {
                name: 'Computer',
                value: 'test-computer',
              },
            ],
            metricValue: 3,
            failingPeriods: {
              numberOfEvaluationPeriods: 1,
              minFailingPeriodsToAlert: 1,
            },
            linkToSearchResultsUI:
              'https://portal.azure.com#@cccc2222-dd33-4444-55ee-666666ffffff/blade/Microsoft_Azure_Monitoring_Logs/LogsBlade/source/Alerts.EmailLinks/...',
            linkToFilteredSearchResultsUI:
              'https://portal.azure.com#@cccc2222-dd33-4444-55ee-666666ffffff/blade/Microsoft_Azure_Monitoring_Logs/LogsBlade/source/Alerts.EmailLinks/...',
            linkToSearchResultsAPI:
              'https://api.loganalytics.io/v1/workspaces/dddd3333-ee44-5555-66ff-777777aaaaaa/query?query=Heartbeat%7C%20where%20TimeGenerated%20between%28datetime%282021-11-16T10%3A17%3A39.0000000Z%29..datetime%282021-11-16T11%3A17%3A39.0000000Z%29%29&timespan=2021-11-16T10%3a17%3a39.0000000Z%2f2021-11-16T11%3a17%3a39.0000000Z',
            linkToFilteredSearchResultsAPI:
              'https://api.loganalytics.io/v1/workspaces/dddd3333-ee44-5555-66ff-777777aaaaaa/query?query=Heartbeat%7C%20where%20TimeGenerated%20between%28datetime%282021-11-16T10%3A17%3A39.0000000Z%29..datetime%282021-11-16T11%3A17%3A39.0000000Z%29%29%7C%20where%20tostring%28Computer%29%20%3D%3D%20%22test-computer%22&timespan=2021-11-16T10%3a17%3a39.0000000Z%2f2021-11-16T11%3a17%3a39.0000000Z',
          },
        ],
        windowStartTime: '2021-11-16T10:17:39Z',
        windowEndTime: '2021-11-16T11:17:39Z',
      },
    },
  },
};
