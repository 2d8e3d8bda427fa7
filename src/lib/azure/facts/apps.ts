// Lists apps: by name for a signal, all of them for the sweep.
import type { ContainerApp, Job } from '@azure/arm-appcontainers';
import * as z from 'zod';

import type { AppList, AppSummary } from '../../evidence/reads.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { nameOf, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { parseImageRef } from '../../words/image-ref.ts';
import { workloadList } from '../../workloads/workloads.ts';
import type { Clients } from '../clients/clients.ts';
import { collect, factOf } from '../clients/reading.ts';
import { abort, armIdOf, present, textOf } from '../clients/wire.ts';
import { imagesOf } from './declared.ts';
import { askGraphForMany, foundRow } from './graph.ts';
import { kqlString } from './logs.ts';

/**
 * Where the environment of an app stands in Resource Graph. Three of four public queries over container apps read `managedEnvironmentId`,
 * the fourth reads both; the API of the apps themselves calls the first one deprecated.
 */
export const environmentColumn =
  'coalesce(tostring(properties.managedEnvironmentId), tostring(properties.environmentId))';

/** The most apps of one scope. More make the list unreadable. */
const mostApps = 5000;

const projected = `project id, type, environmentId = ${environmentColumn}, domain = coalesce(tostring(properties.defaultDomain), tostring(properties.configuration.ingress.fqdn)) | order by id asc`;

/** An app as Resource Graph lists it. */
export interface GraphApp {
  readonly id: ArmId;
  /** What its environment may be called: its name, and the first label of its default domain. Lower case; empty if neither is known. */
  readonly environments: readonly string[];
}

/** The apps of an answer, and the names of those whose id could not be read. */
export interface GraphApps {
  readonly apps: readonly GraphApp[];
  readonly unreadable: readonly string[];
}

/** Apps with these names within the subscriptions, or all apps. */
export async function graphApps(
  clients: Clients,
  subscriptions: readonly string[],
  names: readonly string[] | 'all',
): Promise<Fact<GraphApps>> {
  return factOf(async () => {
    const query = names === 'all' ? everyAppQuery : appQuery(names);
    const rows = await askGraphForMany(clients, subscriptions, query, appRow);
    const { apps = [], environments = [] } = Object.groupBy(rows, kindOf);
    const domains = new Map(environments.map((row) => [armIdOf(row.id), row.domain]));
    return {
      apps: apps.flatMap((row) => {
        const id = armIdOf(row.id);
        return id === undefined ? [] : [{ id, environments: environmentNamesOf(row, domains) }];
      }),
      unreadable: apps.flatMap(({ id }) => (armIdOf(id) === undefined ? [lastPart(id)] : [])),
    };
  });
}

const appRow = foundRow.extend({ type: z.string(), environmentId: z.string().nullish(), domain: z.string().nullish() });
type AppRow = z.infer<typeof appRow>;

/** The types of all workloads, as a list of KQL. */
const workloadTypes = workloadList.map(({ type }) => `'${type}'`).join(', ');

/** Apps with these names, and every environment: its domain is the name that log rows give it. Pages need a fixed order. */
export function appQuery(names: readonly string[]): string {
  return `resources | where (type in~ (${workloadTypes}) and name in~ (${names.map(kqlString).join(', ')})) or type =~ 'microsoft.app/managedenvironments' | ${projected}`;
}

/** Every app and every environment. */
const everyAppQuery = `resources | where type in~ (${workloadTypes}, 'microsoft.app/managedenvironments') | ${projected}`;

function kindOf({ type }: AppRow): 'apps' | 'environments' {
  return type.toLowerCase() === 'microsoft.app/managedenvironments' ? 'environments' : 'apps';
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

/** See {@link GraphApp.environments}. `domains`: the default domain of each environment of the answer. */
function environmentNamesOf(app: AppRow, domains: ReadonlyMap<ArmId | undefined, AppRow['domain']>): readonly string[] {
  const environment = armIdOf(app.environmentId ?? undefined);
  const labels = [
    environment === undefined ? undefined : nameOf(environment),
    environment === undefined ? undefined : domains.get(environment)?.split('.')[0],
    labelOfAddress(app.domain ?? ''),
  ];
  return [...new Set(labels.flatMap((label) => (label ? [label.toLowerCase()] : [])))];
}

/**
 * The label of the environment in the address of an app: `APP.LABEL.REGION.azurecontainerapps.io`, and `APP.internal.LABEL.…` for an app
 * that only its own network reaches (recorded answers of azure-cli's tests; documentation "Networking in Azure Container Apps").
 */
function labelOfAddress(address: string): string | undefined {
  const [, ...labels] = address.toLowerCase().split('.');
  if (!/\.azurecontainerapps\.[a-z.]+$/.test(address.toLowerCase())) return undefined;
  return labels[0] === 'internal' ? labels[1] : labels[0];
}

/**
 * All apps and jobs within the scopes, which are subscriptions or resource groups. Where two scopes overlap, an app whose id cannot be read counts as
 * skipped in each of them.
 */
export async function listApps(clients: Clients, scopes: readonly ArmId[]): Promise<Fact<AppList>> {
  return factOf(async () => {
    const found = await Promise.all(scopes.map((scope) => appsWithin(clients, scope)));
    const apps = new Map(found.flatMap((list) => list.apps).map((app) => [app.id, app]));
    return { apps: [...apps.values()], skipped: found.reduce((sum, { skipped }) => sum + skipped, 0) };
  });
}

async function appsWithin(clients: Clients, scope: ArmId): Promise<AppList> {
  const { containerApps: api } = await clients.apps(subscriptionOf(scope));
  const group = resourceGroupOf(scope);
  const pages = group === '' ? api.listBySubscription(abort()) : api.listByResourceGroup(group, abort());
  const [apps, jobs] = await Promise.all([collect(pages, mostApps), jobsWithin(clients, scope)]);
  const read = [...apps.flatMap((app) => summaryOf(app) ?? []), ...jobs.flatMap((job) => jobSummaryOf(job) ?? [])];
  return { apps: read, skipped: apps.length + jobs.length - read.length };
}

async function jobsWithin(clients: Clients, scope: ArmId): Promise<Job[]> {
  const { jobs: api } = await clients.apps(subscriptionOf(scope));
  const group = resourceGroupOf(scope);
  return collect(group === '' ? api.listBySubscription(abort()) : api.listByResourceGroup(group, abort()), mostApps);
}

function jobSummaryOf({ id, provisioningState }: Job): AppSummary | undefined {
  const jobId = armIdOf(textOf(id));
  return jobId === undefined ? undefined : { id: jobId, provisioningState: provisioningState ?? 'unknown' };
}

function summaryOf(app: ContainerApp): AppSummary | undefined {
  const id = armIdOf(textOf(app.id));
  if (id === undefined) return undefined;
  return {
    id,
    provisioningState: app.provisioningState ?? 'unknown',
    ...present<{ latestRevision: string }>({ latestRevision: app.latestRevisionName || undefined }),
    ...readyOf(app),
  };
}

function readyOf(app: ContainerApp): Pick<AppSummary, 'ready'> {
  const { latestRevisionName, latestReadyRevisionName, provisioningState } = app;
  if (!latestRevisionName || latestRevisionName !== latestReadyRevisionName || provisioningState !== 'Succeeded')
    return {};
  const registries = new Set(imagesOf(app.template).flatMap((image) => parseImageRef(image)?.registry ?? []));
  const environmentId = armIdOf(app.environmentId ?? app.managedEnvironmentId);
  return { ready: { registries: [...registries], ...(environmentId === undefined ? {} : { environmentId }) } };
}
