// Small worlds that move: what Azure would read like at every instant, given what pullmedic changed. For the fault sweep.
import type { Config } from '../../src/lib/config.ts';
import type { Evidence } from '../../src/lib/evidence.ts';
import { known } from '../../src/lib/fact.ts';
import type { Signal } from '../../src/lib/signal.ts';
import {
  app,
  assignment,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  principal,
  pulledRow,
  readyReplica,
  registryId,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  unauthorizedRow,
  vnetId,
  zoneId,
} from '../lib/facts.ts';

/** What was changed in the world so far, by pullmedic. */
export interface Changes {
  readonly grantedAtMs: number | undefined;
  readonly restartedAtMs: number | undefined;
  readonly revised: { readonly suffix: string; readonly atMs: number } | undefined;
}

export interface Model {
  readonly name: string;
  readonly config: Config;
  readonly signals: readonly { readonly atMs: number; readonly signal: Signal }[];
  /** A person approves what is asked, from this moment on. */
  readonly approvesAtMs?: number;
  read(changes: Changes, atMs: number): Evidence;
  readonly ends: {
    readonly state: 'recovered' | 'withdrawn' | 'unproven' | 'needs-person' | 'needs-approval';
    readonly grants: number;
    /** `maybe-resolved`: a host that dies at the start may come back when nobody needs to be told any more. */
    readonly incident: 'none' | 'open' | 'resolved' | 'withdrawn' | 'maybe-resolved';
  };
}

/** The platform tries again at least this often by itself. */
const platformRetryMs = 5 * minute;
const propagationMs = 4 * minute;

/** When a replica gets ready, once nothing stands in its way from `clearMs` on. */
function readyAt(clearMs: number, { restartedAtMs }: Changes): number {
  // A restart replaces the replicas, also one that has just got ready by itself.
  if (restartedAtMs !== undefined && restartedAtMs >= clearMs) return restartedAtMs + 5000;
  return nowMs + Math.ceil((clearMs - nowMs) / platformRetryMs) * platformRetryMs + 2000;
}

/** The app as it reads when its image was pulled at `readyMs`; its row can be queried a minute later. */
function recovered(base: Evidence, readyMs: number, atMs: number): Evidence {
  const rows = atMs > readyMs + minute ? [unauthorizedRow, { ...pulledRow, atMs: readyMs }] : [unauthorizedRow];
  return {
    ...base,
    logs: known(rows),
    replicas: known([{ ...readyReplica, name: 'ca-orders--0000001-b', createdAtMs: readyMs - 4000 }]),
    revisions: known([
      { ...revision, details: '', runningState: 'Running', provisioningState: 'Provisioned', healthState: 'Healthy' },
    ]),
  };
}

function healing(base: Evidence, clearMs: number | undefined, changes: Changes, atMs: number): Evidence {
  if (clearMs === undefined) return base;
  const readyMs = readyAt(clearMs, changes);
  return atMs >= readyMs ? recovered(base, readyMs, atMs) : base;
}

function withGrant(changes: Changes, atMs: number): Evidence {
  const { grantedAtMs } = changes;
  if (grantedAtMs === undefined) return roleMissing;
  const granted = { ...roleMissing, roles: known([assignment(0, { createdAtMs: grantedAtMs })]) };
  return healing(granted, grantedAtMs + propagationMs, changes, atMs);
}

const linkedAtMs = nowMs + 14 * minute;
const linkWritten: Signal = {
  id: 'event|link',
  via: 'resource-event',
  about: { kind: 'change', resource: zoneId },
  atMs: linkedAtMs,
};

function dns(changes: Changes, atMs: number): Evidence {
  if (atMs < linkedAtMs) return dnsUnlinked;
  const linked = {
    ...dnsUnlinked,
    zones: known([
      {
        id: zoneId,
        links: known([{ vnetId, completed: true, redirects: false }]),
        records: known({ acrshop: ['10.70.4.5'] }),
      },
    ]),
  };
  return healing(linked, linkedAtMs, changes, atMs);
}

const crashRow = {
  ...unauthorizedRow,
  reason: 'ContainerTerminated',
  text: "Container 'app' was terminated with exit code '1' and reason 'ProcessExited'. 401 unauthorized, access denied",
};
const crashing: Evidence = {
  ...roleMissing,
  roles: known([assignment(30 * 24 * 60 * minute)]),
  revisions: known([{ ...revision, details: 'Container crashing: app' }]),
  logs: known([crashRow]),
  replicas: known([
    {
      ...stuckReplica,
      containers: [
        { name: 'app', image: app.images[0] ?? '', ready: false, state: 'Waiting', details: 'CrashLoopBackOff' },
      ],
    },
  ]),
};

