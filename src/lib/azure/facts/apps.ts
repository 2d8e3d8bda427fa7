// Lists apps: by name for a signal, all of them for the sweep.
import * as z from 'zod';

import type { AppList } from '../../evidence/reads.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { nameOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { workloadList } from '../../workloads/workloads.ts';
import type { Clients } from '../clients/clients.ts';
import { factOf } from '../clients/reading.ts';
import { armIdOf } from '../clients/wire.ts';
import { askGraphForMany, type everywhere, foundRow } from './graph.ts';
import { kindReaders } from './kinds.ts';
import { kqlString } from './logs.ts';

/**
 * Where the environment of an app stands in Resource Graph. Three of four public queries over container apps read `managedEnvironmentId`,
 * the fourth reads both; the API of the apps themselves calls the first one deprecated.
 */
export const environmentColumn =
  'coalesce(tostring(properties.managedEnvironmentId), tostring(properties.environmentId))';

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
  subscriptions: readonly string[] | typeof everywhere,
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
 * All workloads within the scopes, which are subscriptions or resource groups. Where two scopes overlap, an app whose id cannot be read counts as
 * skipped in each of them.
 */
export async function listApps(clients: Clients, scopes: readonly ArmId[]): Promise<Fact<AppList>> {
  return factOf(async () => {
    const lists = Object.values(kindReaders).map(({ list }) => list);
    const found = await Promise.all(scopes.flatMap((scope) => lists.map((list) => list(clients, scope))));
    const apps = new Map(found.flatMap((list) => list.apps).map((app) => [app.id, app]));
    return { apps: [...apps.values()], skipped: found.reduce((sum, { skipped }) => sum + skipped, 0) };
  });
}
