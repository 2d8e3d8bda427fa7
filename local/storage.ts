// Starts Azurite, the real Azure Storage protocol, with one account per scenario and the scaled clock.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { RunClock } from './conductor.ts';

export interface Storage {
  /** The connection string of an account. */
  connection(account: string): string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** How the process of the storage runs. */
export interface StorageOptions {
  /** The clock of a run; without it the storage lives in real time. */
  readonly clock?: RunClock;
  /** A module that gives the process another clock; it may listen to messages on `process`. */
  readonly preload?: string;
  /** How much memory the rows may take. Megabytes. */
  readonly heapMb?: number;
}

const clockFile = new URL('../dist/local/clock.mjs', import.meta.url).href;
const housekeepingFile = new URL('azurite-housekeeping.ts', import.meta.url).href;
const azuriteFile = fileURLToPath(new URL('../node_modules/azurite/dist/src/azurite.js', import.meta.url));

/** A free port of the loopback interface. Another program may take it before we do. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

interface Ports {
  readonly blob: number;
  readonly queue: number;
  readonly table: number;
}

function connectionString(account: string, key: string, ports: Ports): string {
  const endpoint = (kind: string, port: number): string => `${kind}Endpoint=http://127.0.0.1:${port}/${account}`;
  const endpoints = [endpoint('Blob', ports.blob), endpoint('Queue', ports.queue), endpoint('Table', ports.table)];
  return ['DefaultEndpointsProtocol=http', `AccountName=${account}`, `AccountKey=${key}`, ...endpoints].join(';');
}

function start(
  ports: Ports,
  accounts: ReadonlyMap<string, string>,
  clockEnv: Readonly<Record<string, string>>,
  { preload, heapMb = 256 }: StorageOptions,
): ChildProcess {
  const list = [...accounts].map(([account, key]) => `${account}:${key}`).join(';');
  const where = ['blob', 'queue', 'table'] as const;
  const options = where.flatMap((kind) => [`--${kind}Host`, '127.0.0.1', `--${kind}Port`, String(ports[kind])]);
  const args = [
    `--max-old-space-size=${heapMb}`,
    '--max-semi-space-size=4',
    '--import',
    preload ?? clockFile,
    '--import',
    housekeepingFile,
    azuriteFile,
    '--inMemoryPersistence',
    '--silent',
    '--skipApiVersionCheck',
    '--disableTelemetry',
    ...options,
  ];
  const env = {
    ...process.env,
    MALLOC_ARENA_MAX: '1',
    AZURITE_ACCOUNTS: list,
    ...clockEnv,
  };
  return spawn(process.execPath, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...(preload === undefined ? [] : (['ipc'] as const))],
  });
}

/** Waits until all three services answer. A refused connection means "not yet". */
async function answers(ports: Ports, child: ChildProcess, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  for (const port of Object.values(ports) as number[]) {
    for (;;) {
      if (child.exitCode !== null)
        throw new Error(`The local storage (Azurite) ended with code ${child.exitCode} at start.`);
      if (performance.now() > until) throw new Error('The local storage (Azurite) did not start in time.');
      if (await reachable(port)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function reachable(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`);
    return true;
  } catch {
    return false;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

interface Started {
  readonly child: ChildProcess;
  readonly ports: Ports;
}

async function tryStart(keys: ReadonlyMap<string, string>, options: StorageOptions): Promise<Started> {
  const ports: Ports = { blob: await freePort(), queue: await freePort(), table: await freePort() };
  const member = options.clock?.enter();
  const child = start(ports, keys, member?.env ?? {}, options);
  child.once('exit', () => member?.leave());
  child.stdout?.resume();
  child.stderr?.resume();
  try {
    await answers(ports, child, 90_000);
  } catch (error) {
    await ended(child);
    throw error;
  }
  return { child, ports };
}

/** How often to try with new ports. Another program may take a port between the check that it is free and the start. */
const mostStarts = 3;

/** Starts storage in memory with these accounts (3 to 24 lower-case letters and digits). */
export async function startStorage(accounts: readonly string[], options: StorageOptions = {}): Promise<Storage> {
  const keys = new Map(accounts.map((account) => [account, randomBytes(32).toString('base64')]));
  let started: Started | undefined;
  for (let attempt = 1; started === undefined; attempt += 1) {
    started = await tryStart(keys, options).catch((error: unknown) => {
      if (attempt >= mostStarts) throw error;
      return undefined;
    });
  }
  const { child, ports } = started;
  return {
    process: child,
    connection(account) {
      const key = keys.get(account);
      if (key === undefined) throw new Error(`There is no storage account ${account}.`);
      return connectionString(account, key, ports);
    },
    stop: () => ended(child),
  };
}
