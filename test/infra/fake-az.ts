// Plays `az` for the scripts: Entra with app registrations, service principals and Microsoft Graph, as documented. New objects are not seen at
// first; what exists is refused a second time. It knows the calls of the scripts and no other.
//   FAKE_AZ_STATE  the file that holds the directory
//   FAKE_AZ_FAILS  a part of a command line that fails, with an error that has nothing to do with new objects
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

interface Registration {
  id: string;
  appId: string;
  displayName: string;
  /** So many requests do not see it yet. Source: Microsoft Graph, "Request_ResourceNotFound" after a creation; it is eventually consistent. */
  hidden: number;
  api: { oauth2PermissionScopes?: { id: string; value: string }[]; preAuthorizedApplications?: unknown[] };
  appRoles: { id: string; value: string }[];
  identifierUris: string[];
  redirectUris: string[];
  tokenVersion?: number;
  owners: string[];
  credentials: { name: string; subject: string; issuer: string }[];
}

interface Principal {
  id: string;
  appId: string;
  hidden: number;
  assignmentRequired: boolean;
  assignedTo: { principalId: string; appRoleId: string }[];
}

export interface Directory {
  version: string;
  apps: Registration[];
  principals: Principal[];
  /** What was asked, in order. */
  asked: string[];
  made: number;
}

const empty: Directory = { version: '2.68.0', apps: [], principals: [], asked: [], made: 0 };

class Refused extends Error {}

const file = process.env['FAKE_AZ_STATE'] ?? '';
const state: Directory = {
  ...empty,
  ...(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Directory) : {}),
};
const args = process.argv.slice(2);
const first = args.findIndex((word) => word.startsWith('--'));
const words = first < 0 ? args : args.slice(0, first);

function option(name: string): string {
  const at = args.indexOf(`--${name}`);
  const value = args[at + 1];
  if (at < 0 || value === undefined) throw new Refused(`the following arguments are required: --${name}`);
  return value;
}

function given(name: string): string | undefined {
  return args.includes(`--${name}`) ? option(name) : undefined;
}

function newId(): string {
  state.made += 1;
  return `00000000-0000-4000-8000-${String(state.made).padStart(12, '0')}`;
}

