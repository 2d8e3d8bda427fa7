// Loads one app as the worker does, in a process of its own, and prints how long that took: `node bench/start/load.mjs FILE`. With `answer`
// after the file it also lets the app answer one request: an app that takes alerts gets an alert, a bare one a request to its only function.
import Module, { createRequire } from 'node:module';

const disposable = { dispose: () => undefined };
/** @type {Map<string, (request: unknown, context: unknown) => Promise<{ status?: number }>>} */
const functions = new Map();
/** @type {Map<string, ((context: unknown) => unknown)[]>} */
const hooks = new Map();

/** What the worker provides as `@azure/functions-core`: just enough for an app to register its functions. */
const core = {
  version: '3.9.1',
  hostVersion: '4.1037.0',
  /**
   * @param {{ name: string }} metadata
   * @param {(request: unknown, context: unknown) => Promise<{ status?: number }>} handler
   */
  registerFunction: ({ name }, handler) => {
    functions.set(name, handler);
    return disposable;
  },
  /**
   * @param {string} name
   * @param {(context: unknown) => unknown} hook
   */
  registerHook: (name, hook) => {
    hooks.set(name, [...(hooks.get(name) ?? []), hook]);
    return disposable;
  },
  setProgrammingModel: () => undefined,
  getProgrammingModel: () => undefined,
  log: () => undefined,
  Disposable: class {
    dispose() {
      return undefined;
    }
  },
};

const loader =
  /** @type {{ _load: (request: string, ...rest: unknown[]) => unknown; _cache: Record<string, unknown> }} */ (
    /** @type {unknown} */ (Module)
  );
const original = loader._load;
loader._load = function load(request, ...rest) {
  return request === '@azure/functions-core' ? core : original.call(this, request, ...rest);
};

const before = performance.now();
createRequire(import.meta.url)(process.argv[2] ?? '');
const after = performance.now();
const files = Object.keys(loader._cache);
const answeredMs = process.argv[3] === 'answer' ? await firstAnswer() : undefined;
process.stderr.write(
  `\n${JSON.stringify({ functions: functions.size, files, sinceStartMs: after, loadMs: after - before, answeredMs })}`,
);
process.exit(0);

async function firstAnswer() {
  await run('appStart');
  // Here the worker says that the app is loaded, and the host asks it for its functions and then for a call.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  await run('preInvocation');
  await answered();
  return performance.now();
}

/** @param {string} name */
async function run(name) {
  for (const hook of hooks.get(name) ?? []) await hook({ hookData: {}, appHookData: {}, invocationContext: {} });
}

async function answered() {
  const takesAlerts = functions.get('on-alert');
  const [only] = functions.values();
  const { status } = (await (takesAlerts ?? only)?.(request(), {})) ?? {};
  if (status !== (takesAlerts === undefined ? undefined : 202)) throw new Error(`The app answered ${status}.`);
}

/** A log alert in the common alert schema, as an action group posts it. */
function request() {
  const essentials = {
    alertId: '/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.AlertsManagement/alerts/1',
    alertRule: 'pullmedic-pull-failures',
    signalType: 'Log',
    monitorCondition: 'Fired',
    monitoringService: 'Log Alerts V2',
    originAlertId: '1',
    firedDateTime: '2026-01-01T00:00:00Z',
    essentialsVersion: '1.0',
    alertContextVersion: '1.0',
  };
  const dimensions = [
    { name: 'Environment', value: 'cae-shop' },
    { name: 'App', value: 'ca-orders' },
  ];
  const condition = { windowSize: 'PT10M', allOf: [{ operator: 'GreaterThan', threshold: '0', dimensions }] };
  const data = { essentials, alertContext: { condition } };
  const text = JSON.stringify({ schemaId: 'azureMonitorCommonAlertSchema', data });
  return { headers: new Headers(), text: async () => text };
}
