// Evidence in domain words for the tests: a healthy world, and ways to spoil it.

import type { AlertFacts } from '../../src/lib/decision/alert-state.ts';
import type { AppFacts, ReplicaFacts, RevisionFacts } from '../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import type { RegistryFacts } from '../../src/lib/evidence/registry-facts.ts';
import type { AssignmentFacts } from '../../src/lib/evidence/role-facts.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import { foldTarget } from '../../src/lib/history/fold.ts';
import { type StoredEntry } from '../../src/lib/history/ledger.ts';
import { type Config, parseConfig } from '../../src/lib/settings/config.ts';
import type { Signal, SignalAlert } from '../../src/lib/signals/signal.ts';
import {
  type ArmId,
  type PrincipalId,
  parseAlertId,
  parseArmId,
  parsePrincipalId,
} from '../../src/lib/words/arm-id.ts';
import { known } from '../../src/lib/words/fact.ts';
import { type Target, type TargetId, targetOf } from '../../src/lib/words/target.ts';

export const nowMs = Date.parse('2026-06-01T02:00:00Z');
export const minute = 60_000;

export function arm(text: string): ArmId {
  const id = parseArmId(text);
  if (id === undefined) throw new Error(`${text} is no ARM id`);
  return id;
}

export function principalId(text: string): PrincipalId {
  const id = parsePrincipalId(text);
  if (id === undefined) throw new Error(`${text} is no principal id`);
  return id;
}

const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';
export const appId = arm(`${subscription}/resourceGroups/rg-apps/providers/Microsoft.App/containerApps/ca-orders`);
export const jobId = arm(`${subscription}/resourceGroups/rg-apps/providers/Microsoft.App/jobs/job-import`);
export const groupId = arm(
  `${subscription}/resourceGroups/rg-apps/providers/Microsoft.ContainerInstance/containerGroups/cg-orders`,
);
export const environmentId = arm(
  `${subscription}/resourceGroups/rg-apps/providers/Microsoft.App/managedEnvironments/cae-shop`,
);
export const identityId = arm(
  `${subscription}/resourceGroups/rg-apps/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-orders`,
);
export const registryId = arm(
  `${subscription}/resourceGroups/rg-registry/providers/Microsoft.ContainerRegistry/registries/acrshop`,
);
export const vnetId = arm(
  `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-shop`,
);
export const zoneId = arm(
  `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`,
);
export const endpointId = arm(
  `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/privateEndpoints/pe-acrshop`,
);
export const principal = principalId('a0000000-0000-4000-8000-00000000000a');
export const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
export const image = 'acrshop.azurecr.io/shop/orders:v1';
export const target: Target = targetOf(appId, image);
export const targetId = `t${'0'.repeat(24)}` as TargetId;

export const jobTarget: Target = targetOf(jobId, image);
export const groupTarget: Target = targetOf(groupId, image);

/** What a job and its executions look like; each is young enough that nothing is missing yet. */
export const execution: RevisionFacts = {
  name: 'job-import-abc1234',
  active: true,
  createdAtMs: nowMs - minute,
  images: [image],
  provisioningState: 'unknown',
  runningState: 'Running',
  healthState: 'unknown',
  trafficWeight: 0,
  minReplicas: 1,
};

/** A replica of that execution, as long as it has not pulled. */
export const waitingExecutionReplica: ReplicaFacts = {
  name: 'job-import-abc1234-x1y2z',
  revision: execution.name,
  createdAtMs: execution.createdAtMs,
  containers: [{ name: 'app', image, ready: false, state: 'Waiting' }],
};

export const app: AppFacts = {
  id: appId,
  environmentId,
  revisionMode: 'Single',
  provisioningState: 'Succeeded',
  latestRevision: 'ca-orders--0000001',
  userIdentities: [{ id: identityId, principalId: principal }],
  registries: [{ server: 'acrshop.azurecr.io', identity: identityId }],
  images: [image],
  traffic: 'latest',
  template: 'as-deployed',
};

