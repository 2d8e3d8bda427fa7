// Which permissions a request needs. A rule for ARM; a table only for what the rule does not say.
import type { Asked } from './recording.ts';

const verbs: Readonly<Record<string, string>> = { GET: 'read', PUT: 'write', PATCH: 'write', DELETE: 'delete' };

function words(path: string): string[] {
  return path.split('/').filter((word) => word !== '');
}

/** `Microsoft.X/type/subtype/verb` of an ARM path: namespace, then type and name in turns; a POST ends in the name of its action. */
function byRule({ method, path }: Asked): string {
  const last = path.toLowerCase().lastIndexOf('/providers/');
  if (last < 0) throw new Error(`No provider: ${path}`);
  const [namespace = '', ...rest] = words(path.slice(last + '/providers/'.length));
  const action = method === 'POST' ? `${rest.pop()}/action` : verbs[method];
  if (action === undefined) throw new Error(`Not known: ${method} ${path}`);
  return [namespace, ...rest.filter((_, index) => index % 2 === 0), action].join('/');
}

/** Resource Graph shows what the caller may read: so each type that a query names must be readable. */
function graphTypes(body: string): string[] {
  const one = [...body.matchAll(/type =~ '([^']+)'/g)].map(([, type]) => type ?? '');
  const several = [...body.matchAll(/type in~ \(([^)]+)\)/g)].flatMap(([, list]) =>
    [...(list ?? '').matchAll(/'([^']+)'/g)].map(([, type]) => type ?? ''),
  );
  return [...one, ...several].map((type) => `${type}/read`);
}

/** Classic tables are custom ones, and share one permission. Source: Azure Monitor, access by table. */
function tables(body: string): string[] {
  const named = [...body.matchAll(/\b(ContainerAppSystemLogs(?:_CL)?)\b/g)].map(([, name]) => name ?? '');
  return [...new Set(named.map((name) => (name.endsWith('_CL') ? 'Tables.Custom' : name)))];
}

/** A query of a workspace needs both, besides its tables. Source: Azure Monitor, custom roles for workspaces. */
function ofLogs({ body }: Asked): string[] {
  const workspaces = 'Microsoft.OperationalInsights/workspaces';
  const named = tables(body).map((table) => `${workspaces}/query/${table}/read`);
  return [`${workspaces}/read`, `${workspaces}/query/read`, ...named];
}

/** The control-plane actions that a request needs. */
export function actionsOf(asked: Asked): string[] {
  if (asked.host === 'api.loganalytics.io') return ofLogs(asked);
  if (asked.host !== 'management.azure.com') return [];
  if (asked.path === '/providers/Microsoft.ResourceGraph/resources') return graphTypes(asked.body);
  // The category stands in the path where a name would be, and is no part of the action.
  if (asked.path.endsWith('/providers/Microsoft.Insights/eventtypes/management/values'))
    return ['Microsoft.Insights/eventtypes/values/read'];
  if (/^\/subscriptions\/[^/]+$/.test(asked.path)) return ['Microsoft.Resources/subscriptions/read'];
  return [byRule(asked)];
}

/** What a request to a registry itself needs: an action in the one role mode, data actions in the other. */
export function imageActionsOf({ host, path }: Asked): { actions: string[]; dataActions: string[] } {
  const none = { actions: [], dataActions: [] };
  const repositories = 'Microsoft.ContainerRegistry/registries/repositories';
  if (!host.endsWith('.azurecr.io') || path.startsWith('/oauth2/')) return none;
  const data = path.startsWith('/v2/') ? 'content/read' : 'metadata/read';
  return { actions: ['Microsoft.ContainerRegistry/registries/pull/read'], dataActions: [`${repositories}/${data}`] };
}