function missing(id: string): Refused {
  return new Refused(
    `Request_ResourceNotFound: Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

function visible<T extends { hidden: number }>(found: T | undefined, id: string): T {
  if (found === undefined) throw missing(id);
  if (found.hidden > 0) {
    found.hidden -= 1;
    throw missing(id);
  }
  return found;
}

function registration(id: string): Registration {
  return visible(
    state.apps.find((one) => one.appId === id || one.id === id),
    id,
  );
}

function principal(id: string): Principal {
  return visible(
    state.principals.find((one) => one.appId === id || one.id === id),
    id,
  );
}

function createApp(): unknown {
  const made: Registration = {
    id: newId(),
    appId: newId(),
    displayName: option('display-name'),
    hidden: 2,
    api: {},
    appRoles: [],
    identifierUris: [],
    redirectUris: [],
    owners: [],
    credentials: [],
  };
  state.apps.push(made);
  return made;
}

function updateApp(): void {
  const app = registration(option('id'));
  app.identifierUris = given('identifier-uris')?.split(' ') ?? app.identifierUris;
  app.redirectUris = given('web-redirect-uris')?.split(' ') ?? app.redirectUris;
  const roles = given('app-roles');
  if (roles !== undefined) app.appRoles = JSON.parse(roles) as Registration['appRoles'];
  const version = given('requested-access-token-version');
  if (version !== undefined) app.tokenVersion = Number(version);
}

/** Source: Microsoft Graph, "Update application": a pre-authorized permission has to be a scope that the application has already. */
function patchApp(id: string): void {
  const app = registration(id);
  const { api } = JSON.parse(option('body')) as { api: Registration['api'] };
  const known = (app.api.oauth2PermissionScopes ?? []).map((scope) => scope.id);
  const wanted = (api.preAuthorizedApplications ?? []) as { delegatedPermissionIds: string[] }[];
  if (wanted.some((one) => one.delegatedPermissionIds.some((scope) => !known.includes(scope))))
    throw new Refused(
      'Request_BadRequest: Property PreAuthorizedApplications references a permission that cannot be found',
    );
  app.api = { ...app.api, ...api };
}

function createPrincipal(): unknown {
  const appId = option('id');
  const app = state.apps.find((one) => one.appId === appId);
  if (app !== undefined && app.hidden > 0) {
    app.hidden -= 1;
    throw new Refused(
      `When using this permission, the backing application of the service principal '${appId}' does not exist`,
    );
  }
  // Source: Microsoft Graph, "Create servicePrincipal", the error of a repeated creation.
  if (state.principals.some((one) => one.appId === appId))
    throw new Refused(
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    );
  const made: Principal = { id: newId(), appId, hidden: 2, assignmentRequired: false, assignedTo: [] };
  state.principals.push(made);
  return made;
}

function graph(): unknown {
  const url = option('url').replace('https://graph.microsoft.com/v1.0/', '');
  const [kind, id = '', rest] = url.split('/');
  const method = given('method') ?? 'get';
  if (kind === 'applications' && method === 'patch') return patchApp(id);
  if (kind !== 'servicePrincipals' || rest !== 'appRoleAssignedTo') throw new Refused(`not played: ${method} ${url}`);
  const own = principal(id);
  if (method === 'get') return { value: own.assignedTo };
  const body = JSON.parse(option('body')) as { principalId: string; appRoleId: string };
  if (own.assignedTo.some((one) => one.principalId === body.principalId && one.appRoleId === body.appRoleId))
    throw new Refused('Request_BadRequest: Permission being assigned already exists on the object');
  own.assignedTo.push(body);
  return undefined;
}

function addOwner(): void {
  const app = registration(option('id'));
  const id = option('owner-object-id');
  if (app.owners.includes(id))
    throw new Refused(
      "Request_BadRequest: One or more added object references already exist for the following modified properties: 'owners'.",
    );
  app.owners.push(id);
}

function addCredential(): void {
  const app = registration(option('id'));
  const made = JSON.parse(option('parameters')) as Registration['credentials'][number];
  if (app.credentials.some((one) => one.name === made.name || one.subject === made.subject))
    throw new Refused('Request_MultipleObjectsWithSameKeyValue: FederatedIdentityCredential already exists.');
  app.credentials.push(made);
}

function listApps(): unknown {
  const name = /^displayName eq '(.*)'$/.exec(option('filter'))?.[1];
  return state.apps.filter((one) => one.displayName === name);
}

function answer(): unknown {
  switch (words.join(' ')) {
    case 'version':
      return { 'azure-cli': state.version };
    case 'account show':
      return { tenantId: '99999999-9999-4999-8999-999999999999' };
    case 'ad app list':
      return listApps();
    case 'ad app create':
      return createApp();
    case 'ad app show':
      return registration(option('id'));
    case 'ad app update':
      return updateApp();
    case 'ad app delete':
      state.apps = state.apps.filter((one) => one !== registration(option('id')));
      return undefined;
    case 'ad app owner list':
      return registration(option('id')).owners.map((id) => ({ id }));
    case 'ad app owner add':
      return addOwner();
    case 'ad app federated-credential list':
      return registration(option('id')).credentials;
    case 'ad app federated-credential create':
      return addCredential();
    case 'ad sp show':
      return principal(option('id'));
    case 'ad sp create':
      return createPrincipal();
    case 'ad sp update':
      principal(option('id')).assignmentRequired = option('set') === 'appRoleAssignmentRequired=true';
      return undefined;
    case 'rest':
      return graph();
    default:
      throw new Refused(`'${words.join(' ')}' is not played`);
  }
}

type Row = Readonly<Record<string, string>>;

/** The few queries of the scripts: a member, or a member of each item. */
function queried(value: unknown, query: string | undefined): string[] {
  if (query === undefined || value === undefined) return [];
  const member = query.split('.').at(-1)?.replaceAll('"', '') ?? '';
  const list = query.startsWith('value[]') ? (value as { value: Row[] }).value : (value as Row[]);
  return query.includes('[]') ? list.map((one) => one[member.replace('[]', '')] ?? '') : [(value as Row)[member] ?? ''];
}

function run(): number {
  state.asked.push(args.join(' '));
  try {
    const fails = process.env['FAKE_AZ_FAILS'] ?? '';
    if (fails !== '' && args.join(' ').includes(fails))
      throw new Refused('Authorization_RequestDenied: Insufficient privileges to complete the operation.');
    const lines = queried(answer(), given('query'));
    if (given('output') !== 'none') process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    return 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    process.stderr.write(`ERROR: ${error.message}\n`);
    return 1;
  } finally {
    writeFileSync(file, JSON.stringify(state));
  }
}

process.exitCode = run();
