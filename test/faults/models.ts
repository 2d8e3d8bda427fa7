// Small worlds that move: what Azure would read like at every instant, given what pullmedic changed. For the fault sweep.
import { repositoryCondition, repositoryReaderRole } from '../../src/lib/diagnosis/access.ts';
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import type { Signal } from '../../src/lib/signals/signal.ts';
import { known } from '../../src/lib/words/fact.ts';
import {
  alert,
  app,
  appId,
  arm,
  assignment,
  config,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  principal,
  pulledRow,
  readyReplica,
  registry,
  registryId,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  unauthorizedRow,
  zoneId,
} from '../lib/facts.ts';
import { memoryModels } from './memory-models.ts';
import type { Changes, Model } from './model.ts';

/** The platform tries again at least this often by itself. */
const platformRetryMs = 5 * minute;
const propagationMs = 4 * minute;

/** When a replica gets ready, once nothing stands in its way from `clearMs` on. */
function readyAt(clearMs: number, { restartedAtMs }: Changes): number {
  // A restart replaces the replicas, also one that has just got ready by itself.
  if (restartedAtMs !== undefined && restartedAtMs >= clearMs) return restartedAtMs + 5000;
  return nowMs + Math.ceil((clearMs - nowMs) / platformRetryMs) * platformRetryMs + 2000;
}

/** How Azure describes a revision that serves. */
const healthy = { details: '', runningState: 'Running', provisioningState: 'Provisioned', healthState: 'Healthy' };

/** The app as it reads when its image was pulled at `readyMs`; its row can be queried a minute later. */
function recovered(base: Evidence, readyMs: number, atMs: number): Evidence {
  const rows = atMs > readyMs + minute ? [unauthorizedRow, { ...pulledRow, atMs: readyMs }] : [unauthorizedRow];
  return {
    ...base,
    logs: known(rows),
    replicas: known([{ ...readyReplica, name: 'ca-orders--0000001-b', createdAtMs: readyMs - 4000 }]),
    revisions: known([{ ...revision, ...healthy }]),
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
  return healing(dnsLinked, linkedAtMs, changes, atMs);
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
    return recovered({ ...roleMissing, roles }, Math.max(granted, redeployedAtMs) + 5000, atMs);
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

/** The app was scaled to zero two minutes after it failed: nothing pulls any more, so nothing can be proved. */
function asleep(changes: Changes, atMs: number): Evidence {
  const { grantedAtMs } = changes;
  const roles = known(grantedAtMs === undefined ? [] : [assignment(0, { createdAtMs: grantedAtMs })]);
  if (atMs < nowMs + 2 * minute) return { ...roleMissing, roles };
  const sleeping = known([
    { ...revision, details: '', runningState: 'ScaledToZero', provisioningState: 'Provisioned' },
  ]);
  return { ...roleMissing, roles, replicas: known([]), revisions: sleeping };
}

const deletedAtMs = nowMs + 26 * minute;

/** Nobody writes the link, and in the end somebody deletes the app. */
function deleted(_: Changes, atMs: number): Evidence {
  return atMs < deletedAtMs ? dnsUnlinked : { ...dnsUnlinked, app: known('gone') };
}

const busyRow = {
  ...unauthorizedRow,
  reason: 'ImagePullFailure',
  text: `Image pull for ${app.images[0] ?? ''} failed due to registry rate limiting (HTTP 429).`,
};

/** The registry throttles for eight minutes. */
function busy(changes: Changes, atMs: number): Evidence {
  const held = { ...roleMissing, roles: known([assignment(30 * 24 * 60 * minute)]), logs: known([busyRow]) };
  const readyMs = readyAt(nowMs + 8 * minute, changes);
  if (atMs < readyMs) return held;
  const after = recovered(held, readyMs, atMs);
  const rows = atMs > readyMs + minute ? [busyRow, { ...pulledRow, atMs: readyMs }] : [busyRow];
  return { ...after, logs: known(rows) };
}

const abacRegistry = known({ ...registry, roleMode: 'abac' as const });

/** The same in a registry that asks for repository permissions. */
function inAbac(changes: Changes, atMs: number): Evidence {
  const { grantedAtMs } = changes;
  if (grantedAtMs === undefined) return { ...roleMissing, registry: abacRegistry };
  const reader = assignment(0, {
    createdAtMs: grantedAtMs,
    roleId: repositoryReaderRole,
    condition: repositoryCondition('shop/orders'),
    permissions: known([
      {
        actions: [],
        notActions: [],
        dataActions: ['Microsoft.ContainerRegistry/registries/repositories/content/read'],
        notDataActions: [],
      },
    ]),
  });
  const granted = { ...roleMissing, registry: abacRegistry, roles: known([reader]) };
  return healing(granted, grantedAtMs + propagationMs, changes, atMs);
}

const otherId = arm(appId.replace(/ca-orders$/i, 'ca-stock'));

/** Two apps behind the same zone that is linked to nothing. */
function dnsOfTwo(changes: Changes, atMs: number, id: string): Evidence {
  const seen = dns(changes, atMs);
  return id === otherId ? { ...seen, app: known({ ...app, id: otherId }) } : seen;
}

const ofOther: Signal = { ...signal, id: 'alert|2', about: { kind: 'app', id: otherId }, atMs: nowMs + 20_000 };
const again = (id: string, atMs: number): { atMs: number; signal: Signal } => ({
  atMs,
  signal: { ...signal, id: `alert|${id}`, atMs },
});

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
    revisions: known([{ ...revision, ...healthy, name, createdAtMs: revised.atMs + 10_000 }]),
    replicas: known([{ ...readyReplica, name: row.replica, revision: name, createdAtMs: revised.atMs + 12_000 }]),
    logs: known(atMs > readyMs + minute ? [row] : []),
  };
}

