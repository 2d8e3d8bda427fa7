// The app of the engine: pullmedic's own functions, wired as in Azure, with a storage and clients that are handed to it. The only file
// of local/ that knows src/: everything else meets it as functions that are registered with the host.
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { connectWith } from '../../src/lib/azure/clients/clients.ts';
import { addressesOf } from '../../src/lib/words/cloud.ts';
import { register } from '../../src/register.ts';
import { startUp } from '../../src/start.ts';
import { coreModule, emptyRegistry } from '../host/core.ts';
import { indexApp, type LoadedApp, provide } from '../host/load.ts';
import type { MemoryStorage } from './storage.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly storage: MemoryStorage['connection'];
  readonly credential: TokenCredential;
  readonly transport: HttpClient;
  readonly print: (line: string) => void;
}

export type StartedApp =
  | { readonly ok: true; readonly app: LoadedApp }
  /** The settings cannot be used; one sentence for each mistake. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** One for the thread: the library asks for the platform's module once and keeps it. */
const registry = emptyRegistry();
provide(coreModule(registry, () => undefined));

/** Starts the app as its process would: reads the settings, connects, registers, is indexed. */
export async function startApp(surroundings: Surroundings): Promise<StartedApp> {
  const { env, storage, credential, transport, print } = surroundings;
  forgetApp();
  const started = startUp(env, print, {
    storage: () => storage,
    clients: ({ cloud }, budget) => connectWith(credential, addressesOf(cloud), budget, transport),
  });
  if (!started.ok) return { ok: false, problems: started.problems };
  register(started);
  const app = await indexApp(registry);
  await app.runAppHooks('appStart');
  return { ok: true, app };
}

/** Forgets the functions of the app that ran last, and with them all that it keeps in memory. */
export function forgetApp(): void {
  registry.functions.clear();
  for (const hooks of registry.hooks.values()) hooks.length = 0;
  registry.indexed = false;
}
