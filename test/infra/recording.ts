// A world that answers everything that pullmedic can ask, and writes down what it was asked. The requests are those of the real SDKs.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { createAuthority } from '../../local/azure/seam/certificates.ts';

export interface Asked {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly body: string;
  readonly expands: boolean;
  /** The API version of a request to ARM. */
  readonly version: string | null;
}

const subscription = '11111111-1111-4111-8111-111111111111';
const principal = '33333333-3333-4333-8333-333333333333';
const group = `/subscriptions/${subscription}/resourceGroups/rg-shop/providers`;
const network = `${group}/Microsoft.Network`;
const registryId = `${group}/Microsoft.ContainerRegistry/registries/acrshop`;
const elsewhere = '55555555-5555-4555-8555-555555555555';

/** The identity of the typed app is in another subscription than the registry. */
function identityOf(app: string): string {
  const home = app === 'ca-typed' ? group.replace(subscription, elsewhere) : group;
  return `${home}/Microsoft.ManagedIdentity/userAssignedIdentities/id-pull`;
}
// A role of somebody’s own: what the built-in ones allow is known and not asked.
const roleId = `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/66666666-6666-4666-8666-666666666666`;
const login = 'acrshop.azurecr.io';

function app(name: string): unknown {
  return {
    id: `${group}/Microsoft.App/containerApps/${name}`,
    name,
    location: 'westeurope',
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: { [identityOf(name)]: { principalId: principal, clientId: principal } },
    },
    properties: {
      environmentId: `${group}/Microsoft.App/managedEnvironments/env-${name}`,
      provisioningState: 'Failed',
      configuration: {
        secrets: [{ name: 'p', keyVaultUrl: 'https://kv-shop.vault.azure.net/secrets/p', identity: identityOf(name) }],
        registries: [
          name.endsWith('token')
            ? { server: login, username: 'puller', passwordSecretRef: 'p' }
            : { server: login, identity: name === 'ca-environment' ? 'system-environment' : identityOf(name) },
          ...(name.startsWith('ca-entries') ? [{ server: 'acrtools.azurecr.io', identity: identityOf(name) }] : []),
        ],
      },
      template: { containers: [{ name: 'a', image: `${login}/orders:v1` }] },
    },
  };
}

/**
 * The classic app has two images, so that its replicas do not say which container runs which. The write of the app with two entries was
 * rejected: nothing of it is active.
 */
function revisions(name: string): unknown {
  const containers = [`${login}/orders:v1`, ...(name === 'ca-classic' ? [`${login}/proxy:v1`] : [])];
  const template = { containers: containers.map((image, index) => ({ name: `c${index}`, image })) };
  return {
    name: `${name}--1`,
    properties: { active: !name.startsWith('ca-entries'), createdTime: '2026-01-01T00:00:00Z', template },
  };
}

function environment(name: string): unknown {
  const logs = name.endsWith('typed')
    ? { destination: 'azure-monitor' }
    : {
        destination: 'log-analytics',
        logAnalyticsConfiguration: { customerId: '44444444-4444-4444-8444-444444444444' },
      };
  return {
    id: `${group}/Microsoft.App/managedEnvironments/${name}`,
    location: 'westeurope',
    identity: { type: 'SystemAssigned', principalId: principal },
    properties: {
      appLogsConfiguration: logs,
      vnetConfiguration: { infrastructureSubnetId: `${network}/virtualNetworks/vnet/subnets/apps` },
    },
  };
}

const registry = {
  id: registryId,
  name: 'acrshop',
  location: 'westeurope',
  sku: { name: 'Premium' },
  properties: {
    loginServer: login,
    privateEndpointConnections: [
      {
        properties: {
          privateEndpoint: { id: `${network}/privateEndpoints/pe` },
          privateLinkServiceConnectionState: { status: 'Approved' },
        },
      },
    ],
  },
};

const job = {
  ...(app('job-nightly') as object),
  id: `${group}/Microsoft.App/jobs/job-nightly`,
};
const execution = {
  name: 'job-nightly-abc1234',
  properties: {
    status: 'Running',
    startTime: '2026-01-01T00:00:00Z',
    template: { containers: [{ name: 'a', image: `${login}/orders:v1` }] },
  },
};

