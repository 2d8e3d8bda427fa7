// Writes the modules of a build as CommonJS, each with its source map beside it. esbuild can split a program into parts only as ES modules, and
// these fail on a dynamic require inside @azure/identity's dependencies.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * For builds with `write: false`, `format: 'esm'` and source maps that are inline.
 * @type {import('esbuild').Plugin}
 */
export const writeAsCommonJs = {
  name: 'write-as-common-js',
  setup(building) {
    const { target, minify, legalComments } = building.initialOptions;
    building.onEnd(async ({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        const { code, map } = await building.esbuild.transform(text, {
          target,
          minify,
          legalComments,
          format: 'cjs',
          platform: 'node',
          sourcemap: 'external',
          // Every `import()` becomes a `require` that runs when it is asked for.
          supported: { 'dynamic-import': false },
          sourcefile: path,
        });
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, `${code}//# sourceMappingURL=${basename(path)}.map\n`);
        writeFileSync(`${path}.map`, map);
      }
    });
  },
};
