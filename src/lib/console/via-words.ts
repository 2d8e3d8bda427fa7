// What started a remediation, in words.

import type { Via } from '../signals/signal.ts';

const viaWords: Readonly<Record<Via, string>> = {
  'log-alert': 'a log alert',
  'activity-alert': 'an alert about a rejected deployment',
  'resource-event': 'an event of Azure Resource Manager',
  'registry-event': 'an event of the registry',
  operator: 'an operator who asked for a look',
  schedule: 'the sweep for stuck workloads',
};

export function sayVia(via: Via): string {
  return viaWords[via];
}
