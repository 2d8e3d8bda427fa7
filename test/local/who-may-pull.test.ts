// The probes about who may pull, with the real clients against the simulated Azure.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { principalIdOf } from '../../local/azure/model/principals.ts';
import { createAuthority } from '../../local/azure/seam/certificates.ts';
import { type Simulation, startSimulatedAzure } from '../../local/azure/simulation.ts';
import { worldSchema } from '../../local/azure/world/world.ts';

const run = promisify(execFile);

const pull = 'Microsoft.ContainerRegistry/registries/pull/read';

const names = ['member', 'operator', 'wildcard', 'denied', 'deleted', 'swapped', 'lost', 'typo', 'admin'];

const assigned = (role: string, principal: string, on = 'acrshop') => ({ role, principal, on, age: '2h' });

const world = worldSchema.parse({
  environments: [{ name: 'cae-shop' }],
  registries: [
    { name: 'acrshop', repositories: { shop: ['v1'] } },
    { name: 'acrother', group: 'rg-other' },
  ],
  identities: [...names, 'second'].map((name) => ({ name })),
  groups: [{ name: 'shop-apps', members: ['member'] }],
  customRoles: [
    { name: 'Operator', actions: ['Microsoft.ContainerRegistry/*'], notActions: [pull] },
    { name: 'Reads all', actions: ['Microsoft.ContainerRegistry/*/read'] },
  ],
  roleAssignments: [
    assigned('AcrPull', 'group-of:shop-apps'),
    assigned('Operator', 'operator', 'subscription'),
    assigned('Reads all', 'wildcard', 'group:rg-registry'),
    assigned('AcrPull', 'denied'),
    assigned('AcrPull', 'deleted'),
    assigned('AcrPull', 'second'),
    assigned('AcrPull', 'lost', 'acrother'),
  ],
  denyAssignments: [{ principal: 'denied', on: 'group:rg-registry', actions: ['*/read'] }],
  apps: names.map((name) => ({
    name,
    environment: 'cae-shop',
    pullIdentity: name,
    containers: [{ image: 'acrshop.azurecr.io/shop:v1' }],
    ...(name === 'swapped' ? { identities: ['second'] } : {}),
    ...(name === 'typo' ? { registries: [{ server: 'acrshp.azurecr.io', identity: 'typo' }] } : {}),
    ...(name === 'admin'
      ? { registries: [{ server: 'acrshop.azurecr.io', username: 'acrshop', passwordSecretRef: 'p' }] }
      : {}),
    secrets: [{ name: 'p' }],
  })),
});

const seen = z.object({
  causes: z.array(z.string()),
  sure: z.string(),
  for: z.array(z.object({ code: z.string(), detail: z.record(z.string(), z.string()) })),
  unread: z.array(z.string()),
  calls: z.number(),
});

let folder: string;

let azure: Simulation;

let looks: Record<string, z.infer<typeof seen>>;

/** Looks at every app in a process of its own, with nothing but the environment of the simulation. */
async function lookAtAll(): Promise<typeof looks> {
  const module = (path: string): string => JSON.stringify(pathToFileURL(path).href);
  const ids = [...azure.sim.apps.values()].map((app) => [app.name, app.id]);
  const code = `
    const { connect } = await import(${module('src/lib/azure/clients/clients.ts')});
    const { probesOf } = await import(${module('src/lib/azure/facts/evidence.ts')});
    const { gather } = await import(${module('src/lib/look/gather.ts')});
    const { diagnose } = await import(${module('src/lib/diagnosis/diagnose.ts')});
    const { parseArmId } = await import(${module('src/lib/words/arm-id.ts')});
    const { targetOf } = await import(${module('src/lib/words/target.ts')});
    const clients = connect(process.env.AZURE_CLIENT_ID, 'public');
    const now = () => ${azure.sim.scheduler.now()};
    const subscriptions = [${JSON.stringify(world.subscription)}];
    const probe = probesOf({ clients, subscriptions });
    const suspicions = [{ label: 'unauthorized', rule: 'x', words: 'x' }];
    const looks = {};
    for (const [name, id] of ${JSON.stringify(ids)}) {
      const target = targetOf(parseArmId(id), 'acrshop.azurecr.io/shop:v1');
      const { evidence, calls } = await gather({ now, azure: { probe } }, target, now() - 60_000);
      const { causes, sure, for: found } = diagnose({ target, evidence, suspicions, pulledBefore: false });
      const unread = Object.entries(evidence).filter(([, fact]) => fact.read === false).map(([probe]) => probe);
      looks[name] = { causes, sure, for: found, unread, calls };
    }
    console.log(JSON.stringify(looks));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...azure.env },
  });
  return z.record(z.string(), seen).parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  const authority = await createAuthority();
  const authorityFile = join(folder, 'authority.pem');
  await writeFile(authorityFile, authority.pem);
  azure = await startSimulatedAzure({ world, events: [], authority, authorityFile, speed: 1, seed: 'who' });
  azure.begin();
  azure.sim.deleted.add('deleted');
  looks = await lookAtAll();
});

afterAll(async () => {
  await azure.stop();
  await rm(folder, { recursive: true });
});

function principal(name: string): string {
  return principalIdOf(azure.sim, name);
}

describe('a look at who may pull', () => {
  it.each<[string, string[], string, Record<string, string> | undefined]>([
    ['member', ['pull-role-propagating'], 'role-of-group', undefined],
    ['operator', ['pull-role-missing'], 'role-missing', undefined],
    ['denied', ['deny-assignment'], 'denied', undefined],
    ['deleted', ['identity-gone'], 'identity-gone', undefined],
    ['swapped', ['pull-role-missing'], 'role-elsewhere', { holder: 'another-identity' }],
    ['lost', ['pull-role-missing'], 'role-elsewhere', { holder: 'the-identity-itself' }],
    ['typo', ['registry-not-configured'], 'entry-for-another-host', { server: 'acrshp.azurecr.io' }],
    ['admin', ['credential-rejected'], 'admin-user-disabled', undefined],
  ])('at %s finds %j by %s', (name, causes, code, detail = {}) => {
    expect(looks[name]).toMatchObject({ causes, sure: 'confirmed' });
    expect(looks[name]?.for).toContainEqual({ code, detail: expect.objectContaining(detail) as unknown });
  });

  it('lets a custom role count by its actions, wherever it was assigned', () => {
    expect(looks['wildcard']?.causes).toEqual(['unexplained']);
  });

  it('says by whom and where a role is held instead', () => {
    const found = (name: string) => looks[name]?.for.find(({ code }) => code === 'role-elsewhere')?.detail;

    expect(found('swapped')).toMatchObject({ principal: principal('second') });
    expect(found('lost')).toMatchObject({ principal: principal('lost') });
    expect(found('lost')?.['scope']).toMatch(/\/acrother$/);
    expect(found('operator')).toBeUndefined();
  });

  it('reads everything that it asks for but the image, in few requests', () => {
    for (const look of Object.values(looks)) {
      expect(look.unread.filter((probe) => probe !== 'manifest' && probe !== 'logs')).toEqual([]);
      expect(look.calls).toBeLessThanOrEqual(14);
    }
  });

  it('asks for nothing that is not simulated, and changes nothing', () => {
    expect(azure.state().refused).toEqual([]);
    expect(azure.state().writes).toEqual([]);
  });
});
