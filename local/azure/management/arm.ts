// Azure Resource Manager: the operations that pullmedic uses, and no others. Anything else is refused with the reason. The room leads a
// request to its service.
// Not here: the answers, which are in the room of their service. Only Resource Graph, which reads across services, is here too.
import {
  listApps,
  readApp,
  readEnvironment,
  readReplicas,
  readRevision,
  readRevisions,
  restartRevision,
} from '../apps/containerapps.ts';
import { listJobs, readExecutions, readJob, startJob } from '../apps/jobs.ts';
import { patchApp, readOperation, readOperationResult } from '../apps/patches.ts';
import { listDenials } from '../authorization/deny-assignments.ts';
import {
  changeAssignment,
  listAssignments,
  readAssignment,
  removeAssignment,
} from '../authorization/role-assignments.ts';
import { readRoleDefinition } from '../authorization/role-definitions.ts';
import {
  listContainerGroups,
  readContainerGroup,
  restartContainerGroup,
  startContainerGroup,
  stopContainerGroup,
} from '../container-groups/container-groups.ts';
import { listFederated, readManagedIdentity } from '../identity/managed-identities.ts';
import type { Sim } from '../model/sim.ts';
import { readActivity } from '../monitor/activity-log.ts';
import { changeAlertState, readAlert } from '../monitor/alerts-management.ts';
import {
  readEndpoint,
  readLinks,
  readNic,
  readRecords,
  readVnet,
  readZoneGroups,
} from '../network/network-resources.ts';
import { readRouteTable, readSecurityGroup, readSubnet } from '../network/subnets.ts';
import { listCacheRules, listCredentialSets } from '../registry/cache-rules.ts';
import { readRegistry, readToken } from '../registry/registries.ts';
import { type Answer, notModelled } from '../wire/answers.ts';
import { skipParameter } from '../wire/pages.ts';
import type { ArmRequest } from '../wire/request.ts';
import { groupApiVersions } from '../world/container-groups.ts';
import { withAllowance } from './allowances.ts';
import { queryGraph } from './resource-graph.ts';
import { readSubscription } from './subscriptions.ts';

interface Operation {
  readonly method: string;
  readonly pattern: RegExp;
  readonly versions: readonly string[];
  /** Query parameters that it knows, besides `api-version`. */
  readonly parameters?: readonly string[];
  readonly answer: (sim: Sim, request: ArmRequest) => Answer;
}

const group = '/subscriptions/([^/]+)/resourcegroups/([^/]+)/providers';

const app = `${group}/microsoft\\.app/containerapps/([^/]+)`;

const job = `${group}/microsoft\\.app/jobs`;

const operation = '/subscriptions/([^/]+)/providers/microsoft\\.app/locations/([^/]+)/containerappoperation';

const alert = '/subscriptions/([^/]+)/providers/microsoft\\.alertsmanagement/alerts/([^/]+)';

const auth = '/providers/microsoft\\.authorization';

function pattern(text: string): RegExp {
  return new RegExp(`^/?${text}$`, 'i');
}

const apps = ['2026-01-01', '2026-07-01'];

const containerGroup = `${group}/microsoft\\.containerinstance/containergroups`;

/** What the address of an operation is signed with. */
const signature = ['t', 'c', 's', 'h'];

const networks = ['2024-05-01'];