const first = [{ atMs: nowMs, signal }];
const withAlert = [{ atMs: nowMs, signal: { ...signal, alert } }];

/** The role was taken back while the app runs: what was pulled goes on running. */
function runsOn(changes: Changes, atMs: number): Evidence {
  if (!changes.undone) return withGrant(changes, atMs);
  return { ...recovered(roleMissing, nowMs + 5 * minute, atMs), roles: known([]) };
}

export const models: readonly Model[] = [
  {
    name: 'missing-role',
    config: config(),
    signals: first,
    read: withGrant,
    ends: ['recovered'],
    grants: 1,
    incident: 'none',
  },
  {
    name: 'alert-is-set',
    config: config({ PULLMEDIC_SETTINGS: JSON.stringify({ alerts: { setState: true } }) }),
    signals: withAlert,
    read: withGrant,
    ends: ['recovered'],
    grants: 1,
    // No person is told of it, so it is not acknowledged.
    alertsSet: ['Closed'],
    incident: 'none',
  },
  {
    name: 'undone-after-recovery',
    config: config({ PULLMEDIC_SETTINGS: '{"undo":true}' }),
    signals: first,
    undoesAtMs: nowMs + 45 * minute,
    read: runsOn,
    ends: ['recovered'],
    grants: 1,
    incident: 'none',
  },
  {
    name: 'undone-while-propagating',
    config: config({ PULLMEDIC_SETTINGS: '{"undo":true,"approvalMinutes":600}' }),
    signals: first,
    undoesAtMs: nowMs + 2 * minute,
    read: withGrant,
    ends: ['needs-approval'],
    grants: 1,
    incident: 'open',
  },
  {
    name: 'role-propagating',
    config: config(),
    signals: first,
    read: (changes, atMs) =>
      healing({ ...roleMissing, roles: known([assignment(minute)]) }, nowMs + 3 * minute, changes, atMs),
    ends: ['recovered'],
    grants: 0,
    incident: 'none',
  },
  {
    name: 'dns-unlinked',
    config: config(),
    signals: [...first, { atMs: linkedAtMs + 5000, signal: linkWritten }],
    read: dns,
    ends: ['recovered'],
    grants: 0,
    incident: 'resolved',
  },
  {
    name: 'crash',
    config: config(),
    signals: first,
    read: () => crashing,
    ends: ['withdrawn'],
    grants: 0,
    incident: 'none',
  },
  {
    name: 'observe',
    config: config({ PULLMEDIC_MODE: 'observe' }),
    signals: first,
    read: () => roleMissing,
    ends: ['needs-person'],
    grants: 0,
    incident: 'open',
  },
  {
    name: 'person-approves',
    config: config({ PULLMEDIC_MODE: 'approve' }),
    signals: first,
    answersAtMs: nowMs + 5 * minute,
    read: withGrant,
    ends: ['recovered'],
    grants: 1,
    incident: 'resolved',
  },
  {
    name: 'role-removed',
    config: config({ PULLMEDIC_SETTINGS: JSON.stringify({ approvalMinutes: 600 }) }),
    signals: first,
    read: () => removed,
    ends: ['needs-approval'],
    grants: 0,
    incident: 'open',
  },
  {
    name: 'write-rejected',
    config: config(),
    signals: [...first, { atMs: redeployedAtMs + 2000, signal: redeployed }],
    read: rejected,
    ends: ['recovered'],
    grants: 1,
    incident: 'maybe-resolved',
  },
  {
    name: 'scaled-to-zero',
    config: config(),
    signals: first,
    read: asleep,
    ends: ['unproven'],
    grants: 1,
    incident: 'none',
  },
  {
    name: 'last-member-leaves',
    config: config(),
    signals: first,
    read: deleted,
    ends: ['withdrawn'],
    grants: 0,
    incident: 'withdrawn',
  },
  {
    name: 'two-apps-one-incident',
    config: config(),
    signals: [...first, { atMs: nowMs + 20_000, signal: ofOther }, { atMs: linkedAtMs + 5000, signal: linkWritten }],
    read: dnsOfTwo,
    ends: ['recovered', 'recovered'],
    grants: 0,
    incident: 'resolved',
  },
  {
    name: 'approval-expires',
    config: config({ PULLMEDIC_MODE: 'approve', PULLMEDIC_SETTINGS: JSON.stringify({ approvalMinutes: 10 }) }),
    signals: first,
    read: withGrant,
    ends: ['needs-person'],
    grants: 0,
    incident: 'open',
  },
  {
    name: 'person-rejects',
    config: config({ PULLMEDIC_MODE: 'approve' }),
    signals: first,
    answersAtMs: nowMs + 5 * minute,
    answers: 'rejected',
    read: withGrant,
    ends: ['needs-person'],
    grants: 0,
    incident: 'open',
  },
  {
    name: 'registry-busy',
    config: config(),
    signals: first,
    read: busy,
    ends: ['recovered'],
    grants: 0,
    incident: 'none',
  },
  {
    name: 'role-missing-in-abac',
    config: config(),
    signals: first,
    read: inAbac,
    ends: ['recovered'],
    grants: 1,
    incident: 'none',
  },
  {
    name: 'alert-comes-again',
    config: config(),
    signals: [...first, again('1b', nowMs + 40_000), again('1c', nowMs + 5 * minute), again('1', nowMs + 7 * minute)],
    read: withGrant,
    ends: ['recovered'],
    grants: 1,
    incident: 'none',
  },
  {
    name: 'driven-again',
    config: config({ PULLMEDIC_SETTINGS: JSON.stringify({ retry: { newRevision: true } }) }),
    signals: first,
    read: drivenAgain,
    ends: ['recovered'],
    grants: 1,
    incident: 'none',
  },
  ...memoryModels(runsOn),
];
