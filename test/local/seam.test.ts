import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../local/azure/seam/certificates.ts';
import { type Simulation, startSimulatedAzure } from '../../local/azure/simulation.ts';
import { parseScenario } from '../../local/scenarios/schema.ts';

const run = promisify(execFile);
let folder: string;
let azure: Simulation;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  const authority = await createAuthority();
  const authorityFile = join(folder, 'authority.pem');
  await writeFile(authorityFile, authority.pem);
  const scenario = parseScenario(
    await readFile('local/scenarios/missing-acrpull-user-assigned.yaml', 'utf8'),
    'x.yaml',
  );
  azure = await startSimulatedAzure({
    world: scenario.world,
    events: [],
    authority,
    authorityFile,
    speed: 20,
    seed: 'seam',
  });
  azure.begin();
});

afterAll(async () => {
  await azure.stop();
  await rm(folder, { recursive: true });
});

/** Runs code with the official SDKs in a process that has nothing but the environment of the simulation. */
async function inApp(code: string): Promise<unknown> {
  const prelude = `
    const { ManagedIdentityCredential } = await import('@azure/identity');
    const credential = new ManagedIdentityCredential({ clientId: process.env.AZURE_CLIENT_ID });
    const answer = async () => { ${code} };
    try { console.log(JSON.stringify({ ok: await answer() })); }
    catch (error) { console.log(JSON.stringify({ status: error.statusCode ?? null, code: error.code ?? error.cause?.code ?? null, message: String(error.cause?.message ?? error.message).slice(0, 300) })); }`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', prelude], {
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...azure.env },
  });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  return JSON.parse(line) as unknown;
}

describe('the deployed bundle', () => {
  it('holds nothing of local/', async () => {
    const maps = (await readdir('dist', { recursive: true })).filter((name) => name.endsWith('.cjs.map'));
    const read = async (name: string) =>
      JSON.parse(await readFile(join('dist', name), 'utf8')) as { sources: string[] };
    const sources = (await Promise.all(maps.map(read))).flatMap((map) => map.sources);

    expect(
      sources.filter(
        (source) =>
          /(?:^|\/)(?:local|test)\//.test(source.replace(/^(?:\.\.\/)+/, '')) && !source.includes('node_modules'),
      ),
    ).toEqual([]);
    expect(sources).toEqual(expect.arrayContaining(['../src/index.ts', '../../src/lib/azure/clients/sdk-clients.ts']));
  });

  it('does not know that it may be simulated', async () => {
    const files = (await readdir('dist', { recursive: true })).filter((name) => name.endsWith('.cjs'));
    const bundle = (await Promise.all(files.map((name) => readFile(join('dist', name), 'utf8')))).join('\n');

    expect(files.length).toBeGreaterThan(1);
    expect(bundle).not.toContain('PULLMEDIC_CLOCK');
    expect(bundle).not.toContain('PULLMEDIC_HOST_KEYS');
  });
});

describe('the network seam', () => {
  it('refuses a host outside of the simulation, and says so', async () => {
    const answer = await inApp(`const response = await fetch('https://example.com/'); return response.status;`);

    expect(answer).not.toHaveProperty('ok');
    expect(azure.state().refused.map((call) => call.refused)).toContain(
      'the host example.com is outside of the simulation',
    );
  });

  it('refuses a token for another audience', async () => {
    const answer = await inApp(`
      const { token } = await credential.getToken('https://api.loganalytics.io/.default');
      const response = await fetch('https://management.azure.com/subscriptions/x?api-version=1', { headers: { authorization: 'Bearer ' + token } });
      return response.status;`);

    expect(answer).toEqual({ ok: 401 });
  });

  it('refuses an operation that it does not model, with the reason', async () => {
    const answer = await inApp(`
      const { token } = await credential.getToken('https://management.azure.com/.default');
      const response = await fetch('https://management.azure.com/subscriptions/x/providers/Microsoft.Compute/virtualMachines?api-version=2024-01-01', { headers: { authorization: 'Bearer ' + token } });
      return [response.status, (await response.json()).error.message];`);

    expect(answer).toEqual({ ok: [501, expect.stringContaining('virtualMachines')] });
  });

  it('answers the official clients: app, replicas, registry, roles, and 409 for a role that is there under another name', async () => {
    const { sim } = azure;
    const app = [...sim.apps.values()][0];
    const registry = [...sim.registries.values()][0];
    const identity = [...sim.identities.values()][0];
    const answer = await inApp(`
      const { ContainerAppsAPIClient } = await import('@azure/arm-appcontainers');
      const { ContainerRegistryManagementClient } = await import('@azure/arm-containerregistry');
      const { AuthorizationManagementClient } = await import('@azure/arm-authorization');
      const subscription = '${sim.world.subscription}';
      const app = await new ContainerAppsAPIClient(credential, subscription).containerApps.get('rg-apps', '${app?.name ?? ''}');
      const registry = await new ContainerRegistryManagementClient(credential, subscription).registries.get('rg-registry', '${registry?.name ?? ''}');
      const roles = new AuthorizationManagementClient(credential, subscription).roleAssignments;
      const scope = '${registry?.id.slice(1) ?? ''}';
      const role = { roleDefinitionId: '/subscriptions/' + subscription + '/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d', principalId: '${identity?.principalId ?? ''}', principalType: 'ServicePrincipal' };
      await roles.create(scope, '00000000-0000-4000-8000-000000000001', role);
      const again = await roles.create(scope, '00000000-0000-4000-8000-000000000002', role).then(() => 'created', (error) => error.statusCode + ' ' + error.code);
      const owner = await roles.create(scope, '00000000-0000-4000-8000-000000000003', { ...role, roleDefinitionId: role.roleDefinitionId.replace('7f951dda-4ed3-4680-a7ca-43fe172d538d', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635') }).then(() => 'created', (error) => error.statusCode + ' ' + error.code);
      const held = [];
      for await (const one of roles.listForScope(scope, { filter: "atScope() and assignedTo('${identity?.principalId ?? ''}')" })) held.push(one.name);
      return { image: app.template.containers[0].image, loginServer: registry.loginServer, again, owner, held };`);

    expect(answer).toEqual({
      ok: {
        image: 'acrshop.azurecr.io/shop/orders:v1',
        loginServer: 'acrshop.azurecr.io',
        again: '409 RoleAssignmentExists',
        owner: '403 AuthorizationFailed',
        held: ['00000000-0000-4000-8000-000000000001'],
      },
    });
  });

  it('answers the official client: a list of apps, and a patch that is polled until its revision is there', async () => {
    const subscription = azure.sim.world.subscription;
    const answer = await inApp(`
      const { ContainerAppsAPIClient } = await import('@azure/arm-appcontainers');
      const apps = new ContainerAppsAPIClient(credential, '${subscription}').containerApps;
      const names = [];
      for await (const app of apps.listBySubscription()) names.push(app.name);
      for await (const app of apps.listByResourceGroup('rg-apps')) names.push(app.name);
      const patch = { location: '${azure.sim.world.location}', template: { revisionSuffix: 'again' } };
      const patched = await apps.update('rg-apps', 'ca-orders', patch, { updateIntervalInMs: 20 });
      return { names, latest: patched.latestRevisionName, state: patched.provisioningState };`);

    expect(answer).toEqual({
      ok: { names: ['ca-orders', 'ca-orders'], latest: 'ca-orders--again', state: 'Succeeded' },
    });
  });
});