const operations: readonly Operation[] = [
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.app/containerapps`),
    versions: apps,
    parameters: [skipParameter],
    answer: listApps,
  },
  {
    method: 'GET',
    pattern: pattern('/subscriptions/([^/]+)/providers/microsoft\\.app/containerapps'),
    versions: apps,
    parameters: [skipParameter],
    answer: listApps,
  },
  { method: 'GET', pattern: pattern(job), versions: apps, parameters: [skipParameter], answer: listJobs },
  {
    method: 'GET',
    pattern: pattern('/subscriptions/([^/]+)/providers/microsoft\\.app/jobs'),
    versions: apps,
    parameters: [skipParameter],
    answer: listJobs,
  },
  { method: 'GET', pattern: pattern(`${job}/([^/]+)`), versions: apps, answer: readJob },
  {
    method: 'GET',
    pattern: pattern(`${job}/([^/]+)/executions`),
    versions: apps,
    parameters: [skipParameter],
    answer: readExecutions,
  },
  { method: 'POST', pattern: pattern(`${job}/([^/]+)/start`), versions: apps, answer: startJob },
  ...[containerGroup, '/subscriptions/([^/]+)/providers/microsoft\\.containerinstance/containergroups'].map((path) => ({
    method: 'GET',
    pattern: pattern(path),
    versions: groupApiVersions,
    parameters: [skipParameter],
    answer: listContainerGroups,
  })),
  {
    method: 'GET',
    pattern: pattern(`${containerGroup}/([^/]+)`),
    versions: groupApiVersions,
    answer: readContainerGroup,
  },
  {
    method: 'POST',
    pattern: pattern(`${containerGroup}/([^/]+)/restart`),
    versions: groupApiVersions,
    answer: restartContainerGroup,
  },
  {
    method: 'POST',
    pattern: pattern(`${containerGroup}/([^/]+)/start`),
    versions: groupApiVersions,
    answer: startContainerGroup,
  },
  {
    method: 'POST',
    pattern: pattern(`${containerGroup}/([^/]+)/stop`),
    versions: groupApiVersions,
    answer: stopContainerGroup,
  },
  { method: 'GET', pattern: pattern(app), versions: apps, answer: readApp },
  { method: 'PATCH', pattern: pattern(app), versions: apps, answer: patchApp },
  {
    method: 'GET',
    pattern: pattern(`${operation}statuses/([^/]+)`),
    versions: apps,
    parameters: [...signature, 'azureAsyncOperation'],
    answer: readOperation,
  },
  {
    method: 'GET',
    pattern: pattern(`${operation}results/([^/]+)`),
    versions: apps,
    parameters: signature,
    answer: readOperationResult,
  },
  {
    method: 'GET',
    pattern: pattern(`${app}/revisions`),
    versions: apps,
    parameters: [skipParameter],
    answer: readRevisions,
  },
  { method: 'GET', pattern: pattern(`${app}/revisions/([^/]+)`), versions: apps, answer: readRevision },
  { method: 'GET', pattern: pattern(`${app}/revisions/([^/]+)/replicas`), versions: apps, answer: readReplicas },
  { method: 'POST', pattern: pattern(`${app}/revisions/([^/]+)/restart`), versions: apps, answer: restartRevision },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.app/managedenvironments/([^/]+)`),
    versions: apps,
    answer: readEnvironment,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.containerregistry/registries/([^/]+)`),
    versions: ['2025-11-01'],
    answer: readRegistry,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.containerregistry/registries/([^/]+)/cacherules`),
    versions: ['2025-11-01'],
    answer: listCacheRules,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.containerregistry/registries/([^/]+)/credentialsets`),
    versions: ['2025-11-01'],
    answer: listCredentialSets,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.containerregistry/registries/([^/]+)/tokens/([^/]+)`),
    versions: ['2025-11-01'],
    answer: readToken,
  },
  { method: 'GET', pattern: pattern('/subscriptions/([^/]+)'), versions: ['2022-12-01'], answer: readSubscription },
  {
    method: 'GET',
    pattern: pattern(`(/?subscriptions/.+)${auth}/roleassignments`),
    versions: ['2022-04-01'],
    parameters: ['$filter'],
    answer: listAssignments,
  },
  {
    method: 'GET',
    pattern: pattern(`(/?subscriptions/.+)${auth}/denyassignments`),
    versions: ['2022-04-01'],
    parameters: ['$filter'],
    answer: listDenials,
  },
  {
    method: 'GET',
    pattern: pattern(`(/?subscriptions/.+)${auth}/roleassignments/([^/]+)`),
    versions: ['2022-04-01'],
    answer: readAssignment,
  },
  {
    method: 'PUT',
    pattern: pattern(`(/?subscriptions/.+)${auth}/roleassignments/([^/]+)`),
    versions: ['2022-04-01'],
    answer: changeAssignment,
  },
  {
    method: 'DELETE',
    pattern: pattern(`(/?subscriptions/.+)${auth}/roleassignments/([^/]+)`),
    versions: ['2022-04-01'],
    answer: removeAssignment,
  },
  {
    method: 'GET',
    pattern: pattern(`(/?subscriptions/.+)${auth}/roledefinitions/([^/]+)`),
    versions: ['2022-04-01'],
    answer: readRoleDefinition,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.managedidentity/userassignedidentities/([^/]+)`),
    versions: ['2023-01-31'],
    answer: readManagedIdentity,
  },
  {
    method: 'GET',
    pattern: pattern(
      `${group}/microsoft\\.managedidentity/userassignedidentities/([^/]+)/federatedidentitycredentials`,
    ),
    versions: ['2023-01-31'],
    answer: listFederated,
  },
  {
    method: 'GET',
    pattern: pattern('/subscriptions/([^/]+)/providers/microsoft\\.insights/eventtypes/management/values'),
    versions: ['2015-04-01'],
    parameters: ['$filter', '$select', '$skiptoken', '$skipToken'],
    answer: readActivity,
  },
  { method: 'GET', pattern: pattern(alert), versions: ['2019-03-01'], answer: readAlert },
  {
    method: 'POST',
    pattern: pattern(`${alert}/changestate`),
    versions: ['2019-03-01'],
    parameters: ['newState'],
    answer: changeAlertState,
  },
  {
    method: 'POST',
    pattern: pattern('/providers/microsoft\\.resourcegraph/resources'),
    versions: ['2024-04-01'],
    answer: queryGraph,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.network/privatednszones/([^/]+)/virtualnetworklinks`),
    versions: ['2024-06-01'],
    answer: readLinks,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.network/privatednszones/([^/]+)/a`),
    versions: ['2024-06-01'],
    answer: readRecords,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.network/virtualnetworks/([^/]+)`),
    versions: networks,
    answer: readVnet,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.network/privateendpoints/([^/]+)`),
    versions: networks,
    answer: readEndpoint,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.network/networkinterfaces/([^/]+)`),
    versions: networks,
    answer: readNic,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.network/privateendpoints/([^/]+)/privatednszonegroups`),
    versions: networks,
    answer: readZoneGroups,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.network/virtualnetworks/([^/]+)/subnets/([^/]+)`),
    versions: networks,
    parameters: ['$expand'],
    answer: readSubnet,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.network/networksecuritygroups/([^/]+)`),
    versions: networks,
    answer: readSecurityGroup,
  },
  {
    method: 'GET',
    pattern: pattern(`${group}/microsoft\\.network/routetables/([^/]+)`),
    versions: networks,
    answer: readRouteTable,
  },
];

/** Answers one request to management.azure.com. */
export function answerArm(sim: Sim, request: Omit<ArmRequest, 'parts'>): Answer {
  return withAllowance(sim, request, routed(sim, request));
}

function routed(sim: Sim, request: Omit<ArmRequest, 'parts'>): Answer {
  for (const operation of operations) {
    const match = operation.method === request.method ? operation.pattern.exec(request.path) : null;
    if (match === null) continue;
    const version = request.query.get('api-version') ?? '';
    if (!operation.versions.includes(version))
      return notModelled(`api-version ${version || '(none)'} of ${request.method} ${request.path}`);
    const unknown = [...request.query.keys()].find(
      (key) => key !== 'api-version' && !(operation.parameters ?? []).includes(key),
    );
    if (unknown !== undefined)
      return notModelled(`the query parameter ${unknown} of ${request.method} ${request.path}`);
    return operation.answer(sim, { ...request, parts: match.slice(1) });
  }
  return notModelled(`${request.method} ${request.path}`);
}

/** A pattern as people write a path: `{}` for any one segment, `{scope}` for a scope. */
function readable({ source }: RegExp): string {
  return source
    .replace(/^\^\\\/\?|\$$/g, '')
    .replaceAll('(\\/?subscriptions\\/.+)', '/{scope}')
    .replaceAll('([^/]+)', '{}')
    .replaceAll('\\', '');
}

/** The operations as `METHOD path`, for the documentation and its test. */
export function modelledOperations(): string[] {
  return operations.map((one) => `${one.method} ${readable(one.pattern)}`);
}