/** A container group, one of its containers while that cannot pull, and what runs of it. */
export const groupFacts: AppFacts = {
  id: groupId,
  revisionMode: 'Single',
  provisioningState: 'Succeeded',
  userIdentities: [{ id: identityId, principalId: principal }],
  registries: [{ server: 'acrshop.azurecr.io', identity: identityId }],
  images: [image],
  group: { life: 'lives' },
};

/** The same group, where Azure refused the write that would have made it. Its error gives no reason. */
export const refusedCreate: AppFacts = {
  ...groupFacts,
  provisioningState: 'Failed',
  userIdentities: [],
  registries: [],
  writeError: {
    text: `{"error":{"code":"InaccessibleImage","message":"The image '${image}' in container group 'cg-orders' is not accessible. Please check the image and registry credential."}}`,
    atMs: nowMs - minute,
  },
  group: { life: 'never-created' },
};

export const groupRun: RevisionFacts = {
  name: 'app',
  active: true,
  createdAtMs: nowMs - 10 * minute,
  images: [image],
  imageOf: { app: image },
  provisioningState: 'Succeeded',
  runningState: 'Waiting',
  healthState: 'unknown',
  details: 'ImagePullBackOff',
  trafficWeight: 0,
  minReplicas: 1,
};

export const waitingContainer: ReplicaFacts = {
  name: 'app',
  revision: 'app',
  createdAtMs: groupRun.createdAtMs,
  containers: [{ name: 'app', image, ready: false, state: 'Waiting', details: 'ImagePullBackOff' }],
};

export const revision: RevisionFacts = {
  name: 'ca-orders--0000001',
  active: true,
  createdAtMs: nowMs - 10 * minute,
  images: [image],
  provisioningState: 'Provisioning',
  runningState: 'Processing',
  healthState: 'Unhealthy',
  details: '1/1 Pending:ImagePullBackOff on legion',
  trafficWeight: 100,
};

export const stuckReplica: ReplicaFacts = {
  name: 'ca-orders--0000001-a',
  revision: revision.name,
  createdAtMs: nowMs - 10 * minute,
  containers: [
    {
      name: 'app',
      image,
      ready: false,
      state: 'Waiting',
      details: 'Container is waiting with reason: ImagePullBackOff on legion.',
    },
  ],
};

export const pullingReplica: ReplicaFacts = {
  ...stuckReplica,
  containers: [
    {
      name: 'app',
      image,
      ready: false,
      state: 'Waiting',
      details: 'Container is waiting with reason: PullingImage on legion.',
    },
  ],
};

/** It has its image, and its container runs and is not ready yet. */
export const startingReplica: ReplicaFacts = {
  ...stuckReplica,
  containers: [{ name: 'app', image, ready: false, state: 'Running' }],
};

export const readyReplica: ReplicaFacts = {
  ...stuckReplica,
  containers: [{ name: 'app', image, ready: true, state: 'Running' }],
};

export const registry: RegistryFacts = {
  id: registryId,
  loginServer: 'acrshop.azurecr.io',
  location: 'westeurope',
  sku: 'Premium',
  roleMode: 'legacy',
  publicAccess: 'open',
  defaultAction: 'allow',
  ipRules: [],
  armAudience: true,
  dataEndpoints: false,
  endpoints: [],
  denied: false,
};

export function assignment(ageMs: number, more: Partial<AssignmentFacts> = {}): AssignmentFacts {
  return {
    id: arm(`${registryId}/providers/microsoft.authorization/roleassignments/b0000000-0000-4000-8000-00000000000b`),
    roleId: acrPull,
    scope: registryId,
    principalId: principal,
    createdAtMs: nowMs - ageMs,
    permissions: known([
      {
        actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
        notActions: [],
        dataActions: [],
        notDataActions: [],
      },
    ]),
    ...more,
  };
}

export const unauthorizedRow = {
  atMs: nowMs - 9 * minute,
  revision: revision.name,
  replica: stuckReplica.name,
  reason: 'ImagePullUnauthorized',
  severity: 'Normal',
  text: 'Container pull image failed with unauthorized error.',
};

export const pulledRow = {
  ...unauthorizedRow,
  atMs: nowMs - minute,
  reason: 'PulledImage',
  text: `Successfully pulled image "${image}" in 1.92s. Image size: 49283072 bytes.`,
};

