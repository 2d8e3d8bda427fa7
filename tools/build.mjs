// Builds the bundle that is deployed, and a bundle for each local process of which several run side by side.
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
};

// CommonJS: an ESM bundle fails on a dynamic require inside @azure/identity's dependencies.
// @azure/functions-core stays outside: only the Functions host can provide it.
await build({
  ...shared,
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.cjs',
  format: 'cjs',
  external: ['@azure/functions-core'],
  sourcemap: true,
});

const local = {
  ...shared,
  outdir: 'dist/local',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  external: ['@azure/functions-core'],
  banner: {
    js: "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);",
  },
};

// A bundled host process needs 50 MB less than one that runs from sources: it strips no types and loads no hundreds of small files.
await build({ ...local, entryPoints: { host: 'local/host/main.ts', clock: 'local/clock.ts' } });

// The app and the simulated Azure in one thread, where time is virtual.
await build({
  ...local,
  entryPoints: { engine: 'local/engine/worker.ts' },
  alias: { 'node:timers/promises': './local/engine/timers-promises.ts' },
});
