// The checks before there is a deployment: the tools, the providers, the operations that the roles name, topics, and where logs go.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type Answer, asking, type Check, good, missing } from './check.ts';
import type { RunAz } from './own-token.ts';

const leastAz = [2, 68, 0];
const providers = ['App', 'AlertsManagement', 'EventGrid', 'Insights', 'OperationalInsights', 'Web'];

/** Runs the checks in their order, with the sign-in that `az` has. `subscription`: its id, or that of `az` if it is not given. */
export async function checkSubscription(az: RunAz, subscription: string | undefined): Promise<readonly Check[]> {
  const json = async (...args: string[]): Promise<unknown> => {
    try {
      return JSON.parse(await az([...args, '--output', 'json']));
    } catch {
      throw new Error(
        `"az ${args.slice(0, 3).join(' ')}" failed: install az, sign in with "az login", and have the right to read`,
      );
    }
  };
  const tool = await asking('az', async () => versionOf(await json('version')));
  let id = subscription;
  const signedIn = await asking('your sign-in', async () => {
    id ??= account.parse(await json('account', 'show')).id;
    return good(`subscription ${id}`);
  });
  if (id === undefined) return [tool, signedIn];
  const at = `https://management.azure.com/subscriptions/${id}/providers`;
  const list = async (path: string): Promise<unknown> => json('rest', '--url', `${at}/${path}`);
  return [
    tool,
    signedIn,
    await asking('resource providers', async () => registered(await list('?api-version=2021-04-01'))),
    await asking('operations of the roles', () => published(json)),
    await asking('system topics', async () =>
      topicsIn(await list('Microsoft.EventGrid/systemTopics?api-version=2025-02-15')),
    ),
    await asking('logs', async () => logsIn(await list('Microsoft.App/managedEnvironments?api-version=2026-01-01'))),
  ];
}

const account = z.object({ id: z.guid() });
const version = z.object({ 'azure-cli': z.string() });

function versionOf(answer: unknown): Answer {
  const have = version.parse(answer)['azure-cli'];
  const parts = have.split('.').map(Number);
  const differs = leastAz.findIndex((least, index) => (parts[index] ?? 0) !== least);
  const enough = differs < 0 || (parts[differs] ?? 0) > (leastAz[differs] ?? 0);
  return enough ? good(have) : missing(`is ${have}, and infra/sign-in.sh needs ${leastAz.join('.')}: az upgrade`);
}

const namespaces = z.object({ value: z.array(z.object({ namespace: z.string(), registrationState: z.string() })) });

function registered(answer: unknown): Answer {
  const states = new Map(
    namespaces.parse(answer).value.map((one) => [one.namespace.toLowerCase(), one.registrationState]),
  );
  const not = providers.filter((name) => states.get(`microsoft.${name}`.toLowerCase()) !== 'Registered');
  return not.length === 0
    ? good('are registered')
    : missing(not.map((name) => `az provider register --namespace Microsoft.${name}`).join('; '));
}

const operation = z.object({ name: z.string() });
const operationsOf = z.object({
  operations: z.array(operation).default([]),
  resourceTypes: z.array(z.object({ operations: z.array(operation).default([]) })).default([]),
});

/** Azure refuses a role with an operation that it does not publish, so each one of the template is looked up. */
async function published(json: (...args: string[]) => Promise<unknown>): Promise<Answer> {
  const named = namedOperations();
  const unknown: string[] = [];
  for (const namespace of new Set(named.map((one) => one.split('/')[0] ?? ''))) {
    const answer = operationsOf.parse(await json('provider', 'operation', 'show', '--namespace', namespace));
    const all = [...answer.operations, ...answer.resourceTypes.flatMap((type) => type.operations)];
    const known = new Set(all.map(({ name }) => name.toLowerCase()));
    unknown.push(...named.filter((one) => one.startsWith(`${namespace}/`) && !known.has(one.toLowerCase())));
  }
  return unknown.length === 0
    ? good(`Azure publishes all ${named.length}`)
    : missing(`Azure does not publish ${unknown.join(', ')}: take them out of infra/permissions.bicep`);
}

/** The operations in the lists of the template, each on a line of its own. */
export function namedOperations(): readonly string[] {
  const template = readFileSync(new URL('../../infra/permissions.bicep', import.meta.url), 'utf8');
  const found = [...template.matchAll(/'(Microsoft\.\w+\/[\w./]+\/(?:read|write|delete|action))'/g)];
  return [...new Set(found.map(([, name]) => name ?? ''))];
}

const topics = z.object({ value: z.array(z.object({ id: z.string(), properties: z.object({ source: z.string() }) })) });

function topicsIn(answer: unknown): Answer {
  const theirs = topics
    .parse(answer)
    .value.filter(({ properties }) => /^\/subscriptions\/[^/]+$|\/registries\/[^/]+$/i.test(properties.source))
    .filter(({ id }) => !/\/systemTopics\/evgt-pullmedic-/i.test(id));
  return theirs.length === 0
    ? good('no other topic of a subscription or a registry')
    : missing(
        `name in existingTopics, or in withoutEvents: ${theirs.map(({ id, properties }) => `{ source: '${properties.source}', topic: '${id}' }`).join(' ')}`,
      );
}

const environments = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      properties: z.object({ appLogsConfiguration: z.object({ destination: z.string().nullish() }).nullish() }),
    }),
  ),
});

const tables: Readonly<Record<string, string>> = {
  'log-analytics': 'ContainerAppSystemLogs_CL',
  'azure-monitor': 'ContainerAppSystemLogs',
};

function logsIn(answer: unknown): Answer {
  const all = environments.parse(answer).value.map(({ name, properties }) => ({
    name,
    table: tables[properties.appLogsConfiguration?.destination ?? ''],
  }));
  const silent = all.filter(({ table }) => table === undefined).map(({ name }) => name);
  if (all.length === 0) return missing('there is no environment of Container Apps here');
  if (silent.length > 0) return missing(`send their logs nowhere that a log alert can see: ${silent.join(', ')}`);
  return good(all.map(({ name, table }) => `${name} in ${table}`).join(', '));
}