const container = { name: 'a', properties: { image: `${login}/orders:v1`, instanceView: { events: [] } } };
const containerGroup = {
  ...(app('cg-shop') as object),
  id: `${group}/Microsoft.ContainerInstance/containerGroups/cg-shop`,
  properties: { containers: [container], imageRegistryCredentials: [], instanceView: { state: 'Running' } },
};

const list = (...value: unknown[]): unknown => ({ value });
const assignment = {
  id: `${registryId}/providers/Microsoft.Authorization/roleAssignments/a`,
  properties: { roleDefinitionId: roleId, principalId: principal, scope: registryId },
};
const cacheRule = {
  name: 'hub',
  properties: {
    sourceRepository: 'docker.io/library/*',
    targetRepository: 'library/*',
    credentialSetResourceId: `${registryId}/credentialSets/hub`,
  },
};
const logTable = {
  tables: [
    {
      name: 'PrimaryResult',
      columns: ['TimeGenerated', 'EventTime', 'Environment', 'Revision', 'Replica', 'Reason', 'Severity', 'Text'].map(
        (name) => ({
          name,
          type: 'string',
        }),
      ),
      rows: [],
    },
  ],
};

const alert = { alertState: 'New', monitorCondition: 'Fired', signalType: 'Log', alertRule: 'pull-failures' };

/** What each path answers. The first that matches counts. */
const answers: readonly (readonly [RegExp, (match: RegExpExecArray, asked: Asked) => unknown])[] = [
  [/\/revisions\/[^/]+\/replicas$/i, () => list({ name: 'r', properties: { containers: [{ name: 'c0' }] } })],
  [/\/revisions\/[^/]+\/restart$/i, () => undefined],
  [/containerApps\/([^/]+)\/revisions$/i, ([, name]) => list(revisions(name ?? ''))],
  [/containerApps\/([^/]+)\/revisions\/[^/]+$/i, ([, name]) => revisions(name ?? '')],
  [/jobs\/[^/]+\/executions$/i, () => list(execution)],
  [/jobs\/[^/]+\/start$/i, () => ({ name: 'job-nightly-1' })],
  [/jobs$/i, () => list(job)],
  [/jobs\/[^/]+$/i, () => job],
  [/containerGroups$/i, () => list(containerGroup)],
  [/containerGroups\/[^/]+$/i, () => containerGroup],
  [/containerGroups\/[^/]+\/restart$/i, () => undefined],
  [/containerApps$/i, () => list(app('ca-classic'))],
  [/containerApps\/([^/]+)$/i, ([, name]) => app(name ?? '')],
  [/managedEnvironments\/([^/]+)$/i, ([, name]) => environment(name ?? '')],
  [/\/roleAssignments$/i, () => list(assignment)],
  [/\/roleDefinitions\/[^/]+$/i, () => ({ id: roleId, properties: { permissions: [{ actions: ['*'] }] } })],
  [/\/denyAssignments$/i, () => list()],
  [/\/alerts\/[^/]+\/changestate$/i, () => undefined],
  [/\/alerts\/[^/]+$/i, (_, { path }) => ({ id: path, properties: { essentials: alert } })],
  [/registries\/acrshop$/i, () => registry],
  [/registries\/acrshop\/cacheRules$/i, () => list(cacheRule)],
  [/registries\/acrshop\/credentialSets$/i, () => list()],
  [/registries\/acrshop\/tokens\/[^/]+$/i, () => ({ properties: { status: 'enabled' } })],
  [/userAssignedIdentities\/[^/]+\/federatedIdentityCredentials$/i, () => list({ name: 'github' })],
  [/userAssignedIdentities\/[^/]+$/i, () => ({ id: identityOf('') })],
  [/^\/subscriptions\/[^/]+$/, () => ({ tenantId: principal, displayName: 'Shop' })],
  [/\/eventtypes\/management\/values$/i, () => list()],
  [
    /ResourceGraph\/resources$/i,
    (_, { body }) => ({ totalRecords: 1, count: 1, resultTruncated: 'false', data: graphRows(body) }),
  ],
  [/virtualNetworkLinks$/i, () => list()],
  [/privateDnsZones\/[^/]+\/A$/i, () => list()],
  [/privateDnsZoneGroups$/i, () => list()],
  [
    /privateEndpoints\/[^/]+$/i,
    () => ({
      properties: {
        subnet: { id: `${network}/virtualNetworks/vnet/subnets/pe` },
        networkInterfaces: [{ id: `${network}/networkInterfaces/nic` }],
      },
    }),
  ],
  [/networkInterfaces\/[^/]+$/i, () => ({ properties: { ipConfigurations: [] } })],
  [/networkSecurityGroups\/[^/]+$/i, () => ({ properties: { defaultSecurityRules: [] } })],
  [/routeTables\/[^/]+$/i, () => ({ properties: { routes: [] } })],
  [
    /subnets\/[^/]+$/i,
    () => ({
      properties: {
        networkSecurityGroup: { id: `${network}/networkSecurityGroups/nsg` },
        routeTable: { id: `${network}/routeTables/rt` },
      },
    }),
  ],
  [/virtualNetworks\/[^/]+$/i, () => ({ properties: {} })],
  [/^\/v1\/.*\/query$/i, () => logTable],
  [/^\/oauth2\/exchange$/, () => ({ refresh_token: 'r' })],
  [/^\/oauth2\/token$/, () => ({ access_token: 'a' })],
  [/\/_tags$/, () => ({ tags: [{ name: 'v2' }] })],
];

