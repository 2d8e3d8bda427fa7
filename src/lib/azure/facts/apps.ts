// Lists apps: by name for a signal, all of them for the sweep.
import type { ContainerApp } from '@azure/arm-appcontainers';
import { z } from 'zod';

import type { AppList, AppSummary } from '../../evidence/reads.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { nameOf, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { parseImageRef } from '../../words/image-ref.ts';
import type { Clients } from '../clients/clients.ts';
import { collect, factOf } from '../clients/reading.ts';
import { abort, armIdOf, present, textOf } from '../clients/wire.ts';
import { imagesOf } from './app-facts.ts';
import { askGraph, askGraphForMany, foundRow } from './graph.ts';
import { kqlString } from './logs.ts';

const projectedApp = 'project id, environmentId = tostring(properties.environmentId)';

export function appQuery(names: readonly string[]): string {
  return `resources | where type =~ 'microsoft.app/containerapps' | where name in~ (${names.map(kqlString).join(', ')}) | ${projectedApp}`;
}

/** Every app. The order is fixed, because each page continues where the page before it ended. */
export const everyAppQuery = `resources | where type =~ 'microsoft.app/containerapps' | ${projectedApp} | order by id asc`;

const appRow = foundRow.extend({ environmentId: z.string().nullish() });

/** An app as Resource Graph lists it, with its environment's name. */
export interface GraphApp {
  readonly id: ArmId;
  readonly environment: string;
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
    const rows =
      names === 'all'
        ? await askGraphForMany(clients, subscriptions, everyAppQuery, appRow)
        : await askGraph(clients, subscriptions, appQuery(names), appRow);
    const read = rows.map((row) => ({ ...row, id: armIdOf(row.id), name: lastPart(row.id) }));
    return {
      apps: read.flatMap(({ id, environmentId }) =>
        id === undefined ? [] : [{ id, environment: nameOfText(environmentId) }],
      ),
      unreadable: read.flatMap(({ id, name }) => (id === undefined ? [name] : [])),
    };
  });
}

const mostApps = 5000;

function readyOf(app: ContainerApp): Pick<AppSummary, 'ready'> {
  const { latestRevisionName, latestReadyRevisionName, provisioningState } = app;
  if (!latestRevisionName || latestRevisionName !== latestReadyRevisionName || provisioningState !== 'Succeeded')
    return {};
  const registries = new Set(imagesOf(app.template).flatMap((image) => parseImageRef(image)?.registry ?? []));
  const environmentId = armIdOf(app.environmentId ?? app.managedEnvironmentId);
  return { ready: { registries: [...registries], ...(environmentId === undefined ? {} : { environmentId }) } };
}

async function appsWithin(clients: Clients, scope: ArmId): Promise<AppList> {
  const api = clients.apps(subscriptionOf(scope)).containerApps;
  const group = resourceGroupOf(scope);
  const pages = group === '' ? api.listBySubscription(abort()) : api.listByResourceGroup(group, abort());
  const apps = await collect(pages, mostApps);
  const read = apps.flatMap((app) => summaryOf(app) ?? []);
  return { apps: read, skipped: apps.length - read.length };
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

/** All apps within the scopes: subscriptions or resource groups. Two scopes that overlap count an item that cannot be read twice. */
export async function listApps(clients: Clients, scopes: readonly ArmId[]): Promise<Fact<AppList>> {
  return factOf(async () => {
    const found = await Promise.all(scopes.map((scope) => appsWithin(clients, scope)));
    const apps = new Map(found.flatMap((list) => list.apps).map((app) => [app.id, app]));
    return { apps: [...apps.values()], skipped: found.reduce((sum, { skipped }) => sum + skipped, 0) };
  });
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

function nameOfText(id: string | null | undefined): string {
  const parsed = armIdOf(id ?? undefined);
  return parsed === undefined ? '' : nameOf(parsed);
}
