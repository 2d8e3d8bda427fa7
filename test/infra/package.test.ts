// The very folder that is deployed, in the embedded host, away from this repository; and what its routes say to strangers.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadApp, type RegisteredFunction } from '../../local/host/load.ts';
import { freePort, type Storage, startStorage } from '../../local/storage.ts';

const run = promisify(execFile);
const keys = { function: 'f'.repeat(20), master: 'm'.repeat(20), eventgrid: 'e'.repeat(20) };
const settings = {
  PULLMEDIC_MODE: 'observe',
  PULLMEDIC_SCOPES: '["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop"]',
  PULLMEDIC_REGISTRIES: '[]',
  PULLMEDIC_SETTINGS: '{}',
};

let folder: string;
let release: string;
let storage: Storage;
let host: ChildProcess;
let base: string;
let ready: { functions: string[] };
let functions: readonly RegisteredFunction[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  release = join(folder, 'release');
  await run(process.execPath, ['tools/package.ts', release]);
  storage = await startStorage(['package']);
  const port = await freePort();
  base = `http://127.0.0.1:${port}/api`;
  const env = {
    ...settings,
    PATH: process.env['PATH'],
    PULLMEDIC_PORT: String(port),
    PULLMEDIC_HOST_KEYS: JSON.stringify(keys),
    AzureWebJobsStorage: storage.connection('package'),
  };
  host = spawn(process.execPath, [resolve('dist/local/host.mjs')], { cwd: join(release, 'app'), env });
  ready = await readyLine(host);
  Object.assign(process.env, settings, { AzureWebJobsStorage: 'UseDevelopmentStorage=true' });
  functions = (await loadApp([join(release, 'app/dist/index.cjs')], () => undefined)).functions;
});

/** The line with the functions: what the app says while it starts comes before it. */
async function readyLine({ stdout }: ChildProcess): Promise<typeof ready> {
  for await (const line of createInterface({ input: stdout ?? Readable.from([]) })) {
    const said = JSON.parse(line) as Partial<typeof ready>;
    if (said.functions !== undefined) return { functions: said.functions };
  }
  throw new Error('The host ended before it was ready.');
}

afterAll(async () => {
  host.kill('SIGKILL');
  await storage.stop();
  await rm(folder, { recursive: true });
});

/** Somebody who is not signed in: the host signs in whoever calls it by a loopback name. */
/** The status, and where the stranger is sent. */
async function asStranger(url: string, method: string): Promise<string> {
  const sent = request(url, { method, headers: { host: 'pullmedic.example', 'x-ms-client-principal': forged } });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return `${response.statusCode ?? 0} ${response.headers.location?.split('?')[0] ?? ''}`.trimEnd();
}

const claims = ['Operator', 'Reader', 'ActionGroupsSecureWebhook'].map((val) => ({ typ: 'roles', val }));
const forged = Buffer.from(JSON.stringify({ role_typ: 'roles', claims })).toString('base64');

function routes(): { name: string; level: unknown; method: string; url: string }[] {
  return functions
    .filter((one) => one.trigger.type.toLowerCase() === 'httptrigger')
    .flatMap((one) =>
      (one.trigger['methods'] as string[]).map((method) => ({
        name: one.name,
        level: one.trigger['authLevel'],
        method,
        url: `${base}/${String(one.trigger['route']).replace(/\{[^}]+\}/g, 't0123')}`,
      })),
    );
}

