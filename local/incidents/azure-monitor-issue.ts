// Issues of an Azure Monitor workspace by ARM (Microsoft.Monitor/accounts/issues, API version 2025-10-03): PUT and PATCH of an issue by its
// name, and the calls that attach alerts and resources. No recording of the real one was found: docs/unverified.md.

import {
  type Behaviour,
  jsonIn,
  type LocalAnswer,
  type LocalRequest,
  type LocalSystem,
  type Seen,
  type Start,
  startSystem,
} from './server.ts';

export interface MonitorWorkspace extends LocalSystem {
  issues(): readonly Readonly<Issue>[];
  /** A person sets the status of the issue of this number, from 0. */
  personSets(at: number, status: string): void;
  personDeletes(at: number): void;
  /** Refuses to attach alerts from now on: the alert is not there. */
  refusesAlerts(): void;
}

interface Issue {
  readonly name: string;
  title: string;
  severity: string;
  status: string;
  readonly impactTime: string;
  readonly alerts: Set<string>;
  readonly resources: Set<string>;
}

type Fields = Partial<Pick<Issue, 'title' | 'severity' | 'status' | 'impactTime'>>;

interface Workspace {
  readonly issues: Map<string, Issue>;
  refusesAlerts: boolean;
}

/** `token`: the one that may write issues. `id`: the resource id of the workspace. */
export async function startMonitorWorkspace(
  token: string,
  id: string,
  start: Start = startSystem,
): Promise<MonitorWorkspace> {
  const workspace: Workspace = { issues: new Map(), refusesAlerts: false };
  const { issues } = workspace;
  const behaviour: Behaviour = {
    answer: (request) => answer(workspace, request, token, id),
    seen: () => [...issues.values()].map(seenOf),
    reset() {
      issues.clear();
      workspace.refusesAlerts = false;
    },
  };
  const system = await start(behaviour);
  const at = (place: number): Issue => {
    const found = [...issues.values()][place];
    if (found === undefined) throw new Error('There is no such issue.');
    return found;
  };
  return {
    ...system,
    issues: () => [...issues.values()],
    personSets(place, status) {
      at(place).status = status;
    },
    personDeletes: (place) => void issues.delete(at(place).name),
    refusesAlerts() {
      workspace.refusesAlerts = true;
    },
  };
}

function answer(workspace: Workspace, request: LocalRequest, token: string, id: string): LocalAnswer {
  const { pathname, searchParams } = new URL(request.url, 'http://arm');
  if (request.headers['authorization'] !== `Bearer ${token}`) return { status: 401 };
  if (searchParams.get('api-version') !== '2025-10-03') return { status: 400 };
  const [name = '', verb] = pathname.startsWith(`${id}/issues/`)
    ? pathname.slice(`${id}/issues/`.length).split('/')
    : [];
  if (!/^[\w-]{1,260}$/.test(name)) return { status: 404 };
  const issue = workspace.issues.get(name);
  if (request.method === 'PUT') return put(workspace, name, jsonIn(request));
  if (issue === undefined) return { status: 404 };
  if (verb !== undefined) return attach(workspace, issue, verb, jsonIn(request));
  return request.method === 'PATCH' ? patch(issue, jsonIn(request)) : { status: 200, body: bodyOf(issue) };
}

function put({ issues }: Workspace, name: string, body: unknown): LocalAnswer {
  const { title, severity, status, impactTime } = fieldsIn(body);
  if (title === undefined || severity === undefined || status === undefined || impactTime === undefined)
    return { status: 400 };
  if (!isValid({ severity, status, impactTime })) return { status: 400 };
  const before = issues.get(name);
  const lists = { alerts: before?.alerts ?? new Set<string>(), resources: before?.resources ?? new Set<string>() };
  const issue = { name, title, severity, status, impactTime, ...lists };
  issues.set(name, issue);
  return { status: before === undefined ? 201 : 200, body: bodyOf(issue) };
}

function patch(issue: Issue, body: unknown): LocalAnswer {
  const fields = fieldsIn(body);
  if (!isValid(fields)) return { status: 400 };
  Object.assign(issue, fields);
  return { status: 200, body: bodyOf(issue) };
}

function attach(workspace: Workspace, issue: Issue, verb: string, body: unknown): LocalAnswer {
  const list = { addOrUpdateAlerts: issue.alerts, addOrUpdateResources: issue.resources }[verb];
  if (list === undefined) return { status: 404 };
  if (verb === 'addOrUpdateAlerts' && workspace.refusesAlerts) return { status: 400 };
  const { value = [] } = body as { readonly value?: readonly { readonly id: string }[] };
  for (const one of value) list.add(one.id);
  return { status: 200, body: { value } };
}

function fieldsIn(body: unknown): Fields {
  return (body as { readonly properties?: Fields } | undefined)?.properties ?? {};
}

const statuses = ['New', 'InProgress', 'Mitigated', 'Closed', 'Canceled', 'OnHold'];

function isValid({ severity = 'Sev0', status = 'New', impactTime = '2026-06-01T02:00:00Z' }: Fields): boolean {
  return /^Sev[0-4]$/.test(severity) && statuses.includes(status) && !Number.isNaN(Date.parse(impactTime));
}

function bodyOf({ name, title, severity, status, impactTime }: Issue): unknown {
  return { name, type: 'microsoft.monitor/accounts/issues', properties: { title, severity, status, impactTime } };
}

function seenOf({ title, status, resources }: Issue): Seen {
  const state = status === 'Closed' || status === 'Canceled' ? 'resolved' : 'open';
  return { state, text: [title, ...resources].join('\n') };
}
