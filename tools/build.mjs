// Builds the one file that is deployed. CommonJS: an ESM bundle fails on a dynamic require inside @azure/identity's dependencies.
// @azure/functions-core stays outside: only the Functions host can provide it.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.cjs',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  external: ['@azure/functions-core'],
  minify: true,
  keepNames: true,
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
});
