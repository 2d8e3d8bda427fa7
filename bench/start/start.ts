// Loads the bundle, its source without a bundler and a bare app of one function in new processes, as the worker loads them, and compares them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { noiseOf, type Spread } from '../outcome/spread.ts';
import { type Compared, compare, type Start, type Which, workerMs } from './compare.ts';
import { writeSource } from './source.ts';

/** A bare app, bundled as ours is. */
const bareApp = `
  import { app } from '@azure/functions';
  app.http('hello', { methods: ['GET'], handler: async () => ({ body: 'hello' }) });
`;

const printed = z.object({
  functions: z.int().min(1),
  files: z.array(z.string()),
  sinceStartMs: z.number(),
  loadMs: z.number(),
  answeredMs: z.number(),
});

const scopes = '["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-shop"]';

/** Measures `file`, the part of a bundle that loads first, and says how large that and the whole bundle are. Storage is a process on this machine that takes everything. */
export async function measureStart(file: string, runs: number): Promise<Compared & Sizes> {
  const folder = mkdtempSync(join(tmpdir(), 'pullmedic-start-'));
  const storage = await startStorage();
  try {
    const bare = join(folder, 'bare.cjs');
    await build({
      stdin: { contents: bareApp, resolveDir: process.cwd() },
      outfile: bare,
      bundle: true,
      minify: true,
      keepNames: true,
      platform: 'node',
      format: 'cjs',
      external: ['@azure/functions-core'],
      logLevel: 'error',
    });
    const files: Readonly<Record<Which, string>> = { bare, app: resolve(file), source: await writeSource(folder) };
    return {
      ...compare(runs, (which) => started(files[which], storage.connection)),
      ...sizesOf(file, storage.connection),
    };
  } finally {
    storage.stop();
    rmSync(folder, { recursive: true });
  }
}

interface Sizes {
  readonly bytes: number;
  /** The first file, and the parts that it requires at once. */
  readonly bytesAtStart: number;
}

async function startStorage(): Promise<{ readonly connection: string; readonly stop: () => void }> {
  const server = spawn(process.execPath, ['bench/start/storage.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  const address = `http://127.0.0.1:${String(port).trim()}/bench`;
  const connection = `DefaultEndpointsProtocol=http;AccountName=bench;AccountKey=YmVuY2g=;TableEndpoint=${address};QueueEndpoint=${address};`;
  return { connection, stop: () => void server.kill() };
}

function sizesOf(file: string, connection: string): Sizes {
  const parts = globSync(join(dirname(file), 'parts/*.cjs'));
  return { bytes: sizeOf([file, ...parts]), bytesAtStart: sizeOf(started(resolve(file), connection).files) };
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((bytes, path) => bytes + statSync(path).size, 0);
}

/** What a person reads. */
export function textOf({ starts, bareRatio, sourceRatio, bytes, bytesAtStart }: Compared & Sizes): string {
  const { bare, app, source } = starts;
  const line = (what: string, of: (start: Start) => number, times: Spread, sourceTimes: Spread): string =>
    `| ${[what, ms(of(bare)), ms(of(app)), ratio(times), ms(of(source)), ratio(sourceTimes)].join(' | ')} |`;
  return [
    `The bundle has ${megabytes(bytes)}, of which ${megabytes(bytesAtStart)} load at the start. Medians, the least and the most ratio of one turn in brackets.`,
    '',
    '| | a bare app | pullmedic | times a bare app | its source, unbundled | times the bundle |',
    '|---|---|---|---|---|---|',
    line('loading alone', ({ loadMs }) => loadMs, bareRatio.load, sourceRatio.load),
    line(
      'from the start of Node to loaded',
      ({ sinceStartMs }) => sinceStartMs,
      bareRatio.sinceStart,
      sourceRatio.sinceStart,
    ),
    line(
      'from the start of Node to the first answer',
      ({ answeredMs }) => answeredMs,
      bareRatio.answered,
      sourceRatio.answered,
    ),
    line('in a real worker, to loaded', ({ loadMs }) => workerMs + loadMs, bareRatio.worker, sourceRatio.worker),
    '',
    `The real worker's own ${workerMs} ms were measured once, and are reckoned in.`,
  ].join('\n');
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(2)} MB`;
}

function ratio(times: Spread): string {
  const said = (value: number): string => value.toFixed(2);
  return `${said(times.median)} (${noiseOf(times, said)})`;
}

function started(file: string, connection: string): Start & { readonly files: readonly string[] } {
  const env = { PATH: process.env['PATH'], PULLMEDIC_SCOPES: scopes, AzureWebJobsStorage: connection };
  const { stderr } = spawnSync(process.execPath, ['bench/start/load.mjs', file, 'answer'], { env, encoding: 'utf8' });
  return printed.parse(JSON.parse(stderr.trim().split('\n').at(-1) ?? ''));
}