/** A new app whose identity holds no role on a public registry. */
export const roleMissing: Evidence = {
  atMs: nowMs,
  app: known(app),
  revisions: known([revision]),
  replicas: known([stuckReplica]),
  environment: known({ id: environmentId, logs: { kind: 'workspace', workspaceId: 'w' } }),
  logs: known([unauthorizedRow]),
  registry: known(registry),
  roles: known([]),
  removals: known([]),
  denials: known([]),
  elsewhere: known([]),
  identity: known('exists'),
  cache: known([]),
  holders: known({ resources: [{ id: appId, environmentId }], tenant: 'same' }),
};

/** The same evidence once the pull worked: the row of it, a replica that was not ready before, and a young role. */
export function pulledAgain(evidence: Evidence, atMs: number): Evidence {
  return {
    ...evidence,
    logs: known([unauthorizedRow, { ...pulledRow, atMs }]),
    replicas: known([readyReplica]),
    roles: known([assignment(0, { createdAtMs: nowMs })]),
  };
}

/** The same app on a private registry whose zone is linked to nothing. */
export const dnsUnlinked: Evidence = {
  ...roleMissing,
  environment: known({
    id: environmentId,
    logs: { kind: 'workspace', workspaceId: 'w' },
    subnetId: arm(`${vnetId}/subnets/snet-apps`),
  }),
  registry: known({ ...registry, publicAccess: 'closed', endpoints: [{ id: endpointId, status: 'approved' }] }),
  roles: known([assignment(30 * 24 * 60 * minute)]),
  vnet: known({ id: vnetId, dnsServers: [], peerings: [], gateway: false }),
  zones: known([{ id: zoneId, links: known([]), records: known({ acrshop: ['10.70.4.5'] }) }]),
  zoneGroups: known([{ endpoint: endpointId, zones: [zoneId] }]),
  subnet: known({ id: arm(`${vnetId}/subnets/snet-apps`), prefixes: ['10.70.0.0/23'] }),
  endpoints: known([{ id: endpointId, vnetId, addresses: [{ fqdn: 'acrshop.azurecr.io', ip: '10.70.4.5' }] }]),
};

/** The same after somebody wrote the link. */
export const dnsLinked: Evidence = {
  ...dnsUnlinked,
  zones: known([
    {
      id: zoneId,
      links: known([{ vnetId, completed: true, redirects: false }]),
      records: known({ acrshop: ['10.70.4.5'] }),
    },
  ]),
};

export function config(more: Record<string, string> = {}): Config {
  return parseConfig({
    PULLMEDIC_MODE: 'act',
    PULLMEDIC_SCOPES: JSON.stringify([subscription]),
    // The owner of the registry vouches for the identity by naming it.
    PULLMEDIC_REGISTRIES: JSON.stringify([
      { id: registryId, consumers: [`${subscription}/resourceGroups/rg-apps`, identityId] },
    ]),
    ...more,
  });
}

export const signal: Signal = { id: 'alert|1', via: 'log-alert', about: { kind: 'app', id: appId }, atMs: nowMs };

const alertId = parseAlertId(
  `${subscription}/providers/Microsoft.AlertsManagement/alerts/a1e70000-0000-4000-8000-000000000001`,
);
if (alertId === undefined) throw new Error('no alert id');
/** The alert that a signal names, and the same as Azure shows it. */
export const alert: SignalAlert = { id: alertId, rule: 'pull-failures' };
export const firedAlert: AlertFacts = {
  id: alert.id,
  state: 'New',
  condition: 'Fired',
  rule: alert.rule,
  target: appId,
  names: [],
  trouble: 'system-log',
};

/** A history that was opened a moment ago, with further entries. */
export function history(...entries: StoredEntry<Entry>['entry'][]): ReturnType<typeof foldTarget> {
  const all: StoredEntry<Entry>['entry'][] = [{ kind: 'opened', target, signal, mode: 'act' }, ...entries];
  return foldTarget(
    targetId,
    all.map((entry, index) => ({ seq: index + 1, atMs: nowMs - 5000 + index, entry })),
  );
}

export const unauthorized = {
  label: 'unauthorized',
  rule: 'unauthorized',
  words: 'unauthorized',
} as const;
