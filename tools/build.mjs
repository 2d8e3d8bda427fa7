// Builds the bundle that is deployed, and a bundle for each local process of which several run side by side. With --if-changed it
// builds nothing where no file that went into the last build has changed since.
import { readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { build as bundle } from 'esbuild';
import { isUnchanged, writeRecord } from './build-record.ts';
import { writeAsCommonJs } from './common-js.mjs';

const record = 'dist/inputs.json';

if (process.argv.includes('--if-changed') && isUnchanged(record)) process.exit(0);

const files = ['tools/build.mjs', 'tools/common-js.mjs', 'package-lock.json'];

/** @param {import('esbuild').BuildOptions} options */
async function build(options) {
  const { metafile } = await bundle({ ...options, metafile: true });
  // What the bundler leaves out on purpose is listed under a name that is no file.
  const read = Object.keys(metafile?.inputs ?? {}).filter((file) => !file.startsWith('(disabled):'));
  files.push(...read, ...Object.keys(metafile?.outputs ?? {}));
}

/**
 * Files of dependencies that nothing here uses and that a bundler cannot leave out by itself: the words of zod's error messages in 60
 * languages (English is imported by its own file), and a checksum that storage needs for blobs, written as WebAssembly in text. Queues have
 * no such checksum. A managed identity signs no assertion with a certificate and opens no browser, so the libraries for both stay out (65 KB).
 * Code that asked for one of them all the same would throw.
 * @type {import('esbuild').Plugin}
 */
const unused = {
  name: 'unused',
  setup(building) {
    building.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {};' }));
    for (const name of ['jsonwebtoken', 'open'])
      building.onLoad({ filter: new RegExp(`[\\\\/]node_modules[\\\\/]${name}[\\\\/]index\\.js$`) }, () => ({
        contents: `const unused = () => { throw new Error('${name} is not part of the bundle.'); }; export default { sign: unused };`,
      }));
    building.onLoad({ filter: /[\\/]@azure[\\/]storage-common[\\/]dist[\\/]esm[\\/]crc64\.js$/ }, () => ({
      contents:
        "export default function unused() { throw new Error('The checksum CRC-64 is not part of the bundle.'); }",
    }));
  },
};

/**
 * What of two clients the app never asks for, and a bundler keeps because a class names it. The client of authorization has twenty groups of
 * operations, of which three are called: a call to another one would throw. A managed identity asks for a token in the way of Kubernetes only
 * where AZURE_FEDERATED_TOKEN_FILE is set, which no function app has, and that way brings the sign-ins of all other kinds of callers.
 * @type {import('esbuild').Plugin}
 */
const unusedOperations = {
  name: 'unused-operations',
  setup(building) {
    const called = ['index', 'roleAssignments', 'roleDefinitions', 'denyAssignments'];
    building.onLoad(
      { filter: /[\\/]arm-authorization[\\/]dist-esm[\\/]src[\\/]operations[\\/]\w+\.js$/ },
      ({ path }) => {
        if (called.includes(basename(path, '.js'))) return undefined;
        const source = String(readFileSync(path));
        const names = source.match(/(?<=^export class )\w+/gm) ?? [];
        if (names.length !== 1) throw new Error(`${path} is not as expected: it has ${names.length} classes.`);
        return { contents: `export class ${names[0]} {}` };
      },
    );
    building.onLoad({ filter: /[\\/]managedIdentityCredential[\\/]tokenExchangeMsi\.js$/ }, () => ({
      contents: "export const tokenExchangeMsi = { name: 'tokenExchangeMsi', isAvailable: async () => false };",
    }));
  },
};

/**
 * The envelopes of events are two of the thousand shapes that @azure/eventgrid describes. A bundler keeps them all, because some are spread into
 * others: 130 KB.
 * @type {import('esbuild').Plugin}
 */
const onlyEnvelopes = {
  name: 'only-envelopes',
  setup(building) {
    building.onLoad(
      { filter: /[\\/]@azure[\\/]eventgrid[\\/]dist[\\/]esm[\\/]generated[\\/]models[\\/]mappers\.js$/ },
      ({ path }) => {
        const source = String(readFileSync(path));
        const shapes = source.match(/^export const (?:EventGridEvent|CloudEvent) = \{[^]*?^\};$/gm) ?? [];
        if (shapes.length !== 2)
          throw new Error(`${path} is not as expected: it has ${shapes.length} of the two envelopes.`);
        return { contents: shapes.join('\n') };
      },
    );
  },
};

/**
 * The storage libraries tell some of their classes apart by name, so their names stay. Names of everything else cost a tenth of the bundle, and
 * a call for each function that is made.
 * @type {import('esbuild').Plugin}
 */
const namesOfStorage = {
  name: 'names-of-storage',
  setup(building) {
    building.onLoad({ filter: /[\\/]@azure[\\/]storage-(?:queue|common)[\\/].*\.js$/ }, async ({ path }) => {
      const { code } = await building.esbuild.transform(readFileSync(path, 'utf8'), {
        keepNames: true,
        sourcefile: path,
        sourcemap: 'inline',
      });
      return { contents: code };
    });
  },
};

const shared = {
  plugins: [unused, onlyEnvelopes],
  // The same module in two forms would be there twice: some dependencies name their ES modules only here.
  mainFields: ['module', 'main'],
  bundle: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
};

// What is deployed: one file that loads at the start, and parts in dist/parts that load when a request first needs them. Together they hold
// every module once. @azure/functions-core stays outside: only the Functions host can provide it.
rmSync('dist/parts', { recursive: true, force: true });
await build({
  ...shared,
  plugins: [unused, unusedOperations, onlyEnvelopes, namesOfStorage, writeAsCommonJs],
  // The older of the two versions of Node that a deployment may choose (`nodeVersion` of infra/main.bicep).
  target: 'node22',
  keepNames: false,
  entryPoints: ['src/index.ts'],
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  chunkNames: 'parts/[name]-[hash]',
  splitting: true,
  format: 'esm',
  external: ['@azure/functions-core'],
  sourcemap: 'inline',
  write: false,
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

writeRecord(record, files);
