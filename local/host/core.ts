// The module `@azure/functions-core` as the worker provides it: the seam through which the app registers its functions.

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

interface Nullable<T> {
  readonly value?: T;
}

export interface RpcCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: Nullable<string>;
  readonly path?: Nullable<string>;
  readonly expires?: Nullable<{ readonly seconds?: number }>;
  readonly maxAge?: Nullable<number>;
  readonly secure?: Nullable<boolean>;
  readonly httpOnly?: Nullable<boolean>;
  /** `none` means that the app set no value; the attribute None is `explicitNone`. */
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
}

export interface RpcHttp {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: RpcData;
  readonly statusCode?: string;
  readonly cookies?: readonly RpcCookie[];
}

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type Handler = (...args: unknown[]) => unknown;
export type Hook = (context: Record<string, unknown>) => unknown;
export type CoreLog = (level: LogLevel, category: string, message: string) => void;

export interface CoreContext {
  readonly invocationId: string;
  readonly request: {
    readonly inputData: readonly { name: string; data: RpcData }[];
    readonly triggerMetadata?: Readonly<Record<string, RpcData>> | null;
  };
  readonly metadata: Metadata;
  state?: string | undefined;
  readonly log: CoreLog;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: RpcData | null }>;
}

export interface ProgrammingModel {
  readonly name: string;
  getInvocationModel(context: CoreContext): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export interface Metadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: unknown;
}

/** The functions and hooks that the app has registered so far. */
export interface Registry {
  readonly functions: Map<string, { readonly metadata: Metadata; readonly handler: Handler }>;
  readonly hooks: Map<string, Hook[]>;
  model?: ProgrammingModel;
  /** Once true, a registration throws. */
  indexed: boolean;
}

export function emptyRegistry(): Registry {
  const names = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation'];
  return { functions: new Map(), hooks: new Map(names.map((name) => [name, []])), indexed: false };
}

/** Makes an error with the mark by which the library tells errors of the platform from errors of the app. */
function systemError(name: 'Error' | 'RangeError', message: string): Error {
  const error = name === 'Error' ? new Error(message) : new RangeError(message);
  return Object.assign(error, { isAzureFunctionsSystemError: true });
}

/** The worker's `Disposable`: ends a registration. */
class Disposable {
  #end: (() => void) | undefined;

  constructor(end: () => void) {
    this.#end = end;
  }

  dispose(): void {
    this.#end?.();
    this.#end = undefined;
  }
}

function registerFunction(registry: Registry, metadata: Metadata, handler: Handler): Disposable {
  if (registry.indexed) throw systemError('Error', 'A function can only be registered during app startup.');
  // Names that differ only in case are accepted here, as the worker accepts them. The host compares names without case later.
  if (registry.functions.has(metadata.name))
    throw systemError('Error', `A function with name "${metadata.name}" has already been registered.`);
  registry.functions.set(metadata.name, { metadata, handler });
  return new Disposable(() => {
    if (registry.indexed) throw systemError('Error', 'A function can only be disposed during app startup.');
    registry.functions.delete(metadata.name);
  });
}

function registerHook(registry: Registry, name: string, hook: Hook): Disposable {
  const hooks = registry.hooks.get(name);
  // `app.hook.log` throws here, as on worker 3.9.1, so an app must not need it.
  if (hooks === undefined) throw systemError('RangeError', `Unrecognized hook "${name}".`);
  hooks.push(hook);
  return new Disposable(() => hooks.splice(hooks.indexOf(hook), 1));
}

/** Makes the module object. Late and double registrations throw, as in the worker. */
export function coreModule(registry: Registry, log: CoreLog): Readonly<Record<string, unknown>> {
  return {
    version: '3.9.1',
    hostVersion: '4.1037.0',
    registerFunction: (metadata: Metadata, handler: Handler) => registerFunction(registry, metadata, handler),
    registerHook: (name: string, hook: Hook) => registerHook(registry, name, hook),
    setProgrammingModel(model: ProgrammingModel) {
      registry.model = model;
    },
    getProgrammingModel: () => registry.model,
    log,
    Disposable,
  };
}
