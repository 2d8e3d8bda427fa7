// Puts the adapters together into the ports that the core asks for.
import { subscriptionOf } from '../arm-id.ts';
import type { Config } from '../config.ts';
import type { Entry } from '../history.ts';
import type { IncidentEntry } from '../incident.ts';
import type { LedgerEntry, LogEvent, Ports } from '../ports.ts';
import { recalling } from '../recall.ts';
import { findGrant, grantPullRole, readMade, removeGrant, restartRevision } from './actions.ts';
import type { Clients } from './clients.ts';
import { findApps, listApps, readProbe } from './evidence.ts';
import { shortHash } from './hash.ts';
import type { Queues } from './queue.ts';
import { type Head, indexOf, ledger, readKillSwitch, type Tables } from './store.ts';

const entryKinds = [
  'opened',
  'signal-joined',
  'looked',
  'decided',
  'outcome',
  'answered',
  'incident-linked',
  'undo-asked',
  'undo-decided',
  'undo-outcome',
  'closed',
] as const satisfies readonly Entry['kind'][];
const incidentKinds = [
  'incident-opened',
  'member-joined',
  'member-left',
  'incident-closed',
] as const satisfies readonly IncidentEntry['kind'][];
const ledgerKinds = ['grant-counted', 'grant-proven', 'grant-undone'] as const satisfies readonly LedgerEntry['kind'][];

export interface Connections {
  readonly clients: Clients;
  readonly tables: Tables;
  readonly queues: Queues;
  readonly log: (event: LogEvent, fields: Readonly<Record<string, string | number | boolean>>) => void;
}

/** The ports of a running function app. */
export function azurePorts(config: Config, { clients, tables, queues, log }: Connections): Ports {
  const now = (): number => Date.now();
  const subscriptions = [
    ...new Set([...config.scopes, ...config.registries.map((registry) => registry.id)].map(subscriptionOf)),
  ];
  const noteHead = (head: Head): void => log('history-head', { ...head });
  return {
    now,
    hash: shortHash,
    history: ledger<Entry>(tables.history, entryKinds, now, noteHead),
    incidents: ledger<IncidentEntry>(tables.incidents, incidentKinds, now, noteHead),
    deployment: ledger<LedgerEntry>(tables.deployment, ledgerKinds, now, noteHead),
    index: indexOf(tables.index),
    queue: queues,
    azure: recalling(
      {
        probe: (probe, target, soFar, sinceMs, look) =>
          readProbe(clients, subscriptions, probe, target, soFar, sinceMs, look?.maySend),
        findApps: (name, environment) => findApps(clients, subscriptions, name, environment),
        listApps: () => listApps(clients, config.scopes),
      },
      now,
    ),
    actions: {
      grant: (grant, remediation) => grantPullRole(clients, grant, remediation),
      findGrant: (grant) => findGrant(clients, grant),
      readMade: (grant, remediation) => readMade(clients, grant, remediation),
      removeGrant: (grant, remediation) => removeGrant(clients, grant, remediation),
      restart: (appId, revision) => restartRevision(clients, appId, revision),
    },
    killSwitch: () => readKillSwitch(tables.controls),
    log,
  };
}