function graphRows(body: string): unknown[] {
  if (body.includes('authorizationresources'))
    return [{ principalId: principal, roleDefinitionId: roleId, scope: registryId }];
  if (body.includes('containerregistry/registries')) return [{ id: registryId, name: 'acrshop', loginServer: login }];
  if (body.includes('keyvault/vaults'))
    return [{ id: `${group}/Microsoft.KeyVault/vaults/kv-shop`, properties: { enableRbacAuthorization: true } }];
  if (body.includes('privatednszones'))
    return [{ id: `${network}/privateDnsZones/privatelink.azurecr.io`, name: 'privatelink.azurecr.io' }];
  const home = `${group}/Microsoft.App/managedEnvironments/env-ca-classic`;
  return [
    { id: `${group}/Microsoft.App/containerApps/ca-classic`, type: 'microsoft.app/containerapps', environmentId: home },
  ];
}

/** Assignments that were made: they are there until they are removed. */
type Made = Map<string, unknown>;

function assignmentAnswer(made: Made, { method, path, body }: Asked): { status: number; body: unknown } {
  if (method === 'PUT') {
    const sent = z.object({ properties: z.record(z.string(), z.unknown()) }).parse(JSON.parse(body));
    const scope = path.slice(0, path.toLowerCase().indexOf('/providers/microsoft.authorization/'));
    made.set(path, { id: path, properties: { ...sent.properties, scope } });
    return { status: 201, body: made.get(path) };
  }
  const found = made.get(path);
  if (method === 'DELETE') made.delete(path);
  return found === undefined
    ? { status: 404, body: { error: { code: 'RoleAssignmentNotFound', message: '' } } }
    : { status: 200, body: found };
}

