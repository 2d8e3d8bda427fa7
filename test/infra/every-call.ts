// A process of its own: asks and does everything that the app can ask and do in Azure, with the real clients, each probe and each
// action once. What it sends is recorded by the parent. Prints the facts that could not be read, and what the actions answered.

import {
  askNewRevision,
  findGrant,
  grantPullRole,
  readAlert,
  readMade,
  removeGrant,
  restartRevision,
  setAlertState,
  startJob,
} from '../../src/lib/azure/actions/actions.ts';
import { connect } from '../../src/lib/azure/clients/clients.ts';
import { appFinder } from '../../src/lib/azure/facts/app-finder.ts';
import { graphApps, listApps } from '../../src/lib/azure/facts/apps.ts';
import { readAssignee } from '../../src/lib/azure/facts/assignee.ts';
import { readManifest } from '../../src/lib/azure/facts/data-plane.ts';
import { probesOf } from '../../src/lib/azure/facts/evidence.ts';
import { knowLogWorkspaces } from '../../src/lib/azure/facts/logs.ts';
import { readSubscriptionName, subscriptionNames } from '../../src/lib/azure/facts/subscription-names.ts';
import { appOf, type Evidence, type Probe } from '../../src/lib/evidence/evidence.ts';
import {
  type ArmId,
  type PrincipalId,
  parseAlertId,
  parseArmId,
  parsePrincipalId,
} from '../../src/lib/words/arm-id.ts';
import { parseImageRef } from '../../src/lib/words/image-ref.ts';
import { parseRemediationId, targetOf } from '../../src/lib/words/target.ts';

const subscription = '11111111-1111-4111-8111-111111111111';
const clients = connect('22222222-2222-4222-8222-222222222222', 'public');

/** In the order in which one needs what another has read. A probe that is missing here does not compile. */
const order: Readonly<Record<Probe, number>> = {
  app: 0,
  revisions: 1,
  replicas: 2,
  environment: 2,
  logs: 3,
  registry: 3,
  roles: 4,
  denials: 4,
  elsewhere: 4,
  identity: 4,
  vnet: 4,
  zones: 4,
  endpoints: 4,
  zoneGroups: 5,
  subnet: 4,
  writes: 2,
  removals: 4,
  changes: 4,
  token: 4,
  entries: 4,
  vault: 4,
  cache: 4,
  manifest: 4,
  holders: 4,
};
const probes = (Object.keys(order) as Probe[]).sort((a, b) => order[a] - order[b]);

function armId(text: string): ArmId {
  const id = parseArmId(text);
  if (id === undefined) throw new Error(text);
  return id;
}

function principalId(text: string): PrincipalId {
  const id = parsePrincipalId(text);
  if (id === undefined) throw new Error(text);
  return id;
}

const group = `/subscriptions/${subscription}/resourceGroups/rg-shop`;

const readProbe = probesOf({ clients, subscriptions: [subscription], asksFederated: () => true });

async function look(app: string, image: string): Promise<{ unread: string[]; template: string }> {
  const target = targetOf(armId(`${group}/providers/${typeOf(app)}/${app}`), image);
  let evidence: Evidence = { atMs: Date.now() };
  for (const probe of probes) {
    const since = Date.now() - 3_600_000;
    const { facts } = await readProbe(probe, target, evidence, since);
    evidence = { ...evidence, ...facts };
  }
  const unread = probes.flatMap((probe) => {
    const fact = evidence[probe];
    if (fact?.read === true) everRead.add(probe);
    // An app that does not have what a probe is about is not asked; another one has it.
    return fact?.read === true || fact?.why === 'not-asked' ? [] : [`${app} ${probe}: ${fact?.why ?? 'not asked'}`];
  });
  return { unread, template: appOf(evidence)?.template ?? '' };
}

function typeOf(app: string): string {
  if (app.startsWith('cg-')) return 'Microsoft.ContainerInstance/containerGroups';
  return app.startsWith('job-') ? 'Microsoft.App/jobs' : 'Microsoft.App/containerApps';
}

/** What each probe read at least once. */
const everRead = new Set<Probe>();

// A text doubts the platform of an image that is no list.
const byDigest = parseImageRef(`acrshop.azurecr.io/orders@sha256:${'0'.repeat(64)}`);
if (byDigest === undefined) throw new Error('not an image');

const grant = {
  registryId: armId(`${group}/providers/Microsoft.ContainerRegistry/registries/acrshop`),
  principalId: principalId('33333333-3333-4333-8333-333333333333'),
  roleId: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
};
const app = armId(`${group}/providers/Microsoft.App/containerApps/ca-classic`);

// As the command line asks, once; then as the app does.
await look('ca-typed', 'acrshop.azurecr.io/orders:v1');
knowLogWorkspaces(clients, ['99999999-9999-4999-8999-999999999999']);
const groups = ['cg-shop', 'cg-refused', 'cg-old'];
const apps = [
  'ca-classic',
  'ca-typed',
  'ca-environment',
  'ca-token',
  'ca-entries',
  'ca-entries-token',
  'job-nightly',
  ...groups,
];
const unread: string[] = [];
for (const one of apps) unread.push(...(await look(one, 'acrshop.azurecr.io/orders:v1')).unread);
// An image that the group does not have may be that of a write that Azure refused.
unread.push(...(await look('cg-shop', 'acrshop.azurecr.io/orders:v2')).unread);
unread.push(...probes.filter((probe) => !everRead.has(probe)));
const found = [
  await appFinder(
    (names) => graphApps(clients, [subscription], names),
    () => Date.now(),
  )('ca-classic', undefined),
  await graphApps(clients, [subscription], 'all'),
  await listApps(clients, [armId(group), armId(`/subscriptions/${subscription}`)]),
  await readManifest(clients, 'acrshop.azurecr.io', byDigest, true),
  await findGrant(clients, grant),
  await readAssignee(
    clients,
    armId(`${grant.registryId}/providers/Microsoft.Authorization/roleAssignments/88888888-8888-4888-8888-888888888888`),
  ),
];
const nameOf = subscriptionNames(
  () => Date.now(),
  (id) => readSubscriptionName(clients, id),
);
if ((await nameOf(subscription)) === undefined) unread.push('the name of the subscription');
const classic = await look('ca-classic', 'acrshop.azurecr.io/orders:v1');
const remediation = parseRemediationId(`t${'0'.repeat(24)}.1`)?.id;
const job = armId(`${group}/providers/Microsoft.App/jobs/job-nightly`);
if (remediation === undefined) throw new Error('not an id');
const alert = parseAlertId(
  `/subscriptions/${subscription}/providers/Microsoft.AlertsManagement/alerts/77777777-7777-4777-8777-777777777777`,
);
if (alert === undefined) throw new Error('not an alert');
const letPass = async (): Promise<undefined> => undefined;
const did = [
  await grantPullRole(clients, grant, remediation, letPass),
  await readMade(clients, grant, remediation),
  await removeGrant(clients, grant, remediation, letPass),
  await restartRevision(clients, app, 'ca-classic--1', letPass),
  await restartRevision(clients, armId(`${group}/providers/${typeOf('cg-shop')}/cg-shop`), 'a', letPass),
  await askNewRevision(clients, app, 'again', classic.template, letPass),
  await startJob(clients, job, letPass),
  await readAlert(clients, alert),
  await setAlertState(clients, alert, 'Acknowledged', letPass),
];

process.stdout.write(
  JSON.stringify({
    unread: [...unread, ...found.filter((fact) => !fact.read).map((fact) => JSON.stringify(fact))],
    did,
  }),
);
