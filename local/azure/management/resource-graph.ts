// Resource Graph: the tables `resources` and `authorizationresources` over what the world holds, queried with the same interpreter as the
// logs.
import { identityOf, shownIdentities } from '../apps/app-shape.ts';
import { defaultDomainOf } from '../apps/hosts.ts';
import { runKql } from '../kql/kql.ts';
import { KqlError, type Row } from '../kql/values.ts';
import type { App } from '../model/apps.ts';
import { guidFor, resourceId } from '../model/ids.ts';
import { vaultId } from '../model/principals.ts';
import type { Sim } from '../model/sim.ts';
import type { Answer } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

/** `POST /providers/Microsoft.ResourceGraph/resources`. */
export function queryGraph(sim: Sim, request: ArmRequest): Answer {
  const asked = askedOf(request.body);
  if (asked === undefined)
    return {
      status: 501,
      refused: 'a Resource Graph request without a query is not modelled',
      body: {},
    };
  const here =
    asked.subscriptions === undefined ||
    asked.subscriptions.some((subscription) => subscription.toLowerCase() === sim.world.subscription.toLowerCase());
  try {
    const table = runKql(asked.query, {
      table(name) {
        const rows = tables[name];
        return rows && { columns: ['id', 'name', 'type', 'identity', 'properties'], rows: here ? rows(sim) : [] };
      },
      nowMs: sim.scheduler.now(),
    });
    const end = asked.from + asked.top;
    const data = table.rows.slice(asked.from, end);
    return {
      status: 200,
      body: {
        totalRecords: table.rows.length,
        count: data.length,
        resultTruncated: 'false',
        ...(end < table.rows.length ? { $skipToken: btoa(String(end)) } : {}),
        data,
        facets: [],
      },
    };
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    return badQuery(sim, error.message);
  }
}

function askedOf(body: unknown): Asked | undefined {
  if (typeof body !== 'object' || body === null || !('query' in body) || typeof body.query !== 'string')
    return undefined;
  const subscriptions =
    'subscriptions' in body && Array.isArray(body.subscriptions) ? body.subscriptions.map(String) : undefined;
  return 'subscriptions' in body && subscriptions === undefined
    ? undefined
    : { query: body.query, subscriptions, ...pageOf(body) };
}

const tables: Readonly<Record<string, (sim: Sim) => Row[]>> = { resources, authorizationresources: authorizations };

/** The 400 for a query: what is wrong with it stands in the details (as recorded). */
function badQuery(sim: Sim, why: string): Answer {
  const timestamp = new Date(sim.scheduler.now()).toISOString();
  const message = `Please provide below info when asking for support: timestamp = ${timestamp}, correlationId = ${guidFor(`graph|${sim.seed}|${timestamp}`)}.`;
  const details = [
    {
      code: 'InvalidQuery',
      message:
        'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
    },
    { code: 'ParserFailure', message: why },
  ];
  return { status: 400, body: { error: { code: 'BadRequest', message, details } } };
}

function resources(sim: Sim): Row[] {
  const apps = [...sim.apps.values()]
    .filter((app) => app.written)
    .map((app) => ({
      id: app.id,
      name: app.name,
      type: typeOf(app),
      identity: identityOf(sim, app),
      properties: environmentOf(sim, app),
    }));
  const environments = [...sim.environments.values()].map((one) => ({
    id: one.id,
    name: one.name,
    type: 'microsoft.app/managedenvironments',
    properties: { defaultDomain: defaultDomainOf(one) },
  }));
  const visible = [...sim.registries.values()].filter((one) => !one.hidden);
  const registries = visible.map((one) => ({
    id: one.id,
    name: one.name,
    type: 'microsoft.containerregistry/registries',
    properties: { loginServer: one.loginServer },
  }));
  const zones = sim.zones.map((one) => ({
    id: one.id,
    name: one.name,
    type: 'microsoft.network/privatednszones',
    properties: {},
  }));
  return [...apps, ...environments, ...registries, ...zones, ...virtualMachines(sim), ...keyVaults(sim)];
}

function typeOf({ job, containerGroup }: App): string {
  if (containerGroup !== undefined) return 'microsoft.containerinstance/containergroups';
  return job === undefined ? 'microsoft.app/containerapps' : 'microsoft.app/jobs';
}

/** Public queries over apps name `managedEnvironmentId`; only one of four knows `environmentId`, as its second choice. */
function environmentOf(sim: Sim, app: App): Row {
  if (app.containerGroup !== undefined) return {};
  const id = sim.environments.get(app.environment)?.id ?? '';
  return app.job === undefined ? { managedEnvironmentId: id } : { environmentId: id };
}

function keyVaults(sim: Sim): Row[] {
  return sim.world.keyVaults.map(({ name, network }) => ({
    id: vaultId(sim.world, name),
    name,
    type: 'microsoft.keyvault/vaults',
    properties: {
      enableRbacAuthorization: true,
      accessPolicies: [],
      publicNetworkAccess: network === 'open' ? 'Enabled' : 'Disabled',
    },
  }));
}

/** Virtual machines that pullmedic may read: the index leaves out what the caller may not read. */
function virtualMachines(sim: Sim): Row[] {
  return sim.world.virtualMachines
    .filter((one) => one.readable)
    .map((one) => ({
      id: resourceId(sim.world, one.group, 'Microsoft.Compute/virtualMachines', one.name),
      name: one.name,
      type: 'microsoft.compute/virtualmachines',
      identity: { type: 'UserAssigned', userAssignedIdentities: shownIdentities(sim, one.identities) },
      properties: {},
    }));
}

/** Role assignments by principal, wherever they are. */
function authorizations(sim: Sim): Row[] {
  return sim.assignments.map((one) => ({
    id: `${one.scope}/providers/Microsoft.Authorization/RoleAssignments/${one.name}`,
    name: one.name,
    type: 'microsoft.authorization/roleassignments',
    properties: {
      principalId: one.principalId,
      roleDefinitionId: `/providers/Microsoft.Authorization/RoleDefinitions/${one.roleId}`,
      scope: one.scope,
    },
  }));
}

interface Asked {
  readonly query: string;
  /** Without them everything that the caller may read is asked. */
  readonly subscriptions: readonly string[] | undefined;
  /** Rows of one answer, and the row at which it begins. */
  readonly top: number;
  readonly from: number;
}

const mostRows = 1000;

function pageOf(body: object): Pick<Asked, 'top' | 'from'> {
  const options = 'options' in body && typeof body.options === 'object' && body.options !== null ? body.options : {};
  const top = '$top' in options ? Number(options.$top) : mostRows;
  const from = '$skipToken' in options ? Number(atob(String(options.$skipToken))) : 0;
  return { top: Math.min(top, mostRows), from };
}
