// Loads the app as the worker does and collects its registrations. It refuses an app that would not work in Azure or that uses a feature
// which this host does not model.
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import {
  type Binding,
  type CoreLog,
  coreModule,
  emptyRegistry,
  type Handler,
  type Metadata,
  type ProgrammingModel,
  type Registry,
} from './core.ts';

export interface RegisteredFunction extends Metadata {
  readonly triggerName: string;
  readonly trigger: Binding;
  readonly handler: Handler;
}

export interface LoadedApp {
  readonly functions: readonly RegisteredFunction[];
  readonly model: ProgrammingModel;
  /** Data that the hooks share over the life of the app. */
  readonly appHookData: Record<string, unknown>;
  runHooks(name: HookName, context: Record<string, unknown>): Promise<void>;
  /** Runs hooks of the app as a whole. They share one `hookData`. */
  runAppHooks(name: 'appStart' | 'appTerminate'): Promise<void>;
}

type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation';

/** The app cannot be loaded or indexed; the message is for the person at the terminal. */
export class AppRejected extends Error {
  override readonly name = 'AppRejected';
}

const validName = /^[A-Za-z][A-Za-z0-9_-]{0,126}$/;
const modelled = new Set(['httptrigger', 'eventgridtrigger', 'queuetrigger', 'timertrigger']);
const silent = 'In Azure it would start and look healthy, without a single function.';

interface LoadingModule {
  _load: (request: string, ...rest: unknown[]) => unknown;
}

/** Patches `require` exactly as the worker does, and changes nothing else of the module system. The returned function removes the patch. */
export function provide(core: unknown): () => void {
  const loader = Module as unknown as LoadingModule;
  const original = loader._load;
  loader._load = function load(this: unknown, request: string, ...rest: unknown[]): unknown {
    return request === '@azure/functions-core' ? core : original.call(this, request, ...rest);
  };
  return () => {
    loader._load = original;
  };
}

const packageSchema = z.looseObject({ main: z.string().min(1), type: z.enum(['module', 'commonjs']).optional() });

/** The files that `main` of package.json names. `main` is a glob, relative to the root of the app. */
export async function entryFiles(root: string): Promise<string[]> {
  const found = packageSchema.safeParse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  if (!found.success) throw new AppRejected(`package.json has no "main". ${silent}`);
  const files = globSync(found.data.main, { cwd: root });
  if (files.length === 0)
    throw new AppRejected(`No file matches "main" of package.json, ${found.data.main}: is the app built? ${silent}`);
  return files.sort().map((file) => join(root, file));
}

/** Loads a file: requires `.cjs` and imports `.mjs`. For `.js`, Node's `require` reads the module type from package.json. */
async function loadFile(file: string): Promise<void> {
  if (file.endsWith('.mjs')) await import(pathToFileURL(resolve(file)).href);
  else createRequire(import.meta.url)(resolve(file));
}

function whyNotLoaded(file: string, registered: number, error: unknown): AppRejected {
  const what = error instanceof Error ? error.message : String(error);
  const when =
    registered === 0
      ? 'before it registered a function; in Azure it would look like an app without functions'
      : 'while it registered its functions; in Azure none of them would be there';
  return new AppRejected(`${file} failed ${when}: ${what}`, { cause: error });
}

function triggerOf(metadata: Metadata): { triggerName: string; trigger: Binding } {
  const [found, second] = Object.entries(metadata.bindings).filter(([, { type }]) => /trigger$/i.test(type));
  if (found === undefined || second !== undefined)
    throw new AppRejected(`Function "${metadata.name}" needs exactly one trigger.`);
  return { triggerName: found[0], trigger: found[1] };
}

function checkBindings({ name, trigger, bindings, retryOptions }: RegisteredFunction): void {
  if (!modelled.has(trigger.type.toLowerCase()))
    throw new AppRejected(`Function "${name}": a trigger of type ${trigger.type} is not modelled here.`);
  const isHttp = trigger.type === 'httpTrigger';
  for (const binding of Object.values(bindings)) {
    if (binding === trigger || (isHttp && binding.type === 'http' && binding.direction === 'out')) continue;
    const kind = binding.direction === 'in' ? 'input' : 'output';
    throw new AppRejected(`Function "${name}": binding type ${binding.type} (${kind}) is not modelled here.`);
  }
  if (retryOptions !== undefined) throw new AppRejected(`Function "${name}": retry policies are not modelled here.`);
  if (trigger['cardinality'] === 'many')
    throw new AppRejected(`Function "${name}": a trigger with cardinality "many" is not modelled here.`);
}

function index(registry: Registry): RegisteredFunction[] {
  if (registry.functions.size === 0) throw new AppRejected(`The app registered no functions. ${silent}`);
  const names = new Set<string>();
  const functions: RegisteredFunction[] = [];
  for (const { metadata, handler } of registry.functions.values()) {
    const fn = { ...metadata, ...triggerOf(metadata), handler };
    if (!validName.test(fn.name)) throw new AppRejected(`"${fn.name}" is not a valid function name.`);
    if (names.has(fn.name.toLowerCase()))
      throw new AppRejected(`Two functions are named "${fn.name}": Azure compares names without case.`);
    names.add(fn.name.toLowerCase());
    checkBindings(fn);
    functions.push(fn);
  }
  registry.indexed = true;
  return functions;
}

async function modelOf(registry: Registry): Promise<ProgrammingModel> {
  const { model } = registry;
  if (model === undefined)
    throw new AppRejected('The app set no programming model; is it built on @azure/functions v4?');
  // After this question for the capabilities, the app may no longer call `app.setup`.
  const capabilities = await model.getCapabilities({});
  if (capabilities['HttpUri'] !== undefined) throw new AppRejected('HTTP streaming is not modelled here.');
  return model;
}

function loadedApp(registry: Registry, functions: readonly RegisteredFunction[], model: ProgrammingModel): LoadedApp {
  const appHookData = {};
  const appLevel = {};
  async function runHooks(name: HookName, context: Record<string, unknown>): Promise<void> {
    for (const hook of registry.hooks.get(name) ?? []) await hook(context);
  }
  return {
    functions,
    model,
    appHookData,
    runHooks,
    runAppHooks: (name) => runHooks(name, { hookData: appLevel, appHookData }),
  };
}

/** Indexes the registrations of the app. After that the app can register nothing more. */
export async function indexApp(registry: Registry): Promise<LoadedApp> {
  const functions = index(registry);
  return loadedApp(registry, functions, await modelOf(registry));
}

/** Loads and indexes the app. It does not run the start hooks. */
export async function loadApp(files: readonly string[], log: CoreLog): Promise<LoadedApp> {
  const registry = emptyRegistry();
  const withdraw = provide(coreModule(registry, log));
  try {
    for (const file of files) {
      try {
        await loadFile(file);
      } catch (error) {
        throw whyNotLoaded(file, registry.functions.size, error);
      }
    }
    return await indexApp(registry);
  } catch (error) {
    withdraw();
    throw error;
  }
}
