// Lists the workloads of one kind within a scope, for the sweep.
import type { ContainerApp, Job } from '@azure/arm-appcontainers';

import type { AppList, AppSummary } from '../../evidence/reads.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import { parseImageRef } from '../../words/image-ref.ts';
import type { Clients } from '../clients/clients.ts';
import { collect } from '../clients/reading.ts';
import { abort, armIdOf, present, textOf } from '../clients/wire.ts';
import { imagesOf } from './declared.ts';
import { listGroups } from './group-resource.ts';

/** The most workloads of one kind and scope. More make the list unreadable. */
const mostApps = 5000;

/** All container apps of a subscription or resource group. Throws if the list cannot be read. */
export async function appsWithin(clients: Clients, scope: ArmId): Promise<AppList> {
  const { containerApps: api } = await clients.apps(subscriptionOf(scope));
  const group = resourceGroupOf(scope);
  const pages = group === '' ? api.listBySubscription(abort()) : api.listByResourceGroup(group, abort());
  return listOf(await collect(pages, mostApps), summaryOf);
}

/** All jobs of a subscription or resource group. Throws if the list cannot be read. */
export async function jobsWithin(clients: Clients, scope: ArmId): Promise<AppList> {
  const { jobs: api } = await clients.apps(subscriptionOf(scope));
  const group = resourceGroupOf(scope);
  const pages = group === '' ? api.listBySubscription(abort()) : api.listByResourceGroup(group, abort());
  return listOf(await collect(pages, mostApps), jobSummaryOf);
}

/** All container groups of a subscription or resource group. Throws if the list cannot be read. */
export async function groupsWithin(clients: Clients, scope: ArmId): Promise<AppList> {
  return listOf(await listGroups(clients, scope, mostApps), ({ id, properties }) => {
    const groupId = armIdOf(id ?? undefined);
    return groupId === undefined
      ? undefined
      : { id: groupId, provisioningState: properties?.provisioningState ?? 'unknown' };
  });
}

/** The items whose id could be read, and how many others there are. */
function listOf<Item>(items: readonly Item[], summary: (item: Item) => AppSummary | undefined): AppList {
  const apps = items.flatMap((item) => summary(item) ?? []);
  return { apps, skipped: items.length - apps.length };
}

function jobSummaryOf({ id, provisioningState }: Job): AppSummary | undefined {
  const jobId = armIdOf(textOf(id));
  return jobId === undefined ? undefined : { id: jobId, provisioningState: provisioningState ?? 'unknown' };
}

function summaryOf(app: ContainerApp): AppSummary | undefined {
  const id = armIdOf(textOf(app.id));
  if (id === undefined) return undefined;
  const images = imagesOf(app.template);
  return {
    id,
    provisioningState: app.provisioningState ?? 'unknown',
    ...present<{ latestRevision: string }>({ latestRevision: app.latestRevisionName || undefined }),
    ...(images.length === 0 ? {} : { images }),
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