const removed: Evidence = {
  ...roleMissing,
  removals: known([{ atMs: nowMs - minute, by: 'mallory', scope: registryId, principalId: principal }]),
};

const redeployedAtMs = nowMs + 13 * minute;
const redeployed: Signal = {
  ...signal,
  id: 'event|deploy',
  via: 'resource-event',
  atMs: redeployedAtMs,
  joinOnly: true,
};

/** The write was rejected: no revision until somebody deploys again. */
function rejected(changes: Changes, atMs: number): Evidence {
  const granted = changes.grantedAtMs;
  const roles = known(granted === undefined ? [] : [assignment(0, { createdAtMs: granted })]);
  const writes = known([{ ...unauthorizedRow, revision: '', replica: '', reason: 'ContainerAppOperationError' }]);
  if (granted !== undefined && atMs >= redeployedAtMs)
    return recovered({ ...roleMissing, roles }, redeployedAtMs + 5000, atMs);
  return {
    ...roleMissing,
    app: known({ ...app, provisioningState: 'Failed' }),
    revisions: known([]),
    replicas: known([]),
    logs: known([]),
    roles,
    writes,
  };
}

/** Nobody deploys again: the revision comes from the one PATCH, some seconds later. */
function drivenAgain(changes: Changes, atMs: number): Evidence {
  const { revised } = changes;
  if (revised === undefined || atMs < revised.atMs + 10_000)
    return rejected(changes, Math.min(atMs, redeployedAtMs - 1));
  const name = `ca-orders--${revised.suffix}`;
  const readyMs = revised.atMs + 15_000;
  const row = { ...pulledRow, revision: name, replica: `${name}-a`, atMs: readyMs };
  return {
    ...recovered(rejected(changes, redeployedAtMs), readyMs, atMs),
    app: known({ ...app, latestRevision: name }),
    revisions: known([{ ...revision, name, createdAtMs: revised.atMs + 10_000 }]),
    replicas: known([{ ...readyReplica, name: row.replica, revision: name, createdAtMs: revised.atMs + 12_000 }]),
    logs: known(atMs > readyMs + minute ? [row] : []),
  };
}

const first = [{ atMs: nowMs, signal }];

export const models: readonly Model[] = [
  {
    name: 'missing-role',
    config: config(),
    signals: first,
    read: withGrant,
    ends: { state: 'recovered', grants: 1, incident: 'none' },
  },
  {
    name: 'role-propagating',
    config: config(),
    signals: first,
    read: (changes, atMs) =>
      healing({ ...roleMissing, roles: known([assignment(minute)]) }, nowMs + 3 * minute, changes, atMs),
    ends: { state: 'recovered', grants: 0, incident: 'none' },
  },
  {
    name: 'dns-unlinked',
    config: config(),
    signals: [...first, { atMs: linkedAtMs + 5000, signal: linkWritten }],
    read: dns,
    ends: { state: 'recovered', grants: 0, incident: 'resolved' },
  },
  {
    name: 'crash',
    config: config(),
    signals: first,
    read: () => crashing,
    ends: { state: 'withdrawn', grants: 0, incident: 'none' },
  },
  {
    name: 'observe',
    config: config({ PULLMEDIC_MODE: 'observe' }),
    signals: first,
    read: () => roleMissing,
    ends: { state: 'needs-person', grants: 0, incident: 'open' },
  },
  {
    name: 'person-approves',
    config: config({ PULLMEDIC_MODE: 'approve' }),
    signals: first,
    approvesAtMs: nowMs + 5 * minute,
    read: withGrant,
    ends: { state: 'recovered', grants: 1, incident: 'resolved' },
  },
  {
    name: 'role-removed',
    config: config({ PULLMEDIC_SETTINGS: JSON.stringify({ approvalMinutes: 600 }) }),
    signals: first,
    read: () => removed,
    ends: { state: 'needs-approval', grants: 0, incident: 'open' },
  },
  {
    name: 'write-rejected',
    config: config(),
    signals: [...first, { atMs: redeployedAtMs + 2000, signal: redeployed }],
    read: rejected,
    ends: { state: 'recovered', grants: 1, incident: 'maybe-resolved' },
  },
  {
    name: 'driven-again',
    config: config({ PULLMEDIC_SETTINGS: JSON.stringify({ retry: { newRevision: true } }) }),
    signals: first,
    read: drivenAgain,
    ends: { state: 'recovered', grants: 1, incident: 'none' },
  },
];