/** 404 where the story needs one: our assignment is not there yet, and the tag was never pushed. Nothing is expanded: all is asked. */
function answer(made: Made, asked: Asked): { status: number; body: unknown } {
  if (asked.expands) return { status: 400, body: { error: { code: 'InvalidExpand', message: '' } } };
  if (/\/roleAssignments\/[^/]+$/i.test(asked.path)) return assignmentAnswer(made, asked);
  // A group that was never created, and one whose region does not know the newest API version.
  if (/\/containerGroups\/cg-refused$/i.test(asked.path))
    return { status: 404, body: { error: { code: 'ResourceNotFound', message: '' } } };
  if (/\/containerGroups\/cg-old$/i.test(asked.path) && asked.version === '2025-09-01')
    return { status: 400, body: { error: { code: 'NoRegisteredProviderFound', message: '' } } };
  if (/\/manifests\/sha256:/.test(asked.path)) return { status: 200, body: {} };
  if (/\/_manifests\/sha256:/.test(asked.path))
    return { status: 200, body: { manifest: { os: 'linux', architecture: 'arm64' } } };
  if (/\/manifests\//.test(asked.path)) return { status: 404, body: { errors: [{ code: 'MANIFEST_UNKNOWN' }] } };
  for (const [pattern, make] of answers) {
    const match = pattern.exec(asked.path);
    if (match !== null) return { status: 200, body: make(match, asked) };
  }
  return { status: 500, body: { error: { code: 'NotExpected', message: asked.path } } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

interface World {
  readonly asked: Asked[];
  readonly env: Record<string, string>;
  stop(): void;
}

/** A proxy that ends TLS itself for every host, and the endpoint that gives the identity its tokens. */
async function startWorld(folder: string): Promise<World> {
  const authority = await createAuthority();
  const authorityFile = join(folder, 'authority.pem');
  await writeFile(authorityFile, authority.pem);
  const asked: Asked[] = [];
  const made: Made = new Map();
  const tls = createTlsServer(
    { SNICallback: (host, done) => void authority.contextFor(host).then((context) => done(null, context), done) },
    (request, response) => {
      void bodyOf(request).then((body) => {
        const url = new URL(request.url ?? '/', 'https://x');
        const path = url.pathname.replaceAll('//', '/');
        const host = request.headers.host ?? '';
        const version = url.searchParams.get('api-version');
        const expands = url.searchParams.has('$expand');
        const one = { method: request.method ?? '', host, path, expands, version, body };
        asked.push(one);
        const said = answer(made, one);
        response.writeHead(said.status, { 'content-type': 'application/json' });
        response.end(said.body === undefined ? '' : JSON.stringify(said.body));
      });
    },
  );
  const sockets = new Set<Socket>();
  const front = createServer((_, response) => {
    const token = {
      access_token: 't',
      expires_on: String(Math.floor(Date.now() / 1000) + 3600),
      resource: 'x',
      token_type: 'Bearer',
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(token));
  });
  front.on('connect', (_, socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    tls.emit('connection', socket);
  });
  const port = await listen(front);
  return {
    asked,
    env: {
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: authorityFile,
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      IDENTITY_HEADER: 'x',
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      front.close();
      tls.close();
    },
  };
}

const coverage = z.object({
  result: z.array(
    z.object({
      url: z.string(),
      functions: z.array(
        z.object({ ranges: z.array(z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() })) }),
      ),
    }),
  ),
});

/** A copy of the source in which everything that ran is blank: what is left did not run. Node strips types in place, so offsets agree. */
function notRun(source: string, functions: z.infer<typeof coverage>['result'][number]['functions']): string {
  const ran = new Uint8Array(source.length).fill(1);
  // Inner ranges come after the outer ones that they correct.
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return Array.from({ length: source.length }, (_, index) => source.charAt(index))
    .map((letter, index) => (ran[index] === 1 && letter !== '\n' ? ' ' : letter))
    .join('');
}

export interface Recording {
  readonly asked: readonly Asked[];
  readonly said: { readonly unread: readonly string[]; readonly did: readonly unknown[] };
  /** By file: the parts that did not run. */
  readonly notRun: ReadonlyMap<string, string>;
}

const saidShape = z.object({ unread: z.array(z.string()), did: z.array(z.unknown()) });

async function leftOut(folder: string): Promise<Map<string, string>> {
  const left = new Map<string, string>();
  for (const name of await readdir(folder)) {
    const { result } = coverage.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    for (const { url, functions } of result) {
      const path = /\/(src\/lib\/azure\/[\w/-]+\.ts)$/.exec(url)?.[1];
      if (path !== undefined) left.set(path, notRun(await readFile(path, 'utf8'), functions));
    }
  }
  return left;
}

/** Lets the real clients do everything once, and answers what they sent. */
export async function record(): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  const world = await startWorld(folder);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['test/infra/every-call.ts'], {
      env: {
        PATH: process.env['PATH'],
        NODE_NO_WARNINGS: '1',
        NODE_V8_COVERAGE: join(folder, 'coverage'),
        ...world.env,
      },
      timeout: 120_000,
    });
    return {
      asked: world.asked,
      said: saidShape.parse(JSON.parse(stdout)),
      notRun: await leftOut(join(folder, 'coverage')),
    };
  } finally {
    world.stop();
    await rm(folder, { recursive: true });
  }
}