/** The files of code that are loaded when the app has registered its functions, in a process of its own. */
async function filesAtStart(main: string): Promise<string[]> {
  const env = { ...settings, PATH: process.env['PATH'], AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
  const { stderr } = await run(process.execPath, ['bench/start/load.mjs', main], { env });
  return (JSON.parse(stderr) as { files: string[] }).files;
}

async function bytesAtStart(main: string): Promise<number> {
  const sizes = (await filesAtStart(main)).map(async (file) => (await readFile(file)).length);
  return (await Promise.all(sizes)).reduce((all, one) => all + one, 0);
}

/** Whether a file is a part of the bundle that loads when a request first needs it. */
function isPart(name: string): boolean {
  return /^dist\/parts\/[\w-]+\.cjs$/.test(name);
}

describe('the folder that is deployed', () => {
  it('holds at most 1.8 MB of code, of which at most 0.7 MB loads before a function can be called', async () => {
    const code = (await readdir(join(release, 'app'), { recursive: true })).filter((name) => name.endsWith('.cjs'));
    const sizes = await Promise.all(code.map(async (name) => (await readFile(join(release, 'app', name))).length));

    expect(code.length).toBeGreaterThan(1);
    expect(sizes.reduce((all, one) => all + one, 0)).toBeLessThan(1_800_000);
    expect(await bytesAtStart(join(release, 'app/dist/index.cjs'))).toBeLessThan(700_000);
  });

  it('loads neither the clients of ARM and storage nor the sign-in at the start', async () => {
    const loaded = await filesAtStart(join(release, 'app/dist/index.cjs'));

    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded.filter((file) => /managed-identity|sdk-clients|storage-connection/.test(file))).toEqual([]);
  });

  it('holds the bundle, host.json and a manifest, and nothing to install', async () => {
    const manifest = JSON.parse(await readFile(join(release, 'app/package.json'), 'utf8')) as Record<string, unknown>;

    const template = await readFile('infra/main.bicep', 'utf8');
    const held = (await readdir(join(release, 'app'), { recursive: true })).sort();
    expect(held.filter((name) => !isPart(name))).toEqual([
      'dist',
      'dist/index.cjs',
      'dist/parts',
      'host.json',
      'package.json',
    ]);
    expect(manifest['main']).toBe('dist/index.cjs');
    // The older of the versions that a deployment may choose.
    const [, oldest] = /@allowed\(\[\s+'(\d+)'\s+'\d+'\s+\]\)\nparam nodeVersion/.exec(template) ?? [];
    expect(manifest['engines']).toEqual({ node: `>=${oldest ?? ''}` });
    expect(Object.keys(manifest).filter((name) => /dependencies|scripts/i.test(name))).toEqual([]);
  });

  it('runs in the host away from any node_modules, with every function', async () => {
    expect(ready.functions.toSorted()).toEqual(functions.map((one) => one.name).toSorted());
    expect(ready.functions.length).toBeGreaterThan(14);
    const health = await fetch(`${base}/health`, { headers: { 'x-functions-key': keys.function } });
    expect(await health.json()).toMatchObject({ dependencies: { tables: 'up', queues: 'up' } });
  });
});

describe('strangers', () => {
  it('get nothing from any route, even with a header that says who they are', async () => {
    const said = await Promise.all(
      routes().map(async (route) => `${route.name} ${await asStranger(route.url, route.method)}`),
    );

    expect(said.length).toBeGreaterThan(10);
    expect(said.filter((line) => !line.endsWith(' 401'))).toEqual([]);
  });

  it('find the routes without a key to be those that ask for a sign-in', () => {
    const open = routes()
      .filter((route) => route.level === 'anonymous')
      .map((route) => route.name);

    expect(open).toEqual(expect.arrayContaining(['on-alert-signed', 'operator', 'health-signed']));
    expect(open).not.toContain('on-alert');
    expect(open).not.toContain('health');
    expect(routes().filter((route) => !['anonymous', 'function'].includes(String(route.level)))).toEqual([]);
  });
});

/** The files of a zip, read by its local headers. */
function unzip(data: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; data.readUInt32LE(at) === 0x04034b50; ) {
    const [size, length] = [data.readUInt32LE(at + 18), data.readUInt16LE(at + 26)];
    const start = at + 30 + length;
    files.set(data.subarray(at + 30, start).toString('utf8'), inflateRawSync(data.subarray(start, start + size)));
    at = start + size;
  }
  return files;
}

describe('the release', () => {
  it('is the folder as a zip, the templates and the source map as others, and their checksums', async () => {
    const names = (await readdir(release)).filter((name) => name.endsWith('.zip')).sort();
    const sums = await readFile(join(release, 'SHA256SUMS'), 'utf8');
    const [app, infra, map] = await Promise.all(names.map((name) => readFile(join(release, name))));

    expect(sums.trim().split('\n').sort()).toEqual(
      [app, infra, map]
        .map(
          (data, index) =>
            `${createHash('sha256')
              .update(data ?? '')
              .digest('hex')}  ${names[index] ?? ''}`,
        )
        .sort(),
    );
    const files = unzip(app ?? Buffer.alloc(0));
    expect([...files.keys()].filter((name) => !isPart(name))).toEqual(['dist/index.cjs', 'host.json', 'package.json']);
    expect(files.get('dist/index.cjs')?.equals(await readFile(join(release, 'app/dist/index.cjs')))).toBe(true);
    expect([...unzip(infra ?? Buffer.alloc(0)).keys()]).toEqual(
      expect.arrayContaining(['infra/main.bicep', 'infra/permissions.bicep', 'infra/sign-in.sh']),
    );
    expect([...unzip(map ?? Buffer.alloc(0)).keys()].map((name) => `dist/${name}`).sort()).toEqual(
      [...files.keys()].filter((name) => name.endsWith('.cjs')).map((name) => `${name}.map`),
    );
  });

  it('has the same bytes when it is made again', async () => {
    const again = join(folder, 'again');
    await run(process.execPath, ['tools/package.ts', again]);

    expect(await readFile(join(again, 'SHA256SUMS'), 'utf8')).toBe(await readFile(join(release, 'SHA256SUMS'), 'utf8'));
  });
});
