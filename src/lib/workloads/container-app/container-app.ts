// The container app: its revisions run replicas, and a revision can be restarted.

import type { Workload } from '../workload.ts';

export const containerApp = {
  kind: 'container-app',
  type: 'microsoft.app/containerapps',
  words: {
    full: 'container app',
    short: 'app',
    run: 'revision',
    instance: 'replica',
    id: '/subscriptions/…/containerApps/NAME',
  },
  columns: {
    name: { classic: 'ContainerAppName_s', typed: 'ContainerAppName' },
    run: { classic: 'RevisionName_s', typed: 'RevisionName' },
    always: true,
    runOf: () => '',
  },
  dimensions: {
    name: ['app', 'containerappname', 'containerappname_s'],
    run: ['revision', 'revisionname', 'revisionname_s'],
  },
  write: 'microsoft.app/containerapps/write',
  operations: [
    'microsoft.app/containerapps/write',
    'microsoft.app/containerapps/delete',
    'microsoft.app/containerapps/start/action',
    'microsoft.app/containerapps/stop/action',
    'microsoft.app/containerapps/revisions/activate/action',
    'microsoft.app/containerapps/revisions/deactivate/action',
  ],
  runs: 'go-on',
  failureShows: 'in-state',
  pullProof: 'row-and-container',
  pullsAgain: 'restart',
  runsIn: 'environment',
  pullsFrom: 'its-network',
  pullIdentities: 'any',
  changedBy: 'command',
} as const satisfies Workload;
