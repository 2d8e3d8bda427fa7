// Turns the settings into an app that can run, or into a list of every mistake in them. In the real worker, an error thrown at import
// looks like an app that has no functions and no fault, so this module returns the mistakes instead of throwing.

import { randomUUID } from 'node:crypto';
import { app as functions } from '@azure/functions';
import type { App } from './functions/app.ts';
import { type RequestBudget, requestBudget } from './lib/azure/clients/budget.ts';
import { type Clients, connect } from './lib/azure/clients/clients.ts';
import { shortHash } from './lib/azure/clients/hash.ts';
import { preparation } from './lib/azure/store/preparation.ts';
import { connectQueues } from './lib/azure/store/queue.ts';
import { type StorageConnection, storageLater } from './lib/azure/store/storage-later.ts';
import { archiveContainer, connectTables, createTables } from './lib/azure/store/store.ts';
import { storedCause } from './lib/causes/causes.ts';
import { later, once, portsLater } from './lib/ports/ports-later.ts';
import { type CallerSignIn, callerSignIn } from './lib/settings/caller-sign-in.ts';
import { BadConfig, type Config, parseConfig } from './lib/settings/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type Started =
  | { readonly ok: true; readonly pullmedic: App }
  | { readonly ok: false; readonly problems: readonly string[]; readonly callers: CallerSignIn };

/** How the app reaches the systems outside its process. */
export interface Outside {
  /** Throws if the settings name no storage account. */
  storage(env: Environment): StorageConnection;
  clients(config: Config, budget: RequestBudget): Clients;
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the settings and connects. `print` gets the lines of the app's own log; each mistake is printed once. */
export function startUp(env: Environment, print: (line: string) => void, outside: Outside = overTheNetwork): Started {
  const config = readConfig(env);
  const storage = readStorage(env, outside);
  const callers = readCallers(env);
  const archive = withoutArchive(config, storage);
  if (!config.ok || !storage.ok || !callers.ok || archive.length > 0) {
    const problems = [...[config, storage, callers].flatMap((read) => (read.ok ? [] : read.problems)), ...archive];
    for (const problem of problems) print(JSON.stringify({ event: 'bad-setting', problem }));
    return { ok: false, problems, callers: callers.ok ? callers.value : { state: 'off' } };
  }
  const { tables, queues, blobs } = storage.value;
  const budget = requestBudget(tables.controls, config.value.settings.budget, () => Date.now());
  const clients = outside.clients(config.value, budget);
  const log: App['ports']['log'] = (event, fields) => print(JSON.stringify({ event, ...fields }));
  const prepared = preparation(
    async () => {
      await Promise.all([createTables(tables), queues.create()]);
    },
    (now) => log(now === 'ready' ? 'storage-ready' : 'storage-not-ready', now === 'ready' ? {} : { why: now }),
  );
  log('started', { callerSignIn: callers.value.state });
  const connections = { clients, tables, queues, blobs, budget, log, valueOf: (name: string) => env[name] };
  const upkeep = once(async () => (await import('./lib/azure/store/upkeep.ts')).azureUpkeep(connections));
  const atOnce = { now: () => Date.now(), hash: shortHash, queue: queues, log };
  const ports = { ...atOnce, scarce: () => budget.scarce(), newHolder: randomUUID };
  return {
    ok: true,
    pullmedic: {
      config: config.value,
      ports: portsLater(ports, async () =>
        (await import('./lib/azure/ports.ts')).azurePorts(config.value, connections),
      ),
      upkeep: {
        letters: later(async () => (await upkeep()).letters),
        poison: later(async () => (await upkeep()).poison),
        dependencies: async () => (await upkeep()).dependencies(),
      },
      prepare: prepared.prepare,
      storageTrouble: prepared.trouble,
      http: (name, options) => functions.http(name, options),
      callers: callers.value,
    },
  };
}

function readConfig(env: Environment): Read<Config> {
  try {
    const value = parseConfig(env);
    const problems = unknownCauses(value);
    return problems.length > 0 ? { ok: false, problems } : { ok: true, value };
  } catch (error) {
    if (error instanceof BadConfig) return { ok: false, problems: error.problems };
    throw error;
  }
}

/** Causes that a route asks for and that do not exist: such a route would never match, and its team would hear of nothing. */
function unknownCauses({ settings }: Config): string[] {
  return settings.incidents.routes.flatMap(({ when: { cause = [] } }, at) =>
    cause
      .filter((name) => storedCause(name) === undefined)
      .map((name) => `PULLMEDIC_SETTINGS at incidents.routes.${at}.when.cause: ${name} is not a cause`),
  );
}

const overTheNetwork: Outside = {
  storage: (env) => storageLater(env, storageSetting),
  clients: ({ clientId, cloud }, budget) => connect(clientId, cloud, budget),
};

/** An SDK error may quote the connection string, which holds a key. So the problem says only "missing" or "not a connection string". */
function readStorage(env: Environment, outside: Outside): Read<ReturnType<typeof connectStorage>> {
  try {
    return { ok: true, value: connectStorage(outside.storage(env)) };
  } catch {
    const has = (env[storageSetting]?.trim() ?? '') !== '';
    const problem = has
      ? `${storageSetting} is not a connection string`
      : `${storageSetting} is missing: set a connection string, or ${storageSetting}__accountName, or ${storageSetting}__tableServiceUri and ${storageSetting}__queueServiceUri`;
    return { ok: false, problems: [problem] };
  }
}

const storageSetting = 'AzureWebJobsStorage';

function connectStorage(storage: StorageConnection) {
  return {
    tables: connectTables(storage),
    queues: connectQueues(storage),
    blobs: storage.blobs?.(archiveContainer),
  };
}

/** What is missing for an archive that is turned on. */
function withoutArchive(config: Read<Config>, storage: Read<ReturnType<typeof connectStorage>>): string[] {
  if (!config.ok || !storage.ok || config.value.settings.history.archiveAfterDays === 0) return [];
  if (storage.value.blobs !== undefined) return [];
  return [
    `PULLMEDIC_SETTINGS at history.archiveAfterDays: ${storageSetting} does not say where the blobs are: set ${storageSetting}__blobServiceUri`,
  ];
}

/** Nobody is taken for signed in where the setting cannot be read. */
function readCallers(env: Environment): Read<CallerSignIn> {
  const value = callerSignIn(env);
  return value === undefined
    ? { ok: false, problems: ['PULLMEDIC_SIGN_IN must be the client id of the app registration, or empty'] }
    : { ok: true, value };
}
