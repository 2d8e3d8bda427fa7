// Runs one invocation the way the worker does: arguments, hooks, handler, hooks, response, through the library's own model.
import { randomUUID } from 'node:crypto';
import type { CoreContext, LoadedApp, LogLevel, RegisteredFunction, RpcData } from './core.ts';

export interface Invocation {
  readonly data: RpcData;
  readonly triggerMetadata?: Record<string, RpcData>;
}

export type HostLog = (level: LogLevel, message: string, fields?: Readonly<Record<string, string>>) => void;

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

/** Runs the function; throws what the handler throws. `throw null` counts as success, as in the real worker. */
export async function invoke(
  app: LoadedApp,
  fn: RegisteredFunction,
  invocation: Invocation,
  log: HostLog,
): Promise<RpcData | undefined> {
  const core = contextOf(fn, invocation, log);
  const model = app.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  const before = { hookData: {}, appHookData: {}, invocationContext: context, inputs, functionCallback: fn.handler };
  await app.runHooks('preInvocation', before);
  const after: Record<string, unknown> = {
    hookData: before.hookData,
    appHookData: before.appHookData,
    invocationContext: context,
    inputs: before.inputs,
    result: null,
    error: null,
  };
  try {
    after['result'] = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after['error'] = error;
  }
  core.state = 'postInvocationHooks';
  await app.runHooks('postInvocation', after);
  // A hook may have put any value here; what the handler threw is thrown on as it is.
  // oxlint-disable-next-line typescript/only-throw-error
  if (after['error'] !== null && after['error'] !== undefined) throw after['error'];
  const response = await model.getResponse(context, after['result']);
  return response.returnValue ?? undefined;
}
