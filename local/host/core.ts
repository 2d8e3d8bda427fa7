// The module `@azure/functions-core` as the worker provides it: the seam through which the app registers its functions.
import Module, { createRequire } from 'node:module';
import { resolve } from 'node:path';

export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out' | 'inout';
  readonly [option: string]: unknown;
}

export interface RpcData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: RpcHttp;
}

export interface RpcHttp {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly params?: Record<string, string>;
  readonly body?: RpcData;
  readonly statusCode?: string;
  readonly cookies?: readonly Record<string, unknown>[];
  readonly enableContentNegotiation?: boolean;
}

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type Handler = (...args: unknown[]) => unknown;
type Hook = (context: Record<string, unknown>) => unknown;

export interface CoreContext {
  readonly invocationId: string;
  readonly request: {
    readonly inputData: readonly { name: string; data: RpcData }[];
    readonly triggerMetadata?: Record<string, RpcData> | null;
  };
  readonly metadata: Metadata;
  state?: string;
  readonly log: (level: LogLevel, category: string, message: string) => void;
}

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(
    context: unknown,
    result: unknown,
  ): Promise<{ returnValue?: RpcData | null; outputData?: readonly { name: string; data: RpcData }[] }>;
}

interface ProgrammingModel {
  readonly name: string;
  getInvocationModel(context: CoreContext): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

interface Metadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}

export interface RegisteredFunction extends Metadata {
  readonly triggerName: string;
  readonly trigger: Binding;
  readonly handler: Handler;
}

/** The app cannot be loaded or indexed; the message is for the person at the terminal. */
export class AppRejected extends Error {
  override readonly name = 'AppRejected';
}

const validName = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/;
const modelled = new Set(['httpTrigger', 'eventGridTrigger', 'queueTrigger', 'timerTrigger']);

export interface LoadedApp {
  readonly functions: readonly RegisteredFunction[];
  readonly model: ProgrammingModel;
  runHooks(name: string, context: Record<string, unknown>): Promise<void>;
}

interface Registry {
  readonly functions: RegisteredFunction[];
  readonly hooks: Map<string, Hook[]>;
  model?: ProgrammingModel;
  indexed: boolean;
}

function triggerOf(metadata: Metadata): { triggerName: string; trigger: Binding } {
  const found = Object.entries(metadata.bindings).find(([, binding]) => binding.type.endsWith('Trigger'));
  if (found === undefined) throw new AppRejected(`Function "${metadata.name}" has no trigger.`);
  return { triggerName: found[0], trigger: found[1] };
}

function checkNew(registry: Registry, metadata: Metadata): void {
  if (registry.indexed) throw new Error('A function can only be registered during app startup.');
  // The worker refuses equal names; the host compares without case.
  const taken = registry.functions.some((known) => known.name.toLowerCase() === metadata.name.toLowerCase());
  if (taken) throw new Error(`A function with name "${metadata.name}" has already been registered.`);
}

/** The module object. `registerFunction` and friends behave as the worker's: late or double registrations throw. */
function coreModule(registry: Registry, log: CoreContext['log']): Record<string, unknown> {
  return {
    version: '3.9.1',
    hostVersion: '4.1037.0',
    registerFunction(metadata: Metadata, handler: Handler) {
      checkNew(registry, metadata);
      registry.functions.push({ ...metadata, ...triggerOf(metadata), handler });
      return { dispose: () => undefined };
    },
    registerHook(name: string, hook: Hook) {
      registry.hooks.set(name, [...(registry.hooks.get(name) ?? []), hook]);
      return { dispose: () => undefined };
    },
    setProgrammingModel(model: ProgrammingModel) {
      registry.model = model;
    },
    getProgrammingModel: () => registry.model,
    log,
    Disposable: class {
      dispose(): void {}
    },
  };
}

interface LoadingModule {
  _load: (request: string, ...rest: unknown[]) => unknown;
}

/** The worker patches `require` in just this way; nothing else of the module system is touched. */
function provide(core: Record<string, unknown>): () => void {
  const loader = Module as unknown as LoadingModule;
  const original = loader._load;
  loader._load = function load(this: unknown, request: string, ...rest: unknown[]): unknown {
    return request === '@azure/functions-core' ? core : original.call(this, request, ...rest);
  };
  return () => {
    loader._load = original;
  };
}

function checkIndexed(registry: Registry): void {
  if (registry.functions.length === 0) {
    throw new AppRejected(
      'The app registered no functions. In Azure it would start and look healthy, without a single route.',
    );
  }
  for (const { name, trigger, bindings } of registry.functions) {
    if (!validName.test(name)) throw new AppRejected(`"${name}" is not a valid function name.`);
    if (!modelled.has(trigger.type))
      throw new AppRejected(`Function "${name}": a trigger of type ${trigger.type} is not modelled here.`);
    const outputs = Object.values(bindings).filter((binding) => binding.direction === 'out' && binding.type !== 'http');
    if (outputs[0] !== undefined)
      throw new AppRejected(`Function "${name}": an output of type ${outputs[0].type} is not modelled here.`);
  }
}

async function runAll(hooks: readonly Hook[], context: Record<string, unknown>): Promise<void> {
  for (const hook of hooks) await hook(context);
}

/** Loads the file as the worker does (`require` for .cjs), collects what it registers, and runs the start hooks. */
export async function loadApp(file: string, log: CoreContext['log']): Promise<LoadedApp> {
  const registry: Registry = { functions: [], hooks: new Map(), indexed: false };
  const release = provide(coreModule(registry, log));
  try {
    createRequire(import.meta.url)(resolve(file));
  } catch (error) {
    release();
    const what = error instanceof Error ? error.message : String(error);
    const before =
      registry.functions.length === 0
        ? 'before it registered a function; in Azure it would look like an app without functions'
        : 'while it registered its functions';
    throw new AppRejected(`${file} failed ${before}: ${what}`);
  }
  checkIndexed(registry);
  registry.indexed = true;
  const { model } = registry;
  if (model === undefined)
    throw new AppRejected('The app set no programming model; is it built on @azure/functions v4?');
  await model.getCapabilities({});
  const app: LoadedApp = {
    functions: registry.functions,
    model,
    runHooks: (name, context) => runAll(registry.hooks.get(name) ?? [], context),
  };
  await app.runHooks('appStart', { hookData: {}, appHookData: {} });
  return app;
}
