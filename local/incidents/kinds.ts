// The kinds of incident systems that a scenario can have.

export const kinds = [
  'azure-monitor-issue',
  'eventgrid',
  'github',
  'jira',
  'jsm',
  'pagerduty',
  'servicenow',
  'slack',
  'teams',
  'webhook',
] as const;
export type Kind = (typeof kinds)[number];
