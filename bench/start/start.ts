// Loads the bundle and a bare app of one function in new processes, as the worker loads them, and compares the two.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { type Compared, compare, type Start, workerMs } from './compare.ts';

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
    const files = { bare, app: resolve(file) };
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
export function textOf({ bare, app, ratio, loadRatio, workerRatio, bytes, bytesAtStart }: Compared & Sizes): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return [
    `bundle            ${(bytes / 1_000_000).toFixed(2)} MB, of which ${(bytesAtStart / 1_000_000).toFixed(2)} MB load at the start`,
    `start to loaded   ${ms(app.sinceStartMs)}, bare app ${ms(bare.sinceStartMs)}: ${ratio.toFixed(2)} times`,
    `loading alone     ${ms(app.loadMs)}, bare app ${ms(bare.loadMs)}: ${loadRatio.toFixed(2)} times`,
    `in a real worker  ${ms(workerMs + app.loadMs)}, bare app ${ms(workerMs + bare.loadMs)}: ${workerRatio.toFixed(2)} times (its own ${workerMs} ms were measured once)`,
    `to first answer   ${ms(app.answeredMs)}, bare app ${ms(bare.answeredMs)}`,
  ].join('\n');
}

function started(file: string, connection: string): Start & { readonly files: readonly string[] } {
  const env = { PATH: process.env['PATH'], PULLMEDIC_SCOPES: scopes, AzureWebJobsStorage: connection };
  const { stderr } = spawnSync(process.execPath, ['bench/start/load.mjs', file, 'answer'], { env, encoding: 'utf8' });
  return printed.parse(JSON.parse(stderr.trim().split('\n').at(-1) ?? ''));
}
