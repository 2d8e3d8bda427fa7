// Runs one invocation the way the worker does: arguments, hooks, handler, hooks, response, through the library's own model.
import { randomUUID } from 'node:crypto';
import { underWay } from '../clock.ts';
import type { CoreContext, InvocationModel, LogLevel, RpcData } from './core.ts';
import type { LoadedApp, RegisteredFunction } from './load.ts';

export interface Invocation {
  readonly data: RpcData;
  readonly triggerMetadata?: Readonly<Record<string, RpcData>>;
}

export type HostLog = (level: LogLevel, message: string, fields?: Readonly<Record<string, string>>) => void;

/** What every trigger needs to run a function. */
export interface Runner {
  readonly app: LoadedApp;
  readonly log: HostLog;
  /** The longest time that a function may run, in milliseconds of the real clock, because it guards against hanging functions. */
  readonly timeoutMs?: number | undefined;
  /** Hears of each function that runs, by its name. */
  readonly invoked?: ((name: string) => void) | undefined;
}

function contextOf(fn: RegisteredFunction, invocation: Invocation, log: HostLog): CoreContext {
  const invocationId = randomUUID();
  return {
    invocationId,
    metadata: fn,
    request: {
      inputData: [{ name: fn.triggerName, data: invocation.data }],
      triggerMetadata: invocation.triggerMetadata ?? null,
    },
    log: (level, _category, message) => log(level, message, { function: fn.name, invocationId }),
  };
}

/** Limits the run time. In Azure the host ends the worker when a function runs too long; here both are one process, which ends. */
function limited<T>(fn: RegisteredFunction, timeoutMs: number | undefined, work: Promise<T>): Promise<T> {
  if (timeoutMs === undefined) return work;
  const timer = setTimeout(() => {
    throw new Error(`Function "${fn.name}" ran longer than functionTimeout of host.json (${timeoutMs} ms).`);
  }, timeoutMs);
  timer.unref();
  return work.finally(() => clearTimeout(timer));
}

/** Runs the hooks and the handler. The post-invocation hooks may change the result or the error. */
async function outcome(runner: Runner, fn: RegisteredFunction, core: CoreContext, model: InvocationModel) {
  const { app } = runner;
  const { context, inputs } = await model.getArguments();
  const shared = { hookData: {}, appHookData: app.appHookData, invocationContext: context };
  const before = { ...shared, inputs, functionCallback: fn.handler };
  await app.runHooks('preInvocation', before);
  const after: Record<string, unknown> = { ...shared, inputs: before.inputs, result: null, error: null };
  try {
    after['result'] = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after['error'] = error;
  }
  core.state = 'postInvocationHooks';
  await app.runHooks('postInvocation', after);
  // A later log line of the function comes from work that the function did not await.
  core.state = undefined;
  return { context, result: after['result'], error: after['error'] };
}

async function run(runner: Runner, fn: RegisteredFunction, invocation: Invocation): Promise<RpcData | undefined> {
  const core = contextOf(fn, invocation, runner.log);
  const model = runner.app.model.getInvocationModel(core);
  const { context, result, error } = await outcome(runner, fn, core, model);
  // `throw null` and `throw undefined` count as success in the real worker; a text becomes an error.
  if (error !== null && error !== undefined) throw error instanceof Error ? error : new Error(String(error));
  const response = await model.getResponse(context, result);
  return response.returnValue ?? undefined;
}

function onlyReads({ data }: Invocation): boolean {
  return data.http?.method === 'GET';
}

/** Runs the function and logs its failure. Throws every error of the handler, of a hook, or of the conversion of the answer. */
export async function invoke(
  runner: Runner,
  fn: RegisteredFunction,
  invocation: Invocation,
): Promise<RpcData | undefined> {
  runner.invoked?.(fn.name);
  try {
    return await underWay(() => limited(fn, runner.timeoutMs, run(runner, fn, invocation)), !onlyReads(invocation));
  } catch (error) {
    runner.log('error', textOf(error), { function: fn.name });
    throw error;
  }
}

/** An error with its stack, for a log. */
export function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
