// Loads one app as the worker does, in a process of its own, and prints how long that took: `node bench/start/load.mjs FILE`.
import Module, { createRequire } from 'node:module';

const disposable = { dispose: () => undefined };
let functions = 0;

/** What the worker provides as `@azure/functions-core`: just enough for an app to register its functions. */
const core = {
  version: '3.9.1',
  hostVersion: '4.1037.0',
  registerFunction: () => {
    functions += 1;
    return disposable;
  },
  registerHook: () => disposable,
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
process.stderr.write(JSON.stringify({ functions, files, sinceStartMs: after, loadMs: after - before }));
process.exit(0);
